"""What becomes of answers when some items are amended: those items change, and no other one does."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from checklists.checklist import Checklist, Item, Section
from checklists.crediting import credit
from checklists.filled import Answer, Answers, SectionAnswers, asked_items
from checklists.handbook import Kind
from checklists.scoring.credits import Counts, Hearing, Response
from checklists.scoring.inspection import CreditedInspection, CreditedItem, Gate, LeftOut

FULL_CREDIT = 1


class Amendment(StrEnum):
    """What an item is to have: full credit, a step more than was recorded, none, no part in the score.

    `AS_RECORDED` is what was recorded at first, whatever has become of it since.
    """

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    LEFT_OUT = "left_out"
    AS_RECORDED = "as_recorded"


IN_FAVOUR = (Amendment.FULL, Amendment.PARTIAL, Amendment.LEFT_OUT)
"""What an upheld appeal can come to."""

CORRECTIONS = (Amendment.FULL, Amendment.PARTIAL, Amendment.NONE, Amendment.LEFT_OUT)
"""What head office can correct an item to."""


class AmendmentError(ValueError):
    """The items cannot be amended so without touching another one; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Amended:
    """Answers with amended items, and what they are scored from."""

    answers: Answers
    inspection: CreditedInspection


def amend(
    checklist: Checklist, newest: Answers, recorded: Answers, amendments: Mapping[str, Amendment]
) -> Amended:
    """Return the newest answers with some items amended.

    Where nobody acted, the items of a section stand and fall together: that somebody did act is one claim.

    Args:
        recorded: what the items are amended from; the newest answers or earlier ones.

    Raises:
        AmendmentError: an item is not on the checklist, cannot have this, or would change another one.

    Source:
        docs/appeals.md, "What a decision changes".
    """
    unknown = sorted(set(amendments) - {item.code for one in checklist.sections for item in one.items})
    if unknown:
        raise AmendmentError(f"item {unknown[0]} is not on this checklist")
    answers = replace(
        newest,
        sections=tuple(
            _amend_section(section, newest, recorded, amendments)
            if any(item.code in amendments for item in section.items)
            else _filled(newest, section)
            for section in checklist.sections
        ),
    )
    amended = Amended(answers, credit(checklist, answers))
    _require_meant(checklist, amended, newest, recorded, amendments)
    return amended


def stands_together(checklist: Checklist, recorded: Answers, code: str) -> tuple[str, ...]:
    """Return the items that can only be amended together with this one, itself among them."""
    for section in checklist.sections:
        codes = tuple(item.code for item in section.items)
        if code in codes:
            return codes if _filled(recorded, section).gate is Gate.NOBODY_ACTED else (code,)
    raise AmendmentError(f"item {code} is not on this checklist")


def offered(
    checklist: Checklist, newest: Answers, recorded: Answers, codes: Collection[str]
) -> tuple[Amendment, ...]:
    """Return what can be done in favour of these items, all at once."""
    tried = _tried(checklist, newest, recorded, codes, IN_FAVOUR)
    return tuple(amendment for amendment, _answers in tried)


def corrections(checklist: Checklist, newest: Answers, codes: Collection[str]) -> tuple[Amendment, ...]:
    """Return what these items can be corrected to, all at once, that they are not already."""
    tried = _tried(checklist, newest, newest, codes, CORRECTIONS)
    return tuple(amendment for amendment, answers in tried if answers != newest)


def _tried(
    checklist: Checklist,
    newest: Answers,
    recorded: Answers,
    codes: Collection[str],
    amendments: Collection[Amendment],
) -> Iterator[tuple[Amendment, Answers]]:
    """Yield each amendment that is possible for these items, with the answers that it makes."""
    for amendment in amendments:
        try:
            amended = amend(checklist, newest, recorded, dict.fromkeys(codes, amendment))
        except AmendmentError:
            continue
        yield amendment, amended.answers


def _filled(answers: Answers, section: Section) -> SectionAnswers:
    filled = answers.section(section.situation)
    if filled is None:
        raise AmendmentError(f"section {section.code} is not filled in")
    return filled


def _amend_section(
    section: Section, newest: Answers, recorded: Answers, amendments: Mapping[str, Amendment]
) -> SectionAnswers:
    before, now = _filled(recorded, section), _filled(newest, section)
    if before.gate is Gate.NOBODY_ACTED:
        return _amend_whole(section, before, amendments)
    if before.gate is not Gate.OCCURRED or now.gate is not Gate.OCCURRED:
        raise AmendmentError(f"section {section.code} did not occur: there is nothing in it to amend")
    first = {answer.item: answer for answer in before.answers}
    given = {answer.item: answer for answer in now.answers}
    for item in section.items:
        if item.code in amendments:
            given[item.code] = _amend_answer(
                item, first.get(item.code, Answer(item.code)), amendments[item.code]
            )
    return _settled(section, now, given)


