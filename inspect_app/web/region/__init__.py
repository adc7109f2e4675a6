"""The door of regions: rankings, and from any number down to the answers behind it."""

from flask import Blueprint

pages = Blueprint("region", __name__)
