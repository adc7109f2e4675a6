"""The reviewer's photos: the original, for reviewers alone, and what others may see of it."""

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_app.db import reading, session, the_database
from inspect_app.errors import ConflictError
from inspect_app.permissions import Action
from inspect_app.photos import Cover, cover
from inspect_app.queries.photos import ReviewedPhoto, items_of_photo, photo_for_review
from inspect_app.services import photo_copies
from inspect_app.services.photos import put_into_store
from inspect_app.web.access import current_actor, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.office import pages
from inspect_app.web.office.photo_boxes import NOTHING, BoxForm, posted_form, shown_form
from inspect_app.web.photo_answers import show_stored_photo
from inspect_app.web.stores import the_store


@pages.get("/office/photos/<uuid:photo_id>")
@requires(Action.REVIEW_INSPECTION)
def photo_page(photo_id: uuid.UUID) -> ResponseReturnValue:
    """Show a photo large, with what others see of it and the boxes that cover the rest."""
    reviewed = photo_for_review(session, current_user(), photo_id)
    return _show(reviewed, shown_form(reviewed.copy))


@pages.get("/office/photos/<uuid:photo_id>/original.jpg")
@requires(Action.REVIEW_INSPECTION)
def original_photo(photo_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out the photo as it was taken; small where the address asks for that."""
    photo = photo_for_review(session, current_user(), photo_id).photo
    return show_stored_photo(photo.thumbnail_sha256 if "small" in request.args else photo.sha256)


@pages.get("/office/photos/<uuid:photo_id>/copy.jpg")
@requires(Action.REVIEW_INSPECTION)
def photo_copy(photo_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out what branch and region see."""
    copy = photo_for_review(session, current_user(), photo_id).copy
    return show_stored_photo(None if copy is None else copy.sha256)


@pages.post("/office/photos/<uuid:photo_id>/release")
@requires(Action.REVIEW_INSPECTION)
def release_photo(photo_id: uuid.UUID) -> ResponseReturnValue:
    """Cover what is in the boxes, and let branch and region see the copy."""
    # The copy is made before the database is held: it takes longer than a write may.
    with reading(the_database()) as reader:
        reviewed = photo_for_review(reader, current_user(), photo_id)
        reader.expunge_all()
    form, photo = posted_form(reviewed.photo), reviewed.photo
    if form.problem:
        return _show(photo_for_review(session, current_user(), photo_id), form), 422
    if photo.sha256 is None:
        raise ConflictError(f"photo {photo.id} was erased")
    stored = put_into_store(the_store(), cover(the_store().read(photo.sha256), form.boxes))
    kept = photo_for_review(session, current_user(), photo_id).photo
    photo_copies.release_photo(session, current_actor(), kept, form.boxes, stored, now=utc_now())
    return redirect(url_for("office.photo_page", photo_id=photo_id), code=303)


@pages.post("/office/photos/<uuid:photo_id>/withdraw")
@requires(Action.REVIEW_INSPECTION)
def withdraw_photo(photo_id: uuid.UUID) -> ResponseReturnValue:
    """Take the copy from the sight of branch and region."""
    photo = photo_for_review(session, current_user(), photo_id).photo
    photo_copies.withdraw_photo(session, current_actor(), photo, now=utc_now())
    return redirect(url_for("office.photo_page", photo_id=photo_id), code=303)


def _show(reviewed: ReviewedPhoto, form: BoxForm) -> str:
    return render_template(
        "office/photo.html",
        photo=reviewed.photo,
        copy=reviewed.copy,
        items=items_of_photo(session, reviewed.photo),
        form=form,
        covers=tuple(Cover),
        nothing=NOTHING,
    )
