"""The door of offices."""

from flask import Blueprint

pages = Blueprint("office", __name__)
