"""Opens this door where the demonstration is served: names its page modules, so that they are known."""

from flask import Flask

from inspect_app.web.demonstration import entry, pages

MODULES = (entry,)


def open_door(app: Flask) -> None:
    """Add this door's pages to the application, if it serves the demonstration; elsewhere it stays shut."""
    if app.extensions["inspect_settings"].demo:
        app.register_blueprint(pages)
