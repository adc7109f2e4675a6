"""The forms of the pages that somebody can open, as a browser has them: where they go, with which fields."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from tests.inspect_app.web.browsing import Browser

MOST_PAGES = 120
SAME_SHAPE = 2
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}Q\d|[RS]?\d{2,}|HO")
CHOICES = frozenset({"radio", "checkbox", "hidden", "submit"})
CSRF = "csrf_token"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page.

    Attributes:
        fields: each name with what the page has in it.
        typed: the names of the fields that somebody can write anything into.
    """

    method: str
    address: str
    fields: Mapping[str, str]
    typed: tuple[str, ...]

    @property
    def shape(self) -> tuple[str, str, tuple[str, ...]]:
        """Return what forms of the same kind have in common, whichever row they are about."""
        return self.method, ID.sub("*", urlsplit(self.address).path), tuple(sorted(self.fields))


@dataclass
class _Reader(HTMLParser):
    """Reads the forms and the links of a page."""

    here: str
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    _open: dict[str, str] | None = None
    _typed: list[str] = field(default_factory=list)
    _to: tuple[str, str] = ("get", "")

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.here, given["href"]))
        if tag == "form":
            address = urljoin(self.here, given.get("action") or self.here)
            self._open, self._typed = {}, []
            self._to = (given.get("method", "get").lower(), address)
        name = given.get("name")
        if self._open is None or not name or tag not in ("input", "select", "textarea", "button"):
            return
        self._open.setdefault(name, given.get("value", ""))
        if tag == "textarea" or (tag == "input" and given.get("type", "text") not in CHOICES):
            self._typed.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            self.forms.append(Form(*self._to, self._open, tuple(self._typed)))
            self._open = None


@dataclass
class Crawled:
    """What a user can reach from the first page on by links.

    Attributes:
        forms: a form of each shape.
        answers: each page by its address.
        questions: the kinds of page that take words after a question mark: an address and such a word's name.
    """

    forms: list[Form] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    questions: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, reader: _Reader) -> None:
        """Take in what a page holds, where its like is not known yet."""
        known = {form.shape for form in self.forms}
        self.forms += [form for form in reader.forms if form.shape not in known]
        words = [
            (form.address, name) for form in reader.forms if form.method == "get" for name in form.fields
        ]
        words += [(reader.here, name) for name, _value in parse_qsl(urlsplit(reader.here).query)]
        for address, name in words:
            path = urlsplit(address).path
            self.questions.setdefault((ID.sub("*", path), name), path)


def crawl(browser: Browser) -> Crawled:
    """Open a few pages of each kind, and keep what they hold."""
    found, waiting, seen, shapes = Crawled(), ["/"], set[str](), Counter[str]()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        shape = ID.sub("*", address)
        if address in seen or shapes[shape] >= SAME_SHAPE or address.startswith(("/static", "//", "http")):
            continue
        seen.add(address)
        shapes[shape] += 1
        answer = browser.get(address)
        if 300 <= answer.status_code < 400:
            waiting.append(answer.headers["Location"])
        if answer.mimetype == "text/html" and answer.status_code == 200:
            reader = _Reader(address)
            reader.feed(answer.text)
            found.answers[address] = answer.text
            waiting += [link.partition("#")[0] for link in reader.links]
            found.add(reader)
        answer.close()
    return found
