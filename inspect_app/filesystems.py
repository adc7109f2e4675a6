"""Which kind of file system a folder lies on: SQLite relies on locks that shared ones do not keep."""

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""The kernel's table of what is mounted where; machines without it are not asked."""

SHARED = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|virtiofs|fuse(\..+)?|fuseblk|afs|ceph|glusterfs|lustre|vboxsf"
)
"""Kinds that more than one machine, or a machine and its guest, can have open at once."""

FLEETING = ("tmpfs", "ramfs")
"""Kinds that are gone when the machine restarts."""

ESCAPED = re.compile(r"\\([0-7]{3})")


def file_system_of(place: Path) -> str | None:
    """Return the kind of file system that a file or folder lies on, or would; None where nobody can tell."""
    try:
        table = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    resolved = place.resolve()
    kinds = [(point, kind) for point, kind in map(_mounted, table.splitlines()) if _holds(point, resolved)]
    # Of several mounts on one point the last hides the others; max() would return the first.
    return max(reversed(kinds), key=lambda found: len(found[0].parts))[1] if kinds else None


def is_shared(kind: str | None) -> bool:
    """Say whether several machines can have files of this kind open; what nobody can tell is not."""
    return kind is not None and SHARED.fullmatch(kind) is not None


def _holds(point: Path, place: Path) -> bool:
    return point == place or point in place.parents


def _mounted(line: str) -> tuple[Path, str]:
    """Return the mount point and the kind of one line; `-` ends the fields whose number varies."""
    fields = line.split(" ")
    point = ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4])
    return Path(point), fields[fields.index("-", 6) + 1]
