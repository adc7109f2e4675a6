"""Opens the doors: one for each kind of user, and the one that everybody comes through."""

from flask import Flask

from inspect_app.web.account.door import open_door as open_account
from inspect_app.web.branch.door import open_door as open_branch
from inspect_app.web.inspector.door import open_door as open_inspector
from inspect_app.web.office.door import open_door as open_office
from inspect_app.web.region.door import open_door as open_region


def open_doors(app: Flask) -> None:
    """Add the pages of all doors to the application."""
    for open_door in (open_account, open_inspector, open_branch, open_region, open_office):
        open_door(app)
