"""What a phone sends when its inspector is done: frozen bytes, for which it gets a receipt."""

import uuid

from flask import request
from flask.typing import ResponseReturnValue

from inspect_app.queries.odd_arrivals import TAKEN
from inspect_app.services.phone_bodies import BodyError, read_body
from inspect_app.web.access import open_to_all
from inspect_app.web.receiving import TakenIn, take_in_body
from inspect_app.web.sync import pages
from inspect_app.web.sync.answers import done
from inspect_app.web.sync.calls import PHONE_TIME, open_call


@pages.put("/sync/v1/submissions/<uuid:submission_id>")
@open_to_all
def put_submission(submission_id: uuid.UUID) -> ResponseReturnValue:
    """Take in a frozen inspection, exactly once; the same bytes again ask how far it is."""
    call = open_call()
    if read_body(call.payload).submission_id != submission_id:
        raise BodyError("submission")
    taken = take_in_body(call.claim, call.payload, request.headers.get(PHONE_TIME))
    return done(
        _status(taken),
        call.sha256,
        receipt=taken.submission.receipt,
        status=taken.status,
        photos=taken.manifest.here,
        missing_photos=taken.manifest.missing,
    )


def _status(taken: TakenIn) -> int:
    if not taken.is_new:
        return 200
    return 201 if taken.status == TAKEN else 202
