"""One situation per screen: what it asks, what it keeps, what it refuses."""

import json
import uuid

import pytest
from flask import Flask

from checklists.answers import names
from checklists.checklist import Checklist, Item, Section
from checklists.fields import deduction_names
from checklists.handbook import Kind
from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Draft, Inspection
from inspect_app.models.visits import VisitState
from inspect_app.queries.inspections import draft_of_visit
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.web.phone_policy import phone_style
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, count, own_visit, send
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.inspector.conftest import Plan, signed_in
from tests.inspect_app.web.inspector.pages import Page

QUIETLY = {"X-Saves": "1"}


def draft_of(bank: Bank, visit_id: uuid.UUID) -> Draft | None:
    """Return the draft of a visit of `inspector` as the database has it."""
    with reading(bank.database) as session:
        return (
            session.query(Draft).join(Draft.inspection).filter(Inspection.visit_id == visit_id).one_or_none()
        )


def fields_of(bank: Bank, visit_id: uuid.UUID) -> dict[str, str | list[str]]:
    """Return the fields that a visit's draft holds."""
    draft = draft_of(bank, visit_id)
    assert draft is not None
    return dict(json.loads(draft.fields))


def wanted_names(section: Section) -> set[str]:
    """Return the fields of a section that a page can post."""
    empty = {f"{item.code}.why" for item in section.items if not item.shortfalls}
    return {field.name for field in names(section) if not field.name.endswith(".photos")} - empty


def an_item(checklist: Checklist, kind: Kind, *, counted: bool = False) -> tuple[Section, Item]:
    """Return an item of a kind, with its section."""
    return next(
        (section, item)
        for section in checklist.sections
        for item in section.items
        if item.kind is kind and (item.counted is not None) is counted
    )


@pytest.mark.parametrize("recipe", ["mystery", "open", "phone"])
def test_a_screen_posts_the_fields_that_phone_and_server_share(
    phone: Browser, bank: Bank, plan: Plan, recipe: str
) -> None:
    checklist, visit = (bank.checklist, bank.visits["0101"]) if recipe == "phone" else plan(recipe)

    for section in checklist.sections:
        page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
        assert page.asked == wanted_names(section)
    page = Page(phone.get(f"/m/v/{visit}/deduction").text)
    assert page.asked == {field.name for field in deduction_names(checklist)}


def test_every_page_of_a_form_is_small(phone: Browser, plan: Plan) -> None:
    checklist, visit = plan("open")

    sizes = [len(phone.get(f"/m/v/{visit}/{section.code}").data) for section in checklist.sections]

    assert max(sizes) - len(phone_style().encode()) < 50 * 1024


def test_looking_stores_nothing_and_neither_does_an_empty_form(phone: Browser, bank: Bank) -> None:
    visit, code = bank.visits["0101"], bank.checklist.sections[0].code
    page = Page(phone.get(f"/m/v/{visit}/{code}").text)

    response = phone.post(f"/m/v/{visit}/{code}", page.filled([], go="list"))

    assert (response.status_code, response.headers["Location"]) == (303, f"/m/v/{visit}/list")
    with reading(bank.database) as session:
        assert count(session, Inspection) == 0
        assert own_visit(session, bank, "0101").state is VisitState.ASSIGNED


def test_the_first_answer_begins_the_inspection_under_the_ids_of_the_page(phone: Browser, bank: Bank) -> None:
    visit, code = bank.visits["0101"], bank.checklist.sections[0].code
    page = Page(phone.get(f"/m/v/{visit}/{code}").text)

    phone.post(f"/m/v/{visit}/{code}", page.filled([(f"{code}.gate", "occurred")]))
    again = Page(phone.get(f"/m/v/{visit}/{code}").text)

    draft = draft_of(bank, visit)
    assert draft is not None
    assert str(draft.inspection_id) == page.value("inspection_id") == again.value("inspection_id")
    assert str(draft.submission_id) == page.value("submission_id") == again.value("submission_id")
    assert again.value(f"{code}.gate") == "occurred"


