"""Photos without a script: the photos of one question on a page of their own, sent as plain files."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from checklists.fields import MOST_PHOTOS
from inspect_app.db import reading, session, the_database
from inspect_app.errors import NotFoundError
from inspect_app.permissions import Action
from inspect_app.photos import PhotoRefusedError, PhotosBusyError, normalise
from inspect_app.queries.inspections import Fields
from inspect_app.queries.photos import photo_of_inspection, photo_of_visit
from inspect_app.queries.visits import visit_of_inspector
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.services.photos import SentPhoto, StoredPhoto, keep_photo, put_into_store
from inspect_app.web.access import current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.evidence import takes_photos
from inspect_app.web.inspector import pages
from inspect_app.web.inspector.opened import Opened, open_form, under_ids_of_browser
from inspect_app.web.inspector.screens import SituationScreen
from inspect_app.web.photo_answers import show_stored_photo
from inspect_app.web.stores import the_store
from inspect_app.web.words import word


@dataclass(frozen=True, slots=True)
class _Brought:
    """A file that is a photo, in the store already."""

    sent: SentPhoto
    stored: StoredPhoto


@pages.get("/visits/<uuid:visit_id>/photos/<item>")
@requires(Action.FILL_VISIT)
def photos_page(visit_id: uuid.UUID, item: str) -> ResponseReturnValue:
    """Show the photos of one question, and let more be added."""
    return _show(open_form(session, visit_of_inspector(session, current_user(), visit_id)), item)


@pages.post("/visits/<uuid:visit_id>/photos/<item>")
@requires(Action.FILL_VISIT)
@takes_photos
def add_photos(visit_id: uuid.UUID, item: str) -> ResponseReturnValue:
    """Take the files in and name them in the answer; what is no photo is told, and the others are kept."""
    with reading(the_database()) as reader:
        visit = visit_of_inspector(reader, current_user(), visit_id)
        opened = under_ids_of_browser(open_form(reader, visit), request.form)
        _screen_of(opened, item)
    # The photos are read before the database is held: it takes longer than a write may.
    brought, problems = _read_files(opened.inspection_id, MOST_PHOTOS - len(_named(opened, item)))
    visit = visit_of_inspector(session, current_user(), visit_id)
    opened = under_ids_of_browser(open_form(session, visit), request.form)
    for one in brought:
        keep_photo(session, visit, one.sent, one.stored, now=utc_now())
    hashes = [*_named(opened, item), *(one.sent.sha256 for one in brought)]
    if brought:
        _save(opened, item, hashes)
    if problems:
        # What is a photo is kept: the answer is no refusal of it.
        return _show(open_form(session, visit), item, problems)
    return redirect(url_for("inspector.photos_page", visit_id=visit_id, item=item), code=303)


@pages.post("/visits/<uuid:visit_id>/photos/<item>/remove")
@requires(Action.FILL_VISIT)
def remove_photo(visit_id: uuid.UUID, item: str) -> ResponseReturnValue:
    """Take a photo out of the answer."""
    opened = open_form(session, visit_of_inspector(session, current_user(), visit_id))
    _screen_of(opened, item)
    named = _named(opened, item)
    left = [sha256 for sha256 in named if sha256 != request.form.get("photo")]
    if left != named:
        _save(opened, item, left)
    return redirect(url_for("inspector.photos_page", visit_id=visit_id, item=item), code=303)


@pages.get("/visits/<uuid:visit_id>/photo/<uuid:photo_id>.jpg")
@requires(Action.FILL_VISIT)
def own_photo(visit_id: uuid.UUID, photo_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out a photo of the own visit, small."""
    visit = visit_of_inspector(session, current_user(), visit_id)
    return show_stored_photo(photo_of_visit(session, visit, photo_id).thumbnail_sha256)


def _read_files(inspection_id: uuid.UUID, room: int) -> tuple[list[_Brought], list[str]]:
    brought: list[_Brought] = []
    problems: list[str] = []
    for file in (one for one in request.files.getlist("photos") if one.filename):
        if len(brought) >= room:
            problems.append(_("一题最多 %(most)s 张照片。", most=MOST_PHOTOS))
            break
        data = file.read()
        sent = SentPhoto(inspection_id, hashlib.sha256(data).hexdigest(), len(data))
        try:
            brought.append(_Brought(sent, put_into_store(the_store(), normalise(data))))
        except PhotoRefusedError as refused:
            problems.append(_("有一张没有收：%(why)s。", why=word(refused.reason)))
        except PhotosBusyError:
            problems.append(_("现在收的照片太多，请稍后再加。"))
    return brought, problems


def _save(opened: Opened, item: str, hashes: Sequence[str]) -> None:
    name = f"{item}.photos"
    kept: Fields = tuple(field for field in opened.fields if field[0] != name)
    fields: Fields = (*kept, (name, tuple(dict.fromkeys(hashes)))) if hashes else kept
    filling = Filling(opened.inspection_id, opened.submission_id, fields)
    save_draft(session, current_user(), opened.visit, filling, now=utc_now())


def _named(opened: Opened, item: str) -> list[str]:
    named = dict(opened.fields).get(f"{item}.photos", ())
    return [named] if isinstance(named, str) else list(named)


def _screen_of(opened: Opened, item: str) -> SituationScreen:
    for screen in opened.screens:
        if isinstance(screen, SituationScreen) and item in {asked.item.code for asked in screen.items}:
            return screen
    raise NotFoundError(f"item {item} of visit {opened.visit.id}")


def _show(opened: Opened, item: str, problems: Sequence[str] = ()) -> str:
    screen = _screen_of(opened, item)
    hashes = _named(opened, item)
    photos = [photo_of_inspection(session, opened.inspection_id, sha256) for sha256 in hashes]
    return render_template(
        "inspector/photos.html",
        opened=opened,
        visit=opened.visit,
        screen=screen,
        asked=next(asked for asked in screen.items if asked.item.code == item),
        item=item,
        photos=list(zip(hashes, photos, strict=True)),
        problems=problems,
        most=MOST_PHOTOS,
    )
