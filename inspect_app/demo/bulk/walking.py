"""All visits of a wave at once: thought out by as many processes as there are cores, written by one."""

import json
import os
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing import get_context

from sqlalchemy.orm import Session

from checklists.checklist import Checklist
from checklists.json_values import compact_json
from inspect_app.db import reading, transaction
from inspect_app.demo.bulk.desk import BulkDesk, Parties
from inspect_app.demo.bulk.rows import Row, Rows
from inspect_app.demo.calendar import at
from inspect_app.demo.plots import Place, Plot, draw_plots
from inspect_app.demo.timeline import Timeline
from inspect_app.demo.visits import note_story, story_of
from inspect_app.demo.waves import Opened, Steps, note_end_of_field_work
from inspect_app.models.inspections import Draft, Inspection, Review, Revision, Submission
from inspect_app.models.journal import JournalEntry
from inspect_app.models.visits import Visit, VisitIdentity
from inspect_app.queries.walking import VisitToMake, receipt_numbers_taken, visits_to_make
from inspect_app.services.journal import Actor
from inspect_app.services.receipts import next_free_number
from inspect_app.services.writing import change_rows, write_rows

VISITS_AT_ONCE = 1000
"""Visits that one process thinks out at a time, and one transaction writes."""

MEGABYTES_KEPT = 256
"""How much of the database the writer keeps at hand: random keys touch all of an index again and again."""

AHEAD = 4
"""How many such parts may wait to be written: they take memory."""

TABLES = (Inspection, Submission, Revision, Review, Draft, VisitIdentity, JournalEntry)
"""What is written, each after what it refers to."""


@dataclass(frozen=True, slots=True)
class Script:
    """What a process must know of a wave to think out its visits.

    Attributes:
        closed_at: when the wave was closed; None while it is open.
    """

    inspectors: tuple[uuid.UUID, ...]
    reviewers: tuple[Actor, ...]
    office: Actor
    checklist: Checklist
    secret: str
    seed: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """A visit with what is to become of it."""

    visit_id: uuid.UUID
    plot: Plot


def walk_in_bulk(opened: Opened, *, processes: int) -> None:
    """Make every visit of a wave as `walk_by_services` does, but write the rows of many at once.

    Args:
        processes: how many think out visits; with 1, this one does.
    """
    with reading(opened.database) as session:
        parts = _parts(opened, visits_to_make(session, opened.wave_id))
    steps = Steps(opened, len(parts))
    chunks = [parts[first : first + VISITS_AT_ONCE] for first in range(0, len(parts), VISITS_AT_ONCE)]
    thought_out = _thought_out(partial(think_out, _script(opened)), chunks, processes)
    for chunk, rows in zip(chunks, thought_out, strict=True):
        with transaction(opened.database) as session:
            _write(session, rows, opened.cast.secret)
        steps.take(len(chunk))
    with transaction(opened.database) as session:
        timeline = Timeline()
        note_end_of_field_work(session, timeline, opened)
        timeline.run()


def think_out(script: Script, parts: Sequence[Part]) -> Rows:
    """Return the rows that some visits leave."""
    rows = Rows()
    for part in parts:
        plot = part.plot
        parties = Parties(
            visit_id=part.visit_id,
            inspector_id=script.inspectors[plot.inspector],
            reviewer=script.reviewers[plot.reviewer],
            office=script.office,
            checklist=script.checklist,
            secret=script.secret,
            closed_at=script.closed_at,
        )
        desk = BulkDesk(parties, rows)
        timeline = Timeline()
        note_story(timeline, story_of(plot, script.checklist, script.seed, desk), _take_no_notice)
        timeline.run()
        desk.finish()
    return rows


def _take_no_notice() -> None:
    """Visits are told of by the chunk, not one by one."""


def _parts(opened: Opened, visits: Sequence[VisitToMake]) -> list[Part]:
    cast = opened.cast
    places = [Place(one.branch_code, one.branch_kind, one.region_path, one.ordinal) for one in visits]
    plots = draw_plots(places, opened.season, cast.seed, len(cast.inspectors), len(cast.reviewers))
    return [Part(visit.visit_id, plot) for visit, plot in zip(visits, plots, strict=True)]


def _script(opened: Opened) -> Script:
    cast, ending = opened.cast, opened.season.ending
    return Script(
        inspectors=tuple(one.id for one in cast.inspectors),
        reviewers=tuple(Actor.user(one) for one in cast.reviewers),
        office=cast.office,
        checklist=cast.checklist,
        secret=cast.secret,
        seed=cast.seed,
        closed_at=None if ending is None else at(ending.closed_on, 0),
    )


def _thought_out(
    think: Callable[[Sequence[Part]], Rows], chunks: Sequence[Sequence[Part]], processes: int
) -> Iterator[Rows]:
    """Yield the rows of each chunk in turn; a few chunks ahead, so that nobody waits for the writer."""
    if processes == 1:
        yield from map(think, chunks)
        return
    waiting: deque[Future[Rows]] = deque()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for chunk in chunks:
            waiting.append(pool.submit(think, chunk))
            if len(waiting) > processes + AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _write(session: Session, rows: Rows, secret: str) -> None:
    """Write the rows of a chunk; the demonstration is always embedded, so its database is SQLite's."""
    session.connection().exec_driver_sql(f"PRAGMA cache_size = -{MEGABYTES_KEPT * 1024}")
    _tell_receipts_apart(session, rows.new.get(Submission, []), secret)
    for table in TABLES:
        write_rows(session, table, rows.new.get(table, []))
    change_rows(session, Visit, rows.visits)


def _tell_receipts_apart(session: Session, submissions: Sequence[Row], secret: str) -> None:
    """Give a submission another receipt number where its own is taken: among so many, that happens."""
    taken = set(receipt_numbers_taken(session, [str(one["receipt_number"]) for one in submissions]))
    for one in submissions:
        submission_id, number = one["id"], str(one["receipt_number"])
        if number in taken and isinstance(submission_id, uuid.UUID):
            number = next_free_number(session, secret, submission_id, str(one["payload_sha256"]))
            receipt = json.loads(str(one["receipt"]))
            one |= {"receipt_number": number, "receipt": compact_json({**receipt, "receipt": number})}
        taken.add(number)


def processes_at_hand() -> int:
    """Return how many processes think out visits on this machine."""
    return os.cpu_count() or 1
