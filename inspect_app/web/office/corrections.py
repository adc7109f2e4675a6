"""A visit corrected without an appeal: what of it can be, what that would do, and the correction."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from checklists.amending import CORRECTIONS, Amendment
from inspect_app.db import session
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.permissions import Action
from inspect_app.queries.consequences import Consequence, consequences_of_correction
from inspect_app.queries.correcting import VisitToCorrect, visit_to_correct
from inspect_app.queries.rankings import latest_ranking
from inspect_app.services import rescoring
from inspect_app.services.rescoring import AmendmentNotPossibleError, CorrectionPlan, DisputedItemError
from inspect_app.services.versions import require_seen
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.kept import show_kept, who_was_faster
from inspect_app.web.languages import current_language
from inspect_app.web.office import pages
from inspect_app.web.office.forms import LONGEST_REASON
from inspect_app.web.office.review_sheet import make_sheet
from inspect_app.web.words import word

TO = "to."
"""Begins the field that says what an item is corrected to."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form.

    Attributes:
        chosen: what is corrected to what, by the first of the items that are corrected together.
        changes: the same for every item.
    """

    chosen: Mapping[str, Amendment]
    changes: Mapping[str, Amendment]
    reason: str

    def gap(self) -> str:
        """Return what is lacking; empty where nothing is."""
        if not self.chosen:
            return _("先选要更正的条款，再选改成什么。")
        if not self.reason:
            return _("请写明为什么更正。")
        return _("原因最多 500 字。") if len(self.reason) > LONGEST_REASON else ""


NOTHING = Typed({}, {}, "")


@pages.get("/office/visits/<uuid:visit_id>/correct")
@requires(Action.CORRECT_VISIT)
def correction_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show what was recorded, and what of it can be corrected."""
    return _show(visit_to_correct(session, current_user(), visit_id), NOTHING)


@pages.post("/office/visits/<uuid:visit_id>/correct/preview")
@requires(Action.CORRECT_VISIT)
def preview_correction(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the correction would do to score, rank and region; nothing is corrected."""
    found = visit_to_correct(session, current_user(), visit_id)
    typed = _typed(found)
    if not typed.chosen:
        return _show(found, typed, problem=typed.gap()), 422
    try:
        effect = consequences_of_correction(session, current_user(), visit_id, typed.changes)
    except ConflictError:
        return _show(found, typed, problem=_not_so()), 422
    return _show(found, typed, effect)


@pages.post("/office/visits/<uuid:visit_id>/correct")
@requires(Action.CORRECT_VISIT)
def correct_visit(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Correct the items that are chosen; a ranking that counts the visit is restated."""
    try:
        return _correct(visit_id)
    except AmendmentNotPossibleError:
        return _keep(visit_id, _not_so())
    except DisputedItemError:
        return _keep(visit_id, _("其中有条款正在申诉，由申诉的裁定来改。"))
    except ConflictError:
        return _keep(visit_id, who_was_faster("visit", str(visit_id)))


def _correct(visit_id: uuid.UUID) -> ResponseReturnValue:
    seen, found = _seen(), visit_to_correct(session, current_user(), visit_id)
    require_seen(f"visit {visit_id}", found.whole.current.revision.number, seen)
    typed = _typed(found)
    if typed.gap():
        return _show(found, typed, problem=typed.gap()), 422
    rescoring.correct_visit(
        session,
        current_actor(),
        found.whole.visit,
        CorrectionPlan(typed.changes, typed.reason, seen),
        now=utc_now(),
        timezone=current_settings().timezone,
    )
    address = url_for("office.visit_page", visit_id=visit_id, corrected=len(typed.changes))
    return redirect(address, code=303)


def _show(found: VisitToCorrect, typed: Typed, effect: Consequence | None = None, problem: str = "") -> str:
    visit = found.whole.visit
    return render_template(
        "office/correction.html",
        visit=visit,
        wave=visit.wave,
        revision=found.whole.current.revision,
        score=found.whole.current.scores,
        sheet=make_sheet(found.whole.current, None, current_language()),
        items=found.items,
        typed=typed,
        effect=effect,
        problem=problem,
        ranking=latest_ranking(session, visit.wave_id),
    )


def _keep(visit_id: uuid.UUID, sentence: str) -> ResponseReturnValue:
    """Return what was chosen and written, where nothing was corrected."""
    reason = (_("为什么更正"), request.form.get("reason", ""))
    chosen = [(name, word(amendment)) for name, amendment in _posted().items()]
    return show_kept(sentence, (*chosen, reason), url_for("office.visit_page", visit_id=visit_id))


def _not_so() -> str:
    return _("这几条不能一起这样改：会动到别的条款。请分开更正。")


def _typed(found: VisitToCorrect) -> Typed:
    """Return what the form says.

    Raises:
        NotFoundError: it names what cannot be corrected.
    """
    chosen = _posted()
    if not chosen.keys() <= found.items.keys():
        raise NotFoundError(f"form of {request.path}")
    changes = {code: to for name, to in chosen.items() for code in found.items[name].codes}
    return Typed(chosen, changes, request.form.get("reason", "").strip())


def _posted() -> dict[str, Amendment]:
    """Return what is chosen, by the code in the field's name.

    Raises:
        NotFoundError: something is chosen that the page does not offer.
    """
    fields = {name: text for name, text in request.form.items() if name.startswith(TO) and text}
    if not set(fields.values()) <= set(CORRECTIONS):
        raise NotFoundError(f"form of {request.path}")
    return {name.removeprefix(TO): Amendment(text) for name, text in fields.items()}


def _seen() -> int:
    """Return the number of the revision that the page showed.

    Raises:
        NotFoundError: the form shows none.
    """
    try:
        return int(request.form["seen"])
    except (KeyError, ValueError) as error:
        raise NotFoundError(f"form of {request.path}") from error
