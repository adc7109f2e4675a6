"""`inspect-app score`: from lines to the workbook."""

import re
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.inspect_app.cli.running import run
from tests.inspect_app.cli.sheets import in_common, not_ranked, printed, rows_of, sheets_of
from tests.reports import independent
from tests.reports.export_examples import MISSING, VISIT, WAVE, line
from tests.reports.test_independent import stating
from tests.reports.waves import FIRST, SECOND, made_up_wave

ROLE_SHEETS = {
    "lobby_manager": "大堂经理",
    "teller": "柜员",
    "customer_manager": "客户经理",
    "security_guard": "保安",
    "accounting_supervisor": "会计主管",
    "branch_head": "网点负责人",
}


def put(file: Path, lines: Sequence[str]) -> None:
    """Write lines to a file."""
    file.write_text("".join(f"{text}\n" for text in lines), encoding="utf-8")


@pytest.mark.parametrize("rank_by", ["score", "over_par"])
@pytest.mark.parametrize("seed", [3, 20, 77])
def test_the_workbook_holds_what_a_second_program_computes(tmp_path: Path, seed: int, rank_by: str) -> None:
    before, lines = made_up_wave(seed, FIRST, rank_by), made_up_wave(seed, SECOND, rank_by)
    earlier = independent.recompute(before)
    expected = independent.recompute(lines, earlier)
    put(tmp_path / "before.jsonl", stating(before, earlier))
    put(tmp_path / "wave.jsonl", stating(lines, expected))

    finished = run(tmp_path, "score", "wave.jsonl", "--previous", "before.jsonl", "--out", "ranking.xlsx")

    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    sheets = sheets_of(tmp_path / "ranking.xlsx")
    tables = {"区域排名": "region", "网点排名": "branch"}
    tables |= {name: f"role:{code}" for code, name in ROLE_SHEETS.items()}
    for sheet, table in tables.items():
        rows = expected.tables.get(table, {}).values()
        found = {row["机构代码"]: in_common(row) for row in rows_of(sheets[sheet])}
        ranked = [row for row in rows if row.unranked is None]
        assert found == {row.code: printed(row) for row in ranked}
        if ranked:
            assert set(not_ranked(sheets[sheet])) == {row.code for row in rows if row.unranked is not None}
    digits = " ".join(re.findall("....", expected.fingerprint[:16]))
    assert any(digits in str(cell) for row in sheets["封面"].iter_rows(values_only=True) for cell in row)


def test_every_answer_below_full_credit_stands_in_the_detail(tmp_path: Path) -> None:
    put(tmp_path / "wave.jsonl", [WAVE.replace("\n", ""), VISIT.replace("\n", "")])

    run(tmp_path, "score", "wave.jsonl", "--out", "ranking.xlsx")

    sheet = sheets_of(tmp_path / "ranking.xlsx")["明细"]
    assert [
        [
            row[head]
            for head in (
                "机构代码",
                "机构名称",
                "流程",
                "条款",
                "要求",
                "得分率",
                "扣分",
                "岗位",
                "看到、听到的",
            )
        ]
        for row in rows_of(sheet)
    ] == [["0101", "城东", "业务咨询", "S06.A1", None, 0.5, -25, "大堂经理", None]]


def test_lines_that_state_what_they_come_to_are_accepted(tmp_path: Path) -> None:
    put(tmp_path / "wave.jsonl", [WAVE.replace("\n", ""), VISIT.replace("\n", "")])

    finished = run(tmp_path, "score", "wave.jsonl", "--out", "ranking.xlsx")

    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


def test_each_tampered_number_is_named_and_the_workbook_written_all_the_same(tmp_path: Path) -> None:
    tampered = line(VISIT, ("scores.visit", 9900), ("scores.flows.F2", 1), ("scores.high", MISSING))
    put(tmp_path / "wave.jsonl", [line(WAVE, ("fingerprint", "0" * 64)), tampered])

    finished = run(tmp_path, "score", "wave.jsonl", "--out", "ranking.xlsx")

    assert finished.returncode == 1
    said, *named = finished.stderr.splitlines()
    assert said == "工作簿已写好：ranking.xlsx。与数据中的数字不一致的有 3 处："
    assert [sentence for sentence in named if "scores.visit is 9900, but comes to 7300" in sentence]
    assert [sentence for sentence in named if "scores.flows.F2 is 1, but comes to 7500" in sentence]
    assert [sentence for sentence in named if "fingerprint is 0000" in sentence]
    branches = rows_of(sheets_of(tmp_path / "ranking.xlsx")["网点排名"])
    assert [row["得分"] for row in branches] == [73]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    wave = line(
        WAVE, ("targets.0.branch.name", "=1+1"), ("units.1.name", "=cmd|'/c calc'!A1"), ("name", "=2+2")
    )
    put(tmp_path / "wave.jsonl", [wave, VISIT.replace("\n", "")])

    run(tmp_path, "score", "wave.jsonl", "--out", "ranking.xlsx")

    rows = rows_of(sheets_of(tmp_path / "ranking.xlsx")["网点排名"])
    assert [(row["机构名称"], row["上级机构"]) for row in rows] == [("=1+1", "=cmd|'/c calc'!A1")]
    with ZipFile(tmp_path / "ranking.xlsx") as package:
        parts = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/")]
        about = package.read("docProps/core.xml") + package.read("docProps/app.xml")
    assert not any(b"<f>" in part or b"<f " in part for part in parts)
    assert str(tmp_path).encode() not in about
    assert b"creator" not in about


