"""A csv file as plain rows: UTF-8 or GB18030, with commas, semicolons or tabs."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import islice

from inspect_app.importers import limits
from inspect_app.importers.refusals import FileRefusal, FileRefusedError
from inspect_app.importers.workbooks import RawRow

DELIMITERS = ",;\t"
NOTHING: Mapping[int, str] = {}
LOOKED_AT = 10
"""By so many lines it is told what stands between two cells."""


def read_csv(data: bytes) -> Iterator[RawRow]:
    """Yield the rows that are not empty, numbered as a spreadsheet shows them. Every cell is text.

    Raises:
        FileRefusedError: it is empty, too large, of another encoding, or a quotation mark is not closed.
    """
    text = _text_of(data)
    lines = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(lines, start=1):
            if number > limits.MOST_LISTED:
                raise FileRefusedError(FileRefusal.TOO_MANY_ROWS)
            if any(cells):
                yield number, cells, NOTHING
    except csv.Error as error:
        raise FileRefusedError(FileRefusal.BROKEN_LINES, (str(number + 1),)) from error


def _text_of(data: bytes) -> str:
    if not data.strip():
        raise FileRefusedError(FileRefusal.EMPTY)
    if len(data) > limits.LARGEST_FILE:
        raise FileRefusedError(FileRefusal.TOO_LARGE)
    if b"\0" in data:
        raise FileRefusedError(FileRefusal.UNKNOWN_SIGNS)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefusedError(FileRefusal.UNKNOWN_SIGNS)


def _delimiter(text: str) -> str:
    """Return what stands between the cells of the first lines; a comma where nothing does."""
    beginning = "".join(islice(StringIO(text), LOOKED_AT))
    return max(DELIMITERS, key=beginning.count)
