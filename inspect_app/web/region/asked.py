"""What an address asks of a ranking: its filters, read from the query string and written back into links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from inspect_app.errors import NotFoundError
from inspect_app.queries.ranking_pages import BRANCH_TABLE, Filters, Order
from inspect_app.queries.ranking_scope import Scope

KEPT = ("table", "region", "kind", "q", "sort", "ranking", "visit", "open", "why")
"""What a link keeps of the address of the page that it stands on."""

Link = Callable[..., str]
"""Returns the address of a page with some of its parts changed; None drops a part."""

MOST_DIGITS = 9
"""What a database takes as a whole number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address, as they were typed.

    Attributes:
        ranking: the number of a ranking; None for the latest.
        why: what is to be explained, such as `region:R01`; empty for nothing.
    """

    table: str
    region: str | None
    kind: str | None
    words: str
    order: Order
    ranking: int | None
    after: tuple[int, int] | None
    why: str

    def filters(self, scope: Scope) -> Filters:
        """Return what the page is limited to.

        Raises:
            NotFoundError: the region is none that the user may see.
        """
        unit = scope.unit(self.region)
        return Filters(self.table, unit, self.kind, self.words, self.order, self.after)

    @property
    def is_filtered(self) -> bool:
        """Something is left out that the user could see."""
        return bool(self.region or self.kind or self.words)


def asked() -> Asked:
    """Return what the address at hand asks.

    Raises:
        NotFoundError: it names an order or a place that there is not.
    """
    found: MultiDict[str, str] = request.args
    try:
        return Asked(
            table=found.get("table") or BRANCH_TABLE,
            region=found.get("region") or None,
            kind=found.get("kind") or None,
            words=found.get("q", "").strip(),
            order=Order(found.get("sort") or Order.RANK),
            ranking=whole_number("ranking"),
            after=_place(found.get("after", "")),
            why=found.get("why", ""),
        )
    except ValueError as error:
        raise NotFoundError(f"page {request.full_path}") from error


def whole_number(name: str) -> int | None:
    """Return a number of the address; None where it is not there.

    Raises:
        NotFoundError: it is no number, or larger than any page or ranking has.
    """
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise NotFoundError(f"page {request.full_path}")
    return int(text) if text else None


def links(address: str) -> Link:
    """Return what makes the addresses of a page, with the filters of the address at hand.

    Args:
        address: of the page, without a query.
    """
    kept: Mapping[str, str] = {name: request.args[name] for name in KEPT if request.args.get(name)}

    def link(anchor: str | None = None, **changes: str | int | None) -> str:
        parts = {name: value for name, value in {**kept, **changes}.items() if value not in (None, "")}
        query = f"?{urlencode(parts)}" if parts else ""
        return f"{address}{query}#{anchor}" if anchor else f"{address}{query}"

    return link


def _place(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    at, position = (int(part) for part in text.split(","))
    if max(abs(at), abs(position)) >= 10**MOST_DIGITS:
        raise ValueError(text)
    return at, position
