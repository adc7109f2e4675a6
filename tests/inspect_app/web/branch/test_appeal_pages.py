"""A branch disputes items of one visit while they are disclosed, and follows what becomes of it."""

import uuid
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from checklists.scoring import Gate
from inspect_app.db import reading, transaction
from inspect_app.models.appeals import Appeal, AppealItem, AppealOutcome, InspectorFinding
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.visits import Visit
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.shortcomings import shortcomings
from inspect_app.queries.waves import wave_coded
from inspect_app.services.deciding import ItemDecision, decide
from inspect_app.services.journal import Actor
from inspect_app.services.rankings import publish_wave
from inspect_app.web.clock import utc_now
from inspect_app.web.formatting import points
from reports.stated_scores import parse_scores
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.branch.test_answering import carried, filled, page_of, picture, state_of
from tests.inspect_app.web.branch.test_home_page import deficiencies
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.disclosed_bank import AUTUMN, found_in_autumn
from tests.inspect_app.web.page_reading import read, signed_in

# What the pages ask of the database is asked of both by the tests of the services below them.
pytestmark = pytest.mark.sqlite

GROUNDS = "当天有签到和值班表，附上监控截图"


@pytest.fixture
def app(disclosed: Bank, tmp_path: Path) -> Flask:
    """Return the application on that bank."""
    return app_on(disclosed.database, tmp_path)


@pytest.fixture
def branch(app: Flask) -> Browser:
    """Return the browser of branch 0101."""
    return signed_in(app, "branch0101")


def form_of(one: Deficiency) -> str:
    """Return the address of the form for an appeal against a deficiency's visit."""
    return f"/branch/visits/{one.visit_id}/appeal"


def acted(bank: Bank, code: str = "0101") -> list[Deficiency]:
    """Return what one visit found in situations in which somebody acted: each can be disputed alone."""
    with reading(bank.database) as session:
        shown = {
            one.deficiency_id: one.gate
            for one in shortcomings(session, Deficiency.state == DeficiencyState.OPEN)
        }
    return [one for one in found_in_autumn(bank, code) if shown[one.id] is Gate.OCCURRED]


def pleading(*disputed: Deficiency, **changes: object) -> dict[str, object]:
    """Return the fields of a whole appeal, as the page's form sends them."""
    fields: dict[str, object] = {f"seen.{one.id}": one.version for one in disputed}
    fields |= {"item": [str(one.id) for one in disputed], "ground": "not_so", "words": GROUNDS, "do": "file"}
    return {**fields, **changes}


def file(branch: Browser, *disputed: Deficiency) -> str:
    """File an appeal; return the address of its page."""
    branch.get(form_of(disputed[0]))
    answer = branch.post(form_of(disputed[0]), pleading(*disputed))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def decide_all(bank: Bank, outcome: AppealOutcome, reason: str) -> None:
    """Decide everything that is disputed, as the reviewer who did not review it."""
    actor = Actor.user(bank.user("reviewer2"))
    with transaction(bank.database) as session:
        items = session.scalars(select(AppealItem).where(AppealItem.is_waiting)).all()
        decide(
            session,
            actor,
            [ItemDecision(one.id, outcome, reason, InspectorFinding.CARELESS, one.version) for one in items],
            now=utc_now(),
        )


def test_an_appeal_is_filed_with_evidence_and_stands_among_what_waits(
    disclosed: Bank, branch: Browser
) -> None:
    one, other = acted(disclosed)[:2]
    branch.get(form_of(one))

    answer = branch.post(form_of(one), pleading(one, photos=picture(30)))

    page = branch.get(answer.headers["Location"]).text
    assert GROUNDS in page
    assert "申诉在审理" in page
    assert "/branch/photos/" in page
    assert [state_of(disclosed, each) for each in (one, other)] == [
        DeficiencyState.DISPUTED,
        DeficiencyState.OPEN,
    ]
    home = read(branch.get("/branch"))
    assert "申诉审理中" in home.text
    assert "审理中" in read(branch.get("/branch/appeals")).text


def test_several_items_of_one_visit_are_disputed_together(disclosed: Bank, branch: Browser) -> None:
    one, other = acted(disclosed)[:2]

    address = file(branch, one, other)

    ids = " ".join(read(branch.get(address)).links)
    assert str(one.id) in ids
    assert str(other.id) in ids


def test_the_page_offers_exactly_what_is_open_of_the_visit(disclosed: Bank, branch: Browser) -> None:
    one = acted(disclosed)[0]
    own = [each for each in deficiencies(disclosed, "0101", AUTUMN) if each.visit_id == one.visit_id]

    page = branch.get(f"{form_of(one)}?item={one.id}").text

    offered = {name.removeprefix("seen.") for name in carried(page) if name.startswith("seen.")}
    assert offered == {str(each.id) for each in own}
    assert f'value="{one.id}" checked' in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ground": ""}, "请选一个理由"),
        ({"words": "  "}, "请说明"),
        ({"item": []}, "请选要申诉的条款"),
    ],
)
def test_what_is_lacking_is_said_and_what_was_typed_stays(
    disclosed: Bank, branch: Browser, changes: dict[str, object], said: str
) -> None:
    one = acted(disclosed)[0]
    branch.get(form_of(one))

    answer = branch.post(form_of(one), pleading(one, **changes))

    assert answer.status_code == 422
    assert said in answer.text
    assert "words" in changes or GROUNDS in answer.text
    assert state_of(disclosed, one) is DeficiencyState.OPEN


