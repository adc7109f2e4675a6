"""A visit is broken off on the phone, also without a network: told once, or taken back before that."""

import json
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from inspect_app.db import reading
from inspect_app.models.inspections import Draft, Inspection
from inspect_app.models.journal import JournalEntry
from inspect_app.models.visits import Visit, VisitState
from tests.journeys.phones import (
    READY,
    Served,
    go_offline,
    hand_in_offline,
    new_visit,
    open_page,
    stored,
    tap,
)

REASON = "网点没开门，或搬走了：门口贴了告示"


def state_of(served: Served, visit: str) -> tuple[VisitState, str | None]:
    """Return the state of a visit with its reason."""
    with reading(served.bank.database) as session:
        (row,) = [one for one in session.scalars(select(Visit)) if str(one.id) == visit]
        return row.state, row.reason


def times_told(served: Served, visit: str) -> int:
    """Return how often the journal says that a visit was called off, or that somebody wanted it to be."""
    with reading(served.bank.database) as session:
        told = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == visit))
        return sum(one.action in ("cancel_visit", "keep_stop") for one in told)


def break_off(phone: Page, served: Served, visit: str) -> None:
    """Break a visit off for the reason above."""
    open_page(phone, f"{served.address}/m/v/{visit}/stop")
    phone.click(".dock .pri")
    expect(phone.locator("#stopping .fault")).to_have_text("请选一个原因。")
    phone.check("[value=closed]")
    phone.fill("#words", "门口贴了告示")
    phone.click(".dock .pri")


@pytest.mark.fault("C12")
def test_without_a_network_it_waits_on_the_phone_and_is_told_once_there_is_one(
    phone: Page, served: Served
) -> None:
    checklist, visit = new_visit(served, "mystery")
    code = checklist.sections[0].code
    go_offline(phone, f"{served.address}/m/v/{visit}")
    open_page(phone, f"{served.address}/m/v/{visit}/{code}")
    tap(phone, f"{code}.gate", "nobody_acted")

    break_off(phone, served, visit)

    expect(phone.locator("h1")).to_have_text("还没告诉总行")
    phone.reload()
    phone.wait_for_selector(READY)
    expect(phone.locator("main")).to_contain_text("网点没开门，或搬走了 · 门口贴了告示")
    open_page(phone, f"{served.address}/m/v/{visit}/{code}")
    expect(phone.locator("h1")).to_have_text("还没告诉总行")
    open_page(phone, f"{served.address}/m/")
    expect(phone.locator(f'a[href="/m/v/{visit}/stop"]')).to_contain_text("还没告诉总行")
    assert state_of(served, visit)[0] is VisitState.ASSIGNED

    phone.context.set_offline(False)
    open_page(phone, f"{served.address}/m/")
    expect(phone.locator("main")).to_contain_text(REASON)
    assert state_of(served, visit) == (VisitState.CANCELLED, REASON)
    assert times_told(served, visit) == 1
    assert stored(phone, "frozen") == []
    assert [row for row in stored(phone, "drafts") if row["state"] != "complete"] == []
    with reading(served.bank.database) as session:
        kept = session.scalars(select(Draft).join(Inspection).where(Inspection.visit_id == uuid.UUID(visit)))
        assert [json.loads(one.fields) for one in kept] == [{f"{code}.gate": "nobody_acted"}]


@pytest.mark.fault("R10")
def test_where_the_answer_is_lost_the_same_bytes_go_again_and_count_once(phone: Page, served: Served) -> None:
    visit = new_visit(served, "mystery")[1]
    open_page(phone, f"{served.address}/m/v/{visit}")
    sent: list[bytes] = []

    def lose_first_answer(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        if len(sent) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    phone.route("**/sync/v1/visits/**", lose_first_answer)
    break_off(phone, served, visit)

    expect(phone.locator("h1")).to_have_text("总行知道了", timeout=20_000)

    assert state_of(served, visit) == (VisitState.CANCELLED, REASON)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert times_told(served, visit) == 1
    phone.unroute_all()


def test_taken_back_before_it_is_told_the_visit_goes_on_where_it_was(phone: Page, served: Served) -> None:
    checklist, visit = new_visit(served, "mystery")
    code = checklist.sections[0].code
    go_offline(phone, f"{served.address}/m/v/{visit}/{code}")
    tap(phone, f"{code}.gate", "nobody_acted")
    break_off(phone, served, visit)

    phone.click("text=还要做，先不告诉总行")

    phone.wait_for_selector("#filling")
    open_page(phone, f"{served.address}/m/v/{visit}/{code}")
    expect(phone.locator(f'[name="{code}.gate"][value=nobody_acted]')).to_be_checked()
    assert stored(phone, "frozen") == []
    phone.context.set_offline(False)
    open_page(phone, f"{served.address}/m/")
    assert times_told(served, visit) == 0
    assert state_of(served, visit)[0] in (VisitState.ASSIGNED, VisitState.IN_PROGRESS)


@pytest.mark.fault("C07")
def test_signing_out_waits_for_it_and_a_rescue_file_holds_it(
    phone: Page, served: Served, tmp_path: Path
) -> None:
    visit = new_visit(served, "mystery")[1]
    go_offline(phone, f"{served.address}/m/v/{visit}")
    break_off(phone, served, visit)
    expect(phone.locator("h1")).to_have_text("还没告诉总行")

    open_page(phone, f"{served.address}/m/")
    phone.click("text=我的")
    phone.click("text=退出")
    expect(phone.locator("main")).to_contain_text("还有 1 份没送到，先送完再退出。")
    phone.click("text=看看是哪些")
    with phone.expect_download() as download:
        phone.click("text=存一个备份文件")
    download.value.save_as(tmp_path / "rescue.json")

    held = json.loads((tmp_path / "rescue.json").read_text())
    assert held["submissions"] == []
    (stop,) = held["stops"]
    assert json.loads(stop["body"])["why"] == "closed"
    assert stop["visit"] == visit
    phone.context.set_offline(False)


def test_what_was_handed_in_is_not_broken_off(phone: Page, served: Served) -> None:
    checklist, visit = new_visit(served, "mystery")
    hand_in_offline(phone, served, checklist, visit)

    open_page(phone, f"{served.address}/m/v/{visit}/stop")

    expect(phone.locator("h1")).to_contain_text("还没送完")
    assert phone.url.endswith("/sent")
    phone.context.set_offline(False)
