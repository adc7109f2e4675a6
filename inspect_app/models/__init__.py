"""The nouns: what is kept, one file per subject. Importing this package makes every table known."""

from inspect_app.models import (
    deficiencies,
    handbook,
    inspections,
    journal,
    organisation,
    people,
    rankings,
    visits,
    waves,
)
from inspect_app.models.base import Base

__all__ = [
    "Base",
    "deficiencies",
    "handbook",
    "inspections",
    "journal",
    "organisation",
    "people",
    "rankings",
    "visits",
    "waves",
]
