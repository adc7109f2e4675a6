"""What a reviewer reads of one inspection: every section and answer in words, beside what it said before."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from checklists.checklist import Checklist, Item, Section
from checklists.filled import Answer, SectionAnswers
from checklists.handbook import Kind, Provenance, Text
from checklists.scoring import (
    UNOBSERVED,
    Counts,
    CreditedItem,
    CreditedSection,
    Gate,
    Hearing,
    ItemLine,
    LeftOut,
    SituationLine,
    VetoScope,
)
from inspect_app.queries.reviews import ReadRevision


class Mark(StrEnum):
    """The four marks: full, half, empty, dashed."""

    MET = "met"
    PART = "part"
    MISS = "miss"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Heard:
    """One element of a phrase, and how it was said."""

    element: str
    how: Hearing | None


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered to one item."""

    credit: Fraction | None
    left_out: LeftOut | None
    heard: tuple[Heard, ...]
    counts: Counts | None
    shortfalls: tuple[str, ...]
    words: str

    @property
    def mark(self) -> Mark:
        """The mark of the credit."""
        if self.credit is None:
            return Mark.OUT
        return Mark.MET if self.credit == 1 else Mark.PART if self.credit else Mark.MISS

    @property
    def says_nothing(self) -> bool:
        """It falls short, and neither words nor a reason nor what was heard tells how."""
        told = self.words or self.shortfalls or self.counts is not None
        silent = all(one.how in (Hearing.MISSING, None) for one in self.heard)
        return self.mark in (Mark.PART, Mark.MISS) and not told and not (self.heard and silent)


