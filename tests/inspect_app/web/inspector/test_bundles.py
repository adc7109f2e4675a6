"""What a phone takes along of its visits, and that it is nobody else's."""

import hashlib
import json
import re
import uuid
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import update

from checklists.answers import parse
from checklists.crediting import credit
from checklists.scoring import score
from inspect_app.app import create_app
from inspect_app.db import transaction
from inspect_app.models.visits import Visit, VisitState
from inspect_app.services import visit_tokens
from inspect_app.services.submissions import Body, accept_submission
from inspect_app.web.access import current_settings
from inspect_app.web.formatting import points
from inspect_app.web.inspector.installed import MODULES
from inspect_app.web.statics import PLACE
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, fill, send
from tests.inspect_app.web.browsing import SECRET, Browser
from tests.inspect_app.web.inspector.conftest import Plan, signed_in

IMPORT = re.compile(r'(?:from|import\()\s*"\./(\w+)\.js"')
OPENERS = frozenset({"online"})
"""What is loaded only where a browser keeps nothing."""


def test_a_bundle_holds_every_section_as_it_is_drawn_with_its_hash(phone: Browser, plan: Plan) -> None:
    checklist, visit = plan("mystery")

    bundle = phone.get(f"/visits/{visit}/bundle").json

    assert bundle is not None
    assert bundle["api"] == 1
    assert bundle["checklist"] == checklist.hash
    codes = [section.code for section in checklist.sections]
    assert [piece["code"] for piece in bundle["sections"]] == [*codes, "deduction"]
    for piece in (*bundle["sections"], bundle["card"]):
        assert piece["sha256"] == hashlib.sha256(piece["html"].encode()).hexdigest()
    assert set(bundle["names"]) == {*codes, "deduction"}
    assert bundle["inspection"] is None
    assert bundle["fields"] == []


def test_a_bundle_has_a_token_that_opens_this_visit_alone(phone: Browser, bank: Bank) -> None:
    bundle = phone.get(f"/visits/{bank.visits['0101']}/bundle").json

    assert bundle is not None
    assert visit_tokens.read(bundle["token"], SECRET).visit_id == bank.visits["0101"]
    assert bundle["expires"] > "2026"


def test_a_bundle_tells_no_score_and_no_weight(phone: Browser, bank: Bank) -> None:
    text = phone.get(f"/visits/{bank.visits['0101']}/bundle").text

    for word in ("weight", "credit", "score", "veto"):
        assert word not in text


@pytest.mark.parametrize("page", ["bundle", "stop"])
def test_the_visit_of_another_looks_absent(phone: Browser, bank: Bank, page: str) -> None:
    others = phone.get(f"/visits/{bank.visits['0201']}/{page}")

    assert others.status_code == 404
    assert (
        signed_in(phone.client.application, "reviewer")
        .get(f"/visits/{bank.visits['0101']}/{page}")
        .status_code
        == 404
    )


def test_a_visit_that_was_sent_has_no_bundle(phone: Browser, bank: Bank) -> None:
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", 1))

    assert phone.get(f"/visits/{bank.visits['0101']}/bundle").status_code == 409


def test_the_list_tells_a_phone_its_visits_and_its_words(phone: Browser, bank: Bank) -> None:
    told = phone.get("/visits/all").json

    assert told is not None
    assert {one["visit"] for one in told["visits"]} >= {str(bank.visits["0101"]), str(bank.visits["0102"])}
    assert str(bank.visits["0201"]) not in {one["visit"] for one in told["visits"]}
    assert told["words"]["title"] == "记录"
    assert all(text for text in told["words"].values())
    assert str(bank.user("inspector").id) not in json.dumps(told)


def test_a_form_changes_its_version_with_what_the_phone_should_take_anew(phone: Browser, bank: Bank) -> None:
    def version() -> str:
        told = phone.get("/visits/all").json or {}
        mine = str(bank.visits["0101"])
        return str(next(one["version"] for one in told["visits"] if one["visit"] == mine))

    before = version()
    with transaction(bank.database) as session:
        session.get_one(Visit, bank.visits["0101"]).briefing = "带一张储蓄卡"

    assert version() != before


def test_the_practice_has_no_token(phone: Browser) -> None:
    bundle = phone.get("/visits/practice/bundle").json

    assert bundle is not None
    assert bundle["token"] is None
    assert bundle["is_practice"]
    assert len(bundle["sections"]) > 1


