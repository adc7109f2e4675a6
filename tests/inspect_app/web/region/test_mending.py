"""Region and head office see how far repairs are, and accept answers or send them back."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.corrective_actions import Cause, Measure, Verification
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.journal import JournalEntry
from inspect_app.queries.deficiencies import deficiency_for
from inspect_app.services.corrective_actions import ActionPlan, send_action
from inspect_app.services.journal import Actor
from inspect_app.web.clock import utc_now
from inspect_app.web.region import mending
from inspect_app.working_days import BANK_TIME, day_of
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.branch.test_home_page import deficiencies
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import read, signed_in

REASON = "没写由谁来盯"
MEASURE = "班前会由大堂经理带着练两遍"


def answered(bank: Bank, code: str, count: int = 1) -> list[Deficiency]:
    """Let a branch answer its first deficiencies, each on its own; return them as they then are."""
    manager = bank.user(f"branch{code}")
    with transaction(bank.database) as session:
        rows = [deficiency_for(session, manager, one.id) for one in deficiencies(bank, code)[:count]]
        for row in rows:
            plan = ActionPlan(
                cause=Cause.FORGOTTEN,
                measure=Measure.TRAINING,
                measure_words=MEASURE,
                owner_role="lobby_manager",
                done_by=day_of(utc_now(), BANK_TIME),
            )
            send_action(session, Actor.user(manager), [row], plan, {row.id: row.version}, now=utc_now())
    return rows


def state_of(bank: Bank, one: Deficiency) -> DeficiencyState:
    """Return what has become of a deficiency."""
    with reading(bank.database) as session:
        return session.scalars(select(Deficiency.state).where(Deficiency.id == one.id)).one()


def deciding(*chosen: Deficiency, how: str = "accept", reason: str = "") -> dict[str, object]:
    """Return the fields with which answers are decided on."""
    seen: dict[str, object] = {f"seen.{one.id}": one.version for one in chosen}
    return {**seen, "chosen": [str(one.id) for one in chosen], "do": how, "reason": reason}


def page_of(one: Deficiency) -> str:
    """Return the address of an answer."""
    return f"/mending/answers/{one.id}"


@pytest.fixture
def app(ranked: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank with two published waves."""
    return app_on(ranked.database, tmp_path)


@pytest.fixture
def region(app: Flask) -> Browser:
    """Return the browser of the first region's manager."""
    return signed_in(app, "region01")


@pytest.mark.parametrize("who", ["region01", "reviewer", "administrator"])
def test_an_answer_is_accepted(ranked: Bank, app: Flask, who: str) -> None:
    one, other = answered(ranked, "0101", 2)
    browser = signed_in(app, who)
    assert MEASURE in browser.get(page_of(one)).text

    answer = browser.post(page_of(one), deciding(one))

    assert answer.status_code == 303
    assert [state_of(ranked, each) for each in (one, other)] == [
        DeficiencyState.VERIFIED,
        DeficiencyState.ANSWERED,
    ]


def test_an_answer_is_sent_back_with_a_reason_that_the_branch_reads(
    ranked: Bank, app: Flask, region: Browser
) -> None:
    (one,) = answered(ranked, "0101")
    region.get(page_of(one))

    without = region.post(page_of(one), deciding(one, how="send_back"))
    answer = region.post(page_of(one), deciding(one, how="send_back", reason=REASON))

    assert (without.status_code, answer.status_code) == (422, 303)
    assert "退回要写明为什么" in without.text
    assert state_of(ranked, one) is DeficiencyState.OPEN
    assert REASON in signed_in(app, "branch0101").get(f"/branch/deficiencies/{one.id}").text


