"""The words of the printed checklist, in every language."""

from dataclasses import replace

from inspect_app.labels.paper import paper_words
from tests.reports.checklist_paper_words import CHINESE


def test_the_chinese_words_are_those_the_paper_was_tried_with() -> None:
    assert replace(paper_words("zh-Hans"), blanks=tuple(CHINESE.blanks)) == CHINESE
    assert tuple(paper_words("zh-Hans").blanks) == tuple(CHINESE.blanks)
