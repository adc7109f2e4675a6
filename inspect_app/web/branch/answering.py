"""The answer to a deficiency: sent, alone or to several at once, or kept as a draft."""

import uuid
from collections.abc import Iterator

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import keep_although_refused, session
from inspect_app.errors import ConflictError
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.permissions import Action
from inspect_app.queries.branch_views import deficiency_of_branch
from inspect_app.queries.corrective_actions import draft_of
from inspect_app.queries.deficiencies import deficiency_for
from inspect_app.queries.shortcomings import Shortcoming
from inspect_app.services import corrective_actions
from inspect_app.services.corrective_actions import PhotoUsedError
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.deficiency import Written, show_deficiency
from inspect_app.web.branch.due import today_at_bank
from inspect_app.web.branch.forms import ActionForm, ids_of, version_of, versions_seen
from inspect_app.web.branch.own import own_branch, posts_of
from inspect_app.web.clock import utc_now
from inspect_app.web.evidence import keep_photos, photos_brought, takes_photos
from inspect_app.web.formatting import clock
from inspect_app.web.kept import Written as Typed
from inspect_app.web.kept import show_kept
from inspect_app.web.words import word

SEND = "send"
"""What the button says that sends; every other button of the form keeps a draft."""


@pages.post("/branch/deficiencies/<uuid:deficiency_id>/answer")
@requires(Action.ANSWER_DEFICIENCY)
@takes_photos
def answer(deficiency_id: uuid.UUID) -> ResponseReturnValue:
    """Take what a branch has written to a deficiency."""
    kept, also = ids_of("photo"), tuple(one for one in ids_of("also") if one != deficiency_id)
    brought = photos_brought(len(kept))
    found = deficiency_of_branch(session, current_user(), deficiency_id)
    form = ActionForm(posts_of(found.wave_id))
    if found.state is not DeficiencyState.OPEN:
        return _gone_on(found, form)
    draft = draft_of(session, current_user(), deficiency_id)
    written = Written(
        form, keep_photos(brought, own_branch().id, current_actor(), kept), also, draft, brought.problems
    )
    is_sent = request.form.get("do", SEND) == SEND
    if not form.validate() or (is_sent and not form.is_ready(today_at_bank())):
        return _refuse(found, written)
    return _send(found, written) if is_sent else _save(found, written)


def _send(found: Shortcoming, written: Written) -> ResponseReturnValue:
    rows = [deficiency_for(session, current_user(), one) for one in (found.deficiency_id, *written.also)]
    plan = written.form.as_action(written.photos)
    try:
        corrective_actions.send_action(
            session,
            current_actor(),
            rows,
            plan,
            versions_seen(),
            now=utc_now(),
            timezone=current_settings().timezone,
        )
    except PhotoUsedError:
        problem = _("这张照片以前用过。请换成这次整改以后拍的。")
        return _refuse(found, Written(written.form, written.photos, written.also, written.draft, (problem,)))
    except ConflictError:
        return _gone_on(found, written.form)
    return redirect(url_for("branch.deficiency_page", deficiency_id=found.deficiency_id), code=303)


def _save(found: Shortcoming, written: Written) -> ResponseReturnValue:
    """Keep a draft; a script is told its version and the time, a person is shown the page again."""
    now = utc_now()
    row = deficiency_for(session, current_user(), found.deficiency_id)
    try:
        draft = corrective_actions.save_draft(
            session,
            current_actor(),
            row,
            written.form.as_draft(written.photos, written.also),
            version_of("draft"),
            now=now,
        )
    except ConflictError:
        return _gone_on(found, written.form)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(version=draft.version, words=_("自动保存 %(time)s", time=clock(now)))
    if written.problems:
        stored = draft_of(session, current_user(), found.deficiency_id)
        return _refuse(found, Written(written.form, written.photos, written.also, stored, written.problems))
    return redirect(
        url_for("branch.deficiency_page", deficiency_id=found.deficiency_id, _anchor="answer"), code=303
    )


def _refuse(found: Shortcoming, written: Written) -> ResponseReturnValue:
    """Return the page with what is lacking; the photos that came with the form are kept all the same."""
    keep_although_refused()
    return show_deficiency(found, written), 422


def _gone_on(found: Shortcoming, form: ActionForm) -> ResponseReturnValue:
    """Return what was written, where the deficiency or its draft is not any more what the page showed."""
    if found.state is DeficiencyState.OPEN:
        sentence = _("这一项在别的地方改过了。")
    else:
        sentence = _("这一项现在是“%(state)s”。", state=word(found.state))
    back = url_for("branch.deficiency_page", deficiency_id=found.deficiency_id)
    return show_kept(sentence, _typed(form), back)


def _typed(form: ActionForm) -> Iterator[Typed]:
    yield _("原因"), word(form.cause.data)
    yield _("原因说明"), form.cause_words.data or ""
    yield _("怎么改"), word(form.measure.data)
    yield _("措施"), form.measure_words.data or ""
    yield _("完成日期"), "" if form.done_by.data is None else form.done_by.data.isoformat()
