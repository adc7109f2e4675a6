"""The rows of many visits, by table, as they are written together."""

import uuid
from dataclasses import dataclass, field

from inspect_app.models.base import Base

Row = dict[str, object]


@dataclass(slots=True)
class Rows:
    """New rows by table, and what visits have become.

    Attributes:
        visits: by id, the columns of a visit that change as it is made.
    """

    new: dict[type[Base], list[Row]] = field(default_factory=dict)
    visits: dict[uuid.UUID, Row] = field(default_factory=dict)

    def add(self, table: type[Base], row: Row) -> None:
        """Add a new row."""
        self.new.setdefault(table, []).append(row)
