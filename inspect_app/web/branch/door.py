"""Opens this door: names its page modules, so that their pages are known."""

from flask import Flask

from inspect_app.web.branch import (
    answer_books,
    answering,
    answers,
    appeals,
    deficiency,
    home,
    pages,
    photos,
    report,
    result,
    visit_photos,
)
from inspect_app.web.evidence import weigh_forms
from inspect_app.web.reading import read_on_pages

MODULES = (home, result, report, deficiency, answering, answers, answer_books, appeals, photos, visit_photos)


def open_door(app: Flask) -> None:
    """Add this door's pages to the application."""
    read_on_pages(app)
    weigh_forms(app)
    app.register_blueprint(pages)
