"""Which language a page speaks: the one chosen in this browser, else the user's, else the browser's own."""

from babel import Locale
from flask import Flask, g, request
from flask_babel import Babel, get_locale

from inspect_app.web.access import current_settings

COOKIE = "inspect_language"
TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})
"""The parts of a Chinese language's code that say: in traditional characters."""
NAMES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
"""The languages that every page speaks, by code, each by its own name."""


def speak(app: Flask) -> None:
    """Give every request its language and its time zone."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_Hans"
    Babel(
        app,
        locale_selector=lambda: chosen_language().replace("-", "_"),
        timezone_selector=lambda: current_settings().timezone.key,
    )
    app.jinja_env.globals.update(current_language=current_language, languages=NAMES)


def chosen_language() -> str:
    """Return the code of the language of the page at hand."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in NAMES:
        return chosen
    login = g.get("login")
    if login is not None and login.user.language in NAMES:
        return str(login.user.language)
    spoken = map(_spoken, request.accept_languages.values())
    return next((language for language in spoken if language), "zh-Hans")


def current_language() -> str:
    """Return the language that texts of the handbook are to be shown in, such as `zh-Hans`."""
    locale = get_locale() or Locale("zh", script="Hans")
    return "-".join(part for part in (locale.language, locale.script) if part)


def _spoken(accepted: str) -> str | None:
    """Return which of the languages here a browser means by a code such as `zh-TW`; None where none."""
    language, *parts = accepted.lower().replace("_", "-").split("-")
    if language == "zh":
        return "zh-Hant" if TRADITIONAL.intersection(parts) and "hans" not in parts else "zh-Hans"
    return "en" if language == "en" else None
