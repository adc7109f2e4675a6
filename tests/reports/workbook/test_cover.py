"""The cover says what this is, how it was counted, and leads to every sheet."""

from dataclasses import replace

from reports.rankings import RankBy, Unranked
from reports.workbook import Report
from tests.reports.workbook.made_up import not_ranked, ranking, report, texts_of, wave, workbook_of


def facts_of(made_from: Report) -> dict[str, str]:
    """Return the cover's labelled lines."""
    sheet = workbook_of(made_from)["封面"]
    return {str(label.value): str(text.value) for label, text in sheet["B8:C30"] if text.value is not None}


def test_the_cover_names_wave_and_unit() -> None:
    assert texts_of(workbook_of(report()), "封面")[:3] == [
        "神秘人检查",
        "2026Q3 网点服务排名",
        "总行 · 3 个网点参加排名，1 个未参加",
    ]


def test_the_cover_says_it_in_one_sentence() -> None:
    assert facts_of(report())["一句话"] == "平均 89.19 分，比上期高 1.18 分；1 个网点触发一票否决。"


def test_the_sentence_names_what_cost_most_where_the_demand_is_known() -> None:
    known = [replace(row, demand="主动询问客户") for row in report().details]

    assert facts_of(report(details=known))["一句话"].endswith("失分最多的是：主动询问客户。")


def test_the_cover_says_when_and_how_often_branches_were_visited() -> None:
    assert facts_of(report())["检查时间"] == "2026 年 7 月 1 日 至 2026 年 9 月 20 日，暗访，每个网点 2–3 次"


def test_the_cover_names_publication_and_number() -> None:
    assert facts_of(report())["发布"] == "2026 年 10 月 12 日 09:00（中国标准时间），第 1 次排名"
    assert facts_of(report(published_at=None))["发布"] == "由检查数据直接算出，第 1 次排名"


def test_the_cover_says_how_far_the_journal_was_sealed_where_that_is_known() -> None:
    known = report(journal_head="4711:0123456789abcdef")

    assert facts_of(known)["日志"] == "发布时封存到 4711:0123456789abcdef"
    assert "日志" not in facts_of(report())


def test_a_restated_ranking_says_why() -> None:
    restated = report(ranking=replace(ranking(), number=2), restated_because="补录一次迟到的检查")

    assert facts_of(restated)["更正"] == "这是更正后的排名，原因：补录一次迟到的检查"
    assert "更正" not in facts_of(report())


def test_the_cover_says_how_it_was_counted_and_which_rule_ranks() -> None:
    by_score = facts_of(report())
    over_par = facts_of(report(ranking=ranking(RankBy.OVER_PAR)))

    assert by_score["怎么算"].endswith("一票否决封顶 59.00。")
    assert by_score["名次"].startswith("按得分由高到低")
    assert over_par["名次"].startswith("各网点的题目不全相同，所以按高于基准的分数由高到低")
    assert by_score["名次"].endswith("至少 2 次计入的检查才参加排名。")


def test_the_cover_leaves_out_what_is_not_known() -> None:
    unknown = facts_of(report(edition=None, veto_cap=None))

    assert unknown["怎么算"].endswith("没看到的不计。")
    assert unknown["核对"] == "指纹 7f3a 92c1 0b6d 44e0 · 计分规则第 1 版"


def test_the_cover_prints_fingerprint_and_versions() -> None:
    assert facts_of(report())["核对"] == "指纹 7f3a 92c1 0b6d 44e0 · 计分规则第 1 版 · 手册第 1 版"


def test_the_cover_of_a_region_speaks_of_that_region_alone() -> None:
    book = workbook_of(report(region="R02"))
    facts = facts_of(report(region="R02"))

    assert texts_of(book, "封面")[2] == "东湖分行 · 2 个网点参加排名，1 个未参加"
    assert facts["一句话"].startswith("平均 85.56 分；1 个网点触发一票否决")
    assert facts["范围"].startswith("东湖分行（R02）及其下级")


def test_the_cover_links_to_every_sheet() -> None:
    book = workbook_of(report())

    links = {cell.value: cell.hyperlink.location for (cell,) in book["封面"]["B8:B40"] if cell.hyperlink}

    assert links == {title: f"'{title}'!A1" for title in book.sheetnames[1:]}


def test_the_cover_carries_the_mark() -> None:
    assert len(workbook_of(report())["封面"]._images) == 1  # type: ignore[attr-defined]  # no public list of them


def test_a_ranking_without_any_branch_still_makes_a_workbook() -> None:
    root = not_ranked("HO", Unranked.NO_BRANCH)
    empty = replace(ranking(), wave=replace(wave(), targets=()), branches=(), regions=(root,), roles={})

    book = workbook_of(report(ranking=empty, details=[]))

    assert "本期没有网点参加排名：还没有一次检查计入。" in texts_of(book, "网点排名")
    assert "本期没有下级机构可排名：网点直属总行，或没有网点参加排名。" in texts_of(book, "区域排名")
