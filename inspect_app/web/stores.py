"""The store of photos, as the pages at hand use it."""

from typing import cast

from flask import current_app

from inspect_app.storage import Store, open_store
from inspect_app.web.access import current_settings

OPENED = "inspect_store"


def the_store() -> Store:
    """Return the store of the running application; opened when it is first asked for."""
    if OPENED not in current_app.extensions:
        current_app.extensions[OPENED] = open_store(current_settings().storage_url)
    return cast(Store, current_app.extensions[OPENED])
