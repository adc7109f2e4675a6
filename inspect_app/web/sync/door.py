"""Opens this door: names its page modules, so that their pages are known."""

from flask import Flask

from inspect_app.web.protection import csrf
from inspect_app.web.sync import failures, inspections, pages, stops, submissions

MODULES = (inspections, submissions, stops, failures)


def open_door(app: Flask) -> None:
    """Add this door's pages to the application; where no cookie is taken, none can be misused."""
    csrf.exempt(pages)
    app.register_blueprint(pages)
