"""Rows are held until the transaction ends, so that what is decided by them stays true.

On PostgreSQL others wait who would hold or change the same row; on SQLite the writer is alone anyway.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from inspect_app.models.base import Base
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Wave

ALONE = {"key_share": True}
"""Others may refer to the row meanwhile, but neither change nor hold it."""

TOGETHER = {"read": True}
"""Others may hold the row in the same way meanwhile, but not change it."""


def hold_visit(session: Session, visit: Visit) -> None:
    """Keep a visit to oneself, as whoever had it before has left it."""
    _hold(session, visit, ("state", "version", "counting_inspection_id"), ALONE)


def hold_wave(session: Session, wave: Wave) -> None:
    """Keep a wave to oneself, as whoever had it before has left it; wait for those who rely on its state."""
    _hold(session, wave, ("state", "version"), ALONE)


def rely_on_wave(session: Session, wave: Wave) -> None:
    """Keep a wave in the state in which it is; others may rely on it at the same time."""
    _hold(session, wave, ("state", "version"), TOGETHER)


def _hold(session: Session, row: Base, columns: tuple[str, ...], how: Mapping[str, bool]) -> None:
    session.flush()
    session.refresh(row, columns, with_for_update=dict(how))
