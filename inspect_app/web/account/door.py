"""Opens this door: names its page modules, so that their pages are known."""

from flask import Flask

from inspect_app.web.account import health, links, login, own, pages, phone_entries, second_step

MODULES = (health, login, links, phone_entries, own, second_step)


def open_door(app: Flask) -> None:
    """Add this door's pages to the application."""
    app.register_blueprint(pages)
