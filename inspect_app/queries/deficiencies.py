"""Questions about deficiencies: what a branch is to mend, by when, and how much of it there is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Wave
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.scope import visible_branch_ids


@dataclass(frozen=True, slots=True)
class DeficiencyCounts:
    """How many deficiencies there are, by what has become of them.

    Attributes:
        open: those to be answered, the overdue ones among them; `due_today` and `overdue` are parts of it.
        voided ones are counted nowhere.
    """

    open: int
    due_today: int
    overdue: int
    answered: int
    verified: int
    disputed: int
    upheld: int


@dataclass(frozen=True, slots=True)
class DueCounts:
    """What a branch is to be reminded of: what is overdue, what is due soon, and the day that comes first."""

    overdue: int
    soon: int
    first_due_on: date | None


def due_counts(session: Session, user: User, today: date, soon: date) -> DueCounts:
    """Count what the user's branches have to answer and is overdue, or due by a day that is near."""
    seen = deficiencies_seen_by(user).where(Deficiency.state == DeficiencyState.OPEN).subquery()
    overdue, near, first = session.execute(
        select(
            func.coalesce(func.sum(case((seen.c.due_on < today, 1), else_=0)), 0),
            func.coalesce(func.sum(case((seen.c.due_on.between(today, soon), 1), else_=0)), 0),
            func.min(case((seen.c.due_on <= soon, seen.c.due_on))),
        )
    ).one()
    return DueCounts(int(overdue), int(near), first)


def open_deficiencies(session: Session, user: User) -> Sequence[Deficiency]:
    """Return what the user's branches are to answer, by due date, then the dearest first."""
    return session.scalars(
        deficiencies_seen_by(user)
        .where(Deficiency.state == DeficiencyState.OPEN)
        .order_by(Deficiency.due_on, Deficiency.points_lost.desc(), Deficiency.item_code, Deficiency.id)
    ).all()


def deficiencies_in(session: Session, user: User, wave: Wave, state: DeficiencyState) -> Sequence[Deficiency]:
    """Return what a wave found at the user's branches and has come so far, by item."""
    return session.scalars(
        deficiencies_seen_by(user)
        .where(Deficiency.wave_id == wave.id, Deficiency.state == state)
        .order_by(Deficiency.item_code, Deficiency.id)
    ).all()


def deficiency_for(session: Session, user: User, deficiency_id: uuid.UUID) -> Deficiency:
    """Return one deficiency of a branch that the user may see.

    Raises:
        NotFoundError: there is no such deficiency, it is voided, or it is another branch's.
    """
    deficiency = session.scalar(deficiencies_seen_by(user).where(Deficiency.id == deficiency_id))
    if deficiency is None:
        raise NotFoundError(f"deficiency {deficiency_id}")
    return deficiency


def deficiencies_with_ids(session: Session, user: User, ids: Sequence[uuid.UUID]) -> Sequence[Deficiency]:
    """Return those of some deficiencies that the user may see."""
    return session.scalars(deficiencies_seen_by(user).where(Deficiency.id.in_(ids))).all()


def deficiency_counts(session: Session, user: User, today: date) -> DeficiencyCounts:
    """Count the deficiencies of the branches that the user may see.

    Args:
        today: where the bank is; what was due before it is overdue.
    """
    seen = deficiencies_seen_by(user).subquery()
    is_open = seen.c.state == DeficiencyState.OPEN
    counted = session.execute(
        select(
            *(
                func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
                for condition in (
                    is_open,
                    is_open & (seen.c.due_on == today),
                    is_open & (seen.c.due_on < today),
                    seen.c.state == DeficiencyState.ANSWERED,
                    seen.c.state == DeficiencyState.VERIFIED,
                    seen.c.state == DeficiencyState.DISPUTED,
                    seen.c.state == DeficiencyState.UPHELD,
                )
            )
        )
    ).one()
    return DeficiencyCounts(*(int(number) for number in counted))


def deficiencies_seen_by(user: User) -> Select[Deficiency]:
    """Select the deficiencies of the branches that a user may see; voided ones are gone for everybody."""
    return select(Deficiency).where(
        Deficiency.branch_id.in_(visible_branch_ids(user)), Deficiency.state != DeficiencyState.VOIDED
    )


def deficiencies_of_visit(session: Session, visit: Visit) -> Sequence[Deficiency]:
    """Return what is still held against a branch from one visit."""
    return session.scalars(
        select(Deficiency)
        .where(Deficiency.visit_id == visit.id, Deficiency.state != DeficiencyState.VOIDED)
        .order_by(Deficiency.item_code)
    ).all()


def roles_of_deficiency(session: Session, deficiency: Deficiency) -> frozenset[str]:
    """Return the codes of the staff roles that the checklist of a deficiency knows."""
    checklist_hash = session.scalar(
        select(Revision.checklist_hash).where(Revision.id == deficiency.revision_id)
    )
    if checklist_hash is None:
        raise NotFoundError(f"revision {deficiency.revision_id}")
    return frozenset(role.code for role in checklist_of(session, checklist_hash).roles)
