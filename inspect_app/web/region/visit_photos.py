"""The photos of visits that a reviewer released to the region: covered copies, never an original."""

import uuid

from flask import request
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.permissions import Action
from inspect_app.queries.released_photos import photo_seen_by
from inspect_app.web.access import current_user, requires
from inspect_app.web.photo_answers import show_stored_photo
from inspect_app.web.region import pages


@pages.get("/region/visit-photos/<uuid:copy_id>.jpg")
@requires(Action.READ_RANKING)
def visit_photo(copy_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out a released photo of a branch in the own region; small where the address asks for that."""
    seen = photo_seen_by(session, current_user(), copy_id)
    return show_stored_photo(seen.thumbnail_sha256 if "small" in request.args else seen.sha256)