def test_a_second_page_opened_before_the_first_answer_saves_into_the_same_draft(
    phone: Browser, bank: Bank
) -> None:
    visit, (first, second, *_rest) = bank.visits["0101"], bank.checklist.sections
    pages = [Page(phone.get(f"/m/v/{visit}/{section.code}").text) for section in (first, second)]

    for page, section in zip(pages, (first, second), strict=True):
        phone.post(f"/m/v/{visit}/{section.code}", page.filled([(f"{section.code}.gate", "nobody_acted")]))

    with reading(bank.database) as session:
        assert count(session, Inspection) == 1
    assert fields_of(bank, visit) == {f"{section.code}.gate": "nobody_acted" for section in (first, second)}


def test_saving_one_situation_leaves_the_others_and_all_photos(phone: Browser, bank: Bank) -> None:
    visit, (first, second, *_rest) = bank.visits["0101"], bank.checklist.sections
    photo = (f"{first.items[0].code}.photos", ("a" * 64,))
    with transaction(bank.database) as session:
        fields = ((f"{first.code}.gate", "occurred"), photo, (f"{second.code}.gate", "nobody_acted"))
        filling = Filling(uuid.uuid4(), uuid.uuid4(), fields)
        save_draft(session, bank.user("inspector"), own_visit(session, bank, "0101"), filling, now=NOW)
    page = Page(phone.get(f"/m/v/{visit}/{first.code}").text)

    phone.post(f"/m/v/{visit}/{first.code}", page.changed(**{f"{first.code}.gate": "nobody_acted"}))

    assert fields_of(bank, visit) == {
        photo[0]: ["a" * 64],
        f"{first.code}.gate": "nobody_acted",
        f"{second.code}.gate": "nobody_acted",
    }


@pytest.mark.parametrize("go", ["", "stay", "https://evil.example/", "../../logout", "S99"])
def test_a_button_leads_only_to_pages_of_the_form(phone: Browser, bank: Bank, go: str) -> None:
    visit, code = bank.visits["0101"], bank.checklist.sections[0].code
    page = Page(phone.get(f"/m/v/{visit}/{code}").text)

    response = phone.post(f"/m/v/{visit}/{code}", page.filled([], go=go))

    assert (response.status_code, response.headers["Location"]) == (303, f"/m/v/{visit}/{code}")


def test_what_contradicts_itself_is_refused_at_its_field_and_kept_on_the_page(
    phone: Browser, bank: Bank, plan: Plan
) -> None:
    checklist, visit = plan("open")
    section, item = an_item(checklist, Kind.ACTION, counted=True)
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
    fields = [(f"{section.code}.gate", "occurred"), (f"{item.code}.of", "2"), (f"{item.code}.met", "3")]

    response = phone.post(f"/m/v/{visit}/{section.code}", page.filled(fields, go="list"))
    refused = Page(response.text)

    assert response.status_code == 422
    assert "做到的加上部分做到的，多过了看到的人数。" in response.text
    assert [refused.value(name) for name, _value in fields] == ["occurred", "2", "3"]
    assert draft_of(bank, visit) is None


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("of", "120", "请填 0 到 99 的整数。"),
        ("of", "some", "请填 0 到 99 的整数。"),
        ("words", "好" * 501, "最多 500 字"),
    ],
)
def test_what_no_field_can_hold_is_refused(
    phone: Browser, plan: Plan, part: str, value: str, words: str
) -> None:
    checklist, visit = plan("open")
    section, item = an_item(checklist, Kind.ACTION, counted=True)
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)

    response = phone.post(
        f"/m/v/{visit}/{section.code}",
        page.filled([(f"{section.code}.gate", "occurred"), (f"{item.code}.{part}", value)]),
    )

    assert response.status_code == 422
    assert words in response.text


def test_a_choice_that_is_not_offered_is_refused(phone: Browser, bank: Bank) -> None:
    visit, code = bank.visits["0101"], bank.checklist.sections[0].code
    page = Page(phone.get(f"/m/v/{visit}/{code}").text)

    response = phone.post(f"/m/v/{visit}/{code}", page.filled([(f"{code}.role", "branch_head")]))

    assert response.status_code == 422


