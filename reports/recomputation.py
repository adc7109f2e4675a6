"""Recomputes a wave from the lines of its data export, and says where the lines disagree with themselves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from checklists.scoring import (
    RULES_VERSION,
    Pars,
    Scores,
    restated_pars,
    role_pars,
    score,
    situation_pars,
    visit_par,
)
from reports.export import Export, ExportedVisit, ExportedWave
from reports.fingerprint import fingerprint
from reports.rankings import CountedVisit, PreviousRanking, RankBy, Ranking, pin, rank
from reports.stated_scores import Part, StatedScores, Total, state


@dataclass(frozen=True, slots=True)
class Recomputation:
    """What comes out of the lines alone.

    Attributes:
        visits: each with its recomputed scores, in the lines' order.
        pars: exact, in hundredths of a point, by situation number; None where the wave is ranked by score.
        disagreements: a sentence for everything that the lines state and that comes out otherwise.
    """

    ranking: Ranking
    fingerprint: str
    visits: tuple[CountedVisit, ...]
    pars: Pars | None
    disagreements: tuple[str, ...]


def recompute(export: Export, previous: Export | None = None) -> Recomputation:
    """Return the scores, pars and ranking of a wave, made from its lines as publishing made them.

    What the lines state of scores, pars and fingerprint decides nothing, but for the pars that ranking 1
    froze, which a later ranking is made with; what they do not state is not compared.

    Args:
        previous: the lines of the ranking that the wave names as previous; without them, changes are empty.

    Source:
        docs/ranking.md, "Recomputing".
    """
    earlier = None if previous is None else recompute(previous)
    scored = [score(visit.inspection) for visit in export.visits]
    pars = _pars(export.head, [scores.situations for scores in scored])
    visits = tuple(_counted(*pair, pars) for pair in zip(export.visits, scored, strict=True))
    pinned, unused = _pinned(export.head, earlier)
    ranking = rank(export.head.wave, visits, export.head.ranking, pinned)
    digits = fingerprint(ranking)
    return Recomputation(
        ranking=ranking,
        fingerprint=digits,
        visits=visits,
        pars=pars,
        disagreements=(
            *(() if earlier is None else earlier.disagreements),
            *_of_visits(export, visits),
            *_of_pars(export.head, pars),
            *unused,
            *_of_fingerprint(export.head, digits),
        ),
    )


def _pars(head: ExportedWave, situations: Iterable[Mapping[int, int]]) -> Pars | None:
    """Return the pars of this ranking: those of ranking 1 come from its visits, later ones keep them."""
    if head.wave.rank_by is not RankBy.OVER_PAR:
        return None
    if head.ranking == 1 or head.pars is None:
        return situation_pars(situations)
    return restated_pars(head.pars, situations)


def _counted(visit: ExportedVisit, scores: Scores, pars: Pars | None) -> CountedVisit:
    if pars is None:
        return CountedVisit(visit.visit, visit.branch, visit.revision, scores, {})
    return CountedVisit(
        visit=visit.visit,
        branch=visit.branch,
        revision=visit.revision,
        scores=replace(scores, par=visit_par(visit.inspection, pars)),
        role_pars=role_pars(visit.inspection, pars),
    )


def _pinned(
    head: ExportedWave, earlier: Recomputation | None
) -> tuple[PreviousRanking | None, Sequence[str]]:
    """Return the previous ranking where it is the pinned one, else why it is not used."""
    if earlier is None:
        return None, ()
    pinned = pin(earlier.ranking)
    given = f"ranking {pinned.pinned.number} of wave {pinned.pinned.code}"
    if head.previous is None:
        return None, [f"wave {head.wave.code} names no previous ranking, so {given} is not used"]
    if head.previous != pinned.pinned:
        named = f"ranking {head.previous.number} of wave {head.previous.code}"
        return None, [f"wave {head.wave.code} names {named} as previous, so {given} is not used"]
    return pinned, ()


def _of_visits(export: Export, visits: Sequence[CountedVisit]) -> Iterator[str]:
    for stated, found in zip(export.visits, visits, strict=True):
        place = f"wave {export.head.wave.code}, visit {stated.visit} of branch {stated.branch}"
        if stated.rules_version != RULES_VERSION:
            yield (
                f"{place}: was scored by version {stated.rules_version} of the rules, but is recomputed by "
                f"version {RULES_VERSION}"
            )
        if stated.scores is not None:
            for key, said, comes_to in _differing(stated.scores, state(found.scores)):
                yield f"{place}: scores.{key} is {_shown(said)}, but comes to {_shown(comes_to)}"


def _differing(stated: StatedScores, found: StatedScores) -> Iterator[tuple[str, int | None, int | None]]:
    """Yield the keys under which something else is stated than was found, with both values."""
    for total in Total:
        if total in stated.totals and stated.totals[total] != found.totals[total]:
            yield total, stated.totals[total], found.totals[total]
    for part in Part:
        if part in stated.parts:
            said, comes_to = stated.parts[part], found.parts[part]
            for code in sorted({*said, *comes_to}):
                if said.get(code) != comes_to.get(code):
                    yield f"{part}.{code}", said.get(code), comes_to.get(code)


def _of_pars(head: ExportedWave, pars: Pars | None) -> Iterator[str]:
    if head.pars is None:
        return
    if pars is None:
        yield f"wave {head.wave.code}: has pars, but is ranked by score"
        return
    for number in sorted({*head.pars, *pars}):
        said, comes_to = head.pars.get(number), pars.get(number)
        if said != comes_to:
            yield f"wave {head.wave.code}: pars.{number} is {_ratio(said)}, but comes to {_ratio(comes_to)}"


def _of_fingerprint(head: ExportedWave, digits: str) -> Iterator[str]:
    if head.fingerprint is not None and head.fingerprint != digits:
        yield (
            f"wave {head.wave.code}: fingerprint is {head.fingerprint}, but that of ranking {head.ranking} "
            f"comes to {digits}"
        )


def _shown(hundredths: int | None) -> str:
    return "undefined" if hundredths is None else str(hundredths)


def _ratio(par: Fraction | None) -> str:
    return "undefined" if par is None else f"{par.numerator}/{par.denominator}"
