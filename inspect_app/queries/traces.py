"""Words of an inspection that would tell who made it: looked for before anybody at a branch may read them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.filled import Answers
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User, UserKind
from inspect_app.models.visits import VisitIdentity
from inspect_app.queries.inspections import answers_of

SHORTEST_NAME = 2
"""A name of one character stands in too many words to say anything."""

NUMBERS = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{12,19}|\d{17}[Xx])(?!\d)")
"""Mobile phones of the mainland, cards and accounts, and numbers of identity cards."""


class TraceKind(StrEnum):
    """What words tell: the inspector of this visit, another one, or a number that belongs to somebody."""

    OWN_NAME = "own_name"
    OTHER_NAME = "other_name"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Trace:
    """Something in the words of one answer; `code` is the item's, or the deduction's."""

    code: str
    kind: TraceKind


def traces_in(session: Session, revision: Revision) -> tuple[Trace, ...]:
    """Return which words of a revision would tell who was there, in the order of the answers.

    For quality control alone: it reads who inspected.
    """
    names = _names(session, revision)
    return tuple(
        Trace(code, kind) for code, words in _words(answers_of(revision)) for kind in _told_by(words, names)
    )


def _names(session: Session, revision: Revision) -> dict[str, TraceKind]:
    """Return what inspectors are called, each by whom it tells of."""
    inspector = select(VisitIdentity.inspector_id).where(
        VisitIdentity.visit_id == revision.inspection.visit_id
    )
    own = session.scalar(inspector)
    rows = session.execute(
        select(User.id, User.username, User.display_name, User.email).where(User.kind == UserKind.INSPECTOR)
    )
    return {
        name.casefold(): TraceKind.OWN_NAME if id == own else TraceKind.OTHER_NAME
        for id, *called in rows
        for name in called
        if name is not None and len(name) >= SHORTEST_NAME
    }


def _words(answers: Answers) -> Iterator[tuple[str, str]]:
    for section in answers.sections:
        for answer in section.answers:
            yield answer.item, answer.words
    for deduction in answers.deductions:
        yield deduction.code, deduction.words


def _told_by(words: str, names: dict[str, TraceKind]) -> list[TraceKind]:
    told = {kind for name, kind in names.items() if name in words.casefold()}
    if NUMBERS.search(words):
        told.add(TraceKind.NUMBER)
    return [kind for kind in TraceKind if kind in told]
