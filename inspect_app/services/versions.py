"""Forms carry the version of the row that they show: what was changed meanwhile is not overwritten."""

from inspect_app.errors import ConflictError


class StaleError(ConflictError):
    """The row is no longer what the form showed: someone else changed it meanwhile."""


def require_seen(what: str, version: int | None, seen: int | None) -> None:
    """Raise unless a row still has the version that a form carried; None where there was no row.

    Raises:
        StaleError: it has another one.
    """
    if version != seen:
        raise StaleError(f"{what} was changed after the form was opened: version {version}, not {seen}")
