"""Appeals at quality control: what waits, one appeal with what each outcome would do, and the decision."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.appeals import AppealOutcome, AppealState, InspectorFinding
from inspect_app.permissions import Action, is_allowed
from inspect_app.queries.branch_photos import photo_seen_by
from inspect_app.queries.consequences import Consequence, alternatives, consequences
from inspect_app.queries.disputes import (
    OpenAppeal,
    OpenItem,
    appeal_row,
    appeal_to_decide,
    appeals_decided,
    appeals_waiting,
)
from inspect_app.queries.journal import events_of
from inspect_app.queries.overturns import overturn_rates
from inspect_app.queries.waves import wave_coded
from inspect_app.services import deciding, reopening
from inspect_app.services.deciding import AmendmentNotPossibleError, ItemDecision, OwnReviewError
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.evidence import show_photo
from inspect_app.web.kept import Written, show_kept, who_was_faster
from inspect_app.web.office import pages
from inspect_app.web.words import word

LONGEST_REASON = 1_000
MOST_DECIDED = 50
"""How many of the appeals that have ended the page lists."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form about one item.

    Attributes:
        together: the ids of the identical cases that are decided with it.
    """

    outcome: AppealOutcome | None
    finding: InspectorFinding | None
    reason: str
    together: frozenset[uuid.UUID]

    @property
    def is_begun(self) -> bool:
        """Something is chosen or written."""
        return self.outcome is not None or self.finding is not None or bool(self.reason)

    def gap(self) -> str:
        """Return what is lacking; empty where nothing is."""
        if self.outcome is None:
            return _("请选怎么裁定。")
        if not self.reason:
            return _("请写理由，网点看得到。")
        if len(self.reason) > LONGEST_REASON:
            return _("理由最多 1,000 字。")
        return "" if self.finding else _("请另选：检查人记得准不准。")


@pages.get("/office/appeals")
@requires(Action.DECIDE_APPEAL)
def appeals_page() -> ResponseReturnValue:
    """Show the appeals that wait, the most pressing first."""
    waiting = appeals_waiting(session, current_user())
    today = utc_now().astimezone(current_settings().timezone).date()
    return render_template(
        "office/appeals.html",
        waiting=waiting,
        decided=appeals_decided(session, current_user())[-MOST_DECIDED:],
        today=today,
        done=request.args.get("done", type=int),
    )


@pages.get("/office/appeals/<uuid:appeal_id>")
@requires(Action.DECIDE_APPEAL)
def appeal_page(appeal_id: uuid.UUID) -> ResponseReturnValue:
    """Show one appeal with everything that its decision needs."""
    return _show(appeal_to_decide(session, current_user(), appeal_id), {})


@pages.post("/office/appeals/<uuid:appeal_id>/preview")
@requires(Action.DECIDE_APPEAL)
def preview_decision(appeal_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the outcomes chosen so far would do together; nothing is decided."""
    appeal = appeal_to_decide(session, current_user(), appeal_id)
    typed = _typed(appeal)
    chosen = _outcomes(appeal, typed)
    if not chosen:
        return _show(appeal, typed, problem=_("先选怎么裁定，再看一共会变多少。")), 422
    return _show(appeal, typed, consequences(session, current_user(), chosen))


@pages.post("/office/appeals/<uuid:appeal_id>/decide")
@requires(Action.DECIDE_APPEAL)
def decide_appeal(appeal_id: uuid.UUID) -> ResponseReturnValue:
    """Decide the items of an appeal that are filled in, and with each the identical cases that are ticked."""
    appeal = appeal_to_decide(session, current_user(), appeal_id)
    typed = _typed(appeal)
    begun = {item: one for item, one in typed.items() if one.is_begun}
    late = {one.row.id: _typed_of(one) for one in appeal.items if not one.row.is_waiting}
    if any(one.is_begun for one in late.values()):
        faster = who_was_faster("appeal", str(appeal_id))
        return show_kept(faster, _kept(appeal, {**typed, **late}), _address(appeal_id))
    gaps = {item: gap for item, one in begun.items() if (gap := one.gap())}
    if gaps or not begun:
        problem = "" if begun else _("还没有裁定任何一条。")
        return _show(appeal, typed, gaps=gaps, problem=problem), 422
    try:
        deciding.decide(
            session,
            current_actor(),
            tuple(_decisions(appeal, begun)),
            now=utc_now(),
            timezone=current_settings().timezone,
        )
    except OwnReviewError:
        return show_kept(
            _("其中有您自己复核的检查，要由别人裁定。"), _kept(appeal, typed), _address(appeal_id)
        )
    except AmendmentNotPossibleError:
        sentence = _("无人理会的情景里，所有条款要一起申诉、一样裁定。")
        return show_kept(sentence, _kept(appeal, typed), _address(appeal_id))
    except ConflictError:
        faster = who_was_faster("appeal", str(appeal_id))
        return show_kept(faster, _kept(appeal, typed), _address(appeal_id))
    return redirect(url_for("office.appeals_page", done=len(begun)), code=303)


