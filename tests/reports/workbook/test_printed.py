"""The workbook as an office program prints and computes it."""

from pathlib import Path

from openpyxl import load_workbook
from PIL import Image

from inspect_app.labels.workbook import workbook_words
from reports.workbook import write_workbook
from tests.parts import Print, Recalculate
from tests.reports.workbook.made_up import report

INK = 128
"""Darker than this is ink, on a scale from 0 (black) to 255."""


def written(folder: Path) -> Path:
    """Return the made-up wave's workbook as a file."""
    place = folder / "ranking.xlsx"
    place.write_bytes(write_workbook(report(), workbook_words("zh-Hans")))
    return place


def share_of_ink(page: Path, box: tuple[float, float, float, float]) -> float:
    """Return how much of a page's part, given as shares of its width and height, is ink, from 0 to 1."""
    with Image.open(page) as picture:
        width, height = picture.size
        left, top, right, bottom = box
        part = picture.convert("L").crop(
            (int(left * width), int(top * height), int(right * width), int(bottom * height))
        )
    dark = sum(part.histogram()[:INK])
    return dark / (part.width * part.height)


def test_every_sheet_prints_on_one_page_with_text_and_clear_margins(
    tmp_path: Path, print_workbook: Print
) -> None:
    workbook = written(tmp_path)

    pages = print_workbook(workbook)

    assert len(pages) == len(load_workbook(workbook).sheetnames)
    for page in pages:
        assert share_of_ink(page, (0, 0, 1, 1)) > 0.002
        assert share_of_ink(page, (0, 0, 0.02, 1)) == 0
        assert share_of_ink(page, (0.98, 0, 1, 1)) == 0


def test_an_office_program_reads_the_values_that_were_written(
    tmp_path: Path, recalculate_workbook: Recalculate
) -> None:
    workbook = written(tmp_path)

    recalculated = load_workbook(recalculate_workbook(workbook), data_only=True)

    for sheet in load_workbook(workbook):
        shown = [[cell.value for cell in line] for line in sheet.iter_rows()]
        opened = recalculated[sheet.title]
        assert [
            [opened.cell(row, column).value for column in range(1, len(line) + 1)]
            for row, line in enumerate(shown, 1)
        ] == shown
