"""What an installed phone is made of: an empty shell, the clock, the worker, the manifest; all public."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import cast

from flask import Response, current_app, jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.web.access import current_settings, open_to_all
from inspect_app.web.inspector import pages
from inspect_app.web.phone_policy import SHEETS, phone_style

DIGITS = 12
ICONS = (192, 512)
SHELL_TEMPLATES = ("inspector/shell.html", "inspector/clock.html", "inspector/sw.js")
MODULES = (
    "app",
    "card",
    "check",
    "counts",
    "db",
    "dom",
    "form",
    "hall",
    "holdings",
    "list",
    "outbox",
    "overview",
    "photos",
    "progress",
    "question",
    "record",
    "rescue",
    "sending",
    "status",
    "stopping",
    "tabs",
    "times",
    "vault",
    "visit",
    "words",
)
"""The scripts of the phone; a test holds that they need no others."""


@pages.get("/m/shell")
@open_to_all
def shell() -> ResponseReturnValue:
    """Return the empty page that the phone fills from what it holds; it tells nothing of anybody."""
    return render_template("inspector/shell.html", sheets=SHEETS, modules=modules())


@pages.get("/m/clock")
@open_to_all
def clock_page() -> ResponseReturnValue:
    """Show the plain screen for the hall."""
    return render_template("inspector/clock.html")


@pages.get("/m/manifest.webmanifest")
@open_to_all
def manifest() -> ResponseReturnValue:
    """Say how the phone is put on a home screen: a stopwatch, and nothing else."""
    answer = jsonify(
        id="/m/",
        name=_("秒表"),
        short_name=_("秒表"),
        start_url="/m/",
        scope="/m/",
        display="standalone",
        background_color="#000000",
        theme_color="#000000",
        icons=[
            {"src": asset(f"icons/clock-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in ICONS
        ],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@pages.get("/m/sw.js")
@open_to_all
def worker() -> ResponseReturnValue:
    """Return the worker that opens the phone without a network; switched off, one that takes itself away."""
    if current_settings().offline:
        text = render_template("inspector/sw.js", version=version(), files=files())
    else:
        text = render_template("inspector/sw_off.js")
    answer: Response = make_response(text)
    answer.mimetype = "text/javascript"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def files() -> list[str]:
    """Return every address that the worker keeps: public, the same for everybody, nothing of a visit."""
    icons = ["icons/plain.svg", *(f"icons/clock-{size}.png" for size in (180, *ICONS))]
    sheets = [f"css/{name}.css" for name in (*SHEETS, "clock")]
    kept = [asset(name) for name in (*sheets, *icons, *(f"js/{name}" for name in modules()))]
    own = [url_for(f"inspector.{name}") for name in ("shell", "clock_page", "manifest")]
    return [*own, *kept]


def modules() -> tuple[str, ...]:
    """Return the files of the phone's scripts."""
    return tuple(f"{name}.js" for name in MODULES)


def version() -> str:
    """Return what stands for all that the worker keeps: another one makes phones fetch it anew."""
    digest = hashlib.sha256(" ".join(files()).encode())
    templates = Path(current_app.root_path) / "templates"
    for name in SHELL_TEMPLATES:
        digest.update((templates / name).read_bytes())
    return digest.hexdigest()[:DIGITS]


@pages.context_processor
def looks() -> dict[str, object]:
    """Tell this door's pages their style sheet, the phone's scripts, and whether it may keep anything."""
    return {
        "phone_style": phone_style,
        "phone_modules": modules,
        "keeps_on_phone": current_settings().offline,
    }


def asset(name: str) -> str:
    """Return the address of a static file."""
    addressed = cast(Callable[[str], str], current_app.jinja_env.globals["asset"])
    return addressed(name)
