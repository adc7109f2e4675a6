"""The ranking sheets: what their columns hold, in which order, and what stands apart."""

from dataclasses import replace

import pytest

from reports.rankings import RankBy, Region
from reports.workbook import NamedRole, UnknownRegionError
from tests.reports.workbook.made_up import (
    HEAD_ROW,
    foot_of,
    ranked,
    ranking,
    report,
    table_of,
    texts_of,
    workbook_of,
)

BRANCH_HEADS = [
    "名次", "机构代码", "机构名称", "上级机构", "网点类型", "同类名次", "得分", "名次变化", "得分变化",
    "访问次数", "否决", "话术", "动作", "排名依据",
]  # fmt: skip
ROLE_SHEETS = ["大堂经理", "柜员", "网点负责人"]


def test_the_sheets_are_those_of_the_ranking_and_of_the_editions_roles() -> None:
    assert workbook_of(report()).sheetnames == ["封面", "区域排名", "网点排名", *ROLE_SHEETS, "明细"]


def test_branches_stand_by_rank_with_their_units_and_kinds() -> None:
    table = table_of(workbook_of(report()), "网点排名")

    assert table.heads == BRANCH_HEADS
    assert table.column("名次") == [1, 2, 3]
    assert table.column("机构代码") == ["0101", "0102", "0103"]
    assert table.column("机构名称") == ["广场支行", "临湖支行", "翠湖支行"]
    assert table.column("上级机构") == ["临江分行", "东湖分行", "东湖分行"]
    assert table.column("网点类型") == ["基础", "精品", "基础"]
    assert table.column("同类名次") == [1, 1, 2]
    assert table.column("访问次数") == [2, 2, 3]


def test_scores_and_changes_are_numbers_with_their_formats() -> None:
    table = table_of(workbook_of(report()), "网点排名")

    assert table.column("得分") == [96.46, 90.0, 81.11]
    assert table.column("名次变化") == [2, 0, -1]
    assert table.column("得分变化") == [0.44, 0, -0.9]
    assert table.column("话术") == [92.51, None, None]
    first = table.rows[0]
    assert first["得分"].number_format == "0.00"
    assert first["名次变化"].number_format == '"▲"0;"▼"0;"–"'
    assert first["得分变化"].number_format == "+0.00;−0.00;0.00"
    assert {first[head].data_type for head in ("名次", "得分", "名次变化", "得分变化")} == {"n"}


def test_better_is_teal_worse_is_ochre_and_a_veto_is_red() -> None:
    table = table_of(workbook_of(report()), "网点排名")

    assert [row["名次变化"].font.color.rgb for row in table.rows] == ["000B655D", "001A1D21", "00A33F0C"]
    assert [row["得分变化"].font.color.rgb for row in table.rows] == ["000B655D", "001A1D21", "00A33F0C"]
    assert table.rows[2]["否决"].font.color.rgb == "00A80F2B"


def test_changes_are_empty_where_there_is_no_previous_ranking() -> None:
    table = table_of(workbook_of(report()), "柜员")

    assert table.column("名次变化") == [None, None]
    assert table.column("得分变化") == [None, None]


def test_shared_ranks_stand_by_code() -> None:
    table = table_of(workbook_of(report()), "柜员")

    assert table.column("名次") == [1, 1]
    assert table.column("机构代码") == ["0102", "0103"]


def test_what_was_not_ranked_stands_apart_with_its_reason() -> None:
    table = table_of(workbook_of(report()), "网点排名")

    assert table.below == [
        ["未参加排名（1）"],
        ["机构代码", "机构名称", "上级机构", "网点类型", "得分", "访问次数", "原因"],
        ["0104", "人民路支行", "东湖分行", "基础", 82, 1, "计入的检查次数不够"],
    ]


def test_the_root_stands_first_among_regions_without_a_rank() -> None:
    table = table_of(workbook_of(report()), "区域排名")

    assert table.column("机构代码") == ["HO", "R01", "R02"]
    assert table.column("名次") == [None, 1, 2]
    assert table.column("上级机构") == [None, "总行", "总行"]
    assert table.column("得分") == [89.19, 96.46, 85.56]
    assert table.column("网点数") == [3, 1, 2]


def test_levels_of_regions_are_parted_by_a_heavy_line() -> None:
    table = table_of(workbook_of(report()), "区域排名")

    assert [row["得分"].border.bottom.style for row in table.rows] == ["medium", "thin", "thin"]


def test_a_role_that_was_seen_nowhere_says_why() -> None:
    book = workbook_of(report())

    assert table_of(book, "网点负责人").rows == []
    assert "本期没有一次计入的检查由网点负责人接待，所以没有这个岗位的排名。" in texts_of(book, "网点负责人")


def test_over_par_stands_beside_the_score_where_it_ranks() -> None:
    book = workbook_of(report(ranking=ranking(RankBy.OVER_PAR)))

    table = table_of(book, "网点排名")
    assert table.column("高于基准") == [4.0, 0, -3.1]
    assert {row["高于基准"].number_format for row in table.rows} == {"+0.00;−0.00;0.00"}
    assert "高于基准" in table_of(book, "区域排名").heads
    assert "高于基准" in table_of(book, "柜员").heads


def test_over_par_is_not_printed_where_the_score_ranks() -> None:
    assert "高于基准" not in table_of(workbook_of(report()), "网点排名").heads


