"""A workbook looked at from outside, before anything in it is unpacked: it is a zip file of parts."""

from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from inspect_app.importers import limits
from inspect_app.importers.refusals import FileRefusal, FileRefusedError

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""How .xls begins, and every workbook with a password."""

MAIN_PART = "xl/workbook.xml"
PROGRAMS = ("vbaproject", "externallinks/", "embeddings/", "activex/", "macrosheets/", "ddelinks")


def require_harmless(data: bytes) -> None:
    """Raise unless a file is a workbook of reasonable size without programs and without other files' data.

    Nothing is unpacked: what the file's own directory says of each part is enough.

    Raises:
        FileRefusedError: it is not.
    """
    if not data:
        raise FileRefusedError(FileRefusal.EMPTY)
    if len(data) > limits.LARGEST_FILE:
        raise FileRefusedError(FileRefusal.TOO_LARGE)
    if data.startswith(OLD_OFFICE):
        raise FileRefusedError(FileRefusal.OLD_OR_LOCKED)
    if not data.startswith(ZIP):
        raise FileRefusedError(FileRefusal.NOT_A_WORKBOOK)
    parts = _directory(data)
    names = [part.filename.lower() for part in parts]
    if MAIN_PART not in names:
        raise FileRefusedError(FileRefusal.NOT_A_WORKBOOK)
    if any(_leads_out(name) for name in names):
        raise FileRefusedError(FileRefusal.DAMAGED)
    if any(program in name for name in names for program in PROGRAMS):
        raise FileRefusedError(FileRefusal.HOLDS_PROGRAMS)
    if len(parts) > limits.MOST_PARTS or len(set(names)) < len(names) or _is_bomb(parts, len(data)):
        raise FileRefusedError(FileRefusal.TOO_DEMANDING)


def _directory(data: bytes) -> list[ZipInfo]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            return archive.infolist()
    except (BadZipFile, LargeZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileRefusedError(FileRefusal.DAMAGED) from error


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name


def _is_bomb(parts: list[ZipInfo], size: int) -> bool:
    """Say whether the parts become too large, or claim more packed bytes than the file has."""
    if sum(part.compress_size for part in parts) > size:
        return True
    if sum(part.file_size for part in parts) > limits.LARGEST_UNPACKED:
        return True
    return any(
        part.file_size > limits.MOST_TIMES_LARGER * max(part.compress_size, 1) and part.file_size > 1_000_000
        for part in parts
    )
