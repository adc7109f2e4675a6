"""Whatever a page changes stands in the journal, row for row; without its row nothing is changed."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from checklists.amending import Amendment
from inspect_app.db import reading, transaction
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.jobs import Job, JobKind, Mail, MailFailure
from inspect_app.models.journal import JournalEntry
from inspect_app.queries.correcting import visit_to_correct
from inspect_app.queries.waves import wave_with_id
from inspect_app.services import jobs, mails
from inspect_app.services.disclosures import disclose_wave
from inspect_app.services.journal import Actor
from inspect_app.services.rankings import publish_wave
from inspect_app.services.waves import WavePlan, plan_wave
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import NOW, PASSWORD, Bank, count, fill
from tests.inspect_app.web.background_work import add_mail
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.inspector.pages import Page
from tests.inspect_app.web.inspector.test_sending import fill_in
from tests.inspect_app.web.office.bank_work import approve, close, deciding, page_of, receive
from tests.inspect_app.web.office.test_planning import PLAN
from tests.inspect_app.web.test_matrix import content

Fields = Mapping[str, object]
NOTHING: Fields = {}


def no_fields(_bank: Bank) -> Fields:
    """Return the fields of a button alone."""
    return NOTHING


def nothing(_bank: Bank) -> None:
    """Leave the bank as it is."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody does on a page, and the rows that it leaves in the journal.

    Attributes:
        before: brings the bank to where it can be done.
        rows: the journal's own names of what it writes, each once; `void_deficiency` once for each that is.
    """

    endpoint: str
    username: str
    address: Callable[[Bank], str]
    rows: tuple[str, ...]
    before: Callable[[Bank], object] = nothing
    fields: Callable[[Bank], Fields] = no_fields


def visit_step(step: str) -> Callable[[Bank], str]:
    """Return what makes the address of a step of branch 0101's visit."""
    return lambda bank: f"/office/visits/{bank.visits['0101']}/{step}"


def wave_step(step: str, code: str = "2026Q3") -> Callable[[Bank], str]:
    """Return what makes the address of a step of a wave."""
    return lambda _bank: f"/office/waves/{code}/{step}"


def review_step(step: str) -> Callable[[Bank], str]:
    """Return what makes the address of a step of the review of branch 0101."""
    return lambda bank: page_of(bank, "0101", step)


def received(bank: Bank) -> None:
    """Let one inspection come in."""
    receive(bank, "0101")


def planned(bank: Bank) -> None:
    """Plan another wave."""
    plan = WavePlan(
        code="2026Q4",
        name="2026 年四季度",
        mode=bank.checklist.mode,
        opens_on=date(2026, 10, 21),
        closes_on=date(2026, 11, 30),
        checklists=(bank.checklist.hash,),
    )
    with transaction(bank.database) as session:
        plan_wave(session, Actor.system(), plan, now=NOW)


def closed(bank: Bank) -> None:
    """Approve the one inspection that came in, and close the wave."""
    receive(bank, "0101")
    approve(bank, "0101")
    with transaction(bank.database) as session:
        wave_with_id(session, bank.wave_id).disclosure_days = 0
    close(bank)


def disclosed(bank: Bank) -> None:
    """Show the closed wave to its branches."""
    closed(bank)
    with transaction(bank.database) as session:
        disclose_wave(session, Actor.system(), wave_with_id(session, bank.wave_id), now=utc_now())


def published(bank: Bank) -> None:
    """Publish the wave."""
    disclosed(bank)
    with transaction(bank.database) as session:
        publish_wave(session, Actor.system(), wave_with_id(session, bank.wave_id), now=utc_now())


def asking(bank: Bank) -> Fields:
    """Return the fields of a return with a question."""
    return deciding(bank, "0101", **{f"question.{bank.checklist.sections[0].items[0].code}": "几位？"})


def correction(bank: Bank) -> Fields:
    """Return the fields that correct the first item that can be met in full instead."""
    with reading(bank.database) as session:
        found = visit_to_correct(session, bank.user("administrator"), bank.visits["0101"])
    alone = (one for one in found.items.values() if len(one.codes) == 1)
    code = next(one.codes[0] for one in alone if Amendment.FULL in one.offered)
    return {"seen": found.whole.current.revision.number, f"to.{code}": "full", "reason": "对过录像"}


def asked(bank: Bank) -> None:
    """Ask for a job."""
    with transaction(bank.database) as session:
        jobs.enqueue(session, Actor.system(), JobKind.REHEARSAL, {"steps": 0}, now=NOW)


