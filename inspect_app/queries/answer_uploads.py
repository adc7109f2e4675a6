"""Questions about answers in workbooks: what there is to answer, what of a file can be taken in."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.json_values import Json, Member
from inspect_app.errors import NotFoundError
from inspect_app.importers.answers import AnswerRead, CellProblem, Problem
from inspect_app.models.answer_uploads import AnswerUpload
from inspect_app.models.corrective_actions import Cause, Measure
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.people import User
from inspect_app.queries.deficiencies import deficiencies_seen_by
from inspect_app.queries.shortcomings import Shortcoming, shortcomings
from reports.answers.columns import Column

MOST_AT_ONCE = 500
"""How many ids a statement names; SQLite takes no more than a certain number of values."""

MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class PreviewedRow:
    """A row of an uploaded workbook, beside what it is about.

    Attributes:
        shortcoming: None where it is not the user's, or not there any more.
        problems: what keeps it from being taken in, each with its cell; empty where nothing does.
        is_taken: it was taken in before.
    """

    read: AnswerRead
    shortcoming: Shortcoming | None
    problems: tuple[Problem, ...]
    is_taken: bool

    @property
    def is_ready(self) -> bool:
        """It can be taken in as it is."""
        return not self.problems and not self.is_taken


@dataclass(frozen=True, slots=True)
class Preview:
    """An uploaded workbook as it stands against what there is now."""

    upload: AnswerUpload
    rows: tuple[PreviewedRow, ...]

    @property
    def ready(self) -> tuple[PreviewedRow, ...]:
        """The rows that can be taken in."""
        return tuple(row for row in self.rows if row.is_ready)

    @property
    def refused(self) -> tuple[PreviewedRow, ...]:
        """The rows that cannot be taken in, until what is wrong is mended."""
        return tuple(row for row in self.rows if row.problems and not row.is_taken)

    @property
    def taken(self) -> tuple[PreviewedRow, ...]:
        """The rows that were taken in."""
        return tuple(row for row in self.rows if row.is_taken)


def to_be_answered(session: Session, user: User) -> tuple[Shortcoming, ...]:
    """Return what the user's branches have to answer, by branch, then by due date and what it cost."""
    open_ones = deficiencies_seen_by(user).where(Deficiency.state == DeficiencyState.OPEN)
    found = shortcomings(session, Deficiency.id.in_(open_ones.with_only_columns(Deficiency.id)))
    return tuple(
        sorted(found, key=lambda one: (one.branch_code, one.due_on, -one.points_lost, one.item.code))
    )


def upload_of(session: Session, user: User, upload_id: uuid.UUID) -> AnswerUpload:
    """Return a workbook that the user handed in.

    Raises:
        NotFoundError: there is none, or somebody else handed it in.
    """
    found = session.scalar(
        select(AnswerUpload).where(AnswerUpload.id == upload_id, AnswerUpload.user_id == user.id)
    )
    if found is None:
        raise NotFoundError(f"upload {upload_id}")
    return found


def uploads_of(session: Session, user: User) -> Sequence[AnswerUpload]:
    """Return the last workbooks that the user handed in, the newest first."""
    mine = select(AnswerUpload).where(AnswerUpload.user_id == user.id)
    return session.scalars(mine.order_by(AnswerUpload.uploaded_at.desc()).limit(MOST_LISTED)).all()


def preview(session: Session, user: User, upload: AnswerUpload, today: date) -> Preview:
    """Hold every row of an upload against what there is now.

    Args:
        today: where the bank is; nothing is done before it.
    """
    rows = rows_of(upload)
    known = _shortcomings(session, user, [row.deficiency for row in rows if row.deficiency is not None])
    taken = set(json.loads(upload.taken))
    return Preview(upload, tuple(_previewed(row, known, taken, today) for row in rows))


def _previewed(
    row: AnswerRead, known: dict[uuid.UUID, Shortcoming], taken: set[int], today: date
) -> PreviewedRow:
    shortcoming = None if row.deficiency is None else known.get(row.deficiency)
    is_taken = row.row in taken
    problems = row.problems if is_taken else (*row.problems, *_problems(row, shortcoming, today))
    return PreviewedRow(row, shortcoming, problems, is_taken)


