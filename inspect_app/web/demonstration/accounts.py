"""The accounts that the demonstration wrote down beside its database."""

import json
from dataclasses import dataclass
from pathlib import Path

from inspect_app.models.people import UserKind

FILE = "accounts.json"


@dataclass(frozen=True, slots=True)
class WrittenAccount:
    """An account that a visitor may use; `scope` is the code of its region or branch."""

    kind: UserKind
    username: str
    password: str
    scope: str


def written_accounts(data_dir: Path) -> tuple[WrittenAccount, ...]:
    """Return the accounts in their order; none where nothing was written down."""
    place = data_dir / FILE
    if not place.is_file():
        return ()
    return tuple(
        WrittenAccount(UserKind(one["role"]), one["username"], one["password"], one["scope"])
        for one in json.loads(place.read_text(encoding="utf-8"))
    )
