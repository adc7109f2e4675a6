"""The words of the workbook, in every language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime

import pytest

from inspect_app.labels.workbook import workbook_words
from reports.places import PlacedBy
from reports.rankings import Unranked
from reports.workbook import Counted

CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")


def texts_of(words: object) -> Iterator[str]:
    """Yield every text in a set of words."""
    if isinstance(words, str):
        yield words
    elif isinstance(words, Mapping):
        for word in words.values():
            yield from texts_of(word)
    elif is_dataclass(words):
        for field in fields(words):
            yield from texts_of(getattr(words, field.name))


def test_the_sheets_have_their_fixed_chinese_names() -> None:
    words = workbook_words("zh-Hans")

    assert (words.cover_sheet, words.regions_sheet, words.branches_sheet, words.detail_sheet) == (
        "封面",
        "区域排名",
        "网点排名",
        "明细",
    )


def test_the_sheets_have_their_traditional_names() -> None:
    words = workbook_words("zh-Hant")

    assert (words.cover_sheet, words.regions_sheet, words.branches_sheet, words.detail_sheet) == (
        "封面",
        "區域排名",
        "網點排名",
        "明細",
    )


def test_english_leaves_no_word_in_chinese() -> None:
    assert [text for text in texts_of(workbook_words("en")) if CHINESE.search(text)] == []


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_every_rule_and_reason_has_a_word(language: str) -> None:
    words = workbook_words(language)

    assert set(words.placed_by) == set(PlacedBy)
    assert set(words.unranked) == set(Unranked)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_no_two_heads_of_a_sheet_are_alike(language: str) -> None:
    heads = list(texts_of(workbook_words(language).headings))

    assert len(heads) == len(set(heads))


def test_a_number_of_things_takes_its_form() -> None:
    branches = workbook_words("en").cover.ranked

    assert [branches.of(count) for count in (0, 1, 2)] == [
        "0 branches ranked",
        "1 branch ranked",
        "2 branches ranked",
    ]
    assert isinstance(branches, Counted)


def test_dates_are_written_as_the_language_writes_them() -> None:
    moment = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)

    assert workbook_words("zh-Hans").day(date(2026, 7, 1)) == "2026 年 7 月 1 日"
    assert workbook_words("zh-Hant").day(date(2026, 7, 1)) == "2026 年 7 月 1 日"
    assert workbook_words("en").day(date(2026, 7, 1)) == "1 July 2026"
    assert workbook_words("en").moment(moment) == "12 October 2026, 01:00 (Coordinated Universal Time)"
