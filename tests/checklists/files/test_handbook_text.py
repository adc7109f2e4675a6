"""An edition as plain text."""

import pytest

from checklists.edition_loading import shipped_edition
from checklists.files.handbook_text import edition_as_text
from tests.checklists.editions import made_up_edition


def test_the_handbooks_own_and_the_derived_are_marked_at_situation_lead_and_clause() -> None:
    lines = edition_as_text(shipped_edition(), "zh-Hans").splitlines()

    assert "网点服务手册 · 第 1 版" in lines
    assert "  情景 6　主动询问客户〔源自手册〕" in lines
    assert "    S06.A1 动作  走到客户面前才开口〔源自手册〕" in lines
    assert "      “您好，请问您需要什么帮助？”" in lines
    assert any(line.startswith("  情景 11　") and line.endswith("〔推定〕") for line in lines)
    assert any(line.startswith("    S38.P1 话术  ") and line.endswith("〔推定〕") for line in lines)
    assert any(
        line.startswith("  负责：大堂经理〔推定〕 · 管理：网点负责人 · 执行：大堂经理、") for line in lines
    )


def test_every_clause_stands_on_a_line_of_its_own_with_one_mark() -> None:
    edition = shipped_edition()

    lines = edition_as_text(edition, "zh-Hans").splitlines()

    for _, situation in edition.situations():
        for clause in situation.clauses:
            (line,) = (line for line in lines if line.startswith(f"    {clause.code} "))
            assert line.count("〔源自手册〕") + line.count("〔推定〕") == 1


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "  Situation 6: Offering help [from the handbook]"),
        ("zh-Hant", "  情景 6　主動詢問客戶〔源自手冊〕"),
        ("zh-Hant", "      「您好，請問您需要什麼幫助？」"),
        ("fr", "  情景 6　主动询问客户〔源自手册〕"),
    ],
)
def test_the_words_between_the_texts_are_in_the_language_asked_for(language: str, line: str) -> None:
    assert line in edition_as_text(shipped_edition(), language).splitlines()


def test_a_standing_flow_says_so() -> None:
    standing = next(flow for flow in made_up_edition().flows if flow.standing)

    text = edition_as_text(made_up_edition(), "zh-Hans")

    assert f"{standing.code} {standing.name.own} · 常设部分\n" in text
