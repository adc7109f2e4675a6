"""From what was filled in to what is scored: the credit of every item of a checklist."""

from fractions import Fraction

from checklists.checklist import Checklist, Item, Section
from checklists.filled import Answer, Answers, SectionAnswers, asked_items
from checklists.scoring.credits import (
    CountRule,
    Scale,
    credit_of_counts,
    credit_of_phrase,
    credit_of_response,
)
from checklists.scoring.inspection import (
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    Deduction,
    Gate,
    LeftOut,
)

NO_CREDIT = Fraction(0)


class AnswersError(ValueError):
    """The answers are not a full answer to this checklist; the sentence names the first place where."""


def credit(checklist: Checklist, answers: Answers) -> CreditedInspection:
    """Return what a visit is scored from.

    Raises:
        AnswersError: a section, an item or a reason is missing, or a deduction is not the checklist's.

    Source:
        docs/scoring.md, "Credits".
    """
    filled = {section.situation: section for section in answers.sections}
    points = {rule.code: rule.points for rule in checklist.deductions}
    unknown = [deduction.code for deduction in answers.deductions if deduction.code not in points]
    if unknown:
        raise AnswersError(f"deduction {unknown[0]} is not on this checklist")
    return CreditedInspection(
        sections=tuple(
            _credit_section(section, filled.get(section.situation), checklist.scale)
            for section in checklist.sections
        ),
        deductions=tuple(Deduction(one.code, points[one.code]) for one in answers.deductions),
        veto_cap=checklist.veto_cap,
    )


def _credit_section(section: Section, filled: SectionAnswers | None, scale: Scale) -> CreditedSection:
    if filled is None or filled.gate is None:
        raise AnswersError(f"section {section.code}: the gate is not answered")
    role, items = _credit_items(section, filled, filled.gate, scale)
    return CreditedSection(
        flow=section.flow,
        flow_weight=section.flow_weight,
        situation=section.situation,
        situation_weight=section.situation_weight,
        standing=section.standing,
        gate=filled.gate,
        role=role,
        lead=section.lead,
        items=items,
    )


def _credit_items(
    section: Section, filled: SectionAnswers, gate: Gate, scale: Scale
) -> tuple[str | None, tuple[CreditedItem, ...]]:
    """Return who is held to have served, and each item's credit or why it has none."""
    if gate is Gate.NOBODY_ACTED:
        return section.lead, tuple(_credited(item, NO_CREDIT) for item in section.items)
    if gate is Gate.DID_NOT_OCCUR:
        return None, tuple(_credited(item, LeftOut.DID_NOT_OCCUR) for item in section.items)
    if filled.role is None:
        raise AnswersError(f"section {section.code}: it is not said who served")
    asked = {item.code for item in asked_items(section, filled)}
    by_code = {answer.item: answer for answer in filled.answers}
    return filled.role, tuple(
        _credited(
            item, _earned(item, by_code.get(item.code), scale) if item.code in asked else LeftOut.NOT_SAID
        )
        for item in section.items
    )


def _credited(item: Item, earned: Fraction | LeftOut) -> CreditedItem:
    left_out = earned if isinstance(earned, LeftOut) else None
    return CreditedItem(
        code=item.code,
        kind=item.kind,
        weight=item.weight,
        credit=None if isinstance(earned, LeftOut) else earned,
        veto=item.veto,
        left_out=left_out,
    )


def _earned(item: Item, answer: Answer | None, scale: Scale) -> Fraction | LeftOut:
    """Return an item's credit, or the reason why it has none.

    Raises:
        AnswersError: the item is not answered in full.
    """
    if answer is not None:
        if answer.left_out is not None:
            return answer.left_out
        if answer.response is not None:
            return credit_of_response(answer.response, scale)
        if answer.heard is not None:
            return credit_of_phrase(answer.heard, scale)
        if answer.counts is not None:
            credit_of_all = credit_of_counts(answer.counts, item.counted or CountRule.MEAN, scale)
            if credit_of_all is not None:
                return credit_of_all
    raise AnswersError(f"item {item.code} is not answered")
