"""Opens the doors: one for each kind of user, and the one that everybody comes through."""

from flask import Flask

from inspect_app.web.account.door import open_door as open_account
from inspect_app.web.branch.door import open_door as open_branch
from inspect_app.web.demonstration.door import open_door as open_demonstration
from inspect_app.web.inspector.door import open_door as open_inspector
from inspect_app.web.office.door import open_door as open_office
from inspect_app.web.region.door import open_door as open_region
from inspect_app.web.sync.door import open_door as open_sync

DOORS = (open_account, open_inspector, open_sync, open_branch, open_region, open_office, open_demonstration)


def open_doors(app: Flask) -> None:
    """Add the pages of all doors to the application; the last one stays shut but for the demonstration."""
    for open_door in DOORS:
        open_door(app)