def test_not_heard_takes_the_elements_of_its_phrase_away(phone: Browser, bank: Bank) -> None:
    visit = bank.visits["0101"]
    section, item = an_item(bank.checklist, Kind.PHRASE)
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
    fields = [
        (f"{item.code}.el0", "heard"),
        (item.code, "left_out"),
        (f"{item.code}.left", "not_this_branch"),
    ]

    phone.post(f"/m/v/{visit}/{section.code}", page.filled(fields))

    assert fields_of(bank, visit) == {item.code: "left_out", f"{item.code}.left": "not_this_branch"}


def test_what_a_gate_hides_is_kept_for_when_it_opens_again(phone: Browser, bank: Bank) -> None:
    visit = bank.visits["0101"]
    section, item = an_item(bank.checklist, Kind.PHRASE)
    heard, gate = f"{item.code}.el0", f"{section.code}.gate"
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
    phone.post(f"/m/v/{visit}/{section.code}", page.filled([(gate, "occurred"), (heard, "heard")]))

    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
    phone.post(f"/m/v/{visit}/{section.code}", page.changed(**{gate: "nobody_acted"}))

    assert Page(phone.get(f"/m/v/{visit}/{section.code}").text).value(heard) == "heard"


def test_a_script_saves_quietly_and_is_told_what_is_still_to_do(phone: Browser, bank: Bank) -> None:
    visit, section = bank.visits["0101"], bank.checklist.sections[0]
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
    open_before = bank.checklist.item_count + len(bank.checklist.sections)

    response = phone.post(
        f"/m/v/{visit}/{section.code}", page.filled([(f"{section.code}.gate", "nobody_acted")]), **QUIETLY
    )

    said = response.get_json()
    assert response.status_code == 200
    assert said["todo"] == f"还差 {open_before - len(section.items) - 1} 题"
    assert said["segments"][0] == "done"
    assert said["undo"] is True
    assert fields_of(bank, visit) == {f"{section.code}.gate": "nobody_acted"}


def test_a_page_that_was_left_open_changes_only_what_was_touched_on_it(phone: Browser, bank: Bank) -> None:
    visit = bank.visits["0101"]
    section, item = an_item(bank.checklist, Kind.PHRASE)
    address, gate, words = f"/m/v/{visit}/{section.code}", f"{section.code}.gate", f"{item.code}.words"
    stale = Page(phone.get(address).text)
    phone.post(address, stale.filled([(gate, "occurred"), (words, "喂，讲")]))

    phone.post(address, stale.filled([(gate, "nobody_acted")]) | {"touched": ["", gate]}, **QUIETLY)

    assert fields_of(bank, visit) == {gate: "nobody_acted", words: "喂，讲"}


def test_a_script_is_told_which_field_is_wrong(phone: Browser, bank: Bank) -> None:
    visit, code = bank.visits["0101"], bank.checklist.sections[0].code
    page = Page(phone.get(f"/m/v/{visit}/{code}").text)

    response = phone.post(f"/m/v/{visit}/{code}", page.filled([(f"{code}.gate", "perhaps")]), **QUIETLY)

    assert response.status_code == 422
    assert response.get_json() == {"faults": {f"{code}.gate": ["这个答案不在可选的里面。"]}}


def test_where_nothing_was_said_the_delivery_is_not_asked(phone: Browser, plan: Plan) -> None:
    checklist, visit = plan("mystery")
    section, _item = an_item(checklist, Kind.DELIVERY)
    phrases = [item for item in section.items if item.kind is Kind.PHRASE]
    silence = [(f"{one.code}.el{place}", "missing") for one in phrases for place in range(len(one.elements))]
    page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
    assert "group delivery silent" not in page.html

    fields = [(f"{section.code}.gate", "occurred"), *silence]
    said = phone.post(f"/m/v/{visit}/{section.code}", page.filled(fields), **QUIETLY).get_json()

    assert said["silent"] == [section.code]
    assert "group delivery silent" in phone.get(f"/m/v/{visit}/{section.code}").text


