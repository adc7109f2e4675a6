"""The map in docs/ARCHITECTURE.md: each module with the one line that its docstring begins with.

`python -m tests.architecture.docs_map` writes it anew.
"""

import ast
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.architecture.places import ROOT, modules

DOCUMENT = ROOT / "docs" / "ARCHITECTURE.md"
START, END = "<!-- map -->\n", "<!-- end of map -->\n"


def map_of_modules() -> str:
    """Return the map as it has to be."""
    return "\n".join(_lines())


def written_map() -> str:
    """Return the map as the document has it."""
    return DOCUMENT.read_text(encoding="utf-8").split(START)[1].split(END)[0]


def write_map() -> None:
    """Put the map as it has to be into the document."""
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(START)
    after = rest.split(END)[1]
    DOCUMENT.write_text(before + START + map_of_modules() + END + after, encoding="utf-8")


def _lines() -> Iterator[str]:
    by_folder = groupby(sorted(modules(), key=_order), key=lambda module: module.parent)
    for folder, files in by_folder:
        yield f"\n**`{folder.as_posix()}/`**"
        for module in files:
            is_folder = module.name == "__init__.py"
            yield f"— {first_line(module)}\n" if is_folder else f"- `{module.name}` – {first_line(module)}"
    yield "\n"


def _order(module: Path) -> tuple[str, bool, str]:
    return module.parent.as_posix(), module.name != "__init__.py", module.name


def first_line(module: Path) -> str:
    """Return what a module says that it holds; nothing where it does not say."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").split("\n")[0]


if __name__ == "__main__":
    write_map()
