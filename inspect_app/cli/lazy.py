"""A group of commands whose modules are imported only when they are called."""

from collections.abc import Mapping
from importlib import import_module

from click import Command, Context, Group


class LazyGroup(Group):
    """Knows its commands by the modules they live in; each module holds its own as `command`.

    A server that is to answer at once does not wait for what only writes workbooks.
    """

    def __init__(self, name: str, modules: Mapping[str, str], help: str) -> None:  # noqa: A002 - click's own word
        super().__init__(name=name, help=help)
        self._modules = modules

    def list_commands(self, _ctx: Context) -> list[str]:
        """Return the names in the order in which they are to be read."""
        return list(self._modules)

    def get_command(self, _ctx: Context, cmd_name: str) -> Command | None:
        """Return a command, importing its module; None where there is no such command."""
        module = self._modules.get(cmd_name)
        if module is None:
            return None
        command: Command = import_module(module).command
        return command
