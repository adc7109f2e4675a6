"""What the cover says of a ranking, put into words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.waves import RankBy
from reports.workbook.detail import DetailRow
from reports.workbook.notes import region_name
from reports.workbook.report import Report
from reports.workbook.shown import Shown, ShownRow
from reports.workbook.words import CoverWords, Words


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line of the cover."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A line of the cover's list of sheets: the sheet's title and what one finds in it."""

    title: str
    hint: str


@dataclass(frozen=True, slots=True)
class CoverText:
    """All that the cover says."""

    product: str
    title: str
    scope: str
    facts: Sequence[Fact]
    sheets_heading: str
    sheets: Sequence[Contents]


def cover_text(report: Report, shown: Shown, sheets: Sequence[Contents], words: Words) -> CoverText:
    """Return the cover of a report.

    Args:
        report: what the workbook is written from.
        shown: the rows in it.
        sheets: the other sheets in their order.
        words: the language's words.
    """
    cover, branches = words.cover, shown.branches
    ranked = cover.scope % {"unit": shown.top.unit.name, "ranked": cover.ranked.of(len(branches.ranked))}
    unranked = cover.unranked.of(len(branches.unranked)) if branches.unranked else ""
    return CoverText(
        product=cover.product,
        title=cover.title % {"wave": report.wave_name},
        scope=ranked + unranked,
        facts=list(_facts(report, shown, words)),
        sheets_heading=cover.sheets,
        sheets=sheets,
    )


def _facts(report: Report, shown: Shown, words: Words) -> Iterator[Fact]:
    cover = words.cover
    sentence = cover.joiner.join(_findings(shown, cover))
    if sentence:
        yield Fact(cover.in_one_line, sentence + cover.stop)
    yield Fact(cover.period_label, _period(report, shown, words))
    yield Fact(cover.published_label, _publication(report, words))
    if report.restated_because:
        yield Fact(cover.restated_label, cover.restated % {"reason": report.restated_because})
    yield Fact(cover.region_label, _region(report, cover))
    yield Fact(cover.how_label, _how(report, cover))
    yield Fact(cover.rank_label, _rule(report, cover))
    yield Fact(cover.check_label, _check(report, cover))
    if report.journal_head is not None:
        yield Fact(cover.journal_label, cover.journal % {"head": report.journal_head})


def _findings(shown: Shown, cover: CoverWords) -> Iterator[str]:
    """Yield the mean against the previous one, the vetoes, and what cost most."""
    if shown.top.row.score is not None:
        yield cover.mean % {"score": _points(shown.top.row.score)} + _change(
            shown.top.row.score_change, cover
        )
    vetoed = sum(1 for branch in shown.branches.ranked if branch.row.vetoes)
    if vetoed:
        yield cover.vetoes.of(vetoed)
    demand = _most_lost(shown.details)
    if demand:
        yield cover.most_lost % {"demand": demand}


def _change(hundredths: int | None, cover: CoverWords) -> str:
    if hundredths is None:
        return ""
    if not hundredths:
        return cover.unchanged
    direction = cover.higher if hundredths > 0 else cover.lower
    return direction % {"points": _points(abs(hundredths))}


def _most_lost(details: Sequence[DetailRow]) -> str:
    """Return the demand that cost most over all rows; the first by clause where several did."""
    lost: Counter[str] = Counter()
    demands: dict[str, str] = {}
    for row in details:
        lost[row.clause] += row.points_lost
        demands.setdefault(row.clause, row.demand)
    dearest = min(lost, key=lambda clause: (-lost[clause], clause), default=None)
    return "" if dearest is None else demands[dearest]


def _period(report: Report, shown: Shown, words: Words) -> str:
    wave = report.ranking.wave
    return words.cover.period % {
        "first": words.day(wave.opens_on),
        "last": words.day(wave.closes_on),
        "mode": words.modes[wave.mode],
        "visits": _visits(shown.branches.ranked, words.cover),
    }


def _visits(branches: Sequence[ShownRow], cover: CoverWords) -> str:
    counts = [branch.row.visits for branch in branches] or [0]
    least, most = min(counts), max(counts)
    if least == most:
        return cover.visits_each.of(least)
    return cover.visits_between % {"least": least, "most": most}


def _publication(report: Report, words: Words) -> str:
    number = report.ranking.number
    if report.published_at is None:
        return words.cover.not_published % {"number": number}
    return words.cover.published % {"when": words.moment(report.published_at), "number": number}


def _region(report: Report, cover: CoverWords) -> str:
    if report.region is None:
        return cover.whole
    return cover.region % {"region": region_name(report, report.region), "code": report.region}


def _how(report: Report, cover: CoverWords) -> str:
    if report.veto_cap is None:
        return cover.how_without_cap
    return cover.how % {"cap": _points(report.veto_cap)}


def _rule(report: Report, cover: CoverWords) -> str:
    wave = report.ranking.wave
    rule = cover.by_over_par if wave.rank_by is RankBy.OVER_PAR else cover.by_score
    return rule + cover.min_visits.of(wave.min_visits)


def _check(report: Report, cover: CoverWords) -> str:
    check = cover.check % {"fingerprint": report.shown_fingerprint, "rules": report.rules_version}
    return check if report.edition is None else check + cover.edition % {"edition": report.edition}


def _points(hundredths: int) -> str:
    """Return points with two decimals, exactly."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"
