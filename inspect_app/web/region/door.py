"""Opens this door: names its page modules, so that their pages are known."""

from flask import Flask

from inspect_app.web.reading import read_on_pages
from inspect_app.web.region import answer_books, branch, downloads, mending, pages, ranking, visit_photos

MODULES = (ranking, branch, mending, answer_books, downloads, visit_photos)


def open_door(app: Flask) -> None:
    """Add this door's pages to the application."""
    read_on_pages(app)
    app.register_blueprint(pages)
