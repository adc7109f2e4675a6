"""Quality control decides appeals, knowing what each outcome does, and head office takes them up again."""

import re
import uuid
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.appeals import Appeal, AppealItem, AppealOutcome, AppealState
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import RevisionKind
from inspect_app.models.journal import JournalEntry
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.consequences import alternatives
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.rankings import rankings_of_wave
from inspect_app.queries.waves import wave_coded
from inspect_app.web.formatting import points
from reports.stated_scores import parse_scores
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.disclosed_bank import AUTUMN
from tests.inspect_app.web.disputed_work import dispute_in
from tests.inspect_app.web.page_reading import read, signed_in
from tests.inspect_app.web.region.test_mending import at_once

REASON = "监控显示当时有人在场"


@pytest.fixture
def disputed(disclosed: Bank) -> Bank:
    """Return the bank in whose disclosed wave two branches have disputed one item each."""
    dispute_in(disclosed)
    return disclosed


@pytest.fixture
def app(disputed: Bank, tmp_path: Path) -> Flask:
    """Return the application on that bank."""
    return app_on(disputed.database, tmp_path)


@pytest.fixture
def decider(app: Flask) -> Browser:
    """Return the browser of the reviewer who reviewed none of the visits."""
    return signed_in(app, "reviewer2")


def appeal_of(bank: Bank, code: str = "0101") -> Appeal:
    """Return the appeal of a branch."""
    with reading(bank.database) as session:
        branch = bank.user(f"branch{code}").branch_id
        return session.scalars(select(Appeal).where(Appeal.branch_id == branch)).one()


def item_of(bank: Bank, code: str = "0101") -> AppealItem:
    """Return the item that a branch disputes."""
    with reading(bank.database) as session:
        return session.scalars(
            select(AppealItem).where(AppealItem.appeal_id == appeal_of(bank, code).id)
        ).one()


def page_of(bank: Bank, code: str = "0101") -> str:
    """Return the address of a branch's appeal."""
    return f"/office/appeals/{appeal_of(bank, code).id}"


def deciding(item: AppealItem, outcome: str = "upheld", **changes: object) -> dict[str, object]:
    """Return the fields with which one item is decided."""
    name = str(item.id)
    return {
        f"seen.{name}": item.version,
        f"outcome.{name}": outcome,
        f"reason.{name}": REASON,
        f"finding.{name}": "careless",
        **changes,
    }


def score_of(bank: Bank, visit_id: uuid.UUID) -> int:
    """Return the score of a visit as it counts now."""
    with reading(bank.database) as session:
        revision = newest_revision_of_visit(
            session, session.scalars(select(Visit).where(Visit.id == visit_id)).one()
        )
        assert revision is not None
        assert revision.scores is not None
        return parse_scores(revision.scores).visit or 0


def told_of(bank: Bank, subject_id: uuid.UUID) -> list[str]:
    """Return what the journal tells of one thing."""
    with reading(bank.database) as session:
        return list(
            session.scalars(select(JournalEntry.action).where(JournalEntry.subject_id == str(subject_id)))
        )


def test_what_waits_is_listed_and_the_page_says_what_each_outcome_does(
    disputed: Bank, decider: Browser
) -> None:
    appeal, item = appeal_of(disputed), item_of(disputed)
    assert appeal.id.hex in "".join(read(decider.get("/office/appeals")).links).replace("-", "")
    with reading(disputed.database) as session:
        foreseen = alternatives(session, disputed.user("reviewer2"), item.id)

    page = " ".join(decider.get(page_of(disputed)).text.split())

    effect = foreseen[AppealOutcome.UPHELD].visits[0]
    assert f"{points(effect.before)} → {points(effect.after)} 分" in page
    assert "有签到表" in page


def test_an_upheld_item_makes_a_correction_with_the_score_that_was_foreseen(
    disputed: Bank, decider: Browser
) -> None:
    item = item_of(disputed)
    with reading(disputed.database) as session:
        foreseen = alternatives(session, disputed.user("reviewer2"), item.id)[AppealOutcome.UPHELD]
    decider.get(page_of(disputed))

    answer = decider.post(f"{page_of(disputed)}/decide", deciding(item))

    assert answer.status_code == 303
    assert score_of(disputed, item.visit_id) == foreseen.visits[0].after
    with reading(disputed.database) as session:
        visit = session.scalars(select(Visit).where(Visit.id == item.visit_id)).one()
        revision = newest_revision_of_visit(session, visit)
        assert revision is not None
        assert (revision.kind, revision.reason) == (RevisionKind.CORRECTED, REASON)
        state = session.scalars(select(Deficiency.state).where(Deficiency.id == item.deficiency_id)).one()
    assert state is DeficiencyState.UPHELD
    assert told_of(disputed, appeal_of(disputed).id).count("decide_appeal") == 1


