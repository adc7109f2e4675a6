"""Questions before a ranking's workbook is made: how much is in it, and whether it would be the same."""

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.json_values import canonical_json
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.people import User
from inspect_app.models.rankings import RankingRow, StoredRanking, VisitResult
from inspect_app.models.waves import Target
from inspect_app.queries.journal_chain import anchor_of
from inspect_app.queries.ranked_deficiencies import is_wanting_in
from inspect_app.queries.ranking_scope import Scope, Unit, is_below
from inspect_app.queries.scope import visible_branch_ids


def has_more_rows_than(session: Session, ranking: StoredRanking, unit: Unit, most: int) -> bool:
    """Say whether the workbook of a region has more rows than this on all its sheets; counts no further.

    What was taken back is counted too: the answer says where the workbook is made, not what is in it.
    """
    ranked = select(RankingRow.position).where(
        RankingRow.ranking_id == ranking.id, is_below(RankingRow.path, unit)
    )
    first = ranked.limit(most + 1).subquery()
    rows = session.scalar(select(func.count()).select_from(first)) or 0
    if rows > most:
        return True
    found = (
        select(Deficiency.id)
        .join(VisitResult, VisitResult.visit_id == Deficiency.visit_id)
        .join(Target, Target.id == VisitResult.target_id)
        .where(VisitResult.ranking_id == ranking.id, is_below(Target.region_path, unit))
        .limit(most - rows + 1)
        .subquery()
    )
    return rows + (session.scalar(select(func.count()).select_from(found)) or 0) > most


def scope_of_workbook(session: Session, user: User, ranking: StoredRanking, scope: Scope, unit: Unit) -> str:
    """Return a digest of whose rows a user's workbook holds: another one where access has changed since."""
    seen = session.scalars(
        select(Target.branch_code)
        .where(
            Target.wave_id == ranking.wave_id,
            is_below(Target.region_path, unit),
            Target.branch_id.in_(visible_branch_ids(user)),
        )
        .order_by(Target.branch_code)
    )
    units = sorted(one.code for one in scope.units)
    return _digest([str(user.id), user.kind.value, str(ranking.id), unit.code, units, list(seen)])


def fingerprint_of_workbook(
    session: Session, ranking: StoredRanking, unit: Unit, scope: str, language: str
) -> str:
    """Return a digest of everything that a workbook depends on: the same one makes the same workbook.

    A ranking's own rows never change; what becomes of its deficiencies does, and is printed with them.
    """
    count, versions, newest = _shortcomings(session, ranking, unit)
    anchor = anchor_of(session, ranking)
    found = "" if newest is None else newest.isoformat()
    return _digest([scope, language, count, versions, found, "" if anchor is None else anchor.shown])


def _shortcomings(session: Session, ranking: StoredRanking, unit: Unit) -> tuple[int, int, datetime | None]:
    """Return how many deficiencies are printed, the sum of their versions, and when the last was found."""
    counted = session.execute(
        select(func.count(), func.sum(Deficiency.version), func.max(Deficiency.found_at))
        .join(VisitResult, VisitResult.visit_id == Deficiency.visit_id)
        .join(Target, Target.id == VisitResult.target_id)
        .where(
            VisitResult.ranking_id == ranking.id,
            is_wanting_in(ranking),
            is_below(Target.region_path, unit),
        )
    ).one()
    return counted[0], int(counted[1] or 0), counted[2]


def _digest(parts: list[object]) -> str:
    return hashlib.sha256(canonical_json(parts)).hexdigest()  # type: ignore[arg-type]  # texts, numbers, lists
