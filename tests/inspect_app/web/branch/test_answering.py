"""A branch answers what was found: as a draft, with photos, alone or several at once."""

import re
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from inspect_app.db import transaction
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.queries.corrective_actions import deficiency_to_verify, history_of
from inspect_app.queries.deficiencies import deficiency_for
from inspect_app.services.journal import Actor
from inspect_app.services.verifications import send_back
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.branch.test_home_page import deficiencies
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import read, signed_in

# What the pages ask of the database is asked of both by the tests of the services below them.
pytestmark = pytest.mark.sqlite

HIDDEN = re.compile(r'name="(photo|draft|seen\.[0-9a-f-]+)" value="([^"]*)"')
MEASURE = "班前会由大堂经理带着练两遍"


def page_of(one: Deficiency) -> str:
    """Return the address of a deficiency's page."""
    return f"/branch/deficiencies/{one.id}"


def filled(one: Deficiency, **changes: object) -> dict[str, object]:
    """Return the fields of a whole answer, as the page's form sends them."""
    tomorrow = (utc_now() + timedelta(days=1)).date().isoformat()
    fields = {
        f"seen.{one.id}": one.version,
        "draft": "",
        "cause": "forgotten",
        "measure": "training",
        "measure_words": MEASURE,
        "owner_role": "lobby_manager",
        "done_by": tomorrow,
        "do": "send",
    }
    return {**fields, **changes}


def picture(shade: int) -> tuple[BytesIO, str]:
    """Return a photo as a browser sends it."""
    data = BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 120)).save(data, "JPEG")
    return BytesIO(data.getvalue()), "值班表.jpg"


def carried(text: str) -> Mapping[str, list[str]]:
    """Return what a page's form carries along in hidden fields."""
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(text):
        found.setdefault(name, []).append(value)
    return found


def state_of(bank: Bank, one: Deficiency) -> DeficiencyState:
    """Return what has become of a deficiency."""
    with transaction(bank.database) as session:
        return deficiency_for(session, bank.user("branch0101"), one.id).state