def test_what_was_answered_meanwhile_cannot_be_disputed_and_the_text_is_kept(
    disclosed: Bank, branch: Browser
) -> None:
    one = acted(disclosed)[0]
    branch.get(page_of(one))
    branch.post(f"{page_of(one)}/answer", filled(one))

    answer = branch.post(form_of(one), pleading(one))

    assert answer.status_code == 409
    assert GROUNDS in answer.text


def test_an_item_is_disputed_once(disclosed: Bank, branch: Browser) -> None:
    one = acted(disclosed)[0]
    file(branch, one)

    again = branch.post(form_of(one), pleading(one))

    assert again.status_code == 409
    with reading(disclosed.database) as session:
        assert len(session.scalars(select(Appeal)).all()) == 1


def test_what_was_disputed_can_be_taken_back_and_disputed_again(disclosed: Bank, branch: Browser) -> None:
    one = acted(disclosed)[0]
    address = file(branch, one)
    page = branch.get(address).text
    version = page.partition('name="seen" value="')[2].partition('"')[0]

    taken = branch.post(f"{address}/withdraw", {"seen": version})
    twice = branch.post(f"{address}/withdraw", {"seen": version})

    assert (taken.status_code, twice.status_code) == (303, 409)
    assert state_of(disclosed, one) is DeficiencyState.OPEN
    assert "已撤回" in branch.get(address).text
    fresh = deficiencies(disclosed, "0101", AUTUMN)
    assert file(branch, next(each for each in fresh if each.id == one.id))


def test_a_decision_shows_its_reason_and_both_scores_and_who_decided_to_nobody(
    disclosed: Bank, branch: Browser
) -> None:
    one = acted(disclosed)[0]
    address = file(branch, one)
    before = score_of(disclosed, one.visit_id)
    decide_all(disclosed, AppealOutcome.UPHELD, "监控显示有人在场")

    page = branch.get(address).text

    assert "监控显示有人在场" in page
    assert points(before) in page
    assert points(score_of(disclosed, one.visit_id)) in page
    assert score_of(disclosed, one.visit_id) > before
    for secret in ("李复核", "孙复核", "疏忽"):
        assert secret not in page


def score_of(bank: Bank, visit_id: uuid.UUID) -> int:
    """Return the score of a visit's newest revision."""
    with reading(bank.database) as session:
        visit = session.get(Visit, visit_id)
        assert visit is not None
        revision = newest_revision_of_visit(session, visit)
        assert revision is not None
        assert revision.scores is not None
        return parse_scores(revision.scores).visit or 0


def test_a_dismissed_item_is_open_again_and_says_why(disclosed: Bank, branch: Browser) -> None:
    one = acted(disclosed)[0]
    address = file(branch, one)
    decide_all(disclosed, AppealOutcome.DISMISSED, "签到表没有写时间")

    assert "签到表没有写时间" in branch.get(address).text
    assert state_of(disclosed, one) is DeficiencyState.OPEN
    assert "签到表没有写时间" in branch.get(page_of(one)).text


def test_while_disclosed_no_page_of_the_branch_has_a_rank_and_afterwards_no_appeal(
    disclosed: Bank, branch: Browser
) -> None:
    one = acted(disclosed)[0]
    addresses = ("/branch", page_of(one), f"/branch/result/{AUTUMN}", f"/branch/result/{AUTUMN}/report")
    during = [branch.get(address).text for address in addresses]
    with transaction(disclosed.database) as session:
        wave = wave_coded(session, AUTUMN)
        wave.disclosure_days = 0
        publish_wave(session, Actor.user(disclosed.user("administrator")), wave, now=utc_now())
    after = [branch.get(address).text for address in addresses]

    assert not [text for text in during if " 名" in text and "第 1 名" in text]
    assert "申诉" in during[1]
    assert not [text for text in after[:2] if "/appeal" in text.replace("/branch/appeals", "")]
    refused = branch.post(form_of(one), pleading(one))
    assert refused.status_code == 409
    assert GROUNDS in refused.text


def test_an_appeal_of_another_branch_is_not_there(disclosed: Bank, app: Flask, branch: Browser) -> None:
    foreign = acted(disclosed, "0102")[0]
    address = file(signed_in(app, "branch0102"), foreign)

    assert branch.get(address).status_code == 404
    assert branch.get(form_of(foreign)).status_code == 404
    assert branch.post(form_of(foreign), pleading(foreign)).status_code == 404
    assert branch.post(f"{address}/withdraw", {"seen": "1"}).status_code == 404


def test_a_file_that_is_no_photo_is_named_before_anything_is_filed(disclosed: Bank, branch: Browser) -> None:
    one = acted(disclosed)[0]
    branch.get(form_of(one))

    answer = branch.post(form_of(one), pleading(one, photos=(BytesIO(b"PK..zip"), "监控.zip")))

    assert answer.status_code == 422
    assert "监控.zip" in answer.text
    assert GROUNDS in answer.text
    assert state_of(disclosed, one) is DeficiencyState.OPEN