def test_the_six_roles_of_the_edition_have_sheets_and_further_ones_are_named_by_code(tmp_path: Path) -> None:
    greeter = line(VISIT, ("sections.0.role", "greeter"), ("scores", MISSING))
    premises = line(
        VISIT,
        ("visit", "v2"),
        ("sections.0.role", "branch"),
        ("sections.0.lead", "branch"),
        ("scores", MISSING),
    )
    put(tmp_path / "wave.jsonl", [WAVE.replace("\n", ""), greeter, premises])

    run(tmp_path, "score", "wave.jsonl", "--out", "ranking.xlsx")

    names = list(sheets_of(tmp_path / "ranking.xlsx"))
    assert names == ["封面", "区域排名", "网点排名", *ROLE_SHEETS.values(), "网点", "greeter", "明细"]


def test_a_character_that_is_a_line_end_elsewhere_may_stand_in_a_name(tmp_path: Path) -> None:
    put(
        tmp_path / "wave.jsonl",
        [line(WAVE, ("targets.0.branch.name", "城\u2028东")), VISIT.replace("\n", "")],
    )

    finished = run(tmp_path, "score", "wave.jsonl", "--out", "ranking.xlsx")

    assert (finished.returncode, finished.stderr) == (0, "")


def test_everything_that_is_wrong_with_the_lines_is_named_and_nothing_written(tmp_path: Path) -> None:
    put(tmp_path / "wave.jsonl", [WAVE.replace("\n", ""), line(VISIT, ("branch", "0999")), "{"])

    finished = run(tmp_path, "score", "wave.jsonl", "--out", "ranking.xlsx")

    assert finished.returncode == 1
    said, *named = finished.stderr.splitlines()
    assert said == "wave.jsonl 不是完好的导出数据："
    assert [sentence.split(": ")[0] for sentence in named] == ["wave.jsonl:2", "wave.jsonl:3"]
    assert not (tmp_path / "ranking.xlsx").exists()


def test_a_previous_ranking_that_is_not_the_named_one_is_not_used(tmp_path: Path) -> None:
    put(tmp_path / "wave.jsonl", [WAVE.replace("\n", ""), VISIT.replace("\n", "")])

    finished = run(tmp_path, "score", "wave.jsonl", "--previous", "wave.jsonl", "--out", "ranking.xlsx")

    assert finished.returncode == 1
    assert "names no previous ranking" in finished.stderr
    assert (tmp_path / "ranking.xlsx").exists()


def test_the_same_lines_give_the_same_bytes_and_english_on_request(tmp_path: Path) -> None:
    put(tmp_path / "wave.jsonl", [WAVE.replace("\n", ""), VISIT.replace("\n", "")])

    for name in ("one.xlsx", "two.xlsx"):
        run(tmp_path, "score", "wave.jsonl", "--lang", "en", "--out", name)

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    sheets = list(sheets_of(tmp_path / "one.xlsx"))
    assert (sheets[:4], sheets[-1]) == (["Cover", "Regions", "Branches", "Lobby manager"], "Detail")


def test_the_sheets_of_a_recomputed_ranking_are_named_in_traditional_chinese(tmp_path: Path) -> None:
    put(tmp_path / "wave.jsonl", [WAVE.replace("\n", ""), VISIT.replace("\n", "")])

    run(tmp_path, "score", "wave.jsonl", "--lang", "zh-Hant", "--out", "ranking.xlsx")

    sheets = list(sheets_of(tmp_path / "ranking.xlsx"))
    assert (sheets[:4], sheets[-1]) == (["封面", "區域排名", "網點排名", "大堂經理"], "明細")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    finished = run(tmp_path, "score", "none.jsonl", "--out", "ranking.xlsx")

    assert (finished.returncode, finished.stderr) == (1, "没有这个文件：none.jsonl\n")
    assert list(tmp_path.iterdir()) == []
