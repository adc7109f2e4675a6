"""How far a form is, in words and marks; never a score where the inspector is in disguise."""

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from checklists.crediting import credit
from checklists.filled import Answers
from checklists.handbook import Mode
from checklists.progress import Progress, SectionProgress
from checklists.scoring import Scores, score
from inspect_app.web.inspector.opened import Opened

ANNOUNCED = frozenset({Mode.OPEN, Mode.VIDEO})
"""Modes in which the inspector is no shopper, and may see how the branch does so far."""


def todo(progress: Progress) -> str:
    """Return what is still to be done, in words."""
    if progress.is_complete:
        return _("都答完了")
    wrong = len(_wrong(progress))
    if not progress.open_questions:
        return ngettext("%(num)d 处对不上", "%(num)d 处对不上", wrong)
    return ngettext("还差 %(num)d 题", "还差 %(num)d 题", progress.open_questions)


def todo_of(opened: Opened) -> str:
    """Return what is still to be done of a form: what was returned, where nothing is missing."""
    if opened.returned is None or not opened.progress.is_complete:
        return todo(opened.progress)
    asked = len(opened.returned.questions)
    return ngettext("退回 %(num)d 题", "退回 %(num)d 题", asked)


def segments(progress: Progress) -> list[str]:
    """Return the class of each situation's segment: `done`, `part`, or empty."""
    return [_segment(section) for section in progress.sections]


def described(progress: Progress) -> str:
    """Return the segments in words, for who does not see them."""
    done = sum(section.is_complete for section in progress.sections)
    return _("%(all)s 个情景，已答完 %(done)s 个", all=len(progress.sections), done=done)


def scores_so_far(opened: Opened) -> Scores | None:
    """Return how the branch does in what is filled in; None for a shopper, or before the first situation."""
    if opened.checklist.mode not in ANNOUNCED:
        return None
    complete = {section.code for section in opened.progress.sections if section.is_complete}
    sections = tuple(section for section in opened.checklist.sections if section.code in complete)
    if not sections:
        return None
    numbers = {section.situation for section in sections}
    filled = tuple(one for one in opened.answers.sections if one.situation in numbers)
    return score(credit(replace(opened.checklist, sections=sections), Answers(filled)))


def _segment(section: SectionProgress) -> str:
    if section.is_complete:
        return "done"
    return "part" if section.is_begun else ""


def _wrong(progress: Progress) -> set[str]:
    faults = [fault for section in progress.sections for fault in section.wrong]
    faults += [fault for fault in progress.others if not fault.is_gap]
    return {fault.name for fault in faults}
