"""What was filled in on a visit: the answers, and which items are asked at all."""

from dataclasses import dataclass

from checklists.checklist import Item, Section
from checklists.handbook import Kind
from checklists.scoring.credits import Counts, Hearing, Response
from checklists.scoring.inspection import Gate, LeftOut
from checklists.scoring.visibility import PhraseAnswer, is_asked


@dataclass(frozen=True, slots=True)
class Answer:
    """The response to one item: a step, a phrase's elements, counted people, or why it was left out.

    Attributes:
        elements: of a phrase, how each of its elements was said; None for one not answered yet.
        left_out: the reason; the item then has no credit.
        shortfalls: places in the item's `shortfalls`, ascending.
        words: what was seen or heard, at most 500 characters.
        photos: SHA-256 of each photo, as hexadecimal digits.
    """

    item: str
    response: Response | None = None
    elements: tuple[Hearing | None, ...] = ()
    counts: Counts | None = None
    left_out: LeftOut | None = None
    shortfalls: tuple[int, ...] = ()
    words: str = ""
    photos: tuple[str, ...] = ()

    @property
    def is_given(self) -> bool:
        """The item has a credit, or a reason why it has none."""
        return not (
            self.response is None and self.counts is None and self.left_out is None and self.heard is None
        )

    @property
    def heard(self) -> tuple[Hearing, ...] | None:
        """How a phrase's elements were said; None while one of them is not answered."""
        known = tuple(element for element in self.elements if element is not None)
        return known if known and len(known) == len(self.elements) else None


@dataclass(frozen=True, slots=True)
class SectionAnswers:
    """What was filled in for one situation.

    Attributes:
        gate: None while it is not answered.
        gate_reason: why the situation did not occur; `gate_words` what else there is to say about it.
        role: the staff role that served; None where nobody did, or it is not answered.
        answers: of the items that are asked, in the checklist's order.
    """

    situation: int
    gate: Gate | None
    gate_reason: LeftOut | None = None
    gate_words: str = ""
    role: str | None = None
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class DeductionAnswer:
    """Conduct that the inspector met with, and the words that prove it."""

    code: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """All that was filled in on a visit; the sections are the checklist's, in its order."""

    sections: tuple[SectionAnswers, ...]
    deductions: tuple[DeductionAnswer, ...] = ()

    def section(self, situation: int) -> SectionAnswers | None:
        """Return what was filled in for a situation, or None."""
        return next((section for section in self.sections if section.situation == situation), None)


def asked_items(section: Section, filled: SectionAnswers) -> tuple[Item, ...]:
    """Return the items that the section's gate and phrases leave to be asked, on every page and in the score.

    While the gate is not answered, they are those that would be asked if the situation occurred.
    """
    by_code = {answer.item: answer for answer in filled.answers}
    phrases = [phrase_answer(by_code.get(item.code)) for item in section.items if item.kind is Kind.PHRASE]
    gate = filled.gate or Gate.OCCURRED
    return tuple(item for item in section.items if is_asked(item.kind, gate, phrases))


def phrase_answer(answer: Answer | None) -> PhraseAnswer:
    """Return how a phrase was said, or why it was left out; None while it is not answered in full."""
    if answer is None:
        return None
    return answer.left_out or answer.heard
