"""The one reader of what was filled in: `parse` for pages and phones alike, `posted_fields` back again."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from checklists.checklist import Checklist, Item, Section
from checklists.fields import (
    CHOOSABLE_REASONS,
    HAPPENED,
    LEAVE_OUT,
    MOST_PEOPLE,
    Arity,
    FaultCode,
    FieldFault,
    FieldName,
    Posted,
    deduction_names,
    names,
)
from checklists.filled import (
    Answer,
    Answers,
    DeductionAnswer,
    SectionAnswers,
    asked_items,
    phrase_answer,
)
from checklists.handbook import Kind
from checklists.scoring.credits import Counts, Hearing, Response
from checklists.scoring.inspection import Gate, LeftOut
from checklists.scoring.visibility import is_asked

__all__ = [
    "Answer",
    "Answers",
    "Arity",
    "DeductionAnswer",
    "FaultCode",
    "FieldFault",
    "FieldName",
    "SectionAnswers",
    "asked_items",
    "deduction_names",
    "names",
    "parse",
    "posted_fields",
]

CHECKLISTS_KEPT = 48

_CONDUCT = {HAPPENED: HAPPENED, "no": "no"}
_GATES = {gate.value: gate for gate in Gate}
_HEARINGS = {hearing.value: hearing for hearing in Hearing}
_LEAVE_OUT = {LEAVE_OUT: LEAVE_OUT}
_STEPS: dict[str, Response | str] = {**{step.value: step for step in Response}, **_LEAVE_OUT}


def parse(checklist: Checklist, fields: Iterable[Sequence[object]]) -> tuple[Answers, tuple[FieldFault, ...]]:
    """Read what a page or a phone posted; whatever is posted, this never fails.

    What the form does not ask, because the gate or a silence has settled it, is neither kept nor missed.
    While a section's gate is not answered, what was answered below it is kept and only the gate is missed.

    Args:
        fields: (name, value) or (name, value, time), in any order, the value a text or a list of texts;
            a name given again adds to its values.

    Returns:
        The answers, and everything that keeps them from being sent, in the order of the form;
        `FieldFault.is_gap` tells what a draft may have.
    """
    order = _places(checklist)
    posted = Posted(fields, order.keys())
    sections = tuple(_read_section(section, posted) for section in checklist.sections)
    deductions = _read_deductions(checklist, posted)
    closed = {
        section.code
        for section, filled in zip(checklist.sections, sections, strict=True)
        if filled.gate is None
    }
    faults = [fault for fault in posted.faults if not (fault.section in closed and _is_below_the_gate(fault))]
    faults.sort(key=lambda fault: order.get(fault.name, len(order)))
    return Answers(sections, deductions), tuple(faults)


def posted_fields(checklist: Checklist, answers: Answers) -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    """Return the fields whose reading gives these answers: what a form shows that is opened again."""
    sections = {section.situation: section for section in checklist.sections}
    fields: list[tuple[str, str | tuple[str, ...]]] = []
    for filled in answers.sections:
        section = sections[filled.situation]
        if not section.standing:
            fields += _gate_fields(section.code, filled)
        for answer in filled.answers:
            fields += _answer_fields(answer)
    for deduction in answers.deductions:
        name = f"deduction.{deduction.code}"
        fields += [(name, HAPPENED), (f"{name}.words", deduction.words)]
    return tuple((name, value) for name, value in fields if value)


@lru_cache(maxsize=CHECKLISTS_KEPT)
def _places(checklist: Checklist) -> Mapping[str, int]:
    """Return every name that the form can post, with its place in the form."""
    all_names = [field.name for section in checklist.sections for field in names(section)]
    all_names += [field.name for field in deduction_names(checklist)]
    return {name: place for place, name in enumerate(all_names)}


def _is_below_the_gate(fault: FieldFault) -> bool:
    return fault.is_gap and not fault.name.endswith(".gate")


def _read_section(section: Section, posted: Posted) -> SectionAnswers:
    code = section.code
    if section.standing:
        return _read_items(section, posted, Gate.OCCURRED, section.lead)
    gate = posted.one(f"{code}.gate", _GATES)
    if gate is None:
        posted.miss(f"{code}.gate")
    if gate is Gate.NOBODY_ACTED:
        return SectionAnswers(section.situation, gate)
    if gate is Gate.DID_NOT_OCCUR:
        reason = _read_reason(f"{code}.gate_reason", f"{code}.gate_words", posted)
        return SectionAnswers(section.situation, gate, reason, posted.words(f"{code}.gate_words"))
    return _read_items(section, posted, gate, _read_role(section, posted))


def _read_role(section: Section, posted: Posted) -> str | None:
    """Return who served; where only one role can, it need not be said."""
    role = posted.one(f"{section.code}.role", {role: role for role in section.roles})
    if role is None and len(section.roles) == 1:
        return section.lead
    if role is None:
        posted.miss(f"{section.code}.role")
    return role


def _read_items(section: Section, posted: Posted, gate: Gate | None, role: str | None) -> SectionAnswers:
    phrases = {item.code: _read_item(item, posted) for item in section.items if item.kind is Kind.PHRASE}
    heard = [phrase_answer(answer) for answer in phrases.values()]
    answers = []
    for item in section.items:
        if item.code in phrases:
            answer = phrases[item.code]
        elif is_asked(item.kind, gate or Gate.OCCURRED, heard):
            answer = _read_item(item, posted)
        else:
            answer = Answer(item.code, left_out=LeftOut.NOT_SAID)
        if answer != Answer(item.code):
            answers.append(answer)
    return SectionAnswers(section.situation, gate, role=role, answers=tuple(answers))


def _read_item(item: Item, posted: Posted) -> Answer:
    """Return the answer to an item that is asked; empty where nothing that can be read was posted."""
    if item.kind is Kind.PHRASE:
        answer = _read_phrase(item, posted)
    elif item.counted is not None:
        answer = _read_counts(item, posted)
    else:
        answer = _read_step(item, posted)
    short = posted.places(f"{item.code}.why", len(item.shortfalls)) if _falls_short(answer) else ()
    words, photos = posted.words(f"{item.code}.words"), posted.photos(f"{item.code}.photos")
    if not (short or words or photos):
        return answer
    # Written out: `replace` takes longer than all the reading of an item.
    return Answer(
        item=answer.item,
        response=answer.response,
        elements=answer.elements,
        counts=answer.counts,
        left_out=answer.left_out,
        shortfalls=short,
        words=words,
        photos=photos,
    )


def _read_step(item: Item, posted: Posted) -> Answer:
    step = posted.one(item.code, _STEPS)
    if step == LEAVE_OUT:
        return _read_leaving_out(item.code, posted)
    if not isinstance(step, Response):
        posted.miss(item.code)
        return Answer(item.code)
    return Answer(item.code, response=step)


def _read_phrase(item: Item, posted: Posted) -> Answer:
    fields = [f"{item.code}.el{place}" for place in range(len(item.elements))]
    elements = tuple(posted.one(field, _HEARINGS) for field in fields)
    if posted.one(item.code, _LEAVE_OUT) is not None:
        if any(elements):
            posted.note(item.code, FaultCode.CONTRADICTION)
        return _read_leaving_out(item.code, posted)
    for field, element in zip(fields, elements, strict=True):
        if element is None:
            posted.miss(field)
    return Answer(item.code, elements=elements if any(elements) else ())


def _read_counts(item: Item, posted: Posted) -> Answer:
    """Return how many of the people observed met the demand; where nobody was there, it is left out."""
    code = item.code
    people = posted.number(f"{code}.of", MOST_PEOPLE)
    met = posted.number(f"{code}.met", MOST_PEOPLE)
    partly = posted.number(f"{code}.partly", MOST_PEOPLE) or 0
    if people == 0 or posted.one(code, _LEAVE_OUT) is not None:
        if people or met or partly:
            posted.note(code, FaultCode.CONTRADICTION)
        return _read_leaving_out(code, posted)
    if people is None or met is None:
        posted.miss(f"{code}.of")
        posted.miss(f"{code}.met")
        return Answer(code)
    if met + partly > people:
        posted.note(f"{code}.met", FaultCode.CONTRADICTION)
        return Answer(code)
    return Answer(code, counts=Counts(met, partly, people - met - partly))


def _read_leaving_out(code: str, posted: Posted) -> Answer:
    return Answer(code, left_out=_read_reason(f"{code}.left", f"{code}.words", posted))


def _read_reason(name: str, words_name: str, posted: Posted) -> LeftOut | None:
    """Return why something was left out; `other` says so in words."""
    reason = posted.one(name, CHOOSABLE_REASONS)
    if reason is None:
        posted.miss(name, FaultCode.MISSING_REASON)
    if reason is LeftOut.OTHER:
        posted.miss(words_name, FaultCode.MISSING_WORDS)
    return reason


def _read_deductions(checklist: Checklist, posted: Posted) -> tuple[DeductionAnswer, ...]:
    met_with = []
    for rule in checklist.deductions:
        name = f"deduction.{rule.code}"
        if posted.one(name, _CONDUCT) == HAPPENED:
            posted.miss(f"{name}.words", FaultCode.MISSING_WORDS)
            met_with.append(DeductionAnswer(rule.code, posted.words(f"{name}.words")))
    return tuple(met_with)


def _falls_short(answer: Answer) -> bool:
    """Say whether an answer is below full credit, so that reasons for it may be ticked."""
    if answer.counts is not None:
        return answer.counts.met < answer.counts.observed
    if answer.elements:
        return any(element in (Hearing.CHANGED, Hearing.MISSING) for element in answer.elements)
    return answer.response in (Response.PARTLY, Response.NOT_MET)


def _gate_fields(code: str, filled: SectionAnswers) -> list[tuple[str, str | tuple[str, ...]]]:
    return [
        (f"{code}.gate", filled.gate or ""),
        (f"{code}.gate_reason", filled.gate_reason or ""),
        (f"{code}.gate_words", filled.gate_words),
        (f"{code}.role", filled.role or ""),
    ]


def _answer_fields(answer: Answer) -> list[tuple[str, str | tuple[str, ...]]]:
    code = answer.item
    fields: list[tuple[str, str | tuple[str, ...]]] = [
        (f"{code}.el{place}", element or "") for place, element in enumerate(answer.elements)
    ]
    if answer.counts is not None:
        counts = answer.counts
        fields += [(f"{code}.of", str(counts.observed)), (f"{code}.met", str(counts.met))]
        fields.append((f"{code}.partly", str(counts.partly)))
    if answer.left_out not in (None, LeftOut.NOT_SAID):
        fields += [(code, LEAVE_OUT), (f"{code}.left", answer.left_out or "")]
    elif answer.response is not None:
        fields.append((code, answer.response))
    fields.append((f"{code}.why", tuple(str(place) for place in answer.shortfalls)))
    return [*fields, (f"{code}.words", answer.words), (f"{code}.photos", answer.photos)]
