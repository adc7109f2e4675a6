"""The photos that the own branch added to its answers and appeals."""

import uuid

from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.permissions import Action
from inspect_app.queries.branch_photos import photo_seen_by
from inspect_app.web.access import current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.evidence import show_photo


@pages.get("/branch/photos/<uuid:photo_id>.jpg")
@requires(Action.READ_BRANCH_RESULT)
def photo(photo_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out a photo of the own branch."""
    return show_photo(photo_seen_by(session, current_user(), photo_id))
