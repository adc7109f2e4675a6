"""The figures that a ranking is made from: of what counts, or of what would if records were other ones."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from checklists.scoring import (
    CreditedInspection,
    Pars,
    accountable_pars,
    restated_pars,
    role_pars,
    score,
    situation_pars,
    visit_par,
)
from inspect_app.models.inspections import Revision
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import Wave
from inspect_app.queries.counting import CountingVisit, scored_visits
from inspect_app.queries.inspections import credited_inspection_of
from inspect_app.queries.ranking_values import pars_of
from reports.rankings import CountedVisit, RankBy

Assumed = Mapping[uuid.UUID, CreditedInspection]
"""What visits would be scored from if their records were other ones, by visit."""

AS_IT_IS: Assumed = {}


@dataclass(frozen=True, slots=True)
class Basis:
    """What a wave's figures are made from.

    Attributes:
        frozen: the pars of the ranking that is restated; None where there is none.
        read: how a revision is credited; done for all only where pars are needed.
    """

    wave: Wave
    visits: Sequence[CountingVisit]
    frozen: Pars | None
    read: Callable[[Revision], CreditedInspection]


@dataclass(frozen=True, slots=True)
class Figured:
    """A counting visit as it is stored and as it is ranked, with the pars of the roles that lead."""

    visit: CountingVisit
    counted: CountedVisit
    accountable_pars: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of all counting visits, and the pars that they were held against; None by score."""

    visits: Sequence[Figured]
    pars: Pars | None


def basis_of(session: Session, wave: Wave, replaced: StoredRanking | None, state: VisitState) -> Basis:
    """Return what the figures of a wave are made from.

    Args:
        replaced: the ranking that is restated, which keeps its pars; None for the first.
        state: `disclosed` before the wave is published, `published` from then on.
    """
    return Basis(
        wave=wave,
        visits=scored_visits(session, wave, state),
        frozen=None if replaced is None else pars_of(replaced),
        read=lambda revision: credited_inspection_of(session, revision),
    )


def figures_of(basis: Basis, assumed: Assumed = AS_IT_IS) -> Figures:
    """Return the figures of what counts.

    Args:
        assumed: the visits whose records are taken to be other ones.
    """
    supposed = (_supposed(visit, assumed) for visit in basis.visits)
    visits = [visit for visit in supposed if visit.scores.visit is not None]
    if basis.wave.rank_by is not RankBy.OVER_PAR:
        return Figures([Figured(visit, _counted(visit, None, {}), {}) for visit in visits], None)
    situations = [visit.scores.situations for visit in visits]
    pars = situation_pars(situations) if basis.frozen is None else restated_pars(basis.frozen, situations)
    inspections = (assumed.get(visit.visit_id) or basis.read(visit.revision) for visit in visits)
    return Figures(
        [_over_par(visit, one, pars) for visit, one in zip(visits, inspections, strict=True)], pars
    )


def _supposed(visit: CountingVisit, assumed: Assumed) -> CountingVisit:
    inspection = assumed.get(visit.visit_id)
    return visit if inspection is None else replace(visit, scores=score(inspection))


def _over_par(visit: CountingVisit, inspection: CreditedInspection, pars: Pars) -> Figured:
    counted = _counted(visit, visit_par(inspection, pars), role_pars(inspection, pars))
    return Figured(visit, counted, accountable_pars(inspection, pars))


def _counted(visit: CountingVisit, par: int | None, pars_of_roles: Mapping[str, int]) -> CountedVisit:
    return CountedVisit(
        visit=str(visit.visit_id),
        branch=visit.branch_code,
        revision=visit.revision.number,
        scores=replace(visit.scores, par=par),
        role_pars=pars_of_roles,
    )
