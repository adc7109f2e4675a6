"""Questions about waves: which there are, what they inspect, how far they are."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from inspect_app.errors import NotFoundError
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target, Variant, Wave


def has_wave(session: Session, code: str) -> bool:
    """Say whether a wave has this code."""
    return session.scalar(select(Wave.id).where(Wave.code == code)) is not None


def wave_coded(session: Session, code: str) -> Wave:
    """Return the wave with this code.

    Raises:
        NotFoundError: there is none.
    """
    wave = session.scalar(select(Wave).where(Wave.code == code))
    if wave is None:
        raise NotFoundError(f"wave {code}")
    return wave


def wave_with_id(session: Session, wave_id: uuid.UUID) -> Wave:
    """Return the wave with this id.

    Raises:
        NotFoundError: there is none.
    """
    wave = session.scalar(select(Wave).where(Wave.id == wave_id))
    if wave is None:
        raise NotFoundError(f"wave {wave_id}")
    return wave


def all_waves(session: Session) -> Sequence[Wave]:
    """Return every wave, oldest first."""
    return session.scalars(select(Wave).order_by(Wave.opens_on, Wave.code)).all()


def targets_of(session: Session, wave: Wave) -> Sequence[Target]:
    """Return a wave's branches by code, with the branches as they stand today."""
    return session.scalars(
        select(Target)
        .where(Target.wave_id == wave.id)
        .options(joinedload(Target.branch))
        .order_by(Target.branch_code)
    ).all()


def variants_of(session: Session, wave: Wave) -> Sequence[Variant]:
    """Return a wave's variants by number."""
    return session.scalars(select(Variant).where(Variant.wave_id == wave.id).order_by(Variant.number)).all()


def visit_counts(session: Session, wave: Wave) -> Mapping[VisitState, int]:
    """Return how many visits of a wave are in each state; a state that none is in is absent."""
    counted = select(Visit.state, func.count()).where(Visit.wave_id == wave.id).group_by(Visit.state)
    return dict(session.execute(counted).all())
