"""A program that takes a wave from review to its ranking, and is killed at every statement of each step.

It forks for each killing, and looks at all rows after each: a killed step must have left none, one that was
committed all of them, though nobody was told. Prints a line of JSON for each step.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import NoReturn

from sqlalchemy import event
from sqlalchemy.orm import Session

from inspect_app.db import Database, open_database, reading, transaction
from inspect_app.errors import ConflictError
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.visits import SettingAside, Visit
from inspect_app.models.waves import Wave
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.people import user_named
from inspect_app.queries.tables import table_digests
from inspect_app.queries.visits import visits_of_wave
from inspect_app.queries.waves import wave_coded
from inspect_app.services.disclosures import disclose_wave
from inspect_app.services.journal import Actor
from inspect_app.services.rankings import publish_wave
from inspect_app.services.reviews import approve, begin, return_to_inspector, set_aside
from inspect_app.services.waves import close_wave
from tests.inspect_app.made_up_bank import NOW

WAVE = "2026Q3"
MOST_KILLED = 8
"""Of a step with more statements, so many are chosen, the first and the last among them."""

Rows = dict[str, tuple[int, str]]
Step = Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one step.

    Attributes:
        killed: at how many of its statements it was killed.
        left: tables that a killed step had changed: there must be none.
        changed: tables that the step changed once it was committed, its process killed right after.
        doubled: tables that taking it once more changed: there must be none.
        was_refused: taking it once more was refused.
    """

    step: str
    statements: int
    killed: int
    left: tuple[str, ...]
    changed: tuple[str, ...]
    doubled: tuple[str, ...]
    was_refused: bool


def main(url: str) -> None:
    """Take all steps, each killed again and again before it is taken."""
    for name, step in STEPS.items():
        if name.startswith("plainly"):
            _take(url, step)
            continue
        sys.stdout.write(json.dumps(asdict(_kill(url, name, step))) + "\n")
        sys.stdout.flush()


def _kill(url: str, name: str, step: Step) -> Told:
    before = _rows(url)
    statements = _statements_of(url, step)
    chosen = sorted({1 + place * (statements - 1) // (MOST_KILLED - 1) for place in range(MOST_KILLED)})
    left: set[str] = set()
    for killed_at in chosen:
        _in_a_process_that_dies(url, step, killed_at)
        left |= _changed(before, _rows(url))
    _in_a_process_that_dies(url, step, None)
    after = _rows(url)
    was_refused = False
    try:
        _take(url, step)
    except ConflictError:
        was_refused = True
    return Told(
        step=name,
        statements=statements,
        killed=len(chosen),
        left=tuple(sorted(left)),
        changed=tuple(sorted(_changed(before, after))),
        doubled=tuple(sorted(_changed(after, _rows(url)))),
        was_refused=was_refused,
    )


def _statements_of(url: str, step: Step) -> int:
    """Count what a step says to the database, by taking it and rolling it back."""
    database = open_database(url)
    counted = _count(database)
    with database.turn, Session(database.writing) as session:
        step(session)
        session.flush()
        session.rollback()
    database.writing.dispose()
    return len(counted)


def _in_a_process_that_dies(url: str, step: Step, killed_at: int | None) -> None:
    """Take a step in a process that dies after one of its statements, or after its commit."""
    child = os.fork()
    if child == 0:
        _die(url, step, killed_at)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit(f"the process ended by itself, with status {status}")


def _die(url: str, step: Step, killed_at: int | None) -> NoReturn:
    try:
        database = open_database(url)
        counted = _count(database)

        @event.listens_for(database.writing, "after_cursor_execute")
        def _kill_there(*_: object) -> None:
            if len(counted) == killed_at:
                os.kill(os.getpid(), signal.SIGKILL)

        with transaction(database) as session:
            step(session)
        if killed_at is None:
            os.kill(os.getpid(), signal.SIGKILL)
    finally:
        os._exit(1)


def _count(database: Database) -> list[None]:
    """Return a list that grows with each statement."""
    counted: list[None] = []

    @event.listens_for(database.writing, "after_cursor_execute")
    def _one_more(*_: object) -> None:
        counted.append(None)

    return counted


def _take(url: str, step: Step) -> None:
    database = open_database(url)
    try:
        with transaction(database) as session:
            step(session)
    finally:
        database.writing.dispose()


def _rows(url: str) -> Rows:
    database = open_database(url)
    with reading(database) as session:
        found = {name: (rows, digest) for name, rows, digest in table_digests(session)}
    database.writing.dispose()
    return found


def _changed(before: Rows, after: Rows) -> set[str]:
    return {table for table in before if before[table] != after[table]}


def _user(session: Session, name: str) -> User:
    user = user_named(session, name)
    if user is None:
        raise SystemExit(f"the bank has no {name}")
    return user


def _reviewer(session: Session) -> Actor:
    return Actor.user(_user(session, "reviewer"))


def _head(session: Session) -> Actor:
    return Actor.user(_user(session, "administrator"))


def _wave(session: Session) -> Wave:
    return wave_coded(session, WAVE)


def _visit(session: Session, branch: str) -> Visit:
    return next(
        visit for visit in visits_of_wave(session, _wave(session)) if visit.target.branch_code == branch
    )


def _revision(session: Session, branch: str) -> Revision:
    revision = newest_revision_of_visit(session, _visit(session, branch))
    if revision is None:
        raise SystemExit(f"nothing came from {branch}")
    return revision


def _return(session: Session) -> object:
    revision = _revision(session, "0102")
    code = json.loads(revision.answers)["sections"][0]["answers"][0]["item"]
    return return_to_inspector(session, _reviewer(session), revision, {code: "请再看一遍"}, now=NOW)


def _set_aside(session: Session) -> object:
    revision = _revision(session, "0102")
    return set_aside(session, _reviewer(session), revision, SettingAside.EXPOSED, "被认出来了", now=NOW)


def _approve(branch: str) -> Step:
    return lambda session: approve(
        session, _reviewer(session), _revision(session, branch), frozenset(), now=NOW
    )


STEPS: dict[str, Step] = {
    "begin": lambda session: begin(session, _reviewer(session), _visit(session, "0101"), now=NOW),
    "approve": _approve("0101"),
    "return": _return,
    "set aside": _set_aside,
    "plainly approve": _approve("0201"),
    "plainly close": lambda session: close_wave(session, _head(session), _wave(session), now=NOW),
    "disclose": lambda session: disclose_wave(session, _head(session), _wave(session), now=NOW),
    "publish": lambda session: publish_wave(
        session, _head(session), _wave(session), now=NOW + timedelta(days=30)
    ),
}
"""What happens to a wave, in order; what is done plainly is not killed."""


if __name__ == "__main__":
    main(sys.argv[1])