def test_a_region_shows_its_own_rows_with_places_in_the_whole_and_in_the_region() -> None:
    book = workbook_of(report(region="R02"))

    branches = table_of(book, "网点排名")
    assert branches.column("机构代码") == ["0102", "0103"]
    assert branches.column("名次") == [2, 3]
    assert branches.column("区内名次") == [1, 2]
    assert table_of(book, "区域排名").column("机构代码") == ["R02"]
    assert table_of(book, "柜员").column("区内名次") == [1, 1]
    assert table_of(book, "明细").column("机构代码") == ["0102"]


def test_nothing_from_outside_the_region_is_in_the_file() -> None:
    book = workbook_of(report(region="R02"))

    everything = "".join(text for title in book.sheetnames for text in texts_of(book, title))
    assert "广场支行" not in everything
    assert "临江分行" not in everything


def test_regions_of_a_region_are_placed_within_their_level() -> None:
    plain = ranking()
    deeper = (
        Region("R021", "甲支行", "R02"),
        Region("R022", "乙支行", "R02"),
        Region("R011", "丙支行", "R01"),
    )
    deep = replace(
        plain,
        wave=replace(plain.wave, regions=(*plain.wave.regions, *deeper)),
        regions=(*plain.regions, ranked("R011", 1, 9646), ranked("R022", 2, 9000), ranked("R021", 3, 8111)),
    )

    table = table_of(workbook_of(report(ranking=deep, region="R02")), "区域排名")

    assert table.column("机构代码") == ["R02", "R022", "R021"]
    assert table.column("名次") == [2, 2, 3]
    assert table.column("区内名次") == [1, 1, 2]


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(UnknownRegionError, match="2026Q3 has no region R99"):
        workbook_of(report(region="R99"))


def test_a_ranking_sheet_is_frozen_filtered_and_ready_to_print() -> None:
    sheet = workbook_of(report())["网点排名"]

    assert sheet.freeze_panes == "D5"
    assert sheet.auto_filter.ref == f"A{HEAD_ROW}:N7"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area == "'网点排名'!$A$1:$N$11"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert foot_of(sheet) == ("2026Q3 · 指纹 7f3a 92c1 0b6d 44e0", "第 &P / &N 页")


def test_scores_carry_the_attention_scale() -> None:
    rules = workbook_of(report())["网点排名"].conditional_formatting

    scales = [(str(rule.sqref), entry.colorScale) for rule in rules for entry in rule.rules]
    assert [cells for cells, _scale in scales] == ["G5:G7 L5:L7 M5:M7"]
    assert [limit.val for limit in scales[0][1].cfvo] == [65, 86, 96]
    assert [color.rgb for color in scales[0][1].color] == ["00C9762A", "00F6DDB2", "00FFFFFF"]


def test_a_column_is_as_wide_as_its_longest_text_and_three_more() -> None:
    widths = workbook_of(report())["网点排名"].column_dimensions

    assert widths["A"].width == 7
    assert widths["C"].width == 2 * len("人民路支行") + 3
    assert widths["G"].width == 9


def test_a_very_long_name_stops_at_the_widest_column() -> None:
    plain = ranking()
    long = replace(plain.wave.targets[0], name="很长的名字" * 20)
    long_wave = replace(plain.wave, targets=(long, *plain.wave.targets[1:]))

    book = workbook_of(report(ranking=replace(plain, wave=long_wave)))

    assert book["网点排名"].column_dimensions["C"].width == 48


def test_sheets_of_roles_with_unfit_or_equal_names_get_titles_of_their_own() -> None:
    roles = [
        NamedRole("lobby_manager", "大堂/经理"),
        NamedRole("teller", "明细"),
        NamedRole("branch_head", "岗" * 40),
    ]

    titles = workbook_of(report(roles=roles)).sheetnames

    assert titles[3:] == ["大堂_经理", "明细", "岗" * 30 + "…", "明细 (2)"]


def test_the_interval_stands_beside_the_rank_where_it_was_computed_and_parts_the_bands() -> None:
    plain = ranking()
    limits = [(1, 2), (2, 3), (3, 3), (None, None)]
    rows = [
        replace(row, interval_low=low, interval_high=high)
        for row, (low, high) in zip(plain.branches, limits, strict=True)
    ]

    table = table_of(workbook_of(report(ranking=replace(plain, branches=tuple(rows)))), "网点排名")

    assert table.column("名次下限") == [1, 2, 3]
    assert table.column("名次上限") == [2, 3, 3]
    assert [row["得分"].border.bottom.style for row in table.rows] == ["thin", "medium", "thin"]


def test_a_wave_with_a_name_is_called_by_it() -> None:
    plain = ranking()
    named = replace(plain, wave=replace(plain.wave, name="2026 年三季度"))

    assert "2026 年三季度 网点服务排名" in texts_of(workbook_of(report(ranking=named)), "封面")


def test_a_note_longer_than_its_table_wraps_over_all_columns() -> None:
    plain = ranking(RankBy.OVER_PAR)
    long = replace(plain, wave=replace(plain.wave, name="名称很长的期次" * 12))

    sheet = workbook_of(report(ranking=long))["柜员"]

    assert [str(cells) for cells in sheet.merged_cells.ranges] == ["A2:L2"]
    assert sheet["A2"].alignment.wrap_text
    assert sheet.row_dimensions[2].height == 36
