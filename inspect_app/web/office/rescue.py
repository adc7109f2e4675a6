"""Rescue files taken in: what a phone could not send comes by hand, through the same functions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from checklists.json_values import Json
from inspect_app.db import session
from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.visits import Visit
from inspect_app.permissions import Action
from inspect_app.photos import PhotoRefusal, PhotoRefusedError, PhotosBusyError
from inspect_app.queries.visits import visit_of_office
from inspect_app.services import journal
from inspect_app.services.phone_bodies import BodyError
from inspect_app.services.photos import SentPhoto, StoredPhoto, TooManyPhotosError
from inspect_app.services.rescue_files import Rescued, RescuedStop, RescueFileError, read_rescue_file
from inspect_app.services.submissions import ConflictKept
from inspect_app.services.visit_tokens import Claim, VisitTokenError, read
from inspect_app.web.access import current_actor, current_settings, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.evidence import takes_photos
from inspect_app.web.formatting import listed
from inspect_app.web.office import pages
from inspect_app.web.receiving import (
    OtherVisitError,
    TakenIn,
    note_photo,
    store_photo,
    take_in_body,
    take_in_stop,
)


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one inspection in the file.

    Attributes:
        visit: where it belongs; None where the file does not prove it.
        sentence: what was done, in words.
    """

    visit: Visit | None
    taken: TakenIn | None
    sentence: str


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One inspection whose proof holds, its photos in the store already."""

    claim: Claim
    rescued: Rescued
    photos: tuple[tuple[SentPhoto, StoredPhoto], ...]
    refused: int


@pages.get("/office/rescue")
@requires(Action.REVIEW_INSPECTION)
def rescue_page() -> ResponseReturnValue:
    """Ask for a rescue file."""
    return _show()


@pages.post("/office/rescue")
@requires(Action.REVIEW_INSPECTION)
@takes_photos
def take_in_rescue() -> ResponseReturnValue:
    """Take in what a rescue file holds, and say of each inspection what became of it."""
    file = request.files.get("file")
    try:
        rescue = read_rescue_file(b"" if file is None else file.read())
    except RescueFileError:
        return _show(problem=_("这不是备份文件，或者没有传完整。")), 422
    # All photos first: they take their time, and the database is not held meanwhile.
    prepared = [_prepare(one) for one in rescue.submissions]
    handed = [_take_in(one) for one in prepared]
    return _show((*handed, *(_take_in_stop(one) for one in rescue.stops)))


def _claim(rescued: Rescued | RescuedStop) -> Claim | str:
    """Return what proves that something in the file is ours, or a sentence that says why it is not."""
    try:
        claim = read(rescued.token, current_settings().secret_key)
    except VisitTokenError:
        return _("文件里的凭证不是我们发的，没有收。")
    if hashlib.sha256(rescued.body).hexdigest() != rescued.sha256:
        return _("内容和它的指纹不符，没有收。")
    return claim


def _prepare(rescued: Rescued) -> _Prepared | str:
    claim = _claim(rescued)
    if isinstance(claim, str):
        return claim
    photos: list[tuple[SentPhoto, StoredPhoto]] = []
    refused = 0
    for photo in rescued.photos:
        sent = SentPhoto(rescued.inspection_id, photo.sha256, len(photo.data))
        try:
            if hashlib.sha256(photo.data).hexdigest() != photo.sha256:
                raise PhotoRefusedError(PhotoRefusal.DAMAGED)
            stored = store_photo(claim, sent, photo.data)
        except (PhotoRefusedError, PhotosBusyError, TooManyPhotosError):
            refused += 1
            continue
        except (OtherVisitError, VisitTokenError):
            return _("内容和它的凭证不是同一次检查，没有收。")
        if stored is not None:
            photos.append((sent, stored))
    return _Prepared(claim, rescued, tuple(photos), refused)


def _take_in(prepared: _Prepared | str) -> Handed:
    if isinstance(prepared, str):
        return Handed(None, None, prepared)
    visit = visit_of_office(session, prepared.claim.visit_id)
    try:
        for sent, stored in prepared.photos:
            note_photo(prepared.claim, sent, stored)
        taken = take_in_body(prepared.claim, prepared.rescued.body)
    except ConflictKept:
        return Handed(visit, None, _("这一份的编号已经收到过别的内容。两份都留下了。"))
    except (BodyError, IncompleteError) as error:
        wrong = error.fields if isinstance(error, BodyError) else error.missing
        return Handed(visit, None, _("内容不完整，没有收：%(why)s", why=listed(wrong)))
    except (OtherVisitError, VisitTokenError):
        return Handed(None, None, _("内容和它的凭证不是同一次检查，没有收。"))
    except ConflictError:
        return Handed(visit, None, _("正有人改这一次检查，请再传一次。"))
    _note(prepared.claim, {"submission": str(taken.submission.id)})
    return Handed(visit, taken, _told(taken, prepared.refused))


def _take_in_stop(rescued: RescuedStop) -> Handed:
    claim = _claim(rescued)
    if isinstance(claim, str):
        return Handed(None, None, claim)
    try:
        told = take_in_stop(claim, claim.visit_id, rescued.body)
    except BodyError as error:
        return Handed(None, None, _("内容不完整，没有收：%(why)s", why=listed(error.fields)))
    except (OtherVisitError, VisitTokenError):
        return Handed(None, None, _("内容和它的凭证不是同一次检查，没有收。"))
    _note(claim, {"stop": rescued.sha256})
    visit = visit_of_office(session, claim.visit_id)
    if told.is_called_off:
        return Handed(visit, None, _("检查人说做不下去了，已经取消。"))
    return Handed(visit, None, _("检查人说做不下去了，可是这次检查取消不了，只记在日志里。"))


def _note(claim: Claim, details: dict[str, Json]) -> None:
    subject = str(claim.visit_id)
    journal.record(
        session, current_actor(), "take_in_rescue", "visit", subject, now=utc_now(), details=details
    )


def _told(taken: TakenIn, refused: int) -> str:
    sentence = _("收下了。") if taken.is_new else _("以前就收到过，回执一样。")
    missing = len(taken.manifest.missing)
    if missing:
        sentence += ngettext("还差 %(num)d 张照片。", "还差 %(num)d 张照片。", missing)
    if refused:
        sentence += ngettext("%(num)d 张照片读不出来。", "%(num)d 张照片读不出来。", refused)
    return sentence


def _show(handed: Sequence[Handed] = (), problem: str = "") -> str:
    return render_template("office/rescue.html", handed=handed, problem=problem)
