"""The nouns: what is kept, one file per subject. Importing this package makes every table known."""

from inspect_app.models import (
    accounts,
    appeals,
    branch_photos,
    calendar,
    corrective_actions,
    deficiencies,
    handbook,
    inspections,
    jobs,
    journal,
    organisation,
    people,
    phones,
    photos,
    rankings,
    visits,
    waves,
)
from inspect_app.models.base import Base

__all__ = [
    "Base",
    "accounts",
    "appeals",
    "branch_photos",
    "calendar",
    "corrective_actions",
    "deficiencies",
    "handbook",
    "inspections",
    "jobs",
    "journal",
    "organisation",
    "people",
    "phones",
    "photos",
    "rankings",
    "visits",
    "waves",
]
