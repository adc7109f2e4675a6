"""The door of regions."""

from flask import Blueprint

pages = Blueprint("region", __name__)
