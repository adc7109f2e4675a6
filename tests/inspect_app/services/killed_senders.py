"""A program that sends inspections and is killed: at each statement, before the commit and after it.

Reads lines, each the address of a fresh copy of the bank's database: on it the next sender is killed, one
statement later than the one before. Answers each with a line of JSON: where it was killed, what it left, what
sending again made of it.
"""

import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn
from uuid import UUID

from sqlalchemy import event

from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import Database, open_database, reading, transaction
from inspect_app.models.inspections import Inspection, Revision, Submission
from inspect_app.models.journal import JournalEntry
from inspect_app.queries.inspections import submission_with_id
from inspect_app.queries.people import user_named
from inspect_app.queries.visits import visit_of_inspector
from inspect_app.services.submissions import Accepted, Body, accept_submission
from tests.inspect_app.made_up_bank import NOW, SECRET, count, fill

SUBMISSION = UUID("33333333-3333-4333-8333-333333333333")
INSPECTION = UUID("44444444-4444-4444-8444-444444444444")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one killed sender.

    Attributes:
        killed_at: the statement at which it died; its last is the commit, after which it dies unanswered.
        was_committed: it died after the commit.
        left: rows that it left: inspections, submissions, revisions.
        receipt_left: the receipt it left, if any.
        is_new: whether the same bytes, sent again, were new to the server.
        receipt: the receipt for them.
        rows: rows after sending again.
        entries: entries that the journal had more in the end than before.
    """

    killed_at: int
    was_committed: bool
    left: tuple[int, int, int]
    receipt_left: str | None
    is_new: bool
    receipt: str
    rows: tuple[int, int, int]
    entries: int


def main(committed: Path, visit_id: UUID) -> None:
    """Kill one sender after the other, each a statement later."""
    body = _body()
    for killed_at, line in enumerate(sys.stdin, start=1):
        outcome = _kill_one(line.strip(), visit_id, body, killed_at, committed)
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
        sys.stdout.flush()


def _kill_one(url: str, visit_id: UUID, body: Body, killed_at: int, committed: Path) -> Outcome:
    child = os.fork()
    if child == 0:
        _die_sending(url, visit_id, body, killed_at, committed)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit(f"the sender ended by itself, with status {status}")
    database = open_database(url)
    with reading(database) as session:
        stored = submission_with_id(session, SUBMISSION)
        receipt_left = None if stored is None else stored.receipt
        entries = count(session, JournalEntry)
    left = _rows(database)
    again = _send(database, visit_id, body)
    with reading(database) as session:
        told = count(session, JournalEntry) - entries + (receipt_left is not None)
    rows = _rows(database)
    database.writing.dispose()
    return Outcome(
        killed_at=killed_at,
        was_committed=committed.exists(),
        left=left,
        receipt_left=receipt_left,
        is_new=again.is_new,
        receipt=again.submission.receipt,
        rows=rows,
        entries=told,
    )


def _die_sending(url: str, visit_id: UUID, body: Body, killed_at: int, committed: Path) -> NoReturn:
    database = open_database(url)
    statements = 0

    @event.listens_for(database.writing, "after_cursor_execute")
    def _count(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    _send(database, visit_id, body)
    committed.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit("nobody lives through this")


def _send(database: Database, visit_id: UUID, body: Body) -> Accepted:
    with transaction(database) as session:
        inspector = user_named(session, "inspector")
        if inspector is None:
            raise SystemExit("the bank has no inspector")
        visit = visit_of_inspector(session, inspector, visit_id)
        return accept_submission(session, inspector, visit, body, SECRET, now=NOW)


def _rows(database: Database) -> tuple[int, int, int]:
    with reading(database) as session:
        return count(session, Inspection), count(session, Submission), count(session, Revision)


def _body() -> Body:
    checklist = generate(shipped_edition(), shipped_recipe("phone"))
    return Body(SUBMISSION, INSPECTION, b"the frozen body", fill(checklist, seed=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), UUID(sys.argv[2]))
