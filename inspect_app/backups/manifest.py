"""A backup's manifest: what is in it, so that whoever takes it back can tell whether all of it is there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checklists.json_values import DocumentError, Json, Member
from inspect_app.backups.errors import BackupError, Reason

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a backup: its size in bytes and the SHA-256 of its content, hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table of the database: its number of rows, and the sum of their hashes (`queries.tables`)."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        version: of the product that made it; `schema` the migration its database had reached.
        kind: of the database: `sqlite` or `postgresql`.
        made_at: the moment of the view that was copied, as ISO 8601.
        database: the name of the file with the copy.
        journal: the head of the journal's chain, `SEQUENCE:HASH`; None before anything was sealed.
        files: by path inside the backup, the copy of the database among them.
    """

    version: str
    schema: str
    kind: str
    made_at: str
    database: str
    journal: str | None
    tables: Mapping[str, StoredTable]
    files: Mapping[str, StoredFile]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest down: last of all, so that a backup without one is known to be incomplete."""
    document: Json = {
        "format": FORMAT,
        "version": manifest.version,
        "schema": manifest.schema,
        "kind": manifest.kind,
        "made_at": manifest.made_at,
        "database": manifest.database,
        "journal": manifest.journal,
        "tables": {name: {"rows": one.rows, "digest": one.digest} for name, one in manifest.tables.items()},
        "files": {name: {"size": one.size, "sha256": one.sha256} for name, one in manifest.files.items()},
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises:
        BackupError: there is none, or it is none that this version can read.
    """
    try:
        return _read(Member(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))))
    except (OSError, ValueError) as error:
        raise BackupError(Reason.NOT_A_BACKUP, folder) from error


def _read(member: Member) -> Manifest:
    if member["format"].number() != FORMAT:
        raise DocumentError(f"format {member['format'].number()} is not known")
    tables, files = member["tables"].value, member["files"].value
    if not isinstance(tables, dict) or not isinstance(files, dict):
        raise DocumentError("tables and files should be objects")
    return Manifest(
        version=member["version"].text(),
        schema=member["schema"].text(),
        kind=member["kind"].text(),
        made_at=member["made_at"].text(),
        database=member["database"].text(),
        journal=None if member["journal"].is_absent else member["journal"].text(),
        tables={
            name: StoredTable(
                member["tables"][name]["rows"].number(), member["tables"][name]["digest"].text()
            )
            for name in tables
        },
        files={
            _inside(name): StoredFile(
                member["files"][name]["size"].number(), member["files"][name]["sha256"].text()
            )
            for name in files
        },
    )


def _inside(name: str) -> str:
    """Return a path that stays inside the backup."""
    parts = Path(name).parts
    if not parts or Path(name).is_absolute() or ".." in parts:
        raise DocumentError(f"{name} leads out of the backup")
    return name
