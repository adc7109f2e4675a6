"""The door of phones: they send with a visit's token, and read nothing."""

from flask import Blueprint

pages = Blueprint("sync", __name__)
