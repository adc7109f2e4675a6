"""What a phone sends while its inspector fills in: the answers so far, and each photo."""

import uuid

from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.queries.handbooks import checklist_of
from inspect_app.services.phone_bodies import is_sha256, known_fields, read_answers_so_far
from inspect_app.services.phone_drafts import PhoneSave, save_answers
from inspect_app.services.visit_tokens import grant_of
from inspect_app.web.access import open_to_all
from inspect_app.web.clock import utc_now
from inspect_app.web.receiving import OtherVisitError, take_in_photo
from inspect_app.web.sync import pages
from inspect_app.web.sync.answers import done
from inspect_app.web.sync.calls import HashMismatchError, open_call


@pages.put("/sync/v1/inspections/<uuid:inspection_id>/answers")
@open_to_all
def put_answers(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a spare copy of what is filled in so far; nothing of it is scored."""
    call = open_call()
    saved = read_answers_so_far(call.payload)
    grant = grant_of(session, call.claim)
    checklist = checklist_of(session, grant.visit.variant.checklist_hash)
    save = PhoneSave(inspection_id, saved.sequence, known_fields(checklist, saved.fields))
    try:
        kept = save_answers(session, grant, save, now=utc_now())
    except NotFoundError as error:
        raise OtherVisitError from error
    return done(200, call.sha256, seq=kept.sequence, kept=kept.is_kept)


@pages.put("/sync/v1/inspections/<uuid:inspection_id>/photos/<sha256>")
@open_to_all
def put_photo(inspection_id: uuid.UUID, sha256: str) -> ResponseReturnValue:
    """Keep a photo under the hash of its bytes."""
    call = open_call()
    if not is_sha256(sha256) or call.sha256 != sha256:
        raise HashMismatchError(call.sha256)
    is_new = take_in_photo(call.claim, inspection_id, sha256, call.payload)
    return done(201 if is_new else 200, sha256, size=len(call.payload))
