"""What a page says, read from its HTML: the rows of a table, its links, its text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from werkzeug.test import TestResponse

from tests.inspect_app.made_up_bank import PASSWORD
from tests.inspect_app.web.browsing import Browser


@dataclass
class Page(HTMLParser):
    """A page as it is read: `rows` holds the cells of every table row in order, `links` every address."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    _is_in_cell: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a row or a cell begins, and every address."""
        given = dict(attrs)
        for name in ("href", "src"):
            if given.get(name):
                self.links.append(given[name] or "")
        if tag == "form":
            self.actions.append(given.get("action") or "")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        """Note where a cell ends."""
        if tag in ("td", "th"):
            self._is_in_cell = False

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data
        if self._is_in_cell:
            self.rows[-1][-1] += data

    def row_of(self, start: str) -> list[str]:
        """Return the first row one of whose first three cells begins with a text."""
        for row in self.rows:
            if any(" ".join(cell.split()).startswith(start) for cell in row[:3]):
                return [" ".join(cell.split()) for cell in row]
        raise AssertionError(f"no row begins with {start}")


def read(response: TestResponse) -> Page:
    """Read a page.

    Raises:
        AssertionError: it is not there.
    """
    assert response.status_code == 200, response.status
    page = Page()
    page.feed(response.text)
    return page


def signed_in(app: Flask, username: str) -> Browser:
    """Return the browser of somebody who has signed in."""
    browser = Browser(app)
    assert browser.sign_in(username, PASSWORD).status_code == 303
    return browser
