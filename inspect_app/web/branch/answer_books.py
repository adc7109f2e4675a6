"""Answers of the own branch in a workbook: handed out, looked through, taken in."""

import uuid

from flask import url_for
from flask.typing import ResponseReturnValue

from inspect_app.permissions import Action
from inspect_app.web import answer_books
from inspect_app.web.access import requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.own import own_branch

BOOKS, UPLOAD = "branch/answer_books.html", "branch/answer_upload.html"


@pages.get("/branch/answer-book")
@requires(Action.ANSWER_DEFICIENCY)
def answer_books_page() -> ResponseReturnValue:
    """Show where the workbook is had, and where it is given back."""
    return answer_books.show_books(BOOKS, branch=own_branch())


@pages.get("/branch/answer-book.xlsx")
@requires(Action.ANSWER_DEFICIENCY)
def answer_book() -> ResponseReturnValue:
    """Hand out what waits for an answer."""
    return answer_books.hand_out(own_branch().name)


@pages.post("/branch/answer-book")
@requires(Action.ANSWER_DEFICIENCY)
def upload_answers() -> ResponseReturnValue:
    """Take a workbook back, to be looked through."""
    return answer_books.take_back(BOOKS, url_for("branch.answer_books_page"), branch=own_branch())


@pages.get("/branch/answer-book/<uuid:upload_id>")
@requires(Action.ANSWER_DEFICIENCY)
def upload_page(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show what of it can be taken in."""
    return answer_books.show_upload(UPLOAD, upload_id, branch=own_branch())


@pages.post("/branch/answer-book/<uuid:upload_id>")
@requires(Action.ANSWER_DEFICIENCY)
def take_in_answers(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Answer everything that can be."""
    return answer_books.take_in(upload_id, url_for("branch.upload_page", upload_id=upload_id))
