"""The memory card: at most seven things to listen and look for, since nobody remembers more."""

from dataclasses import dataclass

from checklists.checklist import Checklist, Item, Section
from checklists.handbook import Kind
from inspect_app.web.formatting import quoted
from inspect_app.web.languages import current_language

MOST_CUES = 7


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to remember.

    Attributes:
        is_heard: it is listened for; else it is looked for.
        where: the situation in which it happens; `what` the words, or what is to be seen.
    """

    is_heard: bool
    where: str
    what: str


def cues_of(checklist: Checklist) -> tuple[Cue, ...]:
    """Return what to remember, in the order of the visit; of every situation something."""
    candidates = [_candidates(section) for section in checklist.sections]
    wanted = [0] * len(candidates)
    for _round in range(MOST_CUES):
        for place, items in enumerate(candidates):
            if sum(wanted) < MOST_CUES and wanted[place] < len(items):
                wanted[place] += 1
    return tuple(
        _cue(section, item)
        for section, items, count in zip(checklist.sections, candidates, wanted, strict=True)
        for item in items[:count]
    )


def _candidates(section: Section) -> list[Item]:
    """Return a situation's words and the one action that counts most, words first: they fade first."""
    phrases = [item for item in section.items if item.kind is Kind.PHRASE]
    seen = [item for item in section.items if item.kind in (Kind.ACTION, Kind.CONDITION)]
    return phrases[:1] + sorted(seen, key=lambda item: (item.veto is None, -item.weight))[:1]


def _cue(section: Section, item: Item) -> Cue:
    language = current_language()
    is_heard = item.kind is Kind.PHRASE
    name = section.name.in_language(language)
    if is_heard and item.wordings:
        return Cue(is_heard, name, quoted(item.wordings[0].in_script_of(language)))
    return Cue(is_heard, name, item.question.in_language(language))
