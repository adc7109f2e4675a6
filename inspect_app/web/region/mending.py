"""What branches are mending: an overview, and their answers, accepted or sent back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.waves import Wave
from inspect_app.permissions import Action
from inspect_app.queries.branch_photos import photo_seen_by
from inspect_app.queries.branch_views import deficiency_of_branch
from inspect_app.queries.correction_overview import overview
from inspect_app.queries.corrective_actions import (
    ToVerify,
    answers_to_verify,
    deficiency_to_verify,
    history_of,
)
from inspect_app.queries.own_answers import own_answers
from inspect_app.queries.ranking_scope import checklists_of
from inspect_app.queries.repairs import earlier_waves, held_rates
from inspect_app.queries.shown_waves import waves_shown_to
from inspect_app.queries.waves import wave_with_id
from inspect_app.services import verifications
from inspect_app.services.verifications import OwnAnswerError
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.evidence import show_photo
from inspect_app.web.kept import show_kept
from inspect_app.web.languages import current_language
from inspect_app.web.reading import role_names
from inspect_app.web.region import pages
from inspect_app.web.words import word
from inspect_app.working_days import day_of

MOST_BRANCHES = 200
"""How many branches a page lists that can list their regions instead."""

LONGEST_REASON = 500
SEEN = "seen."


@dataclass(frozen=True, slots=True)
class Decision:
    """What a form decides: about which deficiencies, in which version it saw them, and why not.

    Attributes:
        reason: empty where they are accepted.
    """

    seen: Mapping[uuid.UUID, int]
    is_accepted: bool
    reason: str

    @property
    def problem(self) -> str:
        """What is lacking; empty where nothing is."""
        if not self.seen:
            return _("请先选上要定的答复。")
        if not self.is_accepted and not self.reason:
            return _("退回要写明为什么，网点照着改。")
        if len(self.reason) > LONGEST_REASON:
            return _("退回的原因最多 500 字。")
        return ""


@pages.get("/mending")
@requires(Action.READ_DEFICIENCIES)
def overview_page() -> ResponseReturnValue:
    """Show how much is open, overdue and found again, by branch and by flow."""
    user = current_user()
    waves = waves_shown_to(session, user)
    wave = _chosen(waves)
    timezone = current_settings().timezone
    region = request.args.get("region") or None
    seen = overview(
        session,
        user,
        day_of(utc_now(), timezone),
        None if wave is None else wave.id,
        region=region,
        timezone=timezone,
    )
    if region is not None and not seen.regions:
        raise NotFoundError(f"region {region}")
    return render_template(
        "region/mending.html",
        waves=waves,
        wave=wave,
        region=region,
        seen=seen,
        # A whole bank is looked at region by region.
        is_by_region=region is None and len(seen.branches) > MOST_BRANCHES and len(seen.regions) > 1,
        flow_names=_flow_names(waves),
        waiting=len(answers_to_verify(session, user)),
        rates=[one for one in held_rates(session, user) if one.rate is not None],
    )


@pages.get("/mending/answers")
@requires(Action.VERIFY_ACTION)
def answers_page() -> ResponseReturnValue:
    """Show the answers that wait to be looked at, the longest waiting first."""
    return _show_waiting()


@pages.post("/mending/answers")
@requires(Action.VERIFY_ACTION)
def decide_answers() -> ResponseReturnValue:
    """Accept several answers, or send them all back for one reason."""
    decision = _decision(_chosen_ids())
    if decision.problem:
        return _show_waiting(decision, decision.problem), 422
    return _decide(decision, url_for(".answers_page"))


@pages.get("/mending/answers/<uuid:deficiency_id>")
@requires(Action.READ_DEFICIENCIES)
def answer_page(deficiency_id: uuid.UUID) -> ResponseReturnValue:
    """Show one deficiency with everything that was answered to it."""
    return _show_answer(deficiency_id)


@pages.post("/mending/answers/<uuid:deficiency_id>")
@requires(Action.VERIFY_ACTION)
def decide_answer(deficiency_id: uuid.UUID) -> ResponseReturnValue:
    """Accept one answer, or send it back with a reason."""
    deficiency_to_verify(session, current_user(), deficiency_id)
    decision = _decision((deficiency_id,))
    if decision.problem:
        return _show_answer(deficiency_id, decision, decision.problem), 422
    return _decide(decision, url_for(".answer_page", deficiency_id=deficiency_id))


@pages.get("/mending/photos/<uuid:photo_id>.jpg")
@requires(Action.READ_DEFICIENCIES)
def photo(photo_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out a photo that a branch within reach added."""
    return show_photo(photo_seen_by(session, current_user(), photo_id))


