"""The nouns: what is kept, one file per subject. Importing this package makes every table known."""

from inspect_app.models import (
    accounts,
    deficiencies,
    handbook,
    inspections,
    jobs,
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
    "accounts",
    "deficiencies",
    "handbook",
    "inspections",
    "jobs",
    "journal",
    "organisation",
    "people",
    "rankings",
    "visits",
    "waves",
]
