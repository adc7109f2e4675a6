"""The sheet of one staff role: branches in the order of what that role scored."""

from reports.workbook import ranking_columns as shared
from reports.workbook.notes import ranking_note
from reports.workbook.report import NamedRole, Report
from reports.workbook.shown import ShownRow, ShownRows
from reports.workbook.table import Table
from reports.workbook.words import Words


def role_table(report: Report, role: NamedRole, branches: ShownRows, words: Words) -> Table[ShownRow]:
    """Return the ranking of branches by one role; where it served nowhere, the sheet says so."""
    notes = words.notes
    columns = [
        *shared.place_columns(report, words),
        *shared.unit_columns(words),
        shared.kind_column(words),
        shared.place_in_kind_column(words),
        *shared.score_columns(report, words),
        shared.placing_column(words),
    ]
    named = {"role": role.name}
    return Table(
        title=notes.role_title % named,
        note=ranking_note(report, words, notes.role % named, notes.ties),
        columns=columns,
        rows=branches.ranked,
        frozen=shared.frozen_columns(report),
        empty=notes.no_role % named,
        apart=shared.apart_from(columns, branches.unranked, words) if branches.ranked else None,
    )
