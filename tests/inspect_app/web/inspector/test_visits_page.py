"""The list by what to do next, and the card to read before a visit."""

import uuid

from flask import Flask

from inspect_app.db import transaction
from inspect_app.models.visits import Visit, VisitState
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.web.inspector.cards import MOST_CUES, cues_of
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, own_visit, send
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.inspector.conftest import Plan, signed_in
from tests.inspect_app.web.inspector.pages import Page


def test_the_list_shows_where_to_go_and_what_to_bring(phone: Browser, bank: Bank) -> None:
    with transaction(bank.database) as session:
        session.get_one(Visit, bank.visits["0101"]).briefing = "带一张储蓄卡"

    page = Page(phone.get("/m/").text)

    assert "民权路 1 号 · 带一张储蓄卡" in page.html
    assert {f"/m/v/{bank.visits[code]}" for code in ("0101", "0102")} <= set(page.links)
    assert "单县支行" not in page.html
    assert f"/m/v/{bank.visits['0201']}" not in page.links


def test_what_is_begun_stands_above_what_is_ahead_and_says_what_is_missing(
    phone: Browser, bank: Bank
) -> None:
    first = bank.checklist.sections[0]
    with transaction(bank.database) as session:
        filling = Filling(uuid.uuid4(), uuid.uuid4(), ((f"{first.code}.gate", "nobody_acted"),))
        save_draft(session, bank.user("inspector"), own_visit(session, bank, "0102"), filling, now=NOW)

    text = phone.get("/m/").text

    missing = bank.checklist.item_count - len(first.items) + len(bank.checklist.sections) - 1
    assert f"还差 {missing} 题" in text
    assert text.index("江北支行") < text.index("渝中支行")


def test_what_was_sent_stands_last_with_its_receipt(phone: Browser, bank: Bank) -> None:
    with transaction(bank.database) as session:
        number = send(session, bank, "0101", body_of(bank, "0101", 1)).submission.receipt_number

    text = phone.get("/m/").text

    assert f"回执 {number}" in text
    assert text.index("江北支行") < text.index("渝中支行")


def test_a_cancelled_visit_is_said_to_be_off(phone: Browser, bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = session.get_one(Visit, bank.visits["0101"])
        visit.state, visit.reason = VisitState.CANCELLED, "网点停业"

    page = Page(phone.get("/m/").text)

    assert "网点停业" in page.html
    assert f"/m/v/{bank.visits['0101']}" not in page.links


def test_an_empty_list_says_what_will_be_here(app: Flask, bank: Bank) -> None:
    with transaction(bank.database) as session:
        session.get_one(Visit, bank.visits["0201"]).state = VisitState.PLANNED

    assert "现在没有要做的" in signed_in(app, "inspector2").get("/m/").text


def test_a_visitor_is_led_from_the_list_to_the_sign_in(app: Flask, bank: Bank) -> None:
    assert bank.visits
    assert Browser(app).get("/m/").headers["Location"] == "/login"


def test_the_card_says_what_to_do_and_leads_to_the_first_question(phone: Browser, plan: Plan) -> None:
    checklist, visit = plan("mystery")

    page = Page(phone.get(f"/m/v/{visit}").text)

    for section in checklist.sections:
        assert section.instruction.own in page.html
    assert f"/m/v/{visit}/{checklist.sections[0].code}" in page.links


def test_the_card_has_at_most_seven_things_and_one_of_every_situation(app: Flask, plan: Plan) -> None:
    for recipe in ("mystery", "open"):
        checklist, _visit = plan(recipe)
        with app.test_request_context():
            cues = cues_of(checklist)
        names = [section.name.own for section in checklist.sections][:MOST_CUES]
        assert len(cues) <= MOST_CUES
        assert {cue.where for cue in cues} == set(names)


def test_the_card_can_be_read_again_after_the_first_answer(phone: Browser, bank: Bank) -> None:
    visit, code = bank.visits["0101"], bank.checklist.sections[0].code
    page = Page(phone.get(f"/m/v/{visit}/{code}").text)
    phone.post(f"/m/v/{visit}/{code}", page.filled([(f"{code}.gate", "nobody_acted")]))

    assert phone.get(f"/m/v/{visit}").status_code == 303
    assert "接着填" in phone.get(f"/m/v/{visit}/card").text
