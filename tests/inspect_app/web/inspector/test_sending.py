"""The table of contents, the last look, sending and the receipt; and the whole way without a script."""

import hashlib
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from checklists.answers import parse
from checklists.checklist import Checklist
from checklists.files.answers_json import answers_document
from checklists.handbook import Kind
from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Draft, Inspection, Revision, Submission
from inspect_app.models.visits import Visit, VisitState
from inspect_app.queries.inspections import Fields
from tests.inspect_app.made_up_bank import Bank, body_of, count, fill, send
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.inspector.conftest import Plan, signed_in
from tests.inspect_app.web.inspector.pages import Page


def fill_in(phone: Browser, checklist: Checklist, visit: uuid.UUID, fields: Fields) -> None:
    """Fill in a whole form screen by screen, as the buttons lead, without a script."""
    address = f"/m/v/{visit}/{checklist.sections[0].code}"
    places = [*(section.code for section in checklist.sections), "deduction", "check"]
    for here, after in pairwise(places):
        assert address.endswith(f"/{here}")
        page = Page(phone.get(address).text)
        response = phone.post(address, page.filled(fields, go=after))
        assert response.status_code == 303, response.text
        address = response.headers["Location"]


def send_in(phone: Browser, visit: uuid.UUID) -> TestResponse:
    """Press the button of the check page."""
    page = Page(phone.get(f"/m/v/{visit}/check").text)
    return phone.post(f"/m/v/{visit}/send", page.filled([]))


def submissions(bank: Bank) -> list[Submission]:
    """Return everything that was sent."""
    with reading(bank.database) as session:
        return session.query(Submission).all()


@pytest.mark.parametrize(("recipe", "seed"), [("mystery", 7), ("open", 8), ("phone", 9)])
def test_a_whole_visit_can_be_filled_in_and_sent_without_a_script(
    phone: Browser, bank: Bank, plan: Plan, recipe: str, seed: int
) -> None:
    checklist, visit = (bank.checklist, bank.visits["0101"]) if recipe == "phone" else plan(recipe)
    fields = fill(checklist, seed)
    assert phone.get(f"/m/v/{visit}").status_code == 200

    fill_in(phone, checklist, visit, fields)
    response = send_in(phone, visit)
    receipt = phone.get(response.headers["Location"])

    sent = submissions(bank)[0]
    assert sent.receipt_number in receipt.text
    assert "都送到了" in receipt.text
    with reading(bank.database) as session:
        revision = session.query(Revision).one()
        assert json.loads(revision.answers) == json.loads(
            json.dumps(answers_document(parse(checklist, fields)[0]))
        )
        assert count(session, Draft) == 0


def test_what_is_sent_is_one_body_under_the_ids_of_the_page(phone: Browser, bank: Bank) -> None:
    visit = bank.visits["0101"]
    fill_in(phone, bank.checklist, visit, fill(bank.checklist, 3))
    page = Page(phone.get(f"/m/v/{visit}/check").text)

    phone.post(f"/m/v/{visit}/send", page.filled([]))

    sent = submissions(bank)[0]
    body = json.loads(sent.body)
    assert sent.payload_sha256 == hashlib.sha256(sent.body).hexdigest()
    assert body["submission"] == str(sent.id) == page.value("submission_id")
    assert body["inspection"] == str(sent.inspection_id) == page.value("inspection_id")
    assert (body["v"], body["visit"], body["checklist"]) == (1, str(visit), bank.checklist.hash)
    assert [name for name, _value in body["fields"]] == sorted(name for name, _value in body["fields"])


def test_a_second_tap_leads_to_the_same_receipt(phone: Browser, bank: Bank) -> None:
    visit = bank.visits["0101"]
    fill_in(phone, bank.checklist, visit, fill(bank.checklist, 3))
    page = Page(phone.get(f"/m/v/{visit}/check").text)

    answers = [phone.post(f"/m/v/{visit}/send", page.filled([])) for _time in range(3)]

    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(303, f"/m/v/{visit}/receipt")}
    assert len(submissions(bank)) == 1


def test_two_taps_at_once_leave_one_inspection_and_one_receipt(app: Flask, bank: Bank) -> None:
    visit = bank.visits["0101"]
    first, second = signed_in(app, "inspector"), signed_in(app, "inspector")
    fill_in(first, bank.checklist, visit, fill(bank.checklist, 3))
    pages = {phone: Page(phone.get(f"/m/v/{visit}/check").text) for phone in (first, second)}

    with ThreadPoolExecutor(2) as both:
        answers = list(
            both.map(lambda one: one.post(f"/m/v/{visit}/send", pages[one].filled([])), (first, second))
        )

    assert [one.status_code for one in answers] == [303, 303]
    with reading(bank.database) as session:
        assert (count(session, Submission), count(session, Inspection), count(session, Revision)) == (1, 1, 1)


