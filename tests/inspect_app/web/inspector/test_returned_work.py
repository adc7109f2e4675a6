"""Returned work opens only what was returned, with the question above it and the old answer in sight."""

import json
import uuid
from collections.abc import Mapping

import pytest

from checklists.answers import posted_fields
from checklists.checklist import Checklist, Item, Section
from checklists.handbook import Kind
from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Revision
from inspect_app.models.visits import VisitState
from inspect_app.queries.inspections import answers_of, newest_revision_of_visit
from inspect_app.services.journal import Actor
from inspect_app.services.reviews import return_to_inspector
from inspect_app.services.submissions import Body, accept_submission
from tests.inspect_app.made_up_bank import NOW, SECRET, Bank, own_visit
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.inspector.pages import Page

QUESTION = "当时是谁先开的口？"


def returned(bank: Bank, fields: Mapping[str, str], questions: Mapping[str, str]) -> uuid.UUID:
    """Send 0101's visit and return it with questions."""
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        body = Body(uuid.uuid4(), uuid.uuid4(), json.dumps(fields).encode(), tuple(fields.items()))
        accept_submission(session, bank.user("inspector"), visit, body, SECRET, now=NOW)
        revision = newest_revision_of_visit(session, visit)
        assert revision is not None
        return_to_inspector(session, Actor.user(bank.user("reviewer")), revision, questions, now=NOW)
        return visit.id


def full(checklist: Checklist) -> dict[str, str]:
    """Return a form in which everything occurred and was met."""
    fields: dict[str, str] = {}
    for section in checklist.sections:
        fields |= {f"{section.code}.gate": "occurred", f"{section.code}.role": section.lead}
        for item in section.items:
            elements = {f"{item.code}.el{place}": "heard" for place in range(len(item.elements))}
            fields |= elements or {item.code: "met"}
    return fields


def asked_about(checklist: Checklist) -> tuple[Section, Item]:
    """Return the delivery item that the reviewer asks about, with its section."""
    return next(
        (section, item)
        for section in checklist.sections
        for item in section.items
        if item.kind is Kind.DELIVERY and len(section.items) > 2
    )


def test_only_what_was_returned_is_open(phone: Browser, bank: Bank) -> None:
    section, item = asked_about(bank.checklist)
    fields = full(bank.checklist) | {item.code: "partly", f"{item.code}.words": "声音偏轻"}
    visit = returned(bank, fields, {item.code: QUESTION})

    location = phone.get(f"/m/v/{visit}").headers["Location"]
    page = Page(phone.get(location).text)

    assert location == f"/m/v/{visit}/{section.code}"
    assert {name.split(".")[1] for name in page.asked} == {item.code.split(".")[1]}
    assert QUESTION in page.html
    assert "上次答的：部分达标 · “声音偏轻”" in page.html
    others = [one.code for one in bank.checklist.sections if one is not section]
    assert {phone.get(f"/m/v/{visit}/{code}").status_code for code in [*others, "deduction"]} == {404}


def test_the_answer_to_a_question_changes_that_item_alone(phone: Browser, bank: Bank) -> None:
    section, item = asked_about(bank.checklist)
    fields = full(bank.checklist) | {item.code: "partly"}
    visit = returned(bank, fields, {item.code: QUESTION})
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)

    phone.post(f"/m/v/{visit}/{section.code}", page.changed(go="check", **{item.code: "met"}))
    check = Page(phone.get(f"/m/v/{visit}/check").text)
    response = phone.post(f"/m/v/{visit}/send", check.filled([]))

    assert response.headers["Location"] == f"/m/v/{visit}/receipt"
    with reading(bank.database) as session:
        assert own_visit(session, bank, "0101").state is VisitState.SUBMITTED
        revision = newest_revision_of_visit(session, own_visit(session, bank, "0101"))
        assert revision is not None
        assert revision.number == 2
        assert dict(posted_fields(bank.checklist, answers_of(revision))) == full(bank.checklist)


def test_the_first_change_to_returned_work_can_be_taken_back(phone: Browser, bank: Bank) -> None:
    section, item = asked_about(bank.checklist)
    visit = returned(bank, full(bank.checklist), {item.code: QUESTION})
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
    phone.post(f"/m/v/{visit}/{section.code}", page.changed(**{item.code: "not"}))

    phone.post(f"/m/v/{visit}/undo")

    assert Page(phone.get(f"/m/v/{visit}/{section.code}").text).value(item.code) == "met"


def test_what_stands_by_its_answer_can_be_sent_as_it_was(phone: Browser, bank: Bank) -> None:
    _section, item = asked_about(bank.checklist)
    visit = returned(bank, full(bank.checklist), {item.code: QUESTION})
    check = Page(phone.get(f"/m/v/{visit}/check").text)

    assert phone.post(f"/m/v/{visit}/send", check.filled([])).status_code == 303

    with reading(bank.database) as session:
        assert session.query(Revision).count() == 2


def test_a_question_about_what_did_not_occur_opens_the_whole_situation(phone: Browser, bank: Bank) -> None:
    section, item = asked_about(bank.checklist)
    fields = full(bank.checklist) | {f"{section.code}.gate": "nobody_acted"}
    visit = returned(bank, fields, {item.code: QUESTION})

    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)

    assert f"{section.code}.gate" in page.asked
    assert {f"{one.code}.words" for one in section.items} <= page.asked


def test_what_a_new_answer_leaves_open_is_opened_with_it(phone: Browser, bank: Bank) -> None:
    section, delivery = asked_about(bank.checklist)
    phrases = [item for item in section.items if item.kind is Kind.PHRASE]
    silence = {f"{one.code}.el{place}": "missing" for one in phrases for place in range(len(one.elements))}
    visit = returned(bank, full(bank.checklist) | silence, {one.code: QUESTION for one in phrases})
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
    assert f"{delivery.code}.words" not in page.asked

    heard = dict.fromkeys(silence, "heard")
    phone.post(f"/m/v/{visit}/{section.code}", page.changed(**heard))

    assert delivery.code in Page(phone.get(f"/m/v/{visit}/{section.code}").text).asked


def test_the_list_shows_returned_work_first_with_its_question(phone: Browser, bank: Bank) -> None:
    _section, item = asked_about(bank.checklist)
    returned(bank, full(bank.checklist), {item.code: QUESTION})

    text = phone.get("/m/").text

    assert "退回 1 题" in text
    assert f"复核人问：“{QUESTION}”" in text
    assert text.index("渝中支行") < text.index("江北支行")


@pytest.mark.parametrize("code", ["forbidden_words"])
def test_a_question_about_a_deduction_opens_its_screen_alone(phone: Browser, bank: Bank, code: str) -> None:
    visit = returned(bank, full(bank.checklist), {code: QUESTION})

    page = phone.get(phone.get(f"/m/v/{visit}").headers["Location"])

    assert QUESTION in page.text
    assert Page(page.text).asked == {f"deduction.{code}", f"deduction.{code}.words"}
