"""The bank as it stands: the tree, its branches and people."""

import pytest

from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.conftest import SignIn

PAGE = "/office/organisation"


def test_the_tree_counts_the_branches_below_each_region(administrator: Browser) -> None:
    page = administrator.get(PAGE).text

    assert "3 家网点 · 3 个区域" in page
    assert "重庆分行" in page
    assert "周神秘" in page


def test_a_region_shows_its_own_branches_and_managers(administrator: Browser) -> None:
    page = administrator.get(f"{PAGE}?region=R01").text

    assert "渝中支行" in page
    assert "单县支行" not in page
    assert "郑区域" in page
    assert "冯网点" in page
    assert "周神秘" not in page


@pytest.mark.parametrize("words", ["02", "单县", " 单县 "])
def test_branches_are_found_by_the_beginning_of_the_code_and_by_name(
    administrator: Browser, words: str
) -> None:
    page = administrator.get(f"{PAGE}?q={words}").text

    assert "舜师路" in page
    assert "民权路" not in page


def test_what_nobody_is_called_finds_nothing_and_says_what_to_do(administrator: Browser) -> None:
    assert "没有这样的网点" in administrator.get(f"{PAGE}?q=%25").text


def test_a_region_that_does_not_exist_is_not_there(administrator: Browser) -> None:
    assert administrator.get(f"{PAGE}?region=R99").status_code == 404


@pytest.mark.parametrize("username", ["reviewer", "inspector", "region01", "branch0101"])
def test_the_organisation_is_the_administrators(sign_in: SignIn, username: str) -> None:
    assert sign_in(username).get(PAGE).status_code == 404