@pytest.mark.parametrize("path", ["/m/shell", "/m/clock", "/m/manifest.webmanifest", "/m/sw.js"])
def test_what_the_worker_keeps_is_the_same_for_everybody(app: Flask, phone: Browser, path: str) -> None:
    mine, nobodys = phone.get(path), Browser(app).get(path)

    assert mine.status_code == nobodys.status_code == 200
    assert mine.data == nobodys.data
    assert "江北支行" not in mine.text


def test_every_file_of_the_worker_is_there(phone: Browser) -> None:
    listed = re.search(r"const FILES = (\[.*\]);", phone.get("/m/sw.js").text)

    assert listed is not None
    for address in json.loads(listed.group(1)):
        with phone.get(address) as answer:
            assert answer.status_code == 200, address


def test_the_scripts_of_the_phone_need_no_others() -> None:
    needed, waiting = set(), ["app", "hall"]
    while waiting:
        name = waiting.pop()
        needed.add(name)
        text = (PLACE / "js" / f"{name}.js").read_text(encoding="utf-8")
        waiting += [one for one in IMPORT.findall(text) if one not in needed | OPENERS]

    assert needed == set(MODULES)


def test_the_phones_pages_may_load_only_what_is_theirs(phone: Browser) -> None:
    policy = phone.get("/m/").headers["Content-Security-Policy"]

    assert "require-trusted-types-for 'script'; trusted-types form" in policy
    assert "style-src 'self' 'sha256-" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert phone.get("/login").headers["Content-Security-Policy"] != policy


def test_switched_off_the_worker_takes_itself_away(app: Flask, bank: Bank) -> None:
    with app.app_context():
        settings = replace(current_settings(), offline=False)
    phone = signed_in(create_app(settings, bank.database), "inspector")

    assert "unregister" in phone.get("/m/sw.js").text
    assert 'data-offline="off"' in phone.get("/m/").text


def test_a_visit_is_broken_off_with_a_reason_that_head_office_reads(phone: Browser, bank: Bank) -> None:
    address = f"/visits/{bank.visits['0101']}/stop"
    phone.get(address)
    assert phone.post(address, {"words": "门口贴了告示"}).status_code == 422

    answer = phone.post(address, {"why": "closed", "words": "门口贴了告示"})

    assert answer.status_code == 303
    with transaction(bank.database) as session:
        visit = session.get_one(Visit, bank.visits["0101"])
        assert visit.state is VisitState.CANCELLED
        assert visit.reason == "网点没开门，或搬走了：门口贴了告示"


def test_what_was_sent_cannot_be_broken_off(phone: Browser, bank: Bank) -> None:
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", 1))
    phone.get("/m/")

    assert phone.post(f"/visits/{bank.visits['0101']}/stop", {"why": "ill"}).status_code == 409


@pytest.mark.parametrize(("recipe", "is_shown"), [("open", True), ("mystery", False)])
def test_what_was_sent_of_an_announced_visit_is_told_with_its_score_until_it_is_published(
    phone: Browser, bank: Bank, plan: Plan, recipe: str, *, is_shown: bool
) -> None:
    checklist, visit_id = plan(recipe)
    fields = fill(checklist, 1)
    answers, _faults = parse(checklist, fields)
    expected = score(credit(checklist, answers)).visit
    assert so_far(phone, visit_id) is None

    with transaction(bank.database) as session:
        visit = session.get_one(Visit, visit_id)
        body = Body(uuid.uuid4(), uuid.uuid4(), b"body", fields)
        accept_submission(session, bank.user("inspector"), visit, body, SECRET, now=NOW)

    assert so_far(phone, visit_id) == (points(expected) if is_shown else None)
    with transaction(bank.database) as session:
        session.execute(update(Visit).where(Visit.id == visit_id).values(state=VisitState.PUBLISHED))
    assert so_far(phone, visit_id) is None


def so_far(phone: Browser, visit_id: uuid.UUID) -> str | None:
    """Return the score that the list tells of a visit."""
    told = phone.get("/visits/all").json or {}
    (found,) = [one["so_far"] for one in told["visits"] if one["visit"] == str(visit_id)]
    return None if found is None else str(found)