@pytest.fixture
def app(ranked: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank with two published waves."""
    return app_on(ranked.database, tmp_path)


@pytest.fixture
def branch(app: Flask) -> Browser:
    """Return the browser of branch 0101."""
    return signed_in(app, "branch0101")


def test_an_answer_is_sent_and_stands_in_the_history(ranked: Bank, branch: Browser) -> None:
    one, other = deficiencies(ranked, "0101")[:2]
    branch.get(page_of(one))

    answer = branch.post(f"{page_of(one)}/answer", filled(one))

    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(one))
    page = read(branch.get(page_of(one)))
    assert MEASURE in page.text
    assert "等复查" in page.text
    assert [state_of(ranked, each) for each in (one, other)] == [
        DeficiencyState.ANSWERED,
        DeficiencyState.OPEN,
    ]
    assert MEASURE in read(branch.get(page_of(one))).text
    assert str(one.id) in " ".join(read(branch.get("/branch/answers")).links)


def test_several_with_the_same_cause_are_answered_at_once(ranked: Bank, branch: Browser) -> None:
    one, second, third = deficiencies(ranked, "0101")[:3]
    branch.get(page_of(one))
    fields = filled(one, also=[str(second.id)], **{f"seen.{second.id}": second.version})

    answer = branch.post(f"{page_of(one)}/answer", fields)

    assert answer.status_code == 303
    assert [state_of(ranked, each) for each in (one, second, third)] == [
        DeficiencyState.ANSWERED,
        DeficiencyState.ANSWERED,
        DeficiencyState.OPEN,
    ]
    assert "一共答了 2 项" in read(branch.get(page_of(second))).text


def test_what_is_lacking_is_said_beside_its_field_and_what_was_typed_stays(
    ranked: Bank, branch: Browser
) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))
    fields = filled(one, cause="", done_by="2020-01-01", measure_words=MEASURE)

    answer = branch.post(f"{page_of(one)}/answer", fields)

    assert answer.status_code == 422
    assert "请选一个原因" in answer.text
    assert "完成日期不能早于今天" in answer.text
    assert MEASURE in answer.text
    assert state_of(ranked, one) is DeficiencyState.OPEN


@pytest.mark.parametrize("words", ["", "加强教育"])
def test_a_measure_that_names_nothing_is_not_sent(ranked: Bank, branch: Browser, words: str) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))

    answer = branch.post(f"{page_of(one)}/answer", filled(one, measure_words=words))

    assert answer.status_code == 422
    assert "谁、什么时候、做什么" in answer.text


def test_a_draft_comes_back_as_it_was_left(ranked: Bank, branch: Browser) -> None:
    one, other = deficiencies(ranked, "0101")[:2]
    branch.get(page_of(one))

    answer = branch.post(f"{page_of(one)}/answer", filled(one, done_by="", do="draft"))

    assert answer.status_code == 303
    page = branch.get(page_of(one)).text
    assert MEASURE in page
    assert 'value="forgotten" checked' in page
    assert "有草稿" in read(branch.get("/branch?all=1")).text
    assert MEASURE not in branch.get(page_of(other)).text
    assert state_of(ranked, one) is DeficiencyState.OPEN


def test_a_script_that_keeps_a_draft_is_told_its_version(ranked: Bank, branch: Browser) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))

    first = branch.post(f"{page_of(one)}/answer", filled(one, do="draft"), Accept="application/json")
    assert first.json is not None
    second = branch.post(
        f"{page_of(one)}/answer",
        filled(one, do="draft", draft=first.json["version"], measure_words="改了"),
        Accept="application/json",
    )

    assert first.status_code == second.status_code == 200
    assert second.json is not None
    assert second.json["version"] == first.json["version"] + 1
    assert "自动保存" in second.json["words"]


@pytest.mark.fault("W04")
def test_a_draft_saved_in_another_tab_is_not_overwritten_and_the_text_stays(
    ranked: Bank, branch: Browser
) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))
    branch.post(f"{page_of(one)}/answer", filled(one, do="draft"))

    answer = branch.post(f"{page_of(one)}/answer", filled(one, do="draft", measure_words="另一个窗口写的"))

    assert answer.status_code == 409
    assert "另一个窗口写的" in answer.text
    assert MEASURE in branch.get(page_of(one)).text


def test_what_was_answered_meanwhile_is_refused_with_the_text_kept(ranked: Bank, branch: Browser) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))
    branch.post(f"{page_of(one)}/answer", filled(one))

    answer = branch.post(f"{page_of(one)}/answer", filled(one, measure_words="晚到的这一份写了很多字"))

    assert answer.status_code == 409
    assert "已答复" in answer.text
    assert "晚到的这一份写了很多字" in answer.text


@pytest.mark.fault("W04")
def test_an_answer_from_an_old_page_is_refused_once_it_was_sent_back(ranked: Bank, branch: Browser) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))
    branch.post(f"{page_of(one)}/answer", filled(one))
    send_one_back(ranked, one, "没写由谁来盯")

    stale = branch.post(f"{page_of(one)}/answer", filled(one))
    home = read(branch.get("/branch?all=1"))
    fresh = carried(branch.get(page_of(one)).text)
    again = branch.post(
        f"{page_of(one)}/answer", filled(one, **{f"seen.{one.id}": fresh[f"seen.{one.id}"][0]})
    )

    assert stale.status_code == 409
    assert "退回：没写由谁来盯" in home.text
    assert again.status_code == 303
    assert "再次答复" in branch.get(page_of(one)).text


def send_one_back(bank: Bank, one: Deficiency, reason: str) -> None:
    """Send the answer to a deficiency back, as the region's manager."""
    with transaction(bank.database) as session:
        region = bank.user("region01")
        row = deficiency_to_verify(session, region, one.id)
        send_back(session, Actor.user(region), row, reason, row.version, now=utc_now())


def test_photos_are_kept_with_a_form_that_is_not_whole_yet(ranked: Bank, branch: Browser) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))

    answer = branch.post(f"{page_of(one)}/answer", filled(one, cause="", photos=picture(10)))

    assert answer.status_code == 422
    (photo,) = carried(answer.text)["photo"]
    for size in ("", "?small"):
        shown = branch.get(f"/branch/photos/{photo}.jpg{size}")
        assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    sent = branch.post(f"{page_of(one)}/answer", filled(one, photo=photo))
    assert sent.status_code == 303
    assert photo in branch.get(page_of(one)).text


