"""What a phone is told where something is refused or goes wrong; it decides by these words what to do."""

import errno

from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

from inspect_app.db import Trouble, keep_although_refused, trouble_of
from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.photos import PhotoRefusedError, PhotosBusyError
from inspect_app.services.phone_bodies import BodyError
from inspect_app.services.photos import TooManyPhotosError
from inspect_app.services.submissions import ConflictKept
from inspect_app.services.visit_tokens import VisitTokenError
from inspect_app.storage import StorageError
from inspect_app.web.receiving import OtherVisitError
from inspect_app.web.sync import pages
from inspect_app.web.sync.answers import refused
from inspect_app.web.sync.calls import CredentialsError, HashMismatchError

SOON = 2
LATER = 30
"""Seconds after which it may go better."""

PHOTO = "photo"


@pages.errorhandler(CredentialsError)
def refuse_credentials(_error: CredentialsError) -> ResponseReturnValue:
    """Refuse a call that a browser signed by itself."""
    return refused(400, "credentials")


@pages.errorhandler(VisitTokenError)
def refuse_token(error: VisitTokenError) -> ResponseReturnValue:
    """Ask for another token; what was to be sent stays on the phone."""
    return refused(401, error.fault.value)


@pages.errorhandler(OtherVisitError)
def refuse_other_visit(_error: OtherVisitError) -> ResponseReturnValue:
    """Refuse what is about another visit than its token, whether that exists or not."""
    return refused(403, "visit")


@pages.errorhandler(HashMismatchError)
def refuse_damaged(error: HashMismatchError) -> ResponseReturnValue:
    """Ask for the bytes again: they were damaged on the way."""
    return refused(422, "hash_mismatch", sha256=error.sha256)


@pages.errorhandler(BodyError)
def refuse_body(error: BodyError) -> ResponseReturnValue:
    """Name what cannot be read."""
    return refused(422, "invalid", error.fields)


@pages.errorhandler(IncompleteError)
def refuse_incomplete(error: IncompleteError) -> ResponseReturnValue:
    """Name the fields that are missing or contradict each other."""
    return refused(422, "invalid", error.missing)


@pages.errorhandler(PhotoRefusedError)
def refuse_photo(error: PhotoRefusedError) -> ResponseReturnValue:
    """Say what is wrong with a photo."""
    return refused(422, PHOTO, (PHOTO,), reason=error.reason.value)


@pages.errorhandler(TooManyPhotosError)
def refuse_many_photos(_error: TooManyPhotosError) -> ResponseReturnValue:
    """Say that the visit keeps no more photos."""
    return refused(422, PHOTO, (PHOTO,), reason="too_many")


@pages.errorhandler(ConflictKept)
def keep_conflict(_error: ConflictKept) -> ResponseReturnValue:
    """Say that the id stands for other bytes; these are kept as well, so this answer is committed."""
    keep_although_refused()
    return refused(409, "other_bytes")


@pages.errorhandler(ConflictError)
def ask_again(_error: ConflictError) -> ResponseReturnValue:
    """Say that another call was at the same rows."""
    return refused(423, "in_flight", retry_after=SOON)


@pages.errorhandler(PhotosBusyError)
def wait_for_photos(_error: PhotosBusyError) -> ResponseReturnValue:
    """Say that too many photos are being read."""
    return refused(503, "busy", retry_after=LATER)


@pages.errorhandler(StorageError)
def wait_for_store(_error: StorageError) -> ResponseReturnValue:
    """Say that photos cannot be stored now."""
    return refused(503, "storage", retry_after=LATER)


@pages.errorhandler(HTTPException)
def refuse_request(error: HTTPException) -> ResponseReturnValue:
    """Say what is wrong with the request itself."""
    return refused(error.code or 500, error.name.lower().replace(" ", "_"))


@pages.errorhandler(InternalServerError)
def tell_fault(error: InternalServerError) -> ResponseReturnValue:
    """Say that it was not done, for whatever fault; the same bytes can be sent again."""
    fault = error.original_exception
    trouble = trouble_of(fault)
    if trouble is Trouble.FULL or (isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EFBIG)):
        return refused(507, "full", retry_after=LATER)
    if trouble is Trouble.BUSY:
        return refused(503, "busy", retry_after=SOON)
    return refused(500, "fault", retry_after=LATER)
