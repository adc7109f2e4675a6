"""The shipped texts in traditional Chinese, converted and reviewed once, beside the simplified ones."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TypeVar, cast

from checklists.handbook import Origin, Rendering, Text

TRADITIONAL = "zh-Hant"

Value = TypeVar("Value")


def with_traditional(value: Value) -> Value:
    """Return an edition or a recipe whose shipped texts can be read in traditional Chinese as well.

    A text that is not among the shipped ones stays as it is: it is read in its own language.
    """
    return cast("Value", _converted(value))


@cache
def shipped_conversions() -> Mapping[str, str]:
    """Return the traditional form of every shipped text, by the simplified one."""
    stored = files("checklists") / "conversions" / f"{TRADITIONAL}.txt"
    pairs = (line.partition("\t") for line in stored.read_text(encoding="utf-8").splitlines())
    return {simplified: traditional for simplified, _tab, traditional in pairs}


def _converted(value: object) -> object:
    if isinstance(value, Text):
        return _text(value)
    if isinstance(value, tuple):
        return tuple(map(_converted, value))
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(value, **{name: _converted(part) for name, part in parts.items()})
    return value


def _text(text: Text) -> Text:
    written = shipped_conversions().get(text.own)
    if written is None:
        return text
    rendering = Rendering(TRADITIONAL, written, Origin.CONVERTED)
    return replace(text, renderings=(*text.renderings, rendering))
