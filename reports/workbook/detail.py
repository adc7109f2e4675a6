"""The sheet of single shortcomings: one row for each disclosed answer below full credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from checklists.handbook import Kind
from reports.workbook import styles
from reports.workbook.styles import Look
from reports.workbook.table import Column, Table
from reports.workbook.words import Answers, Words


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One answer below full credit, as far as a branch or region may know it.

    Every text may be empty where it is not known. Nothing here tells who inspected, or when.

    Attributes:
        flow: the flow's name; `clause` the clause's code.
        demand: what the clause asks for.
        kind: what sort of demand it is; None where it is not known.
        credit: what the answer earned, from 0 to below 1.
        points_lost: what it cost in its visit, hundredths of a point, at least 0.
        role: the code of the staff role that served.
        seen: what was seen or heard, in words that a reviewer released.
        state: how far its correction is, in words.
        due: the last day for its correction.
    """

    branch_code: str
    branch_name: str
    flow: str
    clause: str
    demand: str
    kind: Kind | None
    credit: Fraction
    points_lost: int
    role: str
    seen: str
    state: str
    due: date | None


def detail_table(rows: Sequence[DetailRow], role_names: Mapping[str, str], words: Words) -> Table[DetailRow]:
    """Return the table of shortcomings: by branch, in each branch the dearest first."""
    ordered = sorted(rows, key=lambda row: (row.branch_code, -row.points_lost, row.clause))
    return Table(
        title=words.detail_sheet,
        note=words.notes.detail,
        columns=_columns(role_names, words),
        rows=ordered,
        frozen=2,
        empty=words.notes.no_detail,
    )


def _columns(role_names: Mapping[str, str], words: Words) -> list[Column[DetailRow]]:
    heads, answers = words.headings, words.answers
    return [
        Column(heads.code, lambda row: row.branch_code, styles.CODE),
        Column(heads.name, lambda row: row.branch_name, styles.NAME),
        Column(heads.flow, lambda row: row.flow, styles.WORD),
        Column(heads.clause, lambda row: row.clause, styles.CODE),
        Column(heads.demand, lambda row: row.demand, styles.PROSE),
        Column(heads.answer, lambda row: _answer(row, answers), styles.WORD, look_of=_answer_look),
        Column(heads.credit, lambda row: float(row.credit), styles.CREDIT, digits=4),
        Column(heads.points_lost, lambda row: -row.points_lost / 100, styles.LOSS, digits=6),
        Column(heads.role, lambda row: role_names.get(row.role, row.role), styles.WORD),
        Column(heads.seen, lambda row: row.seen, styles.PROSE),
        Column(heads.state, lambda row: row.state, styles.WORD),
        Column(heads.due, lambda row: row.due, styles.DAY, digits=10),
    ]


def _answer(row: DetailRow, answers: Answers) -> str:
    if row.kind is Kind.PHRASE:
        return f"◐ {answers.said_alike}" if row.credit else f"○ {answers.not_said}"
    return f"◐ {answers.partly_met}" if row.credit else f"○ {answers.not_met}"


def _answer_look(row: DetailRow) -> Look:
    return styles.ANSWERED_PARTLY if row.credit else styles.ANSWERED_NOT
