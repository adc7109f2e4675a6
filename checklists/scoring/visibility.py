"""Which items of a section are asked at all: the one rule for form, progress, validation and score."""

from collections.abc import Iterable, Sequence

from checklists.handbook import Kind
from checklists.scoring.credits import Hearing
from checklists.scoring.inspection import UNOBSERVED, Gate, LeftOut

PhraseAnswer = Sequence[Hearing] | LeftOut | None
"""How a phrase was said, element by element; why it was left out; None while it is unanswered."""


def is_asked(kind: Kind, gate: Gate | None, phrases: Iterable[PhraseAnswer]) -> bool:
    """Say whether an item of this kind is put to the inspector, given its section's gate and phrases.

    An item that is not asked is never unanswered: the gate or `not_said` has settled it.

    Source:
        docs/scoring.md, "What is asked".
    """
    return gate is Gate.OCCURRED and not (kind is Kind.DELIVERY and nothing_was_said(phrases))


def nothing_was_said(phrases: Iterable[PhraseAnswer]) -> bool:
    """Say whether no phrase of a section was said at all, so that its delivery is left out as `not_said`.

    A phrase that is unanswered or could not be heard may have been said; one that was not called for
    (`did_not_occur`, `not_this_branch`) says nothing either way. Without any phrase there is nothing to miss.

    Source:
        docs/scoring.md, "What is asked".
    """
    called_for = [phrase for phrase in phrases if not _was_not_called_for(phrase)]
    return bool(called_for) and all(_is_silence(phrase) for phrase in called_for)


def _was_not_called_for(phrase: PhraseAnswer) -> bool:
    return isinstance(phrase, LeftOut) and phrase not in UNOBSERVED


def _is_silence(phrase: PhraseAnswer) -> bool:
    if phrase is None or isinstance(phrase, LeftOut):
        return False
    return all(element is Hearing.MISSING for element in phrase)
