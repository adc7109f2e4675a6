"""The bank's own lists of branches and people: handed in, looked through, taken in whole or not at all."""

import hashlib
import uuid
from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.importers.people_lists import PeopleList, read_people
from inspect_app.importers.refusals import FileRefusedError
from inspect_app.importers.unit_lists import UnitList, read_units
from inspect_app.labels.lists import people_form, refusal_in, unit_form, unit_levels, user_kinds
from inspect_app.models.list_uploads import ListKind, ListUpload
from inspect_app.permissions import Action
from inspect_app.queries.list_uploads import list_upload_of, people_in, units_in
from inspect_app.queries.people import user_named
from inspect_app.queries.people_changes import PeopleChanges, people_changes
from inspect_app.queries.unit_changes import UnitChanges, unit_changes
from inspect_app.services.list_uploads import drop_list, keep_list
from inspect_app.services.people_lists import Invited, take_in_people
from inspect_app.services.unit_lists import take_in_units
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.downloads import download
from inspect_app.web.evidence import takes_photos
from inspect_app.web.kept import show_kept
from inspect_app.web.languages import current_language
from inspect_app.web.office import pages
from inspect_app.web.office.handed_out import address_of, send_link
from inspect_app.web.office.list_templates import template_of
from inspect_app.web.office.list_views import ShownList, shown_people, shown_units

Listed = UnitList | PeopleList
Changes = UnitChanges | PeopleChanges


@pages.get("/office/lists")
@requires(Action.TAKE_IN_LISTS)
def lists_page() -> ResponseReturnValue:
    """Show where the lists are handed in, and where their templates are had."""
    return _show_lists()


@pages.get("/office/lists/<kind>.xlsx")
@requires(Action.TAKE_IN_LISTS)
def list_template(kind: str) -> ResponseReturnValue:
    """Hand out the empty workbook of a list."""
    return download(*template_of(_kind(kind)))


@pages.post("/office/lists/<kind>")
@requires(Action.TAKE_IN_LISTS)
@takes_photos  # a list of a whole bank is larger than a form
def hand_in_list(kind: str) -> ResponseReturnValue:
    """Read a list and keep it to be looked through; where anything is wrong, say all of it."""
    listed_kind, file = _kind(kind), request.files.get("list")
    if file is None or not file.filename:
        return _show_lists(_("请先选文件。"), listed_kind), 422
    data = file.read()
    try:
        listed = _read(listed_kind, data)
    except FileRefusedError as refused:
        return _show_lists(refusal_in(refused, current_language()), listed_kind), 422
    shown = _shown(_changes(listed))
    if shown.count_faults:
        return render_template("office/list_upload.html", name=file.filename, shown=shown, upload=None), 422
    digest = hashlib.sha256(data).hexdigest()
    upload = keep_list(session, current_user(), file.filename, listed, digest, now=utc_now())
    return redirect(url_for("office.list_upload_page", upload_id=upload.id), code=303)


@pages.get("/office/lists/uploads/<uuid:upload_id>")
@requires(Action.TAKE_IN_LISTS)
def list_upload_page(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a list would change."""
    return _show_upload(list_upload_of(session, current_user(), upload_id))


@pages.post("/office/lists/uploads/<uuid:upload_id>")
@requires(Action.TAKE_IN_LISTS)
def take_in_list(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Take a list in; of people show the links into the new accounts, this once."""
    upload = list_upload_of(session, current_user(), upload_id)
    changes = _changes(_kept(upload))
    if changes.faults:
        return _show_upload(upload), 422
    try:
        invited = _take_in(upload, changes)
    except ConflictError:
        address = url_for("office.list_upload_page", upload_id=upload_id)
        return show_kept(_("刚刚有人改了同样的内容，什么也没有收。"), (), address)
    drop_list(session, upload)
    if invited:
        return _show_invited(invited)
    return redirect(url_for("office.lists_page", taken=len(changes.changes)), code=303)


def _kind(text: str) -> ListKind:
    if text not in set(ListKind):
        raise NotFoundError(f"list of {text}")
    return ListKind(text)


def _read(kind: ListKind, data: bytes) -> Listed:
    if kind is ListKind.BRANCHES:
        return read_units(data, unit_form(), unit_levels())
    return read_people(data, people_form(), user_kinds())


def _kept(upload: ListUpload) -> Listed:
    return units_in(upload) if upload.kind is ListKind.BRANCHES else people_in(upload)


def _changes(listed: Listed) -> Changes:
    if isinstance(listed, UnitList):
        return unit_changes(session, listed)
    return people_changes(session, listed, current_user().id)


def _shown(changes: Changes) -> ShownList:
    return shown_units(changes) if isinstance(changes, UnitChanges) else shown_people(changes)


def _take_in(upload: ListUpload, changes: Changes) -> Sequence[Invited]:
    actor, now, digest = current_actor(), utc_now(), upload.digest
    if isinstance(changes, UnitChanges):
        take_in_units(session, actor, changes, digest=digest, now=now)
        return ()
    return take_in_people(session, actor, changes, current_language(), digest=digest, now=now)


def _show_lists(problem: str = "", kind: ListKind | None = None) -> str:
    return render_template(
        "office/lists.html", problem=problem, kind=kind, taken=request.args.get("taken", type=int)
    )


def _show_upload(upload: ListUpload) -> str:
    return render_template(
        "office/list_upload.html",
        name=upload.file_name,
        shown=_shown(_changes(_kept(upload))),
        upload=upload,
        can_mail=upload.kind is ListKind.PEOPLE and current_settings().smtp_url,
    )


def _show_invited(invited: Sequence[Invited]) -> str:
    """Mail the links of those with an address where that was asked for, and show those of all others."""
    by_mail = bool(request.form.get("by_mail") and current_settings().smtp_url)
    mailed = {one.person.username for one in invited if by_mail and one.person.email and _send(one)}
    return render_template(
        "office/list_invited.html",
        lines=[
            f"{one.person.username}\t{address_of(one.link)}"
            for one in invited
            if one.person.username not in mailed
        ],
        mailed=len(mailed),
        until=invited[0].link.expires_at,
    )


def _send(one: Invited) -> bool:
    user = user_named(session, one.person.username)
    return user is not None and send_link(user, one.link, now=utc_now()) is not None