@dataclass(frozen=True, slots=True)
class Standard:
    """What the handbook demands, with the borderline and where it comes from."""

    text: str
    wordings: tuple[str, ...]
    guidance: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One item of the sheet.

    Attributes:
        wording: of a phrase, its first wording, which names it better than the question does.
        points_lost: hundredths of a point that it cost the visit; None where it is left out.
        earlier: what the revision before said, where that was something else.
        asked: the reviewer's question that this revision answers; empty where there was none.
    """

    code: str
    kind: Kind
    question: str
    wording: str | None
    said: Said
    points_lost: int | None
    veto: VetoScope | None
    veto_acted: bool
    standard: Standard
    earlier: Said | None
    asked: str

    @property
    def is_quiet(self) -> bool:
        """There is nothing to look at: met, as before, and nobody asked."""
        return self.said.mark is Mark.MET and self.earlier is None and not self.asked


@dataclass(frozen=True, slots=True)
class SectionSheet:
    """One situation of the sheet.

    Attributes:
        role: the name of who served; None where nobody did.
        score: hundredths of a point after vetoes; None where nothing was answered.
    """

    code: str
    situation: int
    standing: bool
    flow: str
    name: str
    instruction: str
    gate: Gate
    gate_reason: LeftOut | None
    gate_words: str
    role: str | None
    score: int | None
    lines: tuple[AnswerLine, ...]

    def count(self, mark: str) -> int:
        """Return how many of its items bear a mark."""
        return sum(line.said.mark == mark for line in self.lines)

    @property
    def is_quiet(self) -> bool:
        """The situation occurred and there is nothing to look at in it."""
        return self.gate is Gate.OCCURRED and all(line.is_quiet for line in self.lines)


@dataclass(frozen=True, slots=True)
class DeductionLine:
    """Conduct that the inspector met with; `points` in hundredths of a point."""

    code: str
    name: str
    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One revision, whole."""

    sections: tuple[SectionSheet, ...]
    deductions: tuple[DeductionLine, ...]

    @property
    def lines(self) -> tuple[AnswerLine, ...]:
        """All items, in the order of the visit."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def unobserved(self) -> int:
        """How many items nobody could observe."""
        return sum(line.said.left_out in UNOBSERVED for line in self.lines)


def make_sheet(read: ReadRevision, before: ReadRevision | None, language: str) -> Sheet:
    """Return a revision as a reviewer reads it.

    Args:
        before: the revision that it supersedes; None where it is the first.
    """
    earlier = {} if before is None else _said_before(before, language)
    asked = {} if before is None else before.questions
    checklist = read.checklist
    rules = {rule.code: rule for rule in checklist.deductions}
    lines = _situation_lines(read)
    return Sheet(
        sections=tuple(
            _section(checklist, section, read, lines.get(section.situation), earlier, asked, language)
            for section in checklist.sections
        ),
        deductions=tuple(
            DeductionLine(
                one.code, rules[one.code].name.in_language(language), rules[one.code].points, one.words
            )
            for one in read.answers.deductions
        ),
    )


def _section(
    checklist: Checklist,
    section: Section,
    read: ReadRevision,
    line: SituationLine | None,
    earlier: Mapping[str, Said],
    asked: Mapping[str, str],
    language: str,
) -> SectionSheet:
    filled = read.answers.section(section.situation) or SectionAnswers(section.situation, None)
    credited = _credited_section(read, section.situation)
    costs = {} if line is None else {item.code: item for item in line.items}
    answers = {answer.item: answer for answer in filled.answers}
    return SectionSheet(
        code=section.code,
        situation=section.situation,
        standing=section.standing,
        flow=section.flow_name.in_language(language),
        name=section.name.in_language(language),
        instruction=section.instruction.in_language(language),
        gate=credited.gate,
        gate_reason=filled.gate_reason,
        gate_words=filled.gate_words,
        role=None if filled.role is None else checklist.role_name(filled.role).in_language(language),
        score=None if line is None else line.score,
        lines=tuple(
            _line(
                item,
                _said(item, answers.get(item.code), earned, language),
                costs.get(item.code),
                earlier.get(item.code),
                asked.get(item.code, ""),
                language,
            )
            for item, earned in zip(section.items, credited.items, strict=True)
        ),
    )


def _line(
    item: Item, said: Said, cost: ItemLine | None, earlier: Said | None, asked: str, language: str
) -> AnswerLine:
    return AnswerLine(
        code=item.code,
        kind=item.kind,
        question=item.question.in_language(language),
        wording=item.wordings[0].in_language(language) if item.wordings else None,
        said=said,
        points_lost=None if cost is None else cost.points_lost,
        veto=item.veto,
        veto_acted=cost is not None and cost.veto_acted,
        standard=Standard(
            text=item.standard.in_language(language),
            wordings=_texts(item.wordings, language),
            guidance=None if item.guidance is None else item.guidance.in_language(language),
            provenance=item.provenance,
        ),
        earlier=None if earlier == said else earlier,
        asked=asked,
    )


def _said(item: Item, answer: Answer | None, earned: CreditedItem, language: str) -> Said:
    given = answer or Answer(item.code)
    elements = _texts(item.elements, language)
    return Said(
        credit=earned.credit,
        left_out=earned.left_out,
        heard=tuple(map(Heard, elements, given.elements)),
        counts=given.counts,
        shortfalls=tuple(item.shortfalls[place].in_language(language) for place in given.shortfalls),
        words=given.words,
    )


def _said_before(read: ReadRevision, language: str) -> Mapping[str, Said]:
    """Return what a revision answered, by item code."""
    said: dict[str, Said] = {}
    for section in read.checklist.sections:
        filled = read.answers.section(section.situation) or SectionAnswers(section.situation, None)
        answers = {answer.item: answer for answer in filled.answers}
        credited = _credited_section(read, section.situation)
        for item, earned in zip(section.items, credited.items, strict=True):
            said[item.code] = _said(item, answers.get(item.code), earned, language)
    return said


def _credited_section(read: ReadRevision, situation: int) -> CreditedSection:
    return next(section for section in read.credited.sections if section.situation == situation)


def _situation_lines(read: ReadRevision) -> Mapping[int, SituationLine]:
    if read.breakdown is None:
        return {}
    return {line.number: line for flow in read.breakdown.flows for line in flow.situations}


def _texts(texts: tuple[Text, ...], language: str) -> tuple[str, ...]:
    return tuple(text.in_language(language) for text in texts)
