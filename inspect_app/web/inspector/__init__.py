"""The door of inspectors."""

from flask import Blueprint

pages = Blueprint("inspector", __name__)
