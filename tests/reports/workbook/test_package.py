"""The file: no formulas, no names of people or machines, the same bytes each time, and it opens."""

import re
import subprocess
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from inspect_app.labels.workbook import workbook_words
from reports.rankings import RankBy
from reports.workbook import NamedRole, Report, write_workbook
from run import OFFICE
from tests.parts import require
from tests.reports.workbook.made_up import DETAILS, foot_of, ranking, report, table_of, workbook_of

PAYLOADS = ["=1+1", "+1+1", "@SUM(1)", "＝1+1", '=HYPERLINK("http://x","y")', "\t=1"]
UNFIT = "\x00\x0b\ud800\ufffe\uffff"


def parts_of(file: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name."""
    with ZipFile(BytesIO(file)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def report_full_of(text: str) -> Report:
    """Return a report with the text in every field that takes text."""
    plain = ranking(RankBy.OVER_PAR)
    wave = replace(
        plain.wave,
        code=text,
        regions=tuple(replace(region, name=text) for region in plain.wave.regions),
        targets=tuple(replace(target, name=text, kind=text) for target in plain.wave.targets),
    )
    details = [
        replace(row, branch_name=text, flow=text, clause=text, demand=text, role=text, seen=text, state=text)
        for row in DETAILS
    ]
    return report(
        ranking=replace(plain, wave=wave),
        details=details,
        roles=[NamedRole("teller", text), NamedRole("lobby_manager", text)],
        restated_because=text,
        rules_version=text,
        edition=text,
    )


def written(made_from: Report) -> bytes:
    return write_workbook(made_from, workbook_words("zh-Hans"))


@pytest.mark.parametrize("text", PAYLOADS)
@pytest.mark.fault("X01")
def test_no_text_becomes_a_formula(text: str) -> None:
    parts = parts_of(written(report_full_of(text)))

    sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 6
    assert not any(re.search(rb"<f[ >/]", part) for part in sheets)
    assert b'quotePrefix="1"' in parts["xl/styles.xml"]


@pytest.mark.parametrize("text", PAYLOADS)
@pytest.mark.fault("X01")
def test_text_that_looks_like_a_formula_is_read_back_as_it_was(text: str) -> None:
    table = table_of(workbook_of(report_full_of(text)), "网点排名")

    assert table.column("机构名称") == [text] * 3
    assert all(row["机构名称"].quotePrefix for row in table.rows)


@pytest.mark.fault("X02")
def test_unfit_characters_everywhere_still_make_a_file_that_opens() -> None:
    table = table_of(workbook_of(report_full_of(UNFIT)), "网点排名")

    assert table.column("机构名称") == ["\ufffd" * 5] * 3


def test_ampersands_in_the_foot_are_no_codes() -> None:
    sheet = workbook_of(report_full_of("A&D"))["网点排名"]

    assert foot_of(sheet)[0] == "A&&D · 指纹 7f3a 92c1 0b6d 44e0"


def test_numbers_are_written_as_short_as_they_are() -> None:
    part = parts_of(written(report()))["xl/worksheets/sheet3.xml"]

    assert b"<v>96.46</v>" in part


def test_the_same_report_gives_the_same_bytes() -> None:
    assert written(report()) == written(report())


@pytest.mark.fault("X05")
def test_the_file_names_nobody_and_no_program_but_ours() -> None:
    parts = parts_of(written(report()))

    core = parts["docProps/core.xml"].decode()
    assert "creator" not in core
    assert "lastModifiedBy" not in core
    assert "2026Q3 网点服务排名" in core
    assert b"<Application>Inspect</Application>" in parts["docProps/app.xml"]
    assert not any(b"openpyxl" in part for part in parts.values())


def test_the_file_is_dated_by_its_publication() -> None:
    published = datetime(2026, 10, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))

    core = parts_of(written(report(published_at=published)))["docProps/core.xml"].decode()

    assert core.count("2026-10-12T01:00:00Z") == 2


def test_the_file_of_an_unpublished_ranking_is_dated_by_the_waves_last_day() -> None:
    core = parts_of(written(report(published_at=None)))["docProps/core.xml"].decode()

    assert core.count("2026-09-20T00:00:00Z") == 2


def test_the_entries_carry_no_time_of_writing() -> None:
    with ZipFile(BytesIO(written(report()))) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.fault("X02")
def test_libreoffice_opens_the_file_and_reads_the_same_values(tmp_path: Path) -> None:
    office = require(OFFICE)
    (tmp_path / "ranking.xlsx").write_bytes(written(report_full_of("=1+1")))

    subprocess.run(
        [
            office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"),
            str(tmp_path / "ranking.xlsx"),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    table = table_of(load_workbook(tmp_path / "out" / "ranking.xlsx"), "网点排名")
    assert table.column("机构名称") == ["=1+1"] * 3
    assert table.column("得分") == [96.46, 90, 81.11]
    assert table.column("名次变化") == [2, 0, -1]
