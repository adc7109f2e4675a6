"""Files that are no workbooks, or worse: each is refused with a reason, and nothing of it is believed."""

import random
import re
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from inspect_app.importers import limits
from inspect_app.importers.refusals import FileRefusal, FileRefusedError
from inspect_app.importers.workbooks import read_workbook
from reports.answers.columns import MARK
from tests.reports.answers.made_up import book_of, row

BOOK = book_of(row(1, cause="没培训到"), row(2))
SHEET = "xl/worksheets/sheet1.xml"


def refusal_of(data: bytes) -> FileRefusal:
    """Return why a file is refused."""
    with pytest.raises(FileRefusedError) as refused:
        read_workbook(data, MARK)
    return refused.value.reason


def with_parts(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return the workbook with its parts changed."""
    with ZipFile(BytesIO(BOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def replaced(part: str, old: bytes, new: bytes) -> bytes:
    """Return the workbook with something replaced in one part."""

    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return with_parts(change)


def test_what_was_handed_out_is_read() -> None:
    rows = read_workbook(BOOK, MARK)

    assert rows[0].cells["A"].text == MARK
    assert any(cell.text == "没培训到" for one in rows for cell in one.cells.values())


@pytest.mark.fault("M01")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", FileRefusal.EMPTY),
        (b"<html><table><tr><td>1</td></tr></table></html>", FileRefusal.NOT_A_WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), FileRefusal.OLD_OR_LOCKED),
        (BOOK[: len(BOOK) // 2], FileRefusal.DAMAGED),
        (b"PK\x03\x04" + bytes(300), FileRefusal.DAMAGED),
        (bytes(range(256)) * 20, FileRefusal.NOT_A_WORKBOOK),
    ],
    ids=["empty", "a page", "an old workbook", "half of one", "a torn archive", "noise"],
)
def test_what_is_no_workbook_is_refused(data: bytes, reason: FileRefusal) -> None:
    assert refusal_of(data) is reason


@pytest.mark.fault("M01")
def test_changed_bytes_are_read_or_refused_and_never_break_the_product() -> None:
    chance = random.Random(4711)  # noqa: S311 - the same seed must make the same files
    for _attempt in range(12):
        data = bytearray(BOOK)
        for _change in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(FileRefusedError):
            read_workbook(bytes(data), MARK)


@pytest.mark.fault("M02")
def test_a_part_that_becomes_far_too_large_is_refused_unseen() -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["xl/sharedStrings.xml"] = b"<sst>" + b" " * 40_000_000 + b"</sst>"

    assert refusal_of(with_parts(change)) is FileRefusal.TOO_DEMANDING


@pytest.mark.fault("M02")
def test_too_many_parts_are_refused() -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts |= {f"xl/media/{number}.bin": b"" for number in range(limits.MOST_PARTS)}

    assert refusal_of(with_parts(change)) is FileRefusal.TOO_DEMANDING


@pytest.mark.fault("M02")
@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\x", "xl\\..\\..\\x"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts[name] = b"x"

    assert refusal_of(with_parts(change)) is FileRefusal.DAMAGED


@pytest.mark.fault("M02")
def test_sizes_that_lie_are_refused() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    data = bytearray(packed.getvalue())
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 20, 50_000_000)

    assert refusal_of(bytes(data)) is FileRefusal.TOO_DEMANDING


@pytest.mark.fault("M03")
@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
    ids=["entities of entities", "a file"],
)
@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/styles.xml", "[Content_Types].xml"])
def test_declarations_of_entities_are_refused_in_every_part(part: str, declaration: bytes) -> None:
    def change(parts: dict[str, bytes]) -> None:
        text = parts[part]
        end = text.index(b"?>") + 2 if text.startswith(b"<?xml") else 0
        parts[part] = text[:end] + declaration + text[end:]

    assert refusal_of(with_parts(change)) is FileRefusal.DAMAGED


@pytest.mark.fault("M03")
def test_a_declaration_that_is_kept_elsewhere_is_never_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/evil.dtd"
        declaration = f'<!DOCTYPE worksheet SYSTEM "{address}"><worksheet '.encode()
        with suppress(FileRefusedError):
            read_workbook(replaced(SHEET, b"<worksheet ", declaration), MARK)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.fault("M04")
def test_a_false_size_of_the_sheet_is_not_believed() -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts[SHEET], count = re.subn(
            b'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', parts[SHEET]
        )
        assert count == 1

    data = with_parts(change)

    assert len(read_workbook(data, MARK)) == len(read_workbook(BOOK, MARK))


@pytest.mark.fault("M04")
def test_too_many_rows_are_refused_by_name() -> None:
    rows = b"".join(
        b'<row r="%d"><c r="B%d"><v>1</v></c></row>' % (number, number)
        for number in range(20, limits.MOST_ROWS + 50)
    )
    data = replaced(SHEET, b"</sheetData>", rows + b"</sheetData>")

    assert refusal_of(data) is FileRefusal.TOO_MANY_ROWS


@pytest.mark.fault("M04")
def test_empty_rows_to_the_end_of_a_sheet_cost_nothing() -> None:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(1000, 60_000))
    data = replaced(SHEET, b"</sheetData>", rows + b"</sheetData>")

    assert len(read_workbook(data, MARK)) == len(read_workbook(BOOK, MARK))


@pytest.mark.fault("M08")
@pytest.mark.parametrize(
    "name", ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/embeddings/oleObject1.bin"]
)
def test_programs_and_links_to_other_files_are_refused(name: str) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts[name] = b"x"

    assert refusal_of(with_parts(change)) is FileRefusal.HOLDS_PROGRAMS


def test_a_workbook_of_somebody_elses_making_is_said_to_be_another() -> None:
    assert refusal_of(replaced(SHEET, MARK.encode(), b"something else")) is FileRefusal.ANOTHER_FORM