@pages.post("/office/appeals/<uuid:appeal_id>/reopen")
@requires(Action.REOPEN_APPEAL)
def reopen_appeal(appeal_id: uuid.UUID) -> ResponseReturnValue:
    """Take an appeal up again after publishing; what comes of it restates the ranking."""
    appeal = appeal_to_decide(session, current_user(), appeal_id)
    items, reason = _ids("item"), request.form.get("reason", "").strip()
    if not items or not reason:
        problem = _("请选要重新审理的条款，并写明为什么。")
        return _show(appeal, {}, problem=problem), 422
    row = appeal_row(session, current_user(), appeal_id)
    try:
        reopening.reopen(session, current_actor(), row, items, reason, _version("seen"), now=utc_now())
    except ConflictError:
        faster = who_was_faster("appeal", str(appeal_id))
        return show_kept(faster, ((_("为什么重新审理"), reason),), _address(appeal_id))
    return redirect(_address(appeal_id), code=303)


@pages.get("/office/overturns")
@requires(Action.DECIDE_APPEAL)
def overturns_page() -> ResponseReturnValue:
    """Show which items are overturned most often: where the standard may be worded badly."""
    code = request.args.get("wave", "")
    wave = wave_coded(session, code) if code else None
    rates = overturn_rates(session, current_user(), None if wave is None else wave.id)
    return render_template("office/overturns.html", wave=wave, rates=rates)


@pages.get("/office/branch-photos/<uuid:photo_id>.jpg")
@requires(Action.DECIDE_APPEAL)
def branch_photo(photo_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out a photo that a branch gave as evidence."""
    return show_photo(photo_seen_by(session, current_user(), photo_id))


def _show(
    appeal: OpenAppeal,
    typed: Mapping[uuid.UUID, Typed],
    together: Consequence | None = None,
    gaps: Mapping[uuid.UUID, str] | None = None,
    problem: str = "",
) -> str:
    can_decide = appeal.row.state in (AppealState.OPEN, AppealState.REOPENED) and not appeal.reviewed_by_me
    waiting = [one for one in appeal.items if one.row.is_waiting]
    return render_template(
        "office/appeal.html",
        appeal=appeal,
        wave=appeal.wave,
        can_decide=can_decide and bool(waiting),
        effects={
            one.row.id: alternatives(session, current_user(), one.row.id) for one in waiting if can_decide
        },
        typed=typed,
        together=together,
        gaps=gaps or {},
        problem=problem,
        findings=list(InspectorFinding),
        can_reopen=_can_reopen(appeal),
        events=events_of(session, "appeal", str(appeal.row.id)),
    )


def _can_reopen(appeal: OpenAppeal) -> bool:
    reopened = (AppealState.DECIDED, AppealState.CLOSED, AppealState.WITHDRAWN)
    is_over = appeal.wave.published_at is not None and appeal.row.state in reopened
    return is_over and is_allowed(current_user().kind, Action.REOPEN_APPEAL)


def _typed(appeal: OpenAppeal) -> dict[uuid.UUID, Typed]:
    """Return what the form says of each item that waits."""
    return {one.row.id: _typed_of(one) for one in appeal.items if one.row.is_waiting}


def _typed_of(item: OpenItem) -> Typed:
    name = str(item.row.id)
    outcome, finding = request.form.get(f"outcome.{name}"), request.form.get(f"finding.{name}")
    return Typed(
        outcome=AppealOutcome(outcome) if outcome in set(AppealOutcome) else None,
        finding=InspectorFinding(finding) if finding in set(InspectorFinding) else None,
        reason=request.form.get(f"reason.{name}", "").strip(),
        together=frozenset(_ids(f"with.{name}")),
    )


def _outcomes(appeal: OpenAppeal, typed: Mapping[uuid.UUID, Typed]) -> dict[uuid.UUID, AppealOutcome]:
    chosen = {}
    for one in appeal.items:
        said = typed.get(one.row.id)
        if said is None or said.outcome is None:
            continue
        chosen[one.row.id] = said.outcome
        for other in one.identical:
            if other.item_id in said.together:
                chosen[other.item_id] = said.outcome
    return chosen


def _decisions(appeal: OpenAppeal, typed: Mapping[uuid.UUID, Typed]) -> Iterator[ItemDecision]:
    for one in appeal.items:
        said = typed.get(one.row.id)
        if said is None or said.outcome is None or said.finding is None:
            continue
        alike = [other.item_id for other in one.identical if other.item_id in said.together]
        for item_id in (one.row.id, *alike):
            yield ItemDecision(item_id, said.outcome, said.reason, said.finding, _version(f"seen.{item_id}"))


def _kept(appeal: OpenAppeal, typed: Mapping[uuid.UUID, Typed]) -> Sequence[Written]:
    return [
        (f"{one.row.item_code} · {word(typed[one.row.id].outcome)}", typed[one.row.id].reason)
        for one in appeal.items
        if one.row.id in typed
    ]


def _ids(name: str) -> tuple[uuid.UUID, ...]:
    try:
        return tuple(dict.fromkeys(uuid.UUID(text) for text in request.form.getlist(name)))
    except ValueError as error:
        raise NotFoundError(f"form of {request.path}") from error


def _version(name: str) -> int:
    """Return the version of a row that the page showed.

    Raises:
        NotFoundError: the form shows none.
    """
    try:
        return int(request.form[name])
    except (KeyError, ValueError) as error:
        raise NotFoundError(f"form of {request.path}") from error


def _address(appeal_id: uuid.UUID) -> str:
    return url_for("office.appeal_page", appeal_id=appeal_id)
