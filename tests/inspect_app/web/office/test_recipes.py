"""The shipped recipes."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.recipe_loading import shipped_recipe, shipped_recipe_names
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.conftest import SignIn


def test_the_list_says_how_long_each_recipe_is(administrator: Browser) -> None:
    page = administrator.get("/office/recipes").text

    for name in shipped_recipe_names():
        checklist = generate(shipped_edition(), shipped_recipe(name))
        assert f"{checklist.item_count} 题，约 {checklist.minutes} 分钟" in page


@pytest.mark.parametrize("name", shipped_recipe_names())
def test_a_recipe_shows_every_item_and_what_is_left_out(administrator: Browser, name: str) -> None:
    checklist = generate(shipped_edition(), shipped_recipe(name))

    page = administrator.get(f"/office/recipes/{name}").text

    assert all(item.code in page for section in checklist.sections for item in section.items)
    assert f"没选的 {len(checklist.left_out)} 条，为什么" in page


def test_a_checklist_is_downloaded_to_be_printed(administrator: Browser) -> None:
    answer = administrator.get("/office/recipes/mystery.xlsx")

    assert answer.status_code == 200
    assert load_workbook(BytesIO(answer.data)).sheetnames == ["检查表", "标准"]
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["/office/recipes/nonsense", "/office/recipes/nonsense.xlsx"])
def test_a_recipe_that_is_not_shipped_is_not_there(administrator: Browser, path: str) -> None:
    assert administrator.get(path).status_code == 404


@pytest.mark.parametrize("username", ["reviewer", "inspector", "region01", "branch0101"])
@pytest.mark.parametrize(
    "path", ["/office/recipes", "/office/recipes/mystery", "/office/recipes/mystery.xlsx"]
)
def test_recipes_are_the_administrators(sign_in: SignIn, username: str, path: str) -> None:
    assert sign_in(username).get(path).status_code == 404