def called_off(bank: Bank) -> None:
    """Ask for a job and call it off."""
    asked(bank)
    with transaction(bank.database) as session:
        jobs.cancel(session, Actor.system(), session.scalars(select(Job)).one(), now=NOW)


def refused_mail(bank: Bank) -> None:
    """Let a mail be refused."""
    add_mail(bank)
    with transaction(bank.database) as session:
        letter = mails.claim(session, "worker", now=NOW)
        assert letter is not None
        mails.give_up(session, letter.lease, MailFailure.REFUSED, now=NOW)


def only_job(bank: Bank) -> UUID:
    """Return the id of the only job."""
    with reading(bank.database) as session:
        return session.scalars(select(Job.id)).one()


def only_mail(bank: Bank) -> UUID:
    """Return the id of the only mail."""
    with reading(bank.database) as session:
        return session.scalars(select(Mail.id)).one()


def approved_late(bank: Bank) -> None:
    """Let one inspection come in after the wave has closed, and be approved."""
    close(bank)
    receive(bank, "0101")
    approve(bank, "0101")


DEEDS = (
    Deed(
        "office.assign_visit",
        "administrator",
        visit_step("assign"),
        ("assign_visit",),
        fields=lambda bank: {"inspector": str(bank.user("inspector2").id)},
    ),
    Deed(
        "office.cancel_visit",
        "administrator",
        visit_step("cancel"),
        ("cancel_visit",),
        fields=lambda _bank: {"reason": "网点装修"},
    ),
    Deed(
        "office.add_wave",
        "administrator",
        lambda _bank: "/office/new-wave",
        ("plan_wave", "store_checklist"),
        fields=lambda _bank: PLAN,
    ),
    Deed("office.open_wave", "administrator", wave_step("open", "2026Q4"), ("open_wave",), planned),
    Deed("office.close_wave", "administrator", wave_step("close"), ("close_wave",)),
    Deed(
        "office.disclose_wave",
        "administrator",
        wave_step("disclose"),
        ("disclose_wave", "disclose_visit"),
        closed,
    ),
    Deed(
        "office.publish_wave",
        "administrator",
        wave_step("publish"),
        ("publish_wave", "publish_visit"),
        disclosed,
    ),
    Deed(
        "office.void_visit",
        "administrator",
        visit_step("void"),
        ("void_visit", "restate_ranking", "void_deficiency"),
        published,
        lambda _bank: {"reason": "走错了网点"},
    ),
    Deed(
        "office.take_in_visit",
        "administrator",
        visit_step("take-in"),
        ("take_in_visit",),
        approved_late,
        lambda _bank: {"reason": "停电，晚送了一天"},
    ),
    Deed(
        "office.correct_visit",
        "administrator",
        visit_step("correct"),
        ("correct_visit", "take_back_deficiency", "restate_ranking"),
        published,
        correction,
    ),
    Deed("office.begin_review", "reviewer", review_step("begin"), ("begin_review",), received),
    Deed(
        "office.approve",
        "reviewer",
        review_step("approve"),
        ("approve",),
        received,
        lambda bank: deciding(bank, "0101"),
    ),
    Deed(
        "office.return_to_inspector",
        "reviewer",
        review_step("return"),
        ("return_to_inspector",),
        received,
        asking,
    ),
    Deed(
        "office.set_aside",
        "reviewer",
        review_step("set-aside"),
        ("set_aside",),
        received,
        lambda bank: deciding(bank, "0101", why="exposed", reason="保安问起"),
    ),
    Deed(
        "inspector.stop",
        "inspector",
        lambda bank: f"/visits/{bank.visits['0101']}/stop",
        ("cancel_visit",),
        fields=lambda _bank: {"why": "closed", "words": "门口贴了搬迁告示"},
    ),
    Deed("office.rehearse", "administrator", lambda _bank: "/office/background/rehearse", ("ask_job",)),
    Deed(
        "office.cancel_job",
        "administrator",
        lambda bank: f"/office/background/jobs/{only_job(bank)}/cancel",
        ("cancel_job",),
        asked,
    ),
    Deed(
        "office.retry_job",
        "administrator",
        lambda bank: f"/office/background/jobs/{only_job(bank)}/again",
        ("retry_job",),
        called_off,
    ),
    Deed(
        "office.cancel_mail",
        "administrator",
        lambda bank: f"/office/background/mails/{only_mail(bank)}/cancel",
        ("cancel_mail",),
        add_mail,
    ),
    Deed(
        "office.retry_mail",
        "administrator",
        lambda bank: f"/office/background/mails/{only_mail(bank)}/again",
        ("retry_mail",),
        refused_mail,
    ),
)
"""Everything that is changed about waves and visits but by filling in."""

