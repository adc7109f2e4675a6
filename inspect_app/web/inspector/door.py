"""Opens this door: names its page modules, so that their pages are known."""

from flask import Flask

from inspect_app.web.inspector import filling, pages, sending, visits

MODULES = (visits, sending, filling)


def open_door(app: Flask) -> None:
    """Add this door's pages to the application."""
    app.register_blueprint(pages)
