"""Head office corrects a visit without an appeal: it sees what that does, and both rankings stay readable."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.amending import Amendment
from checklists.scoring import Gate
from inspect_app.db import reading, transaction
from inspect_app.errors import ConflictError
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision, RevisionKind
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import Visit
from inspect_app.queries.consequences import Consequence, consequences_of_correction
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.rankings import rankings_of_wave
from inspect_app.queries.shortcomings import Shortcoming, shortcomings
from inspect_app.services import rankings
from inspect_app.services.journal import Actor
from inspect_app.web.clock import utc_now
from inspect_app.web.formatting import points
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.disclosed_bank import AUTUMN
from tests.inspect_app.web.disputed_work import dispute_in
from tests.inspect_app.web.office.bank_work import NOBODYS
from tests.inspect_app.web.page_reading import read, signed_in
from tests.inspect_app.web.published_bank import SUMMER
from tests.inspect_app.web.region.test_mending import at_once
from tests.inspect_app.web.test_matrix import content

REASON = "对过录像，当时有人起身"


@pytest.fixture
def app(disclosed: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank with two published waves and one that is disclosed."""
    return app_on(disclosed.database, tmp_path)


@pytest.fixture
def office(app: Flask) -> Browser:
    """Return the browser of head office."""
    return signed_in(app, "administrator")


def wanting(bank: Bank, wave: str = SUMMER.code, code: str = "0101") -> Shortcoming:
    """Return what cost a branch most in a wave, of what would lift its visit if it had been met in full."""
    with reading(bank.database) as session:
        found = [
            one
            for one in shortcomings(session, Deficiency.state == DeficiencyState.OPEN)
            if (one.wave_code, one.branch_code, one.gate) == (wave, code, Gate.OCCURRED)
        ]
        dearest = sorted(found, key=lambda one: (-one.points_lost, one.item.code, str(one.visit_id)))
        return next(one for one in dearest if lifts(session, bank, one))


def lifts(session: Session, bank: Bank, one: Shortcoming) -> bool:
    """Say whether the visit would have another score if this had been met in full."""
    try:
        (visit,) = foresee(session, bank, one).visits
    except ConflictError:
        return False
    return visit.before != visit.after


def foresee(session: Session, bank: Bank, one: Shortcoming) -> Consequence:
    """Return what it would do if this had been met in full."""
    office = bank.user("administrator")
    return consequences_of_correction(session, office, one.visit_id, {one.item.code: Amendment.FULL})


def page_of(one: Shortcoming) -> str:
    """Return the address of the correction of the visit that found something wanting."""
    return f"/office/visits/{one.visit_id}/correct"


def correcting(bank: Bank, one: Shortcoming, **changes: object) -> dict[str, object]:
    """Return the fields with which one item is corrected to full credit."""
    return {"seen": newest(bank, one).number, f"to.{one.item.code}": "full", "reason": REASON, **changes}


def newest(bank: Bank, one: Shortcoming) -> Revision:
    """Return the revision of a visit that counts."""
    with reading(bank.database) as session:
        visit = session.scalars(select(Visit).where(Visit.id == one.visit_id)).one()
        revision = newest_revision_of_visit(session, visit)
        assert revision is not None
        return revision


def rankings_in(bank: Bank, one: Shortcoming) -> list[StoredRanking]:
    """Return the rankings of the wave of something that was found wanting."""
    with reading(bank.database) as session:
        return list(rankings_of_wave(session, one.wave_id))


def test_a_correction_restates_the_ranking_as_the_preview_said_and_the_old_one_stays_beside_it(
    disclosed: Bank, office: Browser
) -> None:
    one = wanting(disclosed)
    with reading(disclosed.database) as session:
        foreseen = foresee(session, disclosed, one)
    assert page_of(one) in read(office.get(f"/office/visits/{one.visit_id}")).links
    shown = read(office.get(page_of(one))).text

    preview = " ".join(office.post(f"{page_of(one)}/preview", correcting(disclosed, one)).text.split())
    before = rankings_in(disclosed, one)
    answer = office.post(page_of(one), correcting(disclosed, one))
    after = " ".join(read(office.get(answer.headers["Location"])).text.split())

    (visit,), (branch,) = foreseen.visits, foreseen.branches
    assert "另出第 2 次排名" in shown
    for effect in (visit.before, visit.after), (branch.before.score, branch.after.score):
        assert f"{points(effect[0])} → {points(effect[1])} 分" in preview
    assert (len(before), answer.status_code) == (1, 303)
    restated = rankings_in(disclosed, one)
    assert [ranking.number for ranking in restated] == [1, 2]
    assert restated[1].fingerprint == foreseen.fingerprint
    assert f"第 1 次排名 {points(branch.before.score)} 分" in after
    assert f"第 2 次排名 {points(branch.after.score)} 分" in after
    assert "更正了 1 条" in after
    assert REASON in after
    assert newest(disclosed, one).kind is RevisionKind.CORRECTED
    ranking = office.get(f"/rankings/{SUMMER.code}").text
    for number in (1, 2):
        assert re.search(rf"/rankings/{SUMMER.code}\.xlsx\?[^\"]*ranking={number}", ranking)