def _decide(decision: Decision, back: str) -> ResponseReturnValue:
    now, actor, timezone = utc_now(), current_actor(), current_settings().timezone
    try:
        for deficiency_id, seen in decision.seen.items():
            row = deficiency_to_verify(session, current_user(), deficiency_id)
            if decision.is_accepted:
                verifications.accept(session, actor, row, seen, now=now)
            else:
                verifications.send_back(
                    session, actor, row, decision.reason, seen, now=now, timezone=timezone
                )
    except OwnAnswerError:
        sentence = _("其中有您自己填的答复，要由别人复查。")
        return show_kept(sentence, ((_("退回的原因"), decision.reason),), back)
    except ConflictError:
        sentence = _("有一项答复已经有人定过，或者网点又改了。")
        return show_kept(sentence, ((_("退回的原因"), decision.reason),), back)
    return redirect(url_for(".answers_page", done=len(decision.seen), how=request.form["do"]), code=303)


def _decision(wanted: Sequence[uuid.UUID]) -> Decision:
    """Return what the form at hand decides.

    Raises:
        NotFoundError: it shows no version of what it decides.
    """
    try:
        seen = {one: int(request.form[f"{SEEN}{one}"]) for one in wanted}
    except (KeyError, ValueError) as error:
        raise NotFoundError(f"form of {request.path}") from error
    is_accepted = request.form.get("do") == "accept"
    return Decision(seen, is_accepted, "" if is_accepted else request.form.get("reason", "").strip())


def _chosen_ids() -> tuple[uuid.UUID, ...]:
    try:
        return tuple(dict.fromkeys(uuid.UUID(text) for text in request.form.getlist("chosen")))
    except ValueError as error:
        raise NotFoundError(f"form of {request.path}") from error


def _show_waiting(decision: Decision | None = None, problem: str = "") -> str:
    waiting = answers_to_verify(session, current_user())
    return render_template(
        "region/answers.html",
        waiting=waiting,
        role_names=_names(waiting),
        chosen=frozenset() if decision is None else decision.seen,
        reason="" if decision is None else request.form.get("reason", ""),
        problem=problem,
        done=request.args.get("done", type=int),
        was_accepted=request.args.get("how") == "accept",
    )


def _show_answer(deficiency_id: uuid.UUID, decision: Decision | None = None, problem: str = "") -> str:
    user = current_user()
    found = deficiency_of_branch(session, user, deficiency_id)
    rounds = history_of(session, user, deficiency_id)
    is_waiting = found.state is DeficiencyState.ANSWERED
    is_own = is_waiting and bool(own_answers(session, user, {(deficiency_id, rounds[-1].action.id)}))
    return render_template(
        "region/answer.html",
        found=found,
        rounds=rounds,
        repeats=earlier_waves(session, user, [deficiency_id]).get(deficiency_id, ()),
        role_names=role_names(checklists_of(session, wave_with_id(session, found.wave_id))),
        can_decide=is_waiting and not is_own,
        is_own=is_own,
        reason="" if decision is None else decision.reason,
        problem=problem,
        state=word(found.state),
    )


def _names(waiting: Sequence[ToVerify]) -> Mapping[uuid.UUID, Mapping[str, str]]:
    """Return the names of the posts, by wave."""
    waves = {one.shortcoming.wave_id for one in waiting}
    return {one: role_names(checklists_of(session, wave_with_id(session, one))) for one in waves}


def _flow_names(waves: Sequence[Wave]) -> Mapping[str, str]:
    """Return the names of the flows that some waves asked about, as the newest of them calls each."""
    language = current_language()
    return {
        section.flow: section.flow_name.in_language(language)
        for wave in reversed(waves)
        for checklist in checklists_of(session, wave)
        for section in checklist.sections
    }


def _chosen(waves: Sequence[Wave]) -> Wave | None:
    """Return the wave that the address names; None where it names none: all of them.

    Raises:
        NotFoundError: no wave of this code shows anything.
    """
    code = request.args.get("wave", "")
    if not code:
        return None
    found = next((one for one in waves if one.code == code), None)
    if found is None:
        raise NotFoundError(f"wave {code}")
    return found
