"""The door of the demonstration: one page from which a visitor steps into each of the five kinds of user."""

from flask import Blueprint

pages = Blueprint("demo", __name__, url_prefix="/demo")
