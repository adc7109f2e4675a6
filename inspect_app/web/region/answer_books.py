"""Answers of the region's branches in a workbook: handed out, looked through, taken in."""

import uuid

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.permissions import Action
from inspect_app.web import answer_books
from inspect_app.web.access import current_user, requires
from inspect_app.web.region import pages

BOOKS, UPLOAD = "region/answer_books.html", "region/answer_upload.html"


@pages.get("/mending/answer-book")
@requires(Action.COLLECT_ANSWERS)
def answer_books_page() -> ResponseReturnValue:
    """Show where the workbook is had, and where it is given back."""
    return answer_books.show_books(BOOKS)


@pages.get("/mending/answer-book.xlsx")
@requires(Action.COLLECT_ANSWERS)
def answer_book() -> ResponseReturnValue:
    """Hand out what waits for an answer."""
    return answer_books.hand_out(_whose())


@pages.post("/mending/answer-book")
@requires(Action.COLLECT_ANSWERS)
def upload_answers() -> ResponseReturnValue:
    """Take a workbook back, to be looked through."""
    return answer_books.take_back(BOOKS, url_for("region.answer_books_page"))


@pages.get("/mending/answer-book/<uuid:upload_id>")
@requires(Action.COLLECT_ANSWERS)
def upload_page(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show what of it can be taken in."""
    return answer_books.show_upload(UPLOAD, upload_id)


@pages.post("/mending/answer-book/<uuid:upload_id>")
@requires(Action.COLLECT_ANSWERS)
def take_in_answers(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Answer everything that can be."""
    return answer_books.take_in(upload_id, url_for("region.upload_page", upload_id=upload_id))


def _whose() -> str:
    region = current_user().region
    return _("全行") if region is None else region.name
