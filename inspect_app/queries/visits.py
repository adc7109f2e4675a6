"""Questions about visits, each for the kind of user who asks."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from inspect_app.errors import NotFoundError
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitIdentity
from inspect_app.models.waves import Target, Wave


def visit_of_inspector(session: Session, inspector: User, visit_id: uuid.UUID) -> Visit:
    """Return one visit assigned to `inspector`, with its wave, target and variant.

    Raises:
        NotFoundError: no such visit, or it is someone else's.
    """
    visit = session.scalar(_OWN_VISIT, {"visit": visit_id, "inspector": inspector.id})
    if visit is None:
        raise NotFoundError(f"visit {visit_id}")
    return visit


def visits_of_inspector(session: Session, inspector: User) -> Sequence[Visit]:
    """Return the visits assigned to `inspector`, the one to be made soonest first; cancelled ones too."""
    return session.scalars(
        _visits_of(inspector)
        .join(Visit.wave)
        .order_by(Visit.window_to, Wave.opens_on, Wave.code, Visit.ordinal, Visit.id)
    ).all()


def visit_of_office(session: Session, visit_id: uuid.UUID) -> Visit:
    """Return one visit, for head office and quality control.

    Raises:
        NotFoundError: no such visit.
    """
    visit = session.scalar(_loaded().where(Visit.id == visit_id))
    if visit is None:
        raise NotFoundError(f"visit {visit_id}")
    return visit


def visits_of_wave(session: Session, wave: Wave) -> Sequence[Visit]:
    """Return every visit of a wave, by branch code and ordinal, for head office."""
    loaded = session.scalars(_loaded().where(Visit.wave_id == wave.id)).all()
    return sorted(loaded, key=lambda visit: (visit.target.branch_code, visit.ordinal))


def visit_with_inspector(
    session: Session, visit_id: uuid.UUID, inspector_id: uuid.UUID
) -> tuple[Visit, User] | None:
    """Return a visit, and an inspector who need not be the one who goes there; None where one is gone."""
    visit = session.scalar(_loaded().where(Visit.id == visit_id))
    inspector = session.get(User, inspector_id)
    return None if visit is None or inspector is None else (visit, inspector)


def visit_ordinals(session: Session, targets: Collection[Target]) -> Mapping[uuid.UUID, int]:
    """Return which visit of its branch each of some branches' visits is, by id."""
    ids = [target.id for target in targets]
    return dict(session.execute(select(Visit.id, Visit.ordinal).where(Visit.target_id.in_(ids))).all())


def identity_of(session: Session, visit: Visit) -> VisitIdentity | None:
    """Return who goes on a visit, to no code that serves a branch or region; None before it is assigned."""
    found = select(VisitIdentity).where(VisitIdentity.visit_id == visit.id)
    return session.scalar(found.execution_options(populate_existing=True))


def _visits_of(inspector: User) -> Select[Visit]:
    return _owned(VisitIdentity.inspector_id == inspector.id)


def _owned(is_own: ColumnElement[bool]) -> Select[Visit]:
    return _loaded().where(Visit.id.in_(select(VisitIdentity.visit_id).where(is_own)))


def _loaded() -> Select[Visit]:
    return select(Visit).options(joinedload(Visit.wave), joinedload(Visit.target), joinedload(Visit.variant))


# Made once: every request of a phone asks it, and putting it together takes longer than asking it.
_OWN_VISIT = _owned(VisitIdentity.inspector_id == bindparam("inspector", type_=User.id.type)).where(
    Visit.id == bindparam("visit", type_=Visit.id.type)
)
