"""The door everybody comes through: signing in and out, the language, whether the product is alive."""

from flask import Blueprint

pages = Blueprint("account", __name__)