def test_photos_added_by_hand_are_in_the_draft(ranked: Bank, branch: Browser) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))

    answer = branch.post(f"{page_of(one)}/answer", filled(one, do="add", photos=[picture(10), picture(99)]))

    assert answer.status_code == 303
    assert len(carried(branch.get(page_of(one)).text)["photo"]) == 2


def test_a_file_that_is_no_photo_is_named_and_the_rest_is_kept(ranked: Bank, branch: Browser) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))
    files = [picture(10), (BytesIO(b"%PDF-1.7 not a picture at all"), "报告.pdf")]

    answer = branch.post(f"{page_of(one)}/answer", filled(one, do="add", photos=files))

    assert answer.status_code == 422
    assert "报告.pdf" in answer.text
    assert len(carried(branch.get(page_of(one)).text)["photo"]) == 1


def test_a_photo_that_was_used_before_closes_nothing(ranked: Bank, branch: Browser) -> None:
    one, other = deficiencies(ranked, "0101")[:2]
    branch.get(page_of(one))
    branch.post(f"{page_of(one)}/answer", filled(one, photos=picture(10)))

    answer = branch.post(f"{page_of(other)}/answer", filled(other, photos=picture(10)))

    assert answer.status_code == 422
    assert "以前用过" in answer.text
    assert MEASURE in answer.text
    assert state_of(ranked, other) is DeficiencyState.OPEN


def test_a_photo_of_the_own_branch_is_nobody_elses(ranked: Bank, app: Flask, branch: Browser) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))
    answer = branch.post(f"{page_of(one)}/answer", filled(one, cause="", photos=picture(10)))
    (photo,) = carried(answer.text)["photo"]

    statuses = {
        who: signed_in(app, who).get(f"/branch/photos/{photo}.jpg").status_code
        for who in ("branch0102", "branch0201", "region01", "inspector", "administrator")
    }

    assert set(statuses.values()) == {404}


def test_a_photo_of_another_branch_cannot_be_used(ranked: Bank, app: Flask, branch: Browser) -> None:
    own, foreign = deficiencies(ranked, "0101")[0], deficiencies(ranked, "0102")[0]
    other = signed_in(app, "branch0102")
    other.get(page_of(foreign))
    kept = other.post(f"{page_of(foreign)}/answer", filled(foreign, cause="", photos=picture(10)))
    branch.get(page_of(own))

    answer = branch.post(f"{page_of(own)}/answer", filled(own, photo=carried(kept.text)["photo"][0]))

    assert answer.status_code == 404
    assert state_of(ranked, own) is DeficiencyState.OPEN


def test_no_form_reaches_what_belongs_to_another_branch(ranked: Bank, branch: Browser) -> None:
    own, foreign = deficiencies(ranked, "0101")[0], deficiencies(ranked, "0102")[0]
    branch.get(page_of(own))
    fields = filled(own, also=[str(foreign.id)], **{f"seen.{foreign.id}": foreign.version})

    assert branch.post(f"{page_of(own)}/answer", fields).status_code == 404
    assert branch.post(f"{page_of(foreign)}/answer", filled(foreign)).status_code == 404
    assert state_of(ranked, own) is DeficiencyState.OPEN


def test_the_history_of_a_deficiency_tells_of_no_person(ranked: Bank, branch: Browser) -> None:
    one = deficiencies(ranked, "0101")[0]
    branch.get(page_of(one))
    branch.post(f"{page_of(one)}/answer", filled(one))
    send_one_back(ranked, one, "没写由谁来盯")

    page = branch.get(page_of(one)).text
    with transaction(ranked.database) as session:
        rounds = history_of(session, ranked.user("branch0101"), one.id)

    assert len(rounds) == 1
    assert "没写由谁来盯" in page
    assert "郑区域" not in page
