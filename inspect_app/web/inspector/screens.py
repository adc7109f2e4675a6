"""What one screen of the form shows: a situation, or the conduct that costs points off the total."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from checklists.checklist import Checklist, DeductionRule, Item, Section
from checklists.fields import FieldFault, FieldName, deduction_names, names
from checklists.filled import Answer, SectionAnswers, phrase_answer
from checklists.handbook import Kind
from checklists.scoring import nothing_was_said
from checklists.scoring.inspection import Gate

DEDUCTION = "deduction"
"""The code of the screen that asks for conduct which no item covers."""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One question on a screen.

    Attributes:
        number: as people say it, `6.2`: the situation, and the item's place in it.
        question: what the reviewer asks about it, where the work was returned.
        before: the answer that was returned; None where nothing was.
    """

    item: Item
    number: str
    question: str | None = None
    before: Answer | None = None


@dataclass(frozen=True, slots=True)
class SituationScreen:
    """One situation, with what is open to be answered in it.

    Attributes:
        has_gate: it is asked whether the situation occurred at all, and who served.
        filled: what is filled in so far.
    """

    section: Section
    has_gate: bool
    items: tuple[AskedItem, ...]
    filled: SectionAnswers

    @property
    def code(self) -> str:
        """The screen's place in addresses, such as `S06`."""
        return self.section.code

    @property
    def names(self) -> tuple[FieldName, ...]:
        """The fields that the screen posts.

        Photos are not among them: they come in their own way. Nor is a choice with nothing to choose from.
        """
        shown = {asked.item.code for asked in self.items}
        empty = {f"{asked.item.code}.why" for asked in self.items if not asked.item.shortfalls}
        return tuple(
            field
            for field in names(self.section)
            if (_item_of(field) in shown or (self.has_gate and _is_of_gate(field)))
            and not field.name.endswith(".photos")
            and field.name not in empty
        )

    def asking(self, questions: Mapping[str, str], before: SectionAnswers | None) -> "SituationScreen":
        """Return the screen with what a reviewer asks about its items, and what had been answered."""
        answers = {answer.item: answer for answer in before.answers} if before is not None else {}
        items = tuple(
            replace(asked, question=questions.get(asked.item.code), before=answers.get(asked.item.code))
            for asked in self.items
        )
        return replace(self, items=items)

    @property
    def is_silent(self) -> bool:
        """No phrase was said at all, so that the delivery is not asked for."""
        by_code = {answer.item: answer for answer in self.filled.answers}
        phrases = [item for item in self.section.items if item.kind is Kind.PHRASE]
        return nothing_was_said(phrase_answer(by_code.get(item.code)) for item in phrases)


@dataclass(frozen=True, slots=True)
class DeductionScreen:
    """The conduct that costs points off the total, asked after all situations."""

    checklist: Checklist
    rules: tuple[DeductionRule, ...]
    questions: Mapping[str, str]

    @property
    def code(self) -> str:
        """The screen's place in addresses."""
        return DEDUCTION

    @property
    def names(self) -> tuple[FieldName, ...]:
        """The fields that the screen posts."""
        return deduction_names(self.checklist)


Screen = SituationScreen | DeductionScreen


def number_of(section: Section, item: Item) -> str:
    """Return an item's number as people say it, such as `6.2`."""
    return f"{section.situation}.{section.items.index(item) + 1}"


def whole_screen(section: Section, filled: SectionAnswers) -> SituationScreen:
    """Return a situation with everything that it asks."""
    asked = tuple(AskedItem(item, number_of(section, item)) for item in section.items)
    return SituationScreen(section, not section.standing, asked, filled)


def returned_screen(
    section: Section,
    filled: SectionAnswers,
    before: SectionAnswers | None,
    questions: Mapping[str, str],
    faults: tuple[FieldFault, ...],
) -> SituationScreen | None:
    """Return what is open of a situation in returned work; None where nothing is.

    Open is what the reviewer asks about, and what is missing since. Where the situation had not occurred,
    all of it is open: its items cannot be answered without its gate.
    """
    asked_back = {item.code for item in section.items} & questions.keys()
    wanting = {fault.question for fault in faults if fault.section == section.code}
    if not asked_back and not wanting:
        return None
    occurred = before is not None and before.gate is Gate.OCCURRED and filled.gate is Gate.OCCURRED
    is_whole = not occurred or not wanting.isdisjoint({f"{section.code}.gate", f"{section.code}.role"})
    answers = {answer.item: answer for answer in before.answers} if before is not None else {}
    items = tuple(
        AskedItem(item, number_of(section, item), questions.get(item.code), answers.get(item.code))
        for item in section.items
        if is_whole or item.code in asked_back | wanting
    )
    return SituationScreen(section, is_whole and not section.standing, items, filled)


def groups_of(screen: SituationScreen) -> tuple[tuple[Kind, tuple[AskedItem, ...]], ...]:
    """Return the questions of a screen in their order, those of one kind that follow each other together."""
    groups: list[tuple[Kind, list[AskedItem]]] = []
    for asked in screen.items:
        if not groups or groups[-1][0] is not asked.item.kind:
            groups.append((asked.item.kind, []))
        groups[-1][1].append(asked)
    return tuple((kind, tuple(items)) for kind, items in groups)


def _item_of(field: FieldName) -> str:
    return ".".join(field.name.split(".")[:2])


def _is_of_gate(field: FieldName) -> bool:
    return field.name.split(".")[1] in ("gate", "gate_reason", "gate_words", "role")
