"""How far a form is filled in: per section what is asked, answered, open and contradictory."""

from collections.abc import Iterable
from dataclasses import dataclass

from checklists.checklist import Checklist, Section
from checklists.fields import FaultCode, FieldFault
from checklists.filled import Answers, SectionAnswers, asked_items
from checklists.scoring.inspection import Gate


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How far one section is filled in.

    Attributes:
        code: the section's; `gate` None while it is not answered.
        items: how many items are asked; while the gate is not answered, how many would be.
        answered: how many of them are answered with nothing missing.
        gaps: the faults that say what is missing, in the order of the form.
        wrong: the other faults: what contradicts itself or cannot be read.
        is_begun: something has been answered.
    """

    code: str
    gate: Gate | None
    items: int
    answered: int
    gaps: tuple[FieldFault, ...]
    wrong: tuple[FieldFault, ...]
    is_begun: bool

    @property
    def open_questions(self) -> int:
        """How many questions still need an answer, the gate and who served among them."""
        beside_items = {fault.question for fault in self.gaps} & {f"{self.code}.gate", f"{self.code}.role"}
        return self.items - self.answered + len(beside_items)

    @property
    def is_complete(self) -> bool:
        """Nothing in it keeps the form from being sent."""
        return not self.gaps and not self.wrong


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a whole form is filled in; the faults are what `parse` found, none is lost.

    Attributes:
        others: faults outside the sections: of deductions, and of fields that the form does not have.
    """

    sections: tuple[SectionProgress, ...]
    others: tuple[FieldFault, ...]

    @property
    def items(self) -> int:
        """How many items are asked."""
        return sum(section.items for section in self.sections)

    @property
    def answered(self) -> int:
        """How many items are answered."""
        return sum(section.answered for section in self.sections)

    @property
    def open_questions(self) -> int:
        """How many questions still need an answer."""
        asked = sum(section.open_questions for section in self.sections)
        return asked + sum(fault.is_gap for fault in self.others)

    @property
    def is_complete(self) -> bool:
        """The form can be sent."""
        return not self.others and all(section.is_complete for section in self.sections)

    @property
    def first_open(self) -> FieldFault | None:
        """Where to go on: the first field that needs the inspector, in the order of the form; or None."""
        for section in self.sections:
            for fault in (*section.gaps[:1], *section.wrong[:1]):
                return fault
        return next(iter(self.others), None)


def find_progress(checklist: Checklist, answers: Answers, faults: Iterable[FieldFault]) -> Progress:
    """Say how far a form is filled in, from what `parse` made of it."""
    by_section: dict[str, list[FieldFault]] = {section.code: [] for section in checklist.sections}
    others = []
    for fault in faults:
        if fault.code is FaultCode.UNKNOWN:
            others.append(fault)
        else:
            by_section.get(fault.section, others).append(fault)
    sections = tuple(
        _section_progress(section, filled, by_section[section.code])
        for section, filled in zip(checklist.sections, answers.sections, strict=True)
    )
    return Progress(sections, tuple(others))


def _section_progress(section: Section, filled: SectionAnswers, faults: list[FieldFault]) -> SectionProgress:
    asked = {item.code for item in asked_items(section, filled)}
    wanting = {fault.question for fault in faults}
    answered = {answer.item for answer in filled.answers if answer.is_given} & asked - wanting
    return SectionProgress(
        code=section.code,
        gate=filled.gate,
        items=len(asked),
        answered=len(answered),
        gaps=tuple(fault for fault in faults if fault.is_gap),
        wrong=tuple(fault for fault in faults if not fault.is_gap),
        is_begun=bool(filled.answers) or (filled.gate is not None and not section.standing),
    )
