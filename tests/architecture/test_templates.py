"""Pages keep to the content security policy and call no other host."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.places import ROOT, statics, templates

TAG = re.compile(r"""<([a-zA-Z][\w-]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>""")
ATTRIBUTE = re.compile(r"""([^\s"'=<>/]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
OTHER_HOST = re.compile(r"""["'(\s=]((?:https?:|wss?:)?//[\w\[][^"'\s)]*)""")
NAMES_OF_FORMATS = ("http://www.w3.org/",)
"""What looks like an address and is the name of a format: nobody asks for it."""

OWN_STYLE = "<style>{{ phone_style()|safe }}</style>"
"""The one style sheet inside a page, so that a phone draws its first page without a second way to the server.

It holds the product's own files alone, and the policy of these pages allows it by its hash.
"""
HAS_OWN_STYLE = "inspect_app/templates/inspector/_frame.html"


def relative(place: Path) -> str:
    """Return a place as a test's name shows it."""
    return place.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("template", templates(), ids=relative)
def test_a_template_has_no_inline_style_script_or_handler(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    if relative(template) == HAS_OWN_STYLE:
        assert text.count(OWN_STYLE) == 1
        text = text.replace(OWN_STYLE, "")

    assert list(inline_parts(without_jinja(text))) == []


@pytest.mark.parametrize("template", templates(), ids=relative)
def test_a_template_quotes_every_attribute(template: Path) -> None:
    text = without_jinja(template.read_text(encoding="utf-8"))

    assert [f"{name}={value}" for name, value in attributes(text) if value[0] not in "\"'"] == []


@pytest.mark.parametrize(
    "place", [*templates(), *statics(".css"), *statics(".js"), *statics(".svg")], ids=relative
)
def test_no_file_of_a_page_names_another_host(place: Path) -> None:
    found = OTHER_HOST.findall(without_comments(place.read_text(encoding="utf-8")))

    assert [address for address in found if not address.startswith(NAMES_OF_FORMATS)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<p style="color: red">', ["style on p"]),
        ('<a href="#" onclick="go()">', ["onclick on a"]),
        ("<script>go()</script>", ["script without src"]),
        ('<script src="/a.js">go()</script>', ["script with a body"]),
        ("<style>p {}</style>", ["style element"]),
        ('<a href="javascript:go()">', ["javascript: on a"]),
        ('<script src="/a.js" type="module"></script>', []),
        ('<svg style-like="no"><path d="M0 0"/></svg>', []),
    ],
)
def test_the_guard_sees_inline_parts(text: str, found: list[str]) -> None:
    assert list(inline_parts(text)) == found


def test_the_guard_sees_unquoted_values_of_jinja_and_other_hosts() -> None:
    assert list(attributes(without_jinja('<p class={{ name }} id="{{ id }}">'))) == [
        ("class", "x"),
        ("id", '"x"'),
    ]
    assert OTHER_HOST.findall('<img src="//cdn.example/a.png">') == ["//cdn.example/a.png"]
    assert OTHER_HOST.findall("url(https://fonts.example/a)") == ["https://fonts.example/a"]


def without_jinja(text: str) -> str:
    """Return a template as the markup that is always there; values become `x`."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}", "x", text, flags=re.DOTALL)


def without_comments(text: str) -> str:
    """Return a file without block comments and lines that are a comment."""
    text = re.sub(r"/\*.*?\*/|\{#.*?#\}|<!--.*?-->", "", text, flags=re.DOTALL)
    return re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)


def inline_parts(text: str) -> Iterator[str]:
    """Yield whatever a policy without `unsafe-inline` would refuse."""
    for tag, inside in TAG.findall(text):
        if tag.lower() == "style":
            yield "style element"
        for name, value in ATTRIBUTE.findall(inside):
            if name.lower() == "style" or re.fullmatch(r"on[a-z]+", name.lower()):
                yield f"{name} on {tag}"
            if value.strip("\"'").lower().startswith("javascript:"):
                yield f"javascript: on {tag}"
    for inside, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.DOTALL | re.IGNORECASE):
        if "src=" not in inside:
            yield "script without src"
        elif body.strip():
            yield "script with a body"


def attributes(text: str) -> Iterator[tuple[str, str]]:
    """Yield the attributes of all tags with their values as written."""
    for _tag, inside in TAG.findall(text):
        yield from ATTRIBUTE.findall(inside)
