"""What a phone sends when its inspector breaks a visit off: why, as often as it takes to be told once."""

import uuid

from flask.typing import ResponseReturnValue

from inspect_app.web.access import open_to_all
from inspect_app.web.receiving import take_in_stop
from inspect_app.web.sync import pages
from inspect_app.web.sync.answers import done
from inspect_app.web.sync.calls import open_call

CALLED_OFF, KEPT = "called_off", "kept"


@pages.put("/sync/v1/visits/<uuid:visit_id>/stop")
@open_to_all
def put_stop(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Call the visit off; where it cannot be any more, keep what is said for head office."""
    call = open_call()
    told = take_in_stop(call.claim, visit_id, call.payload)
    status = CALLED_OFF if told.is_called_off else KEPT
    code = 200 if not told.is_new else 201 if told.is_called_off else 202
    return done(code, call.sha256, status=status)
