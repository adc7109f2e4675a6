"""Where the product's files are, and its modules."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("checklists", "reports", "inspect_app")


def modules() -> list[Path]:
    """Return every Python file of the three packages, relative to the root, packages first, in order."""
    found = [place for package in PACKAGES for place in (ROOT / package).rglob("*.py")]
    return sorted(place.relative_to(ROOT) for place in found)


def templates() -> list[Path]:
    """Return every template."""
    return sorted((ROOT / "inspect_app" / "templates").rglob("*.html"))


def statics(ending: str) -> list[Path]:
    """Return every static file whose name ends so."""
    return sorted((ROOT / "inspect_app" / "static").rglob(f"*{ending}"))
