"""Planning a wave."""

import pytest

from inspect_app.db import reading
from inspect_app.models.waves import WaveState
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.waves import all_waves, targets_of, variants_of, wave_coded
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.conftest import SignIn

PAGE = "/office/new-wave"
PLAN = {
    "code": "2026Q4",
    "name": "2026 年四季度",
    "recipe": "mystery",
    "opens_on": "2026-10-21",
    "closes_on": "2026-11-30",
    "visits_wanted": "2",
    "min_visits": "2",
    "disclosure_days": "0",
    "rank_by": "score",
}


def test_the_form_offers_the_shipped_recipes_with_their_length(administrator: Browser) -> None:
    page = administrator.get(PAGE).text

    assert "暗访 · 40 题" in page
    assert "明查 · 60 题" in page
    assert "电话检查 · 20 题" in page


def test_a_wave_is_planned_over_all_branches_with_a_new_checklist(bank: Bank, administrator: Browser) -> None:
    administrator.get(PAGE)

    answer = administrator.post(PAGE, PLAN)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/waves/2026Q4")
    with reading(bank.database) as session:
        wave = wave_coded(session, "2026Q4")
        assert wave.state is WaveState.PLANNED
        assert (wave.min_visits, wave.disclosure_days) == (2, 0)
        assert [target.branch_code for target in targets_of(session, wave)] == ["0101", "0102", "0201"]
        (variant,) = variants_of(session, wave)
        assert checklist_of(session, variant.checklist_hash).recipe == "mystery"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("code", "", "请填代码，如 2026Q4。"),
        ("code", "2026/Q4", "代码只用字母、数字、点和短横。"),
        ("code", "2026Q3", "已经有一个期次用了这个代码。"),
        ("name", "", "请填名称，如 2026 年四季度。"),
        ("closes_on", "2026-10-20", "收口不能早于开始。"),
        ("closes_on", "", "请填收口的日期。"),
        ("visits_wanted", "0", "请填 1 到 12 的整数。"),
        ("min_visits", "3", "不能多于每家检查的次数。"),
        ("disclosure_days", "", "请填 0 到 60 的整数。"),
        ("recipe", "nonsense", ""),
        ("rank_by", "nonsense", ""),
    ],
)
def test_what_cannot_be_planned_is_told_beside_its_field(
    bank: Bank, administrator: Browser, name: str, value: str, sentence: str
) -> None:
    administrator.get(PAGE)

    answer = administrator.post(PAGE, {**PLAN, name: value})

    assert answer.status_code == 422
    assert sentence in answer.text
    with reading(bank.database) as session:
        assert [wave.code for wave in all_waves(session)] == ["2026Q3"]


@pytest.mark.parametrize("username", ["reviewer", "inspector", "region01", "branch0101"])
def test_only_the_administrator_plans_waves(bank: Bank, sign_in: SignIn, username: str) -> None:
    browser = sign_in(username)
    browser.get("/handbook")

    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE, PLAN).status_code == 404
    with reading(bank.database) as session:
        assert len(all_waves(session)) == 1
