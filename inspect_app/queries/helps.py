"""What helps a branch most: the items whose repair would lift it furthest, computed in full."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from checklists.checklist import Item, Section
from checklists.scoring import CreditedInspection, CreditedSection, Gate, score, visit_par
from inspect_app.errors import NotFoundError
from inspect_app.models.people import User
from inspect_app.models.rankings import RankingRow, StoredRanking
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import Target, Wave, WaveState
from inspect_app.queries.appeals import place_of
from inspect_app.queries.counting import CountingVisit, scored_visits
from inspect_app.queries.inspections import credited_inspection_of
from inspect_app.queries.ranking_values import pars_of
from inspect_app.queries.rankings import latest_ranking
from inspect_app.queries.scope import visible_branch_ids
from reports.contenders import Contender, Field
from reports.rankings import CountedVisit
from reports.tallies import tally_branches
from reports.waves import RankBy

MOST = 2
FULL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Help:
    """An item whose repair would lift a branch.

    Attributes:
        role: the code of the staff role that it concerned last.
        points: hundredths of a point that the branch would gain, all its visits together.
        rank_now, rank_then: None while the wave is disclosed, and where the branch is not ranked.
        times: in how many of its visits the item was wanting.
    """

    item: Item
    section: Section
    role: str
    points: int
    rank_now: int | None
    rank_then: int | None
    times: int


def what_helps_most(
    session: Session, user: User, branch_id: uuid.UUID, wave_id: uuid.UUID
) -> tuple[Help, ...]:
    """Return the one or two items whose repair alone would lift a branch most, the best first.

    Repaired is an item that is met in full on every visit where it was wanting, all else being as it was.
    One that would lift nothing is not named.

    Raises:
        NotFoundError: the wave shows no such branch, or the branch is not the user's.
    """
    place = session.execute(
        select(Wave, Target)
        .join(Target, Target.wave_id == Wave.id)
        .where(
            Wave.id == wave_id,
            Wave.state.in_((WaveState.DISCLOSED, WaveState.PUBLISHED)),
            Target.branch_id == branch_id,
            Target.branch_id.in_(visible_branch_ids(user)),
        )
    ).one_or_none()
    if place is None:
        raise NotFoundError(f"wave {wave_id} of branch {branch_id}")
    wave, target = place
    branch = _branch(session, wave, target)
    return _best(session, branch, _others(session, branch))


@dataclass(frozen=True, slots=True)
class _Own:
    """A visit of the branch: what it was scored from, and its par."""

    visit: CountingVisit
    inspection: CreditedInspection
    par: int | None


@dataclass(frozen=True, slots=True)
class _Branch:
    wave: Wave
    target: Target
    ranking: StoredRanking | None
    visits: Sequence[_Own]

    def contender(self, repaired: Mapping[uuid.UUID, CreditedInspection]) -> Contender | None:
        """Return the branch's result with some visits scored from something else; None where undefined."""
        counted = [
            CountedVisit(
                str(own.visit.visit_id),
                self.target.branch_code,
                own.visit.revision.number,
                replace(
                    score(repaired[own.visit.visit_id])
                    if own.visit.visit_id in repaired
                    else own.visit.scores,
                    par=own.par,
                ),
                {},
            )
            for own in self.visits
        ]
        defined = [one for one in counted if one.scores.visit is not None]
        tally = tally_branches([self.target.branch_code], defined)[self.target.branch_code]
        if tally.score.rounded is None:
            return None
        return Contender(
            score=tally.score.rounded,
            over_par=tally.over_par.rounded,
            visits=tally.visits,
            vetoes=tally.vetoes,
            phrase=tally.phrase.exact,
            action=tally.action.exact,
        )


def _branch(session: Session, wave: Wave, target: Target) -> _Branch:
    is_published = wave.state is WaveState.PUBLISHED
    state = VisitState.PUBLISHED if is_published else VisitState.DISCLOSED
    ranking = latest_ranking(session, wave.id) if is_published else None
    pars = None if ranking is None else pars_of(ranking)
    visits = []
    for visit in scored_visits(session, wave, state, Target.id == target.id):
        inspection = credited_inspection_of(session, visit.revision)
        visits.append(_Own(visit, inspection, None if pars is None else visit_par(inspection, pars)))
    return _Branch(wave, target, ranking, visits)