def test_undo_takes_the_last_change_back_and_shows_where_it_was(phone: Browser, bank: Bank) -> None:
    visit, (first, second, *_rest) = bank.visits["0101"], bank.checklist.sections
    for section in (first, second):
        page = Page(phone.get(f"/m/v/{visit}/{section.code}").text)
        phone.post(f"/m/v/{visit}/{section.code}", page.filled([(f"{section.code}.gate", "nobody_acted")]))
    page = Page(phone.get(f"/m/v/{visit}/{first.code}").text)

    response = phone.post(f"/m/v/{visit}/undo", page.changed())

    assert (response.status_code, response.headers["Location"]) == (
        303,
        f"/m/v/{visit}/{second.code}#{second.code}.gate",
    )
    assert fields_of(bank, visit) == {f"{first.code}.gate": "nobody_acted"}
    assert phone.post(f"/m/v/{visit}/undo").status_code == 409


def test_saving_the_same_again_leaves_the_last_change_to_be_taken_back(phone: Browser, bank: Bank) -> None:
    visit, code = bank.visits["0101"], bank.checklist.sections[0].code
    for _time in range(2):
        page = Page(phone.get(f"/m/v/{visit}/{code}").text)
        phone.post(f"/m/v/{visit}/{code}", page.filled([(f"{code}.gate", "nobody_acted")]))

    phone.post(f"/m/v/{visit}/undo")

    assert fields_of(bank, visit) == {}


def test_before_the_first_answer_nothing_can_be_taken_back(phone: Browser, bank: Bank) -> None:
    assert phone.post(f"/m/v/{bank.visits['0101']}/undo").status_code == 409


def test_a_begun_visit_resumes_at_its_first_open_question(phone: Browser, bank: Bank) -> None:
    visit, (first, second, *_rest) = bank.visits["0101"], bank.checklist.sections
    page = Page(phone.get(f"/m/v/{visit}/{first.code}").text)
    phone.post(f"/m/v/{visit}/{first.code}", page.filled([(f"{first.code}.gate", "nobody_acted")]))
    page = Page(phone.get(f"/m/v/{visit}/{second.code}").text)
    answered = [(f"{second.code}.gate", "occurred"), (f"{second.code}.role", second.lead)]
    phone.post(f"/m/v/{visit}/{second.code}", page.filled(answered))

    location = phone.get(f"/m/v/{visit}").headers["Location"]

    assert location == f"/m/v/{visit}/{second.code}#{second.items[0].code}"
    assert second.items[0].code in Page(phone.get(location).text).targets


@pytest.mark.parametrize("path", ["", "/card", "/list", "/check", "/receipt", "/deduction", "/S05"])
def test_anothers_visit_is_answered_like_one_that_does_not_exist(
    phone: Browser, bank: Bank, path: str
) -> None:
    theirs = phone.get(f"/m/v/{bank.visits['0201']}{path}")
    missing = phone.get(f"/m/v/{uuid.uuid4()}{path}")

    assert theirs.status_code == missing.status_code == 404
    assert theirs.text == missing.text


@pytest.mark.parametrize("path", ["/S05", "/undo", "/send", "/deduction"])
def test_nobody_writes_into_anothers_visit(phone: Browser, bank: Bank, path: str) -> None:
    response = phone.post(f"/m/v/{bank.visits['0201']}{path}", {"S05.gate": "occurred"})

    assert response.status_code == 404
    with reading(bank.database) as session:
        assert count(session, Inspection) == 0


def test_a_situation_that_is_not_on_the_checklist_does_not_exist(phone: Browser, bank: Bank) -> None:
    assert phone.get(f"/m/v/{bank.visits['0101']}/S99").status_code == 404


@pytest.mark.parametrize("username", ["administrator", "reviewer", "region01", "branch0101"])
def test_the_door_is_not_there_for_other_kinds_of_user(app: Flask, bank: Bank, username: str) -> None:
    other = signed_in(app, username)
    visit = bank.visits["0101"]

    gets = [f"/m/v/{visit}{path}" for path in ("", "/card", "/list", "/check", "/receipt", "/S05")]
    statuses = {other.get(path).status_code for path in ["/m/", *gets]}
    statuses |= {other.post(f"/m/v/{visit}{path}").status_code for path in ("/S05", "/undo", "/send")}

    assert statuses == {404}


