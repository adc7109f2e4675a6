"""Deficiencies with their standard and what was seen, as far as a branch or a region may know it."""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import ColumnElement, ScalarSelect, and_, select
from sqlalchemy.orm import Session, aliased

from checklists.checklist import Checklist, Item, Section
from checklists.crediting import credit
from checklists.deficiencies import Severity
from checklists.files.answers_json import read_answers
from checklists.filled import Answer
from checklists.scoring import Gate
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Review, ReviewOutcome, Revision
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.branch_values import answer_as_shown
from inspect_app.queries.handbooks import checklist_of

NO_CREDIT = Fraction(0)


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """One answer below full credit. Nothing here tells who inspected, or when.

    Attributes:
        section, item: the situation and the standard, as the checklist asked for them.
        role: the code of the staff role that it concerns.
        gate: whether anybody acted at all.
        credit: exact, from 0 to below 1.
        points_lost: hundredths of a point of its visit.
        answer: what was ticked, its words only where a reviewer released them; None where nobody acted.
        due_on: the last day for the branch's answer.
        version: of the deficiency, for forms to carry.
    """

    deficiency_id: uuid.UUID
    wave_id: uuid.UUID
    visit_id: uuid.UUID
    branch_code: str
    branch_name: str
    section: Section
    item: Item
    role: str
    severity: Severity
    gate: Gate
    credit: Fraction
    points_lost: int
    answer: Answer | None
    state: DeficiencyState
    due_on: date
    version: int
    branch_id: uuid.UUID
    wave_code: str
    wave_name: str

    @property
    def words(self) -> str:
        """What was seen or heard, in words that a reviewer released; empty where there are none."""
        return "" if self.answer is None else self.answer.words


def shortcomings(session: Session, *conditions: ColumnElement[bool]) -> Iterator[Shortcoming]:
    """Yield the deficiencies that meet all conditions, by branch and visit; the conditions are the scope.

    Only these columns are read: none of them leads to an inspector or to a time of the visit.
    """
    rows = session.execute(
        select(
            Deficiency.id,
            Deficiency.wave_id,
            Deficiency.visit_id,
            Target.branch_code,
            Target.branch_name,
            Deficiency.item_code,
            Deficiency.staff_role,
            Deficiency.severity,
            Deficiency.points_lost,
            Deficiency.state,
            Deficiency.due_on,
            Deficiency.version,
            Deficiency.branch_id,
            Wave.code.label("wave_code"),
            Wave.name.label("wave_name"),
            Revision.id.label("revision_id"),
            Revision.checklist_hash,
            Revision.answers,
            approved_release().label("released"),
        )
        .join(Wave, Wave.id == Deficiency.wave_id)
        .join(Revision, Revision.id == Deficiency.revision_id)
        .join(Target, and_(Target.wave_id == Deficiency.wave_id, Target.branch_id == Deficiency.branch_id))
        .where(*conditions)
        .order_by(Target.branch_code, Revision.id, Deficiency.item_code)
    )
    read: tuple[uuid.UUID, Mapping[str, _Read]] | None = None
    for row in rows:
        if read is None or read[0] != row.revision_id:
            checklist = checklist_of(session, row.checklist_hash)
            read = (row.revision_id, _read(checklist, row.answers, released_codes(row.released)))
        place = read[1][row.item_code]
        yield Shortcoming(
            deficiency_id=row.id,
            wave_id=row.wave_id,
            visit_id=row.visit_id,
            branch_code=row.branch_code,
            branch_name=row.branch_name,
            section=place.section,
            item=place.item,
            role=row.staff_role,
            severity=row.severity,
            gate=place.gate,
            credit=place.credit,
            points_lost=row.points_lost,
            answer=place.answer,
            state=row.state,
            due_on=row.due_on,
            version=row.version,
            branch_id=row.branch_id,
            wave_code=row.wave_code,
            wave_name=row.wave_name,
        )


def approved_release() -> ScalarSelect[str]:
    """Return what a reviewer released of a revision's inspection, as text; null where nobody approved it.

    A correction is approved by nobody: what was released before it stays released.
    """
    approved = aliased(Revision)
    return (
        select(Review.released)
        .join(approved, approved.id == Review.revision_id)
        .where(approved.inspection_id == Revision.inspection_id, Review.outcome == ReviewOutcome.APPROVED)
        .order_by(approved.number.desc())
        .limit(1)
        .correlate(Revision)
        .scalar_subquery()
    )


def released_codes(document: str | None) -> frozenset[str]:
    """Return the codes whose words a reviewer released; none where nobody approved."""
    return frozenset() if document is None else frozenset(json.loads(document))


@dataclass(frozen=True, slots=True)
class _Read:
    section: Section
    item: Item
    gate: Gate
    credit: Fraction
    answer: Answer | None


def _read(checklist: Checklist, document: str, released: frozenset[str]) -> Mapping[str, _Read]:
    """Return what a revision says of each item, by code, as others may read it."""
    answers = read_answers(json.loads(document))
    given = {one.item: one for section in answers.sections for one in section.answers}
    shown = {code: answer_as_shown(answer, released) for code, answer in given.items()}
    pairs = zip(checklist.sections, credit(checklist, answers).sections, strict=True)
    return {
        item.code: _Read(section, item, credited.gate, earned.credit or NO_CREDIT, shown.get(item.code))
        for section, credited in pairs
        for item, earned in zip(section.items, credited.items, strict=True)
    }