def test_the_preview_keeps_what_was_typed_and_decides_nothing(disputed: Bank, decider: Browser) -> None:
    item = item_of(disputed)
    decider.get(page_of(disputed))
    before = score_of(disputed, item.visit_id)

    nothing = decider.post(f"{page_of(disputed)}/preview", {})
    answer = decider.post(f"{page_of(disputed)}/preview", deciding(item))

    assert (nothing.status_code, answer.status_code) == (422, 200)
    assert REASON in answer.text
    assert "一共会变" in answer.text
    assert score_of(disputed, item.visit_id) == before
    assert appeal_of(disputed).state is AppealState.OPEN


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"reason": ""}, "请写理由"), ({"finding": ""}, "检查人记得准不准"), ({"outcome": ""}, "请选怎么裁定")],
)
def test_what_is_lacking_is_said_beside_the_item(
    disputed: Bank, decider: Browser, changes: Mapping[str, str], said: str
) -> None:
    item = item_of(disputed)
    decider.get(page_of(disputed))
    fields = deciding(item, **{f"{name}.{item.id}": value for name, value in changes.items()})

    answer = decider.post(f"{page_of(disputed)}/decide", fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert "reason" in changes or REASON in answer.text


def test_who_reviewed_the_inspection_does_not_decide_its_appeal(disputed: Bank, app: Flask) -> None:
    item, own = item_of(disputed), signed_in(app, "reviewer")
    page = own.get(page_of(disputed)).text

    answer = own.post(f"{page_of(disputed)}/decide", deciding(item))

    assert "要由别人裁定" in page
    assert answer.status_code == 409
    assert REASON in answer.text
    assert item_of(disputed).outcome is None


@pytest.mark.fault("W01")
def test_of_two_who_decide_at_the_same_moment_one_is_too_late_with_the_text_kept(
    disputed: Bank, app: Flask
) -> None:
    item, address = item_of(disputed), f"{page_of(disputed)}/decide"
    first, second = signed_in(app, "reviewer2"), signed_in(app, "administrator")
    texts = []
    for browser in (first, second):
        browser.get(page_of(disputed))

    def decide(browser: Browser, outcome: str) -> int:
        answer = browser.post(address, deciding(item, outcome))
        texts.append(answer.text)
        return answer.status_code

    answers = at_once(lambda: decide(first, "upheld"), lambda: decide(second, "dismissed"))

    assert answers == [303, 409]
    assert [text for text in texts if REASON in text]
    assert told_of(disputed, appeal_of(disputed).id).count("decide_appeal") == 1


def test_a_wave_waits_for_its_appeals_or_names_those_that_it_closes(disputed: Bank, app: Flask) -> None:
    office = signed_in(app, "administrator")
    with transaction(disputed.database) as session:
        wave_coded(session, AUTUMN).disclosure_days = 0
    page = office.get(f"/office/waves/{AUTUMN}")
    assert "2 份申诉还没有裁定" in page.text

    refused = office.post(f"/office/waves/{AUTUMN}/publish")
    reasons = {f"closing.{appeal_of(disputed, code).id}": "来不及了" for code in ("0101", "0201")}
    half = office.post(f"/office/waves/{AUTUMN}/publish", dict([next(iter(reasons.items()))]))
    published = office.post(f"/office/waves/{AUTUMN}/publish", reasons)

    assert (refused.status_code, half.status_code, published.status_code) == (409, 409, 303)
    assert "来不及了" in half.text
    assert appeal_of(disputed).state is AppealState.CLOSED
    assert "来不及了" in signed_in(app, "branch0101").get(f"/branch/appeals/{appeal_of(disputed).id}").text


def test_what_is_reopened_after_publishing_restates_the_ranking_and_both_stay_readable(
    disputed: Bank, app: Flask
) -> None:
    office, decider = signed_in(app, "administrator"), signed_in(app, "reviewer2")
    with transaction(disputed.database) as session:
        wave_coded(session, AUTUMN).disclosure_days = 0
    office.get("/office/waves")
    reasons = {f"closing.{appeal_of(disputed, code).id}": "来不及了" for code in ("0101", "0201")}
    assert office.post(f"/office/waves/{AUTUMN}/publish", reasons).status_code == 303
    before = score_of(disputed, item_of(disputed).visit_id)

    blank = office.post(f"{page_of(disputed)}/reopen", {"seen": appeal_of(disputed).version})
    again = {"seen": appeal_of(disputed).version, "item": str(item_of(disputed).id), "reason": "补交了截图"}
    reopened = office.post(f"{page_of(disputed)}/reopen", again)
    refused = decider.post(f"{page_of(disputed)}/reopen", again)
    decided = decider.post(f"{page_of(disputed)}/decide", deciding(item_of(disputed)))

    assert (blank.status_code, reopened.status_code, refused.status_code) == (422, 303, 404)
    assert decided.status_code == 303
    with reading(disputed.database) as session:
        wave = session.scalars(select(Wave).where(Wave.code == AUTUMN)).one()
        assert wave.state is WaveState.PUBLISHED
        assert [one.number for one in rankings_of_wave(session, wave.id)] == [1, 2]
    page = office.get(f"/rankings/{AUTUMN}").text
    assert REASON in page
    assert f"{points(before)}" in office.get(f"/rankings/{AUTUMN}/branches/0101?ranking=1").text
    for number in (1, 2):
        assert re.search(rf"/rankings/{AUTUMN}\.xlsx\?[^\"]*ranking={number}", page)
    assert told_of(disputed, appeal_of(disputed).id).count("reopen_appeal") == 1


def test_which_items_are_overturned_is_told(disputed: Bank, decider: Browser) -> None:
    item = item_of(disputed)
    decider.get(page_of(disputed))
    decider.post(f"{page_of(disputed)}/decide", deciding(item))

    row = read(decider.get("/office/overturns")).row_of(item.item_code)

    assert "100%" in row
