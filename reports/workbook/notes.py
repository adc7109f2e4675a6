"""The small print below a ranking sheet's title."""

from reports.waves import RankBy
from reports.workbook.report import Report
from reports.workbook.words import Words


def ranking_note(report: Report, words: Words, *parts: str) -> str:
    """Return the wave, the region where one was chosen, and what the reader must know of the columns."""
    notes = words.notes
    said = [report.wave_name]
    if report.region is not None:
        said += [notes.region % {"region": region_name(report, report.region)}, notes.region_ranks]
    if report.ranking.wave.rank_by is RankBy.OVER_PAR:
        said.append(notes.par)
    return notes.separator.join([*said, *parts])


def region_name(report: Report, code: str) -> str:
    """Return a region's name in the wave.

    Raises:
        KeyError: the wave has no such region.
    """
    return {region.code: region.name for region in report.ranking.wave.regions}[code]
