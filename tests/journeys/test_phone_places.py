"""Where a phone is, if its owner wants to say it: asked by a tap alone, roughly, and sent with the rest."""

import json

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from inspect_app.db import reading
from inspect_app.models.inspections import Submission
from inspect_app.models.visits import VisitIdentity
from tests.journeys.phones import (
    Served,
    new_phone,
    new_visit,
    open_page,
    sign_in,
    stored,
    tap,
    wait_for_arrival,
)

HERE = {"latitude": 29.56471, "longitude": 106.55123, "accuracy": 18.4}


def hand_in(phone: Page, served: Served, visit: str) -> dict[str, object]:
    """Fill a form in, hand it in, and return the body that arrived."""
    for section in served.checklists["mystery"].sections:
        open_page(phone, f"{served.address}/m/v/{visit}/{section.code}")
        tap(phone, f"{section.code}.gate", "nobody_acted")
    open_page(phone, f"{served.address}/m/v/{visit}/check")
    phone.click("text=交上去")
    wait_for_arrival(phone)
    with reading(served.bank.database) as session:
        (body,) = [one.body for one in session.scalars(select(Submission)) if str(one.visit_id) == visit]
        said: dict[str, object] = json.loads(body)
        return said


def place_of(served: Served, visit: str) -> str | None:
    """Return the place that the server keeps with a visit's identity."""
    with reading(served.bank.database) as session:
        (found,) = [one for one in session.scalars(select(VisitIdentity)) if str(one.visit_id) == visit]
        return found.place


def test_a_place_that_is_given_goes_roughly_with_the_record(browser: Browser, served: Served) -> None:
    visit = new_visit(served, "mystery")[1]
    context = new_phone(browser)
    context.grant_permissions(["geolocation"], origin=served.address)
    context.set_geolocation(HERE)  # type: ignore[arg-type]  # playwright has a type of its own for it
    phone = sign_in(context, served.address)
    open_page(phone, f"{served.address}/m/v/{visit}/times")
    phone.click("text=记下现在的位置")
    expect(phone.locator("main")).to_contain_text("记下了，只给复核人看。")
    assert "29.56" not in json.dumps(stored(phone, "meta"))

    said = hand_in(phone, served, visit)

    assert said["place"] == {"latitude": 29.565, "longitude": 106.551, "accuracy": 18}
    assert json.loads(place_of(served, visit) or "") == said["place"]
    context.close()


def test_a_place_that_is_refused_or_not_asked_for_keeps_nothing_from_being_sent(
    phone: Page, served: Served
) -> None:
    visit = new_visit(served, "mystery")[1]
    open_page(phone, f"{served.address}/m/v/{visit}/times")
    phone.click("text=记下现在的位置")
    expect(phone.locator("main")).to_contain_text("手机没给出位置，不要紧。")

    said = hand_in(phone, served, visit)

    assert "place" not in said
    assert place_of(served, visit) is None
