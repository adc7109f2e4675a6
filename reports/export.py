"""The lines of a data export: all that a wave's published numbers can be recomputed from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from checklists.json_values import Json, compact_json
from checklists.scoring import CreditedInspection, CreditedItem, CreditedSection
from reports.rows import Pinned
from reports.stated_scores import StatedScores, scores_json
from reports.waves import RankBy, Region, Target, Wave


@dataclass(frozen=True, slots=True)
class ExportedWave:
    """The first line.

    Attributes:
        ranking: the number of the ranking that the lines belong to.
        previous: the pinned ranking that changes were taken from; None in the first wave.
        fingerprint: 64 hexadecimal digits; None where the lines do not say it.
        pars: exact, in hundredths of a point, by situation number; None where the wave is ranked by score,
            or the lines do not say them.
    """

    wave: Wave
    ranking: int
    previous: Pinned | None
    fingerprint: str | None
    pars: Mapping[int, Fraction] | None


@dataclass(frozen=True, slots=True)
class ExportedVisit:
    """A counting visit's line, with the revision that the ranking used.

    Attributes:
        visit: its id; `branch` the target's code.
        scores: what the lines say of them; None where they say nothing.
    """

    visit: str
    branch: str
    revision: int
    rules_version: str
    inspection: CreditedInspection
    scores: StatedScores | None


@dataclass(frozen=True, slots=True)
class Export:
    """All lines of one wave."""

    head: ExportedWave
    visits: tuple[ExportedVisit, ...]


def export_lines(export: Export) -> Iterator[str]:
    """Yield the lines, without line ends: the wave, then its visits by branch and id.

    The same export always gives the same lines. Their order tells nothing of when a visit was made.
    """
    yield wave_line(export.head)
    for visit in sorted(export.visits, key=lambda visit: (visit.branch, visit.visit)):
        yield visit_line(export.head.wave.code, visit)


def wave_line(head: ExportedWave) -> str:
    """Return the line of a wave, its targets by code."""
    wave = head.wave
    line: dict[str, Json] = {"kind": "wave", "code": wave.code}
    if wave.name:
        line["name"] = wave.name
    line |= {
        "mode": wave.mode,
        "opens_on": wave.opens_on.isoformat(),
        "closes_on": wave.closes_on.isoformat(),
        "min_visits": wave.min_visits,
        "rank_by": wave.rank_by,
        "ranking": head.ranking,
    }
    if head.fingerprint is not None:
        line["fingerprint"] = head.fingerprint
    line["previous"] = (
        None if head.previous is None else {"code": head.previous.code, "ranking": head.previous.number}
    )
    if wave.rank_by is RankBy.OVER_PAR and head.pars is not None:
        line["pars"] = {str(number): _ratio(par) for number, par in sorted(head.pars.items())}
    line["units"] = [_unit(region) for region in wave.regions]
    line["targets"] = [_target(target) for target in sorted(wave.targets, key=lambda target: target.code)]
    return compact_json(line)


def visit_line(wave: str, visit: ExportedVisit) -> str:
    """Return the line of a visit of the wave with this code."""
    inspection = visit.inspection
    line: dict[str, Json] = {
        "kind": "visit",
        "wave": wave,
        "visit": visit.visit,
        "revision": visit.revision,
        "rules_version": visit.rules_version,
        "veto_cap": inspection.veto_cap,
        "branch": visit.branch,
        "sections": [_section(section) for section in inspection.sections],
        "deductions": [{"code": one.code, "points": one.points} for one in inspection.deductions],
    }
    if visit.scores is not None:
        line["scores"] = scores_json(visit.scores)
    return compact_json(line)


def _unit(region: Region) -> Json:
    return {"code": region.code, "name": region.name, "parent": region.parent}


def _target(target: Target) -> Json:
    return {
        "branch": {"code": target.code, "name": target.name, "kind": target.kind},
        "region": target.region,
    }


def _section(section: CreditedSection) -> Json:
    return {
        "flow": section.flow,
        "flow_weight": str(section.flow_weight),
        "situation": section.situation,
        "situation_weight": str(section.situation_weight),
        "standing": section.standing,
        "gate": section.gate,
        "role": section.role,
        "lead": section.lead,
        "items": [_item(item) for item in section.items],
    }


def _item(item: CreditedItem) -> Json:
    return {
        "code": item.code,
        "kind": item.kind,
        "weight": str(item.weight),
        "credit": None if item.credit is None else str(item.credit),
        "veto": item.veto,
        "left_out": item.left_out,
    }


def _ratio(par: Fraction) -> str:
    return f"{par.numerator}/{par.denominator}"
