"""The appeals of a branch: filed against items of one visit, followed, taken back."""

import uuid
from collections.abc import Iterator, Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import keep_although_refused, session
from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.permissions import Action
from inspect_app.queries.appeals import appeal_of_branch, appeals_of_branch, own_appeal
from inspect_app.queries.branch_values import BranchReading
from inspect_app.queries.branch_views import deficiencies_of_branch, visit_of_branch
from inspect_app.queries.deficiencies import deficiency_for
from inspect_app.queries.shortcomings import Shortcoming
from inspect_app.services import appeals
from inspect_app.services.branch_photos import PhotoUsedError
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.disputes import window_of
from inspect_app.web.branch.forms import AppealForm, ids_of, version_of, versions_seen
from inspect_app.web.branch.own import names_of_roles, own_branch
from inspect_app.web.clock import utc_now
from inspect_app.web.evidence import keep_photos, photos_brought, takes_photos
from inspect_app.web.formatting import listed
from inspect_app.web.kept import Written as Typed
from inspect_app.web.kept import show_kept
from inspect_app.web.words import word

ITEM = "item"
"""What the form and the address call the deficiencies that are disputed."""


@pages.get("/branch/appeals")
@requires(Action.READ_BRANCH_RESULT)
def appeals_page() -> ResponseReturnValue:
    """Show every appeal of the branch and what became of it."""
    return render_template(
        "branch/appeals.html", branch=own_branch(), appeals=appeals_of_branch(session, current_user())
    )


@pages.get("/branch/appeals/<uuid:appeal_id>")
@requires(Action.READ_BRANCH_RESULT)
def appeal_page(appeal_id: uuid.UUID) -> ResponseReturnValue:
    """Show one appeal: its grounds, each decision with its reason, and what it did to the score."""
    appeal = appeal_of_branch(session, current_user(), appeal_id)
    return render_template("branch/appeal.html", branch=own_branch(), appeal=appeal)


@pages.post("/branch/appeals/<uuid:appeal_id>/withdraw")
@requires(Action.FILE_APPEAL)
def withdraw_appeal(appeal_id: uuid.UUID) -> ResponseReturnValue:
    """Take an appeal back before anything of it is decided."""
    appeal = own_appeal(session, current_user(), appeal_id)
    back = url_for("branch.appeal_page", appeal_id=appeal_id)
    seen = version_of("seen") or 0
    try:
        appeals.withdraw(
            session, current_actor(), appeal, seen, now=utc_now(), timezone=current_settings().timezone
        )
    except ConflictError:
        return show_kept(_("这份申诉已经在裁定，或者已经撤回了。"), (), back)
    return redirect(back, code=303)


@pages.get("/branch/visits/<uuid:visit_id>/appeal")
@requires(Action.FILE_APPEAL)
def new_appeal_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Offer the items of a visit that can be disputed."""
    reading = visit_of_branch(session, current_user(), visit_id, current_settings().timezone)
    return _show(reading, AppealForm(), ids_of(ITEM), ())


@pages.post("/branch/visits/<uuid:visit_id>/appeal")
@requires(Action.FILE_APPEAL)
@takes_photos
def file_appeal(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Dispute some items of a visit, for one ground."""
    kept, items = ids_of("photo"), ids_of(ITEM)
    brought = photos_brought(len(kept))
    reading = visit_of_branch(session, current_user(), visit_id, current_settings().timezone)
    form = AppealForm()
    photos = keep_photos(brought, own_branch().id, current_actor(), kept)
    is_whole = form.validate() and form.is_ready()
    if not is_whole or not items or request.form.get("do") == "add" or brought.problems:
        problems = brought.problems if items else (_("请选要申诉的条款。"), *brought.problems)
        return _refuse(reading, form, items, photos, problems)
    rows = [deficiency_for(session, current_user(), one) for one in items]
    try:
        appeal = appeals.file_appeal(
            session,
            current_actor(),
            rows,
            form.as_plan(photos),
            versions_seen(),
            now=utc_now(),
            timezone=current_settings().timezone,
        )
    except PhotoUsedError:
        return _refuse(reading, form, items, photos, (_("这张照片以前用过，请换一张。"),))
    except IncompleteError as error:
        together = _("这个情景无人理会，要申诉就一起申诉：还差 %(codes)s。", codes=listed(error.missing))
        return _refuse(reading, form, items, photos, (together,))
    except ConflictError:
        back = url_for("branch.home_page", wave=reading.place.wave_code)
        return show_kept(_("申诉期已过，或者这几条已经申诉、已经答复了。"), _typed(form), back)
    return redirect(url_for("branch.appeal_page", appeal_id=appeal.id), code=303)


def _show(
    reading: BranchReading,
    form: AppealForm,
    chosen: Sequence[uuid.UUID],
    photos: Sequence[uuid.UUID],
    problems: Sequence[str] = (),
) -> str:
    return render_template(
        "branch/new_appeal.html",
        branch=own_branch(),
        reading=reading,
        window=window_of(reading.place.wave_id),
        items=_disputable(reading),
        form=form,
        chosen=frozenset(chosen),
        photos=photos,
        problems=problems,
        role_names=names_of_roles(reading.place.wave_id),
    )


def _refuse(
    reading: BranchReading,
    form: AppealForm,
    chosen: Sequence[uuid.UUID],
    photos: Sequence[uuid.UUID],
    problems: Sequence[str],
) -> ResponseReturnValue:
    """Return the form again; the photos that came with it are kept all the same."""
    keep_although_refused()
    return _show(reading, form, chosen, photos, problems), 422


def _disputable(reading: BranchReading) -> tuple[Shortcoming, ...]:
    """Return what of a visit is open, in the order of the checklist."""
    found = deficiencies_of_branch(session, current_user(), state=DeficiencyState.OPEN)
    own = (one for one in found if one.visit_id == reading.visit.visit_id)
    return tuple(sorted(own, key=lambda one: (one.section.situation, one.item.code)))


def _typed(form: AppealForm) -> Iterator[Typed]:
    yield _("理由"), word(form.ground.data)
    yield _("请说明"), form.words.data or ""
