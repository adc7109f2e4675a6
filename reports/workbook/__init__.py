"""The ranking workbook: values and words in, the bytes of an xlsx file out."""

from reports.workbook.book import write_workbook
from reports.workbook.detail import DetailRow
from reports.workbook.report import NamedRole, Report
from reports.workbook.shown import UnknownRegionError
from reports.workbook.words import Answers, Counted, CoverWords, Headings, Notes, Words

__all__ = [
    "Answers",
    "Counted",
    "CoverWords",
    "DetailRow",
    "Headings",
    "NamedRole",
    "Notes",
    "Report",
    "UnknownRegionError",
    "Words",
    "write_workbook",
]