def test_a_visitor_is_led_to_the_sign_in(app: Flask, bank: Bank) -> None:
    visitor = Browser(app)
    for path in ("", "/S05", "/list", "/check", "/receipt", "/card"):
        assert visitor.get(f"/m/v/{bank.visits['0101']}{path}").headers["Location"] == "/login"


@pytest.mark.parametrize("path", ["/card", "/list", "/check", "/S05", "/deduction"])
def test_what_was_sent_is_not_filled_in_any_more(phone: Browser, bank: Bank, path: str) -> None:
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", 1))

    assert phone.get(f"/m/v/{bank.visits['0101']}{path}").status_code == 409


def test_a_page_that_was_left_open_cannot_change_what_was_sent(phone: Browser, bank: Bank) -> None:
    visit, code = bank.visits["0101"], bank.checklist.sections[0].code
    page = Page(phone.get(f"/m/v/{visit}/{code}").text)
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", 1))

    for headers in ({}, QUIETLY):
        posted = page.filled([(f"{code}.gate", "nobody_acted")])
        assert phone.post(f"/m/v/{visit}/{code}", posted, **headers).status_code == 409
    with reading(bank.database) as session:
        assert draft_of_visit(session, own_visit(session, bank, "0101")) is None


@pytest.mark.parametrize("recipe", ["mystery", "phone"])
def test_a_shopper_never_sees_a_score(phone: Browser, bank: Bank, plan: Plan, recipe: str) -> None:
    checklist, visit = (bank.checklist, bank.visits["0101"]) if recipe == "phone" else plan(recipe)
    answer_first_section(phone, checklist, visit)

    for path in ("/list", "/check", f"/{checklist.sections[1].code}"):
        assert "目前" not in phone.get(f"/m/v/{visit}{path}").text


def test_an_announced_inspector_sees_how_the_branch_does_so_far(phone: Browser, plan: Plan) -> None:
    checklist, visit = plan("open")
    assert "目前" not in phone.get(f"/m/v/{visit}/list").text
    answer_first_section(phone, checklist, visit)

    assert "目前 <b>0.00</b>" in phone.get(f"/m/v/{visit}/list").text


def answer_first_section(phone: Browser, checklist: Checklist, visit: uuid.UUID) -> None:
    """Say of the first situation that nobody acted."""
    code = checklist.sections[0].code
    page = Page(phone.get(f"/m/v/{visit}/{code}").text)
    phone.post(f"/m/v/{visit}/{code}", page.filled([(f"{code}.gate", "nobody_acted")]))


def test_nothing_outside_the_page_tells_what_it_is_for(phone: Browser, bank: Bank) -> None:
    visit = bank.visits["0101"]
    for path in ("/m/", f"/m/v/{visit}", f"/m/v/{visit}/S05", f"/m/v/{visit}/list", f"/m/v/{visit}/check"):
        page = Page(phone.get(path).text)
        assert page.title == "记录"
        assert "icons/plain.svg" in page.html
        assert "icons/mark.svg" not in page.html


def test_what_goes_wrong_on_a_phone_does_not_tell_what_it_is_for_either(phone: Browser, bank: Bank) -> None:
    for path in (f"/m/v/{bank.visits['0201']}", f"/m/v/{bank.visits['0101']}/receipt"):
        page = phone.get(path).text
        assert "icons/plain.svg" in page
        assert "神秘人" not in page


def test_the_browser_is_asked_to_remember_nothing_of_the_form(phone: Browser, bank: Bank) -> None:
    page = phone.get(f"/m/v/{bank.visits['0101']}/S05")

    assert '<form method="post" id="filling" autocomplete="off"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_form_speaks_english_with_the_quoted_words_in_the_branchs_own(phone: Browser, bank: Bank) -> None:
    phone.client.set_cookie("inspect_language", "en")
    section, item = an_item(bank.checklist, Kind.PHRASE)

    page = phone.get(f"/m/v/{bank.visits['0101']}/{section.code}").text

    assert 'lang="en"' in page
    assert section.name.in_language("en") in page
    assert f"“{item.wordings[0].own}”" in page
