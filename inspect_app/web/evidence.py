"""Photos that branches add to answers and appeals: taken in, kept, handed out to those who may see them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from inspect_app.db import session
from inspect_app.models.branch_photos import BranchPhoto
from inspect_app.photos import NormalisedPhoto, PhotoRefusedError, PhotosBusyError, normalise
from inspect_app.services.branch_photos import keep_photo
from inspect_app.services.journal import Actor
from inspect_app.web.access import View
from inspect_app.web.clock import utc_now
from inspect_app.web.stores import the_store
from inspect_app.web.words import word

MOST_PHOTOS = 6
"""How many photos an answer or an appeal may have."""

LARGEST_FORM = 48 * 1024 * 1024
"""How much a form with photos may weigh: six as a phone takes them."""

YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class BroughtPhotos:
    """What a form brought: photos that can be kept, and a sentence for each file that cannot."""

    photos: tuple[NormalisedPhoto, ...]
    problems: tuple[str, ...]


def takes_photos(view: View) -> View:
    """Say that the form of a page may be as heavy as photos are."""
    view.takes_photos = True  # type: ignore[attr-defined]  # read by `_allow_photos`
    return view


def weigh_forms(app: Flask) -> None:
    """Let forms with photos be heavy; this is settled before anything reads a form."""
    app.before_request_funcs.setdefault(None, []).insert(0, _allow_photos)


def photos_brought(kept: int) -> BroughtPhotos:
    """Read the photos of a form. It takes its time: call it before the database is asked for anything.

    Args:
        kept: how many photos the form had before.
    """
    files = [one for one in request.files.getlist("photos") if one.filename]
    room = max(0, MOST_PHOTOS - kept)
    read = [_read(one) for one in files[:room]]
    problems = [one for one in read if isinstance(one, str)]
    if len(files) > room:
        problems.append(
            ngettext(
                "最多 %(most)d 张照片，有 %(num)d 张没有收。",
                "最多 %(most)d 张照片，有 %(num)d 张没有收。",
                len(files) - room,
                most=MOST_PHOTOS,
            )
        )
    photos = tuple(one for one in read if isinstance(one, NormalisedPhoto))
    return BroughtPhotos(photos, tuple(problems))


def keep_photos(
    brought: BroughtPhotos, branch_id: uuid.UUID, actor: Actor, kept: Sequence[uuid.UUID]
) -> tuple[uuid.UUID, ...]:
    """Keep what a form brought; return the ids of all its photos, those it had before first."""
    now, store = utc_now(), the_store()
    new = (keep_photo(session, actor, branch_id, one, store, now=now).id for one in brought.photos)
    return tuple(dict.fromkeys([*kept, *new]))


def show_photo(photo: BranchPhoto) -> ResponseReturnValue:
    """Return a photo, or its small copy where the address asks for that; the browser may keep it."""
    name = photo.thumbnail_sha256 if "small" in request.args else photo.sha256
    response = current_app.response_class(the_store().read(name), mimetype="image/jpeg")
    response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return response


def _read(file: FileStorage) -> NormalisedPhoto | str:
    name = file.filename or ""
    try:
        return normalise(file.read())
    except PhotoRefusedError as refusal:
        return _("“%(name)s”没有收：%(reason)s", name=name, reason=word(refusal.reason))
    except PhotosBusyError:
        return _("“%(name)s”没有收：现在收的照片太多，请稍后再加。", name=name)


def _allow_photos() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_photos", False):
        request.max_content_length = LARGEST_FORM
