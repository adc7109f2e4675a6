"""Opens this door: names its page modules, so that their pages are known."""

from flask import Flask

from inspect_app.web.inspector import (
    bundles,
    filling,
    installed,
    own_photos,
    pages,
    practice,
    sending,
    stopping,
    visits,
)

MODULES = (visits, sending, filling, bundles, practice, installed, own_photos, stopping)


def open_door(app: Flask) -> None:
    """Add this door's pages to the application."""
    app.register_blueprint(pages)
