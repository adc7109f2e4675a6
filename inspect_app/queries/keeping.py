"""Questions about keeping and erasing: what a hold protects, whose erasure was asked for."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import Session

from inspect_app.models.inspections import Inspection
from inspect_app.models.keeping import Erasure, WaveHold
from inspect_app.models.people import User
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Wave, WaveState

OVER = (WaveState.CLOSED, WaveState.DISCLOSED, WaveState.PUBLISHED)
"""States of a wave whose field work is over."""


def hold_of(session: Session, wave: Wave) -> WaveHold | None:
    """Return what keeps the traces of a wave from being erased; None where nothing does."""
    return session.get(WaveHold, wave.id)


def held_waves() -> ScalarSelect[uuid.UUID]:
    """Return, as a part of other questions, the waves of which nothing is erased."""
    return select(WaveHold.wave_id).scalar_subquery()


def inspections_over() -> Select[uuid.UUID]:
    """Return, as a part of other questions, the inspections of waves that are closed and not held."""
    return (
        select(Inspection.id)
        .join(Visit, Visit.id == Inspection.visit_id)
        .join(Wave, Wave.id == Visit.wave_id)
        .where(Wave.state.in_(OVER), Wave.id.not_in(held_waves()))
    )


def visits_published_before(moment: datetime) -> Select[uuid.UUID]:
    """Return, as a part of other questions, the visits of waves published before a moment and not held."""
    return (
        select(Visit.id)
        .join(Wave, Wave.id == Visit.wave_id)
        .where(Wave.published_at < moment, Wave.id.not_in(held_waves()))
    )


def erasure_of(session: Session, user: User) -> Erasure | None:
    """Return the erasure that was asked for somebody, done or not; None where none was."""
    return session.scalar(select(Erasure).where(Erasure.user_id == user.id))


def users_with_ids(session: Session, ids: Sequence[uuid.UUID]) -> Sequence[User]:
    """Return those of some users who are there."""
    return session.scalars(select(User).where(User.id.in_(ids)).order_by(User.id)).all()
