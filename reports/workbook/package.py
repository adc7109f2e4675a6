"""The file: the same report gives the same bytes, and nothing in them names who made it, where or when."""

from datetime import UTC, datetime
from io import BytesIO
from os import PathLike
from pathlib import Path
from shutil import copyfileobj
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.writer.excel import ExcelWriter

from reports.workbook.text import clean

APPLICATION = "Inspect"

_ENTRY_TIME = (1980, 1, 1, 0, 0, 0)
_PROGRAM_PART = "docProps/app.xml"
_PROGRAM = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    f"<Application>{APPLICATION}</Application></Properties>"
)


def file_bytes(book: Workbook, title: str, made_at: datetime) -> bytes:
    """Return the workbook as an xlsx file.

    Args:
        book: the finished workbook, its sheets still open.
        title: the document's title.
        made_at: the moment that the file gives as its own, aware; never the clock's.
    """
    moment = made_at.astimezone(UTC)
    book.properties = DocumentProperties(creator=None, title=clean(title), created=moment, modified=moment)
    file = BytesIO()
    ExcelWriter(book, SteadyArchive(file, "w", ZIP_DEFLATED, allowZip64=True)).save()
    return file.getvalue()


class SteadyArchive(ZipFile):
    """A zip file whose entries carry no time, no owner, and nothing of the machine that wrote them."""

    def write(
        self,
        filename: str | PathLike[str],
        arcname: str | PathLike[str] | None = None,
        compress_type: int | None = None,  # noqa: ARG002 - ZipFile's own arguments
        compresslevel: int | None = None,  # noqa: ARG002
    ) -> None:
        """Add a file's content under `arcname`, piece by piece; everything is deflated alike."""
        entry = _entry(str(arcname or filename))
        entry.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(entry, "w") as target:
            copyfileobj(source, target)

    def writestr(  # type: ignore[override]  # openpyxl gives text or bytes, no other buffer
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: str | bytes,
        compress_type: int | None = None,  # noqa: ARG002 - ZipFile's own arguments
        compresslevel: int | None = None,  # noqa: ARG002
    ) -> None:
        """Add an entry of the given content; the part that names the program says what is true."""
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        super().writestr(_entry(name), _PROGRAM if name == _PROGRAM_PART else data)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name.lstrip("/"), date_time=_ENTRY_TIME)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0
    return entry