def test_several_are_accepted_at_once_or_none(ranked: Bank, region: Browser) -> None:
    first, second, third = answered(ranked, "0101", 3)
    page = read(region.get("/mending/answers"))
    assert "3 份答复等复查" in page.text

    nothing = region.post("/mending/answers", deciding())
    stale = deciding(first, second)
    stale[f"seen.{second.id}"] = 0
    refused = region.post("/mending/answers", stale)
    before = [state_of(ranked, one) for one in (first, second, third)]
    taken = region.post("/mending/answers", deciding(first, second))

    assert (nothing.status_code, refused.status_code, taken.status_code) == (422, 409, 303)
    assert before == [DeficiencyState.ANSWERED] * 3
    assert [state_of(ranked, one) for one in (first, second, third)] == [
        DeficiencyState.VERIFIED,
        DeficiencyState.VERIFIED,
        DeficiencyState.ANSWERED,
    ]


@pytest.mark.fault("W04")
def test_from_an_old_page_nothing_is_decided_and_the_reason_is_kept(ranked: Bank, region: Browser) -> None:
    (one,) = answered(ranked, "0101")
    region.get(page_of(one))
    region.post(page_of(one), deciding(one))

    answer = region.post(page_of(one), deciding(one, how="send_back", reason=REASON))

    assert answer.status_code == 409
    assert REASON in answer.text
    assert state_of(ranked, one) is DeficiencyState.VERIFIED


def at_once(*acts: Callable[[], int]) -> list[int]:
    """Do several things at the same moment; return what each answered, smallest first."""
    barrier, answers = Barrier(len(acts)), list[int]()

    def run(act: Callable[[], int]) -> None:
        barrier.wait()
        answers.append(act())

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.fault("W01")
def test_of_two_who_decide_at_the_same_moment_one_is_too_late(ranked: Bank, app: Flask) -> None:
    (one,) = answered(ranked, "0101")
    accepting, returning = signed_in(app, "region01"), signed_in(app, "administrator")
    for browser in (accepting, returning):
        browser.get(page_of(one))

    answers = at_once(
        lambda: accepting.post(page_of(one), deciding(one)).status_code,
        lambda: returning.post(page_of(one), deciding(one, how="send_back", reason=REASON)).status_code,
    )

    assert answers == [303, 409]
    with reading(ranked.database) as session:
        assert len(session.scalars(select(Verification)).all()) == 1
        told = session.scalars(
            select(JournalEntry.action).where(
                JournalEntry.subject_id == str(one.id),
                JournalEntry.action.in_(("accept_answer", "send_back_answer")),
            )
        ).all()
    assert len(told) == 1


def test_the_overview_counts_the_own_region_alone(ranked: Bank, region: Browser) -> None:
    answered(ranked, "0101")
    answered(ranked, "0201")

    page = read(region.get("/mending"))

    own = page.row_of("渝中支行")
    assert own[1] == str(len([one for one in every(ranked, "0101") if one.state is DeficiencyState.OPEN]))
    assert own[3] == "1"
    assert "单县支行" not in page.text
    assert region.get("/mending?wave=2026Q3").status_code == 404
    assert region.get("/mending?wave=2026Q2").status_code == 200


def every(bank: Bank, code: str) -> list[Deficiency]:
    """Return all deficiencies of a branch."""
    return [one for wave in ("2026Q1", "2026Q2") for one in deficiencies(bank, code, wave)]


def test_another_regions_answer_is_not_there(ranked: Bank, region: Browser) -> None:
    (foreign,) = answered(ranked, "0201")
    region.get("/handbook")

    assert region.get(page_of(foreign)).status_code == 404
    assert region.post(page_of(foreign), deciding(foreign)).status_code == 404
    assert region.post("/mending/answers", deciding(foreign)).status_code == 404
    assert state_of(ranked, foreign) is DeficiencyState.ANSWERED


def test_head_office_looks_at_a_large_bank_region_by_region(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "MOST_BRANCHES", 1)
    head = signed_in(app, "administrator")

    whole, region = head.get("/mending").text, head.get("/mending?region=R01").text

    assert "/mending?region=R01" in whole
    assert "0101" not in whole
    assert "0101" in region
    assert "0201" not in region


def test_another_region_is_not_there_to_be_looked_at(app: Flask) -> None:
    assert signed_in(app, "region01").get("/mending?region=R01").status_code == 200
    assert signed_in(app, "region01").get("/mending?region=R02").status_code == 404
    assert signed_in(app, "administrator").get("/mending?region=R99").status_code == 404
