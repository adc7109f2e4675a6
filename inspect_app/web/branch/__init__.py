"""The door of branches: what is to be mended, the own result and the own place."""

from flask import Blueprint

pages = Blueprint("branch", __name__)
