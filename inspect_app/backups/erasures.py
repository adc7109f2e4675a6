"""The list of those who were forgotten, kept beside the database: backups are older than the forgetting."""

import json
import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ERASURES = "erasures.jsonl"
"""The file in the data folder: ids and days, no names."""


def note_erasure(data_dir: Path, user_id: uuid.UUID, *, now: datetime) -> Path:
    """Write down that somebody was forgotten, durable before this returns; return where."""
    place = data_dir / ERASURES
    line = json.dumps({"user": str(user_id), "erased_on": now.astimezone(UTC).date().isoformat()})
    with place.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
    return place


def noted_erasures(place: Path) -> Sequence[uuid.UUID]:
    """Return who was forgotten, as a list says; nobody where there is no list.

    Raises:
        ValueError: the list cannot be read.
    """
    if not place.exists():
        return ()
    lines = place.read_text(encoding="utf-8").splitlines()
    try:
        return tuple(uuid.UUID(json.loads(line)["user"]) for line in lines if line.strip())
    except (TypeError, KeyError) as error:
        raise ValueError(f"{place} is no list of erasures") from error
