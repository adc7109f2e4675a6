"""Several recordings of one visit held against each other, answer by answer, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from checklists.checklist import Checklist, Item, Section
from checklists.filled import Answer, Answers
from inspect_app.web.formatting import quoted
from inspect_app.web.languages import current_language
from inspect_app.web.words import word


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One question, and what each recording says to it.

    Attributes:
        differs: not all of them say the same.
    """

    code: str
    question: str
    said: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Not all of them say the same."""
        return len(set(self.said)) > 1


def compare(checklist: Checklist, recordings: Sequence[Answers]) -> tuple[RecordRow, ...]:
    """Return every question of the checklist with what each recording says to it."""
    return tuple(row for section in checklist.sections for row in _rows(section, recordings))


def _rows(section: Section, recordings: Sequence[Answers]) -> Iterator[RecordRow]:
    language = current_language()
    filled = [answers.section(section.situation) for answers in recordings]
    gates = tuple(word(one.gate) if one is not None else "" for one in filled)
    yield RecordRow(section.code, section.name.in_language(language), gates)
    for item in section.items:
        said = tuple(
            next((_words(item, answer) for answer in one.answers if answer.item == item.code), "")
            if one is not None
            else ""
            for one in filled
        )
        yield RecordRow(item.code, item.question.in_language(language), said)


def _words(item: Item, answer: Answer) -> str:
    language = current_language()
    short = (item.shortfalls[place].in_language(language) for place in answer.shortfalls)
    parts = [_response(item, answer), *short]
    if answer.words:
        parts.append(quoted(answer.words))
    if answer.photos:
        parts.append(_("照片 %(count)s 张", count=len(answer.photos)))
    return " · ".join(part for part in parts if part)


def _response(item: Item, answer: Answer) -> str:
    if answer.left_out is not None:
        return word(answer.left_out)
    if answer.counts is not None:
        return _("%(of)s 位里做到 %(met)s 位", of=answer.counts.observed, met=answer.counts.met)
    if answer.elements:
        language = current_language()
        heard = zip(item.elements, answer.elements, strict=False)
        return " · ".join(f"{element.in_language(language)} {word(how)}" for element, how in heard)
    return word(answer.response)