def test_before_publishing_a_correction_makes_no_ranking_and_takes_the_deficiency_back(
    disclosed: Bank, office: Browser
) -> None:
    one = wanting(disclosed, AUTUMN)
    page = office.get(page_of(one)).text

    answer = office.post(page_of(one), correcting(disclosed, one))

    assert "次排名" not in page
    assert answer.status_code == 303
    assert rankings_in(disclosed, one) == []
    with reading(disclosed.database) as session:
        state = session.scalars(select(Deficiency.state).where(Deficiency.id == one.deficiency_id)).one()
    assert state is DeficiencyState.UPHELD


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"reason": " "}, "为什么更正"), ({"reason": "长" * 501}, "最多 500 字"), ({"to": ""}, "先选要更正")],
)
def test_what_is_lacking_is_said_and_what_was_chosen_is_kept(
    disclosed: Bank, office: Browser, changes: dict[str, str], says: str
) -> None:
    one = wanting(disclosed)
    office.get(page_of(one))
    fields = correcting(disclosed, one, **changes)
    if "to" in changes:
        fields[f"to.{one.item.code}"] = fields.pop("to")
    before = content(disclosed.database)

    answer = office.post(page_of(one), fields)

    assert answer.status_code == 422
    assert says in answer.text
    assert ("to" in changes) == ('value="full" selected' not in answer.text)
    assert content(disclosed.database) == before


def test_the_preview_corrects_nothing_and_keeps_what_was_typed(disclosed: Bank, office: Browser) -> None:
    one = wanting(disclosed)
    office.get(page_of(one))
    before = content(disclosed.database)

    nothing = office.post(f"{page_of(one)}/preview", {"seen": 1, "reason": REASON})
    answer = office.post(f"{page_of(one)}/preview", correcting(disclosed, one))

    assert (nothing.status_code, answer.status_code) == (422, 200)
    assert REASON in nothing.text
    assert REASON in answer.text
    assert 'value="full" selected' in answer.text
    assert content(disclosed.database) == before


@pytest.mark.fault("W04")
def test_from_an_old_page_nothing_is_corrected_and_the_text_is_kept(disclosed: Bank, office: Browser) -> None:
    one = wanting(disclosed)
    office.get(page_of(one))
    fields = correcting(disclosed, one)
    assert office.post(page_of(one), fields).status_code == 303
    before = content(disclosed.database)

    answer = office.post(page_of(one), {**fields, "reason": "再看了一遍"})

    assert answer.status_code == 409
    assert "再看了一遍" in answer.text
    assert "钱管理" in answer.text
    assert content(disclosed.database) == before


@pytest.mark.fault("W01")
def test_of_two_who_correct_at_the_same_moment_one_is_too_late(disclosed: Bank, app: Flask) -> None:
    one = wanting(disclosed)
    fields = correcting(disclosed, one)
    browsers = [signed_in(app, "administrator") for _twice in range(2)]
    for browser in browsers:
        browser.get(page_of(one))

    answers = at_once(*(lambda b=browser: b.post(page_of(one), fields).status_code for browser in browsers))

    assert answers == [303, 409]
    assert [ranking.number for ranking in rankings_in(disclosed, one)] == [1, 2]


def test_what_is_disputed_is_left_to_its_appeal(disclosed: Bank, office: Browser) -> None:
    ids = dispute_in(disclosed)
    with reading(disclosed.database) as session:
        disputed = next(
            one
            for one in shortcomings(session, Deficiency.state == DeficiencyState.DISPUTED)
            if one.visit_id == ids["disputed 0101"]
        )
    page = office.get(page_of(disputed)).text
    before = content(disclosed.database)

    answer = office.post(page_of(disputed), correcting(disclosed, disputed))

    assert "由申诉的裁定来改" in page
    assert f'name="to.{disputed.item.code}"' not in page
    assert answer.status_code == 409
    assert "正在申诉" in answer.text
    assert REASON in answer.text
    assert content(disclosed.database) == before


@pytest.mark.fault("W06")
def test_a_visit_that_no_branch_has_seen_or_that_was_voided_is_not_corrected(
    disclosed: Bank, office: Browser
) -> None:
    one = wanting(disclosed)
    with transaction(disclosed.database) as session:
        visit = session.scalars(select(Visit).where(Visit.id == one.visit_id)).one()
        rankings.void_visit(session, Actor.system(), visit, "走错了网点", now=utc_now())
    for visit_id in (one.visit_id, disclosed.visits["0101"]):
        address = f"/office/visits/{visit_id}/correct"
        assert "更正条款" not in office.get(f"/office/visits/{visit_id}").text
        before = content(disclosed.database)

        opened = office.get(address)
        previewed = office.post(f"{address}/preview", correcting(disclosed, one))
        corrected = office.post(address, correcting(disclosed, one))

        assert [each.status_code for each in (opened, previewed, corrected)] == [409, 409, 409]
        assert REASON in corrected.text
        assert content(disclosed.database) == before


@pytest.mark.parametrize("username", ["reviewer", "inspector", "region01", "branch0101"])
def test_only_the_administrator_corrects_visits(disclosed: Bank, app: Flask, username: str) -> None:
    one, browser = wanting(disclosed), signed_in(app, username)
    browser.get("/handbook")
    before = content(disclosed.database)

    answers = [
        browser.get(page_of(one)),
        browser.post(f"{page_of(one)}/preview", correcting(disclosed, one)),
        browser.post(page_of(one), correcting(disclosed, one)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert content(disclosed.database) == before


@pytest.mark.parametrize(
    "changes", [{"seen": "x"}, {"to.S99.A9": "full"}, {"to.S99.A9": "better"}], ids=["seen", "item", "what"]
)
def test_what_the_page_does_not_offer_is_not_there(
    disclosed: Bank, office: Browser, changes: dict[str, str]
) -> None:
    one = wanting(disclosed)
    office.get(page_of(one))

    assert office.post(page_of(one), correcting(disclosed, one, **changes)).status_code == 404
    assert office.get(f"/office/visits/{NOBODYS}/correct").status_code == 404
