"""The door of branchs."""

from flask import Blueprint

pages = Blueprint("branch", __name__)