UNWRITTEN = frozenset({"inspector.undo", "office.preview_correction"})
"""What changes only a draft, which is no entry of the journal, or nothing."""

FILLING = frozenset({"inspector.save_screen", "inspector.send"})
"""What the journey of an inspector below presses."""

BESIDE = frozenset(
    f"inspect_app.web.{name}"
    for name in (
        "office.appeals",
        "office.calendar",
        "office.lists",
        "office.people",
        "office.phones",
        "office.photos",
        "office.records",
        "office.rescue",
        "inspector.own_photos",
    )
)
"""Pages that have their rows tested beside them: about accounts, phones, what phones sent, appeals."""


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank."""
    return app_on(bank.database, tmp_path)


def signed_in(app: Flask, username: str) -> Browser:
    """Return the browser of a user who has a form's token."""
    browser = Browser(app)
    assert browser.sign_in(username, PASSWORD).status_code == 303
    browser.get("/handbook")
    return browser


def told(bank: Bank) -> Counter[str]:
    """Count the journal's rows by what they tell."""
    with reading(bank.database) as session:
        return Counter(session.scalars(select(JournalEntry.action)))


def refuse_entries(bank: Bank) -> None:
    """Let the database refuse every further entry of the journal."""
    if bank.database.writing.dialect.name == "sqlite":
        refusal = [
            "CREATE TRIGGER no_entry BEFORE INSERT ON journal_entry BEGIN SELECT RAISE(ABORT, 'full'); END"
        ]
    else:
        refusal = [
            "CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'full'; END $$",
            "CREATE TRIGGER no_entry BEFORE INSERT ON journal_entry "
            "FOR EACH ROW EXECUTE FUNCTION refuse_entry()",
        ]
    with transaction(bank.database) as session:
        for statement in refusal:
            session.execute(text(statement))


def named(deed: Deed) -> str:
    """Return how a test about a deed is called."""
    return deed.endpoint


@pytest.mark.parametrize("deed", DEEDS, ids=named)
@pytest.mark.fault("L03")
def test_what_a_page_changes_leaves_exactly_its_rows(bank: Bank, app: Flask, deed: Deed) -> None:
    deed.before(bank)
    browser = signed_in(app, deed.username)
    with reading(bank.database) as session:
        deficiencies = count(session, Deficiency)
    before = told(bank)

    answer = browser.post(deed.address(bank), deed.fields(bank))

    assert answer.status_code == 303, answer.text
    expected = Counter(dict.fromkeys(deed.rows, 1))
    if "void_deficiency" in expected:
        assert deficiencies
        expected["void_deficiency"] = deficiencies
    assert told(bank) - before == expected


@pytest.mark.parametrize("deed", DEEDS, ids=named)
@pytest.mark.fault("L03")
def test_where_the_journal_cannot_be_written_nothing_is_changed(bank: Bank, app: Flask, deed: Deed) -> None:
    deed.before(bank)
    browser, fields = signed_in(app, deed.username), deed.fields(bank)
    refuse_entries(bank)
    before = content(bank.database)

    answer = browser.post(deed.address(bank), fields)

    assert answer.status_code >= 400
    assert content(bank.database) == before


@pytest.mark.fault("L03")
def test_an_inspectors_work_leaves_one_row_when_it_begins_and_one_when_it_arrives(
    bank: Bank, app: Flask
) -> None:
    phone, visit = signed_in(app, "inspector"), bank.visits["0101"]
    before = told(bank)

    fill_in(phone, bank.checklist, visit, fill(bank.checklist, seed=9))
    filled = told(bank)
    check = Page(phone.get(f"/m/v/{visit}/check").text).filled([])
    answers = [phone.post(f"/m/v/{visit}/send", check).status_code for _twice in range(2)]

    assert filled - before == Counter(begin_inspection=1)
    assert answers[0] == 303
    assert told(bank) - filled == Counter(submit_inspection=1)


def test_every_page_of_head_office_and_inspectors_that_changes_something_is_tried_here(app: Flask) -> None:
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
        and rule.endpoint.partition(".")[0] in ("office", "inspector")
        and app.view_functions[rule.endpoint].__module__ not in BESIDE
    }

    assert changing == {deed.endpoint for deed in DEEDS} | UNWRITTEN | FILLING
