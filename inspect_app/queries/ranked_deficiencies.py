"""What was wanting by the revisions that a ranking counted: the one place that says it."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from inspect_app.models.appeals import TakenBack
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.inspections import Revision
from inspect_app.models.rankings import StoredRanking, VisitResult


def is_wanting_in(ranking: StoredRanking) -> ColumnElement[bool]:
    """Return the condition that a deficiency stood in what a ranking counted, whatever became of it since.

    It was found in the counted revision, or in an earlier one and not taken back up to the counted one.
    """
    counted, earlier, taken_back_by = aliased(Revision), aliased(Revision), aliased(Revision)
    counted_ids = select(VisitResult.revision_id).where(VisitResult.ranking_id == ranking.id)
    superseded_ids = (
        select(earlier.id)
        .join(counted, and_(counted.inspection_id == earlier.inspection_id, counted.number > earlier.number))
        .where(counted.id.in_(counted_ids))
    )
    gone_ids = (
        select(TakenBack.deficiency_id)
        .join(taken_back_by, taken_back_by.id == TakenBack.revision_id)
        .join(
            counted,
            and_(
                counted.inspection_id == taken_back_by.inspection_id,
                counted.number >= taken_back_by.number,
            ),
        )
        .where(counted.id.in_(counted_ids))
    )
    return and_(
        or_(Deficiency.revision_id.in_(counted_ids), Deficiency.revision_id.in_(superseded_ids)),
        Deficiency.id.not_in(gone_ids),
    )