def _problems(row: AnswerRead, shortcoming: Shortcoming | None, today: date) -> Sequence[Problem]:
    """Return what is wrong beyond the cells themselves; a row that is stale is wrong in nothing else."""
    key = row.places[Column.DEFICIENCY]
    if shortcoming is None:
        is_said = any(problem.what is CellProblem.NOT_FROM_HERE for problem in row.problems)
        return [] if is_said else [Problem(key, CellProblem.NOT_FROM_HERE)]
    if shortcoming.state is not DeficiencyState.OPEN or shortcoming.version != row.version:
        return [Problem(key, CellProblem.CHANGED_MEANWHILE)]
    named = {problem.address for problem in row.problems}
    wanting = {
        Column.CAUSE: (row.cause is None, CellProblem.LACKING),
        Column.CAUSE_WORDS: (row.cause is Cause.OTHER and not row.cause_words, CellProblem.WORDS_LACKING),
        Column.MEASURE: (row.measure is None, CellProblem.LACKING),
        Column.MEASURE_WORDS: (not row.measure_words, CellProblem.LACKING),
        Column.OWNER_ROLE: (not row.owner_role, CellProblem.LACKING),
        Column.DONE_BY: (row.done_by is None, CellProblem.LACKING),
    }
    found = [
        Problem(row.places[column], what)
        for column, (is_wanting, what) in wanting.items()
        if is_wanting and row.places[column] not in named
    ]
    if row.done_by is not None and row.done_by < today:
        found.append(Problem(row.places[Column.DONE_BY], CellProblem.DAY_IS_PAST))
    return found


def _shortcomings(session: Session, user: User, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Shortcoming]:
    seen = deficiencies_seen_by(user).with_only_columns(Deficiency.id)
    found: dict[uuid.UUID, Shortcoming] = {}
    for begin in range(0, len(ids), MOST_AT_ONCE):
        some = ids[begin : begin + MOST_AT_ONCE]
        for one in shortcomings(session, Deficiency.id.in_(some), Deficiency.id.in_(seen)):
            found[one.deficiency_id] = one
    return found


def rows_text(rows: Sequence[AnswerRead]) -> str:
    """Return rows as the text that is stored."""
    return json.dumps([_written(row) for row in rows], ensure_ascii=False)


def rows_of(upload: AnswerUpload) -> tuple[AnswerRead, ...]:
    """Return the rows of an upload, in the order of the file."""
    return tuple(_read(row) for row in Member(json.loads(upload.rows)))


def _written(row: AnswerRead) -> Json:
    return {
        "row": row.row,
        "deficiency": None if row.deficiency is None else str(row.deficiency),
        "version": row.version,
        "cause": row.cause,
        "cause_words": row.cause_words,
        "measure": row.measure,
        "measure_words": row.measure_words,
        "owner_role": row.owner_role,
        "done_by": None if row.done_by is None else row.done_by.isoformat(),
        "places": {column.value: address for column, address in row.places.items()},
        "problems": [[problem.address, problem.what.value] for problem in row.problems],
    }


def _read(row: Member) -> AnswerRead:
    deficiency, cause, measure, done_by = (
        row["deficiency"],
        row["cause"],
        row["measure"],
        row["done_by"],
    )
    return AnswerRead(
        row=row["row"].number(),
        deficiency=None if deficiency.is_absent else uuid.UUID(deficiency.text()),
        version=row["version"].number(),
        cause=None if cause.is_absent else cause.choice(Cause),
        cause_words=row["cause_words"].text(),
        measure=None if measure.is_absent else measure.choice(Measure),
        measure_words=row["measure_words"].text(),
        owner_role=row["owner_role"].text(),
        done_by=None if done_by.is_absent else date.fromisoformat(done_by.text()),
        places={column: row["places"][column.value].text() for column in Column},
        problems=tuple(_problem(problem) for problem in row["problems"]),
    )


def _problem(problem: Member) -> Problem:
    address, what = list(problem)
    return Problem(address.text(), what.choice(CellProblem))