def test_what_is_incomplete_is_not_sent_and_the_page_says_why(phone: Browser, bank: Bank) -> None:
    visit = bank.visits["0101"]
    missing = next(item for s in bank.checklist.sections for item in s.items if item.kind is Kind.DELIVERY)
    fields = [field for field in fill(bank.checklist, 5) if not field[0].startswith(missing.code)]
    gate = f"{missing.code.partition('.')[0]}.gate"
    heard = [(name, "heard") for name, _value in fields if name.startswith(gate[:3]) and ".el" in name]
    fields = [*(field for field in fields if field[0] != gate), (gate, "occurred"), *heard]
    fill_in(phone, bank.checklist, visit, tuple(fields))
    page = Page(phone.get(f"/m/v/{visit}/check").text)
    assert "交上去" not in page.html

    response = phone.post(f"/m/v/{visit}/send", page.filled([]))

    assert response.status_code == 422
    assert f"/m/v/{visit}/{missing.code.partition('.')[0]}#{missing.code}" in Page(response.text).links
    assert submissions(bank) == []


def test_every_link_of_the_check_page_leads_to_the_question(phone: Browser, bank: Bank) -> None:
    visit, (first, *_rest) = bank.visits["0101"], bank.checklist.sections
    page = Page(phone.get(f"/m/v/{visit}/{first.code}").text)
    phone.post(f"/m/v/{visit}/{first.code}", page.filled([(f"{first.code}.gate", "occurred")]))

    links = [link for link in Page(phone.get(f"/m/v/{visit}/check").text).links if "#S" in link]

    assert len(links) > len(bank.checklist.sections) + len(first.items)
    for link in links:
        address, _hash, question = link.partition("#")
        assert question in Page(phone.get(address).text).targets


def test_the_table_of_contents_says_how_far_each_situation_is(phone: Browser, bank: Bank) -> None:
    visit, (first, second, *rest) = bank.visits["0101"], bank.checklist.sections
    for section, fields in (
        (first, [(f"{first.code}.gate", "nobody_acted")]),
        (second, [(f"{second.code}.gate", "occurred")]),
    ):
        page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
        phone.post(f"/m/v/{visit}/{section.code}", page.filled(fields))

    page = Page(phone.get(f"/m/v/{visit}/list").text)

    assert "无人理会" in page.html
    assert f"差 {len(second.items) + 1} 题" in page.html
    assert page.html.count("没开始") == len(rest)
    assert {f"/m/v/{visit}/{section.code}" for section in bank.checklist.sections} <= set(page.links)


def test_what_was_not_met_without_a_word_is_pointed_out_and_may_stay_so(phone: Browser, plan: Plan) -> None:
    checklist, visit = plan("mystery")
    section, item = next((s, i) for s in checklist.sections for i in s.items if i.kind is Kind.ACTION)
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
    phone.post(
        f"/m/v/{visit}/{section.code}",
        page.filled([(f"{section.code}.gate", "occurred"), (item.code, "not")]),
    )

    text = phone.get(f"/m/v/{visit}/check").text

    assert "没写经过的" in text
    assert item.question.own in text


def test_a_visit_without_anything_sent_has_no_receipt(phone: Browser, bank: Bank) -> None:
    assert phone.get(f"/m/v/{bank.visits['0101']}/receipt").status_code == 409


def test_a_sent_visit_leads_to_its_receipt_and_to_the_next_visit(phone: Browser, bank: Bank) -> None:
    with transaction(bank.database) as session:
        accepted = send(session, bank, "0101", body_of(bank, "0101", 1))
        number = accepted.submission.receipt_number

    response = phone.get(f"/m/v/{bank.visits['0101']}")
    receipt = phone.get(response.headers["Location"])

    assert number in receipt.text
    assert f"/m/v/{bank.visits['0102']}" in Page(receipt.text).links
    assert "江北支行" in receipt.text


def test_a_visit_that_was_cancelled_opens_no_page(phone: Browser, bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = session.get_one(Visit, bank.visits["0101"])
        visit.state, visit.reason = VisitState.CANCELLED, "网点停业"

    for path in ("", "/card", "/list", "/check", "/receipt", "/S05"):
        assert phone.get(f"/m/v/{bank.visits['0101']}{path}").status_code == 409
