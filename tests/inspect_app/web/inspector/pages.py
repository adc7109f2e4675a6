"""Reads a page as a phone does: what its form would post, where its links lead, what is in its title."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

Posting = list[tuple[str, str]]
HANDED_OUT = frozenset({"csrf_token", "inspection_id", "submission_id"})
"""Fields that a page fills in itself."""


@dataclass
class Page(HTMLParser):
    """A page: the controls of its main form, its links, its title, its text."""

    html: str
    posting: Posting = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)
    title: str = ""
    _inside: str = ""
    _textarea: str = ""

    def __post_init__(self) -> None:
        """Read the page."""
        super().__init__()
        self._reading = False
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, their controls, links and anchors."""
        given = {name: value or "" for name, value in attrs}
        self.targets.add(given.get("id", ""))
        if tag == "form":
            self._reading = given.get("id") == "filling" or given.get("action", "").endswith("/send")
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif tag in ("input", "textarea") and self._reading:
            self._control(tag, given)
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a text."""
        if tag == "form":
            self._reading = False
        elif tag == "textarea" and self._textarea:
            self.posting.append((self._textarea, self._text.removeprefix("\n")))
            self._textarea = ""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Gather what stands in a title or a text."""
        if self._inside == "title":
            self.title += data
        if self._textarea:
            self._text += data

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name = given["name"]
        self.names.add(name)
        if tag == "textarea":
            self._textarea, self._text = name, ""
        elif given.get("type") not in ("radio", "checkbox") or "checked" in given:
            self.posting.append((name, given.get("value", "")))

    @property
    def asked(self) -> set[str]:
        """The names of what a person fills in."""
        return self.names - HANDED_OUT

    def value(self, name: str) -> str | None:
        """Return what the form would post in a field."""
        return next((value for posted, value in self.posting if posted == name), None)

    def filled(
        self, fields: Iterable[tuple[str, str | tuple[str, ...]]], go: str = ""
    ) -> dict[str, list[str]]:
        """Return what the form posts after these fields were filled in and all others left empty."""
        posted = {name: [value] for name, value in self.posting if name in HANDED_OUT}
        for name, filled in fields:
            if name in self.names and filled:
                posted[name] = [filled] if isinstance(filled, str) else list(filled)
        return posted | {"go": [go]}

    def changed(self, go: str = "", **fields: str | list[str]) -> dict[str, list[str]]:
        """Return what the form posts after some fields were changed."""
        posted: dict[str, list[str]] = {}
        for name, value in self.posting:
            posted.setdefault(name, []).append(value)
        for name, changed in fields.items():
            posted[name] = [changed] if isinstance(changed, str) else changed
        return posted | {"go": [go]}