def _amend_whole(
    section: Section, before: SectionAnswers, amendments: Mapping[str, Amendment]
) -> SectionAnswers:
    wanted = {amendments.get(item.code) for item in section.items}
    amendment = wanted.pop()
    if wanted or amendment is None:
        raise AmendmentError(f"nobody acted in section {section.code}: its items are amended together")
    if amendment in (Amendment.NONE, Amendment.AS_RECORDED):
        return before
    if amendment is Amendment.LEFT_OUT:
        return SectionAnswers(section.situation, Gate.DID_NOT_OCCUR, gate_reason=LeftOut.NOT_THIS_BRANCH)
    answers = tuple(_amend_answer(item, Answer(item.code), amendment) for item in section.items)
    return SectionAnswers(section.situation, Gate.OCCURRED, role=section.lead, answers=answers)


def _amend_answer(item: Item, recorded: Answer, amendment: Amendment) -> Answer:
    if amendment is Amendment.AS_RECORDED:
        return recorded
    if amendment is Amendment.LEFT_OUT:
        return Answer(item.code, left_out=LeftOut.NOT_THIS_BRANCH, photos=recorded.photos)
    bare = Answer(item.code, photos=recorded.photos)
    if amendment is not Amendment.FULL:
        bare = replace(bare, words=recorded.words, shortfalls=recorded.shortfalls)
    if item.kind is Kind.PHRASE:
        return replace(bare, elements=_elements(item, recorded, amendment))
    if item.counted is not None:
        return replace(bare, counts=_counts(recorded.counts or Counts(0, 0, 1), amendment))
    steps = {
        Amendment.FULL: Response.MET,
        Amendment.PARTIAL: Response.PARTLY,
        Amendment.NONE: Response.NOT_MET,
    }
    return replace(bare, response=steps[amendment])


def _elements(item: Item, recorded: Answer, amendment: Amendment) -> tuple[Hearing, ...]:
    """Return a phrase's elements; a step more is that what was missing was said with the same meaning."""
    if amendment is Amendment.FULL:
        return (Hearing.HEARD,) * len(item.elements)
    if amendment is Amendment.NONE:
        return (Hearing.MISSING,) * len(item.elements)
    heard = recorded.heard or (Hearing.MISSING,) * len(item.elements)
    return tuple(Hearing.CHANGED if element is Hearing.MISSING else element for element in heard)


def _counts(recorded: Counts, amendment: Amendment) -> Counts:
    """Return counted people; a step more is that those who did not meet the demand met it in part."""
    if amendment is Amendment.FULL:
        return Counts(recorded.observed, 0, 0)
    if amendment is Amendment.NONE:
        return Counts(0, 0, recorded.observed)
    return Counts(recorded.met, recorded.partly + recorded.not_met, 0)


def _settled(section: Section, now: SectionAnswers, given: Mapping[str, Answer]) -> SectionAnswers:
    """Return a section whose delivery stays left out where only an amended phrase would have it asked."""
    known = tuple(given[item.code] for item in section.items if item.code in given)
    asked = asked_items(section, replace(now, answers=known))
    unsaid = {
        item.code: Answer(item.code, left_out=LeftOut.NOT_SAID) for item in asked if item.code not in given
    }
    answers = {**given, **unsaid}
    return replace(now, answers=tuple(answers[item.code] for item in section.items if item.code in answers))


def _require_meant(
    checklist: Checklist,
    amended: Amended,
    newest: Answers,
    recorded: Answers,
    amendments: Mapping[str, Amendment],
) -> None:
    """Raise unless the named items got what they were to get, and all others are as they were."""
    before, first = _by_code(credit(checklist, newest)), _by_code(credit(checklist, recorded))
    for code, item in _by_code(amended.inspection).items():
        amendment = amendments.get(code)
        if amendment is None:
            if item != before[code]:
                raise AmendmentError(f"item {code} would change, which is not named")
        elif not _is_meant(item, first[code], amendment):
            raise AmendmentError(f"item {code} cannot be amended to {amendment}")


def _by_code(inspection: CreditedInspection) -> Mapping[str, CreditedItem]:
    return {item.code: item for section in inspection.sections for item in section.items}


def _is_meant(item: CreditedItem, recorded: CreditedItem, amendment: Amendment) -> bool:
    if amendment is Amendment.AS_RECORDED:
        return item == recorded
    if amendment is Amendment.LEFT_OUT:
        return item.credit is None
    if item.credit is None:
        return False
    if amendment is Amendment.PARTIAL:
        return (recorded.credit or 0) < item.credit < FULL_CREDIT
    return item.credit == (FULL_CREDIT if amendment is Amendment.FULL else 0)
