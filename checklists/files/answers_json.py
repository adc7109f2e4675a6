"""What was filled in as one compact JSON document, and back."""

from checklists.filled import Answer, Answers, DeductionAnswer, SectionAnswers
from checklists.json_values import Json, Member
from checklists.scoring.credits import Counts, Hearing, Response
from checklists.scoring.inspection import Gate, LeftOut

ANSWERS_VERSION = 1
"""The form of the document; a change that old readers cannot read raises it."""


def answers_document(answers: Answers) -> dict[str, Json]:
    """Return the document of a revision; members that say nothing are absent."""
    return {
        "answers_version": ANSWERS_VERSION,
        "sections": [_section(section) for section in answers.sections],
        "deductions": [{"code": one.code, "words": one.words} for one in answers.deductions],
    }


def read_answers(document: object) -> Answers:
    """Return what `answers_document` wrote; members that it does not know are passed over.

    Raises:
        DocumentError: it is no such document.
    """
    member = Member(document)
    if member["answers_version"].value != ANSWERS_VERSION:
        raise member["answers_version"].wrong(str(ANSWERS_VERSION))
    return Answers(
        sections=tuple(_read_section(section) for section in member["sections"]),
        deductions=tuple(
            DeductionAnswer(one["code"].text(), _optional_text(one["words"])) for one in member["deductions"]
        ),
    )


def _section(section: SectionAnswers) -> Json:
    written: dict[str, Json] = {
        "situation": section.situation,
        "gate": section.gate,
        "gate_reason": section.gate_reason,
        "role": section.role,
        "answers": [_answer(answer) for answer in section.answers],
    }
    if section.gate_words:
        written["gate_words"] = section.gate_words
    return written


def _answer(answer: Answer) -> Json:
    written: dict[str, Json] = {"item": answer.item}
    if answer.response is not None:
        written["response"] = answer.response
    if answer.elements:
        written["elements"] = answer.elements
    if answer.counts is not None:
        counts = answer.counts
        written["counts"] = {"met": counts.met, "partly": counts.partly, "not": counts.not_met}
    if answer.left_out is not None:
        written["left_out"] = answer.left_out
    if answer.shortfalls:
        written["why"] = answer.shortfalls
    if answer.words:
        written["words"] = answer.words
    if answer.photos:
        written["photos"] = answer.photos
    return written


def _read_section(member: Member) -> SectionAnswers:
    gate, reason, role = member["gate"], member["gate_reason"], member["role"]
    return SectionAnswers(
        situation=member["situation"].number(),
        gate=None if gate.is_absent else gate.choice(Gate),
        gate_reason=None if reason.is_absent else reason.choice(LeftOut),
        gate_words=_optional_text(member["gate_words"]),
        role=None if role.is_absent else role.text(),
        answers=tuple(_read_answer(answer) for answer in member["answers"]),
    )


def _read_answer(member: Member) -> Answer:
    response, left_out = member["response"], member["left_out"]
    return Answer(
        item=member["item"].text(),
        response=None if response.is_absent else response.choice(Response),
        elements=tuple(
            None if element.is_absent else element.choice(Hearing) for element in _members(member["elements"])
        ),
        counts=_read_counts(member["counts"]),
        left_out=None if left_out.is_absent else left_out.choice(LeftOut),
        shortfalls=tuple(place.number() for place in _members(member["why"])),
        words=_optional_text(member["words"]),
        photos=tuple(photo.text() for photo in _members(member["photos"])),
    )


def _read_counts(member: Member) -> Counts | None:
    if member.is_absent:
        return None
    counts = (member["met"].number(), member["partly"].number(), member["not"].number())
    if min(counts) < 0:
        raise member.wrong("numbers of people, 0 or more")
    return Counts(*counts)


def _members(member: Member) -> tuple[Member, ...]:
    return () if member.is_absent else tuple(member)


def _optional_text(member: Member) -> str:
    return "" if member.is_absent else member.text()