@dataclass(frozen=True, slots=True)
class _Others:
    """The other ranked branches of a ranking, of which a place is asked without reading them all."""

    session: Session
    ranking: StoredRanking
    target: Target
    rank_by: RankBy

    def place_of(self, contender: Contender) -> int:
        """Return the rank that the branch would have among them, as `Field` says it of all of them."""
        figure = func.coalesce(_FIGURES[self.rank_by], 0)
        wanted = contender.main_figure(self.rank_by)
        better = self.session.scalar(select(func.count()).where(*self._are_ranked(), figure > wanted)) or 0
        equal = self.session.execute(select(*_RESULT).where(*self._are_ranked(), figure == wanted))
        return better + Field((_contender(*row) for row in equal), self.rank_by).place_of(contender)

    def _are_ranked(self) -> tuple[ColumnElement[bool], ...]:
        return (
            RankingRow.ranking_id == self.ranking.id,
            RankingRow.table == "branch",
            RankingRow.rank.is_not(None),
            RankingRow.target_id != self.target.id,
        )


_FIGURES = {RankBy.SCORE: RankingRow.score, RankBy.OVER_PAR: RankingRow.over_par}
_RESULT = (
    RankingRow.score,
    RankingRow.over_par,
    RankingRow.visits,
    RankingRow.vetoes,
    RankingRow.phrase,
    RankingRow.action,
)


def _contender(
    score: int | None, over_par: int | None, visits: int, vetoes: int, phrase: str | None, action: str | None
) -> Contender:
    means = (None if mean is None else Fraction(mean) for mean in (phrase, action))
    return Contender(score or 0, over_par, visits, vetoes, *means)


def _others(session: Session, branch: _Branch) -> _Others | None:
    """Return the other ranked branches; None where there is no ranking, or the branch has no rank in it."""
    if branch.ranking is None:
        return None
    own = select(RankingRow.rank).where(
        RankingRow.ranking_id == branch.ranking.id,
        RankingRow.table == "branch",
        RankingRow.target_id == branch.target.id,
    )
    if session.scalar(own) is None:
        return None
    return _Others(session, branch.ranking, branch.target, branch.wave.rank_by)


def _best(session: Session, branch: _Branch, others: _Others | None) -> tuple[Help, ...]:
    now = branch.contender({})
    if now is None:
        return ()
    wanting = _wanting(branch)
    lifted = []
    for code, visits in wanting.items():
        then = branch.contender({own.visit.visit_id: repaired(own.inspection, code) for own in visits})
        if then is not None and _gain(branch, now, then) > (0, 0):
            lifted.append((code, then))
    ranked = {code: None if others is None else others.place_of(then) for code, then in lifted}
    lifted.sort(key=lambda one: (_order(branch, now, one[1]), ranked[one[0]] or 0, one[0]))
    rank_now = None if others is None else others.place_of(now)
    return tuple(
        _help(session, wanting[code], code, then.score - now.score, (rank_now, ranked[code]))
        for code, then in lifted[:MOST]
    )


def _wanting(branch: _Branch) -> dict[str, list[_Own]]:
    """Return the visits in which each item was wanting, by item."""
    found: dict[str, list[_Own]] = {}
    for own in branch.visits:
        for section in own.inspection.sections:
            for item in section.items:
                if item.credit is not None and item.credit < FULL:
                    found.setdefault(item.code, []).append(own)
    return found


def repaired(inspection: CreditedInspection, code: str) -> CreditedInspection:
    """Return an inspection with one item met in full; where nobody had acted, the lead did so much."""
    return replace(
        inspection,
        sections=tuple(
            _repaired_section(section, code) if any(item.code == code for item in section.items) else section
            for section in inspection.sections
        ),
    )


def _repaired_section(section: CreditedSection, code: str) -> CreditedSection:
    items = tuple(
        replace(item, credit=FULL, left_out=None) if item.code == code else item for item in section.items
    )
    gate = Gate.OCCURRED if section.gate is Gate.NOBODY_ACTED else section.gate
    return replace(section, gate=gate, items=items)


def _gain(branch: _Branch, now: Contender, then: Contender) -> tuple[int, int]:
    rank_by = branch.wave.rank_by
    return (then.main_figure(rank_by) - now.main_figure(rank_by), then.score - now.score)


def _order(branch: _Branch, now: Contender, then: Contender) -> tuple[int, int]:
    gained, points = _gain(branch, now, then)
    return (-gained, -points)


def _help(
    session: Session,
    visits: Sequence[_Own],
    code: str,
    points: int,
    ranks: tuple[int | None, int | None],
) -> Help:
    last = visits[-1]
    section, item = place_of(session, last.visit.revision.checklist_hash, code)
    credited = next(one for one in last.inspection.sections if one.situation == section.situation)
    return Help(
        item=item,
        section=section,
        role=credited.role or credited.lead,
        points=points,
        rank_now=ranks[0],
        rank_then=ranks[1],
        times=len(visits),
    )
