"""What stands against a branch from one visit, for whoever disputes, decides or corrects it."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inspect_app.errors import NotFoundError
from inspect_app.models.appeals import Appeal, AppealDecision, AppealItem, AppealState
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Inspection, Review, Revision
from inspect_app.models.visits import Visit

GONE = (DeficiencyState.VOIDED, DeficiencyState.UPHELD)
ALIVE = (AppealState.OPEN, AppealState.REOPENED)
"""The states of an appeal that waits to be decided."""


def standing_deficiencies(
    session: Session, visit_id: uuid.UUID, codes: Collection[str]
) -> Mapping[str, Deficiency]:
    """Return what is held against a branch from a visit, as it is in the database now, by item."""
    rows = session.scalars(
        select(Deficiency)
        .where(
            Deficiency.visit_id == visit_id,
            Deficiency.item_code.in_(codes),
            Deficiency.state.not_in(GONE),
        )
        .execution_options(populate_existing=True)
    )
    return {row.item_code: row for row in rows}


def deficiencies_again(session: Session, deficiency_ids: Collection[uuid.UUID]) -> Sequence[Deficiency]:
    """Return deficiencies as they are in the database now, whatever was read of them before."""
    return session.scalars(
        select(Deficiency)
        .where(Deficiency.id.in_(deficiency_ids))
        .order_by(Deficiency.item_code, Deficiency.id)
        .execution_options(populate_existing=True)
    ).all()


def visit_with_wave(session: Session, visit_id: uuid.UUID) -> Visit:
    """Return a visit with its wave and target.

    Raises:
        NotFoundError: there is none.
    """
    visit = session.scalar(
        select(Visit).where(Visit.id == visit_id).options(joinedload(Visit.wave), joinedload(Visit.target))
    )
    if visit is None:
        raise NotFoundError(f"visit {visit_id}")
    return visit


def visits_with_waves(session: Session, visit_ids: Collection[uuid.UUID]) -> Sequence[Visit]:
    """Return visits with their waves and targets, in the order in which they are held."""
    return session.scalars(
        select(Visit)
        .where(Visit.id.in_(visit_ids))
        .options(joinedload(Visit.wave), joinedload(Visit.target))
        .order_by(Visit.id)
    ).all()


def revision_with_id(session: Session, revision_id: uuid.UUID) -> Revision:
    """Return one revision.

    Raises:
        NotFoundError: there is none.
    """
    revision = session.scalar(select(Revision).where(Revision.id == revision_id))
    if revision is None:
        raise NotFoundError(f"revision {revision_id}")
    return revision


def disputed_codes(session: Session, visit_id: uuid.UUID) -> frozenset[str]:
    """Return the items of a visit that its branch has disputed and not taken back."""
    return frozenset(
        session.scalars(
            select(AppealItem.item_code).where(
                AppealItem.visit_id == visit_id, AppealItem.is_withdrawn.is_(False)
            )
        )
    )


def waiting_codes(session: Session, visit_id: uuid.UUID) -> frozenset[str]:
    """Return the items of a visit that wait for the decision of an appeal."""
    waiting = select(AppealItem.item_code).where(AppealItem.visit_id == visit_id, AppealItem.is_waiting)
    return frozenset(session.scalars(waiting))


def items_again(session: Session, item_ids: Collection[uuid.UUID]) -> Sequence[AppealItem]:
    """Return items of appeals as they are in the database now, with their appeals."""
    return session.scalars(
        select(AppealItem)
        .where(AppealItem.id.in_(item_ids))
        .options(joinedload(AppealItem.appeal))
        .order_by(AppealItem.id)
        .execution_options(populate_existing=True)
    ).all()


def appeal_again(session: Session, appeal_id: uuid.UUID) -> Appeal:
    """Return an appeal with its items, as they are in the database now.

    Raises:
        NotFoundError: there is none.
    """
    appeal = session.scalar(
        select(Appeal).where(Appeal.id == appeal_id).execution_options(populate_existing=True)
    )
    if appeal is None:
        raise NotFoundError(f"appeal {appeal_id}")
    return appeal


def items_of_appeal(session: Session, appeal_id: uuid.UUID) -> Sequence[AppealItem]:
    """Return the items of an appeal by code, as they are in the database now."""
    return session.scalars(
        select(AppealItem)
        .where(AppealItem.appeal_id == appeal_id)
        .order_by(AppealItem.item_code)
        .execution_options(populate_existing=True)
    ).all()


def living_appeals(
    session: Session, *, wave_id: uuid.UUID | None = None, visit_id: uuid.UUID | None = None
) -> Sequence[Appeal]:
    """Return the appeals of a wave or of a visit that wait to be decided, as they are in the database now."""
    wanted = select(Appeal).where(Appeal.state.in_(ALIVE)).order_by(Appeal.filed_at, Appeal.id)
    if wave_id is not None:
        wanted = wanted.where(Appeal.wave_id == wave_id)
    if visit_id is not None:
        wanted = wanted.where(Appeal.visit_id == visit_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def decisions_so_far(session: Session, item_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return how often each item was decided; an undecided one is absent."""
    rows = session.execute(
        select(AppealDecision.item_id, AppealDecision.number).where(AppealDecision.item_id.in_(item_ids))
    )
    found: dict[uuid.UUID, int] = {}
    for item_id, number in rows:
        found[item_id] = max(number, found.get(item_id, 0))
    return found


def reviewers_of(
    session: Session, visit_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    """Return who has reviewed the inspections of some visits, by visit. For quality control alone."""
    rows = session.execute(
        select(Inspection.visit_id, Review.reviewer_id)
        .join(Revision, Revision.inspection_id == Inspection.id)
        .join(Review, Review.revision_id == Revision.id)
        .where(Inspection.visit_id.in_(visit_ids))
    )
    found: dict[uuid.UUID, frozenset[uuid.UUID]] = {}
    for visit_id, reviewer_id in rows:
        found[visit_id] = found.get(visit_id, frozenset()) | {reviewer_id}
    return found
