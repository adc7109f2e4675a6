"""Opens this door: names its page modules, so that their pages are known."""

from flask import Flask

from inspect_app.web.office import (
    appeals,
    background,
    calendar,
    corrections,
    handbook,
    journal,
    journal_words,
    lists,
    organisation,
    pages,
    people,
    phones,
    photos,
    planning,
    recipes,
    records,
    rescue,
    reviews,
    visits,
    wave_steps,
    waves,
)

MODULES = (
    reviews,
    appeals,
    calendar,
    records,
    rescue,
    waves,
    wave_steps,
    visits,
    corrections,
    planning,
    handbook,
    recipes,
    organisation,
    people,
    phones,
    photos,
    journal,
    journal_words,
    lists,
    background,
)


def open_door(app: Flask) -> None:
    """Add this door's pages to the application."""
    app.register_blueprint(pages)
