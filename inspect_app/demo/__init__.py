"""The demonstration: a made-up bank, its people and three waves, made by the services that real ones use."""

from inspect_app.demo.accounts import point_accounts
from inspect_app.demo.building import prepare_demo
from inspect_app.demo.folder import FolderInUseError
from inspect_app.demo.scales import Scale

__all__ = ["FolderInUseError", "Scale", "point_accounts", "prepare_demo"]
