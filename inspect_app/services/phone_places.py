"""Where a phone says that it was: read roughly, kept with the visit's identity, for reviewers alone."""

import json
from dataclasses import asdict, dataclass

from checklists.json_values import compact_json

DIGITS = 3
"""Of a degree: about a hundred metres. That somebody was there can be told from it, and no track made."""

MOST_METRES = 100_000
"""A place less certain than this says nothing about a branch."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth.

    Attributes:
        latitude: degrees from -90 to 90, rounded to thousandths.
        longitude: degrees from -180 to 180, rounded to thousandths.
        accuracy: metres by which the phone says it may be off, from 0; None where it does not say.
    """

    latitude: float
    longitude: float
    accuracy: int | None


def read_place(value: object) -> Place | None:
    """Return the place that a phone sent; None where it is none: no place makes a body wrong."""
    if not isinstance(value, dict):
        return None
    latitude = _number(value.get("latitude"), 90)
    longitude = _number(value.get("longitude"), 180)
    accuracy = _number(value.get("accuracy"), MOST_METRES)
    if latitude is None or longitude is None:
        return None
    metres = None if accuracy is None or accuracy < 0 else round(accuracy)
    return Place(round(latitude, DIGITS), round(longitude, DIGITS), metres)


def place_text(place: Place) -> str:
    """Return a place as it is stored, JSON text."""
    return compact_json(asdict(place))


def stored_place(text: str | None) -> Place | None:
    """Return a place that was stored; None where there is none, or it was erased when its time had come."""
    return None if text is None else read_place(json.loads(text))


def _number(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= most:
        return None
    return value
