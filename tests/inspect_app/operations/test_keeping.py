"""What has its time is erased when it is over, not before, and not where a wave is held."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from inspect_app.config import Keeping
from inspect_app.db import reading, transaction
from inspect_app.errors import ConflictError
from inspect_app.models.inspections import Draft, Inspection, Revision, Submission
from inspect_app.models.journal import JournalEntry
from inspect_app.models.people import LoginFailure, LoginSession, User
from inspect_app.models.photos import Photo
from inspect_app.models.visits import VisitIdentity
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.chain_checks import check_chain
from inspect_app.queries.people import user_named
from inspect_app.queries.waves import wave_coded
from inspect_app.services import people
from inspect_app.services.accounts import hand_out_link
from inspect_app.services.erasing import ask_erasure, erase_again, erase_person
from inspect_app.services.journal import Actor
from inspect_app.services.keeping import Kept, erase_expired, hold_traces, release_traces
from inspect_app.services.sealing import seal_entries
from inspect_app.services.second_steps import begin as begin_second_step
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, count, own_visit, send

KEEPING = Keeping(originals=10, drafts=20, traces=30, mails=40, downloads=50)
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def old(bank: Bank) -> Bank:
    """Return the bank after its wave: traces of three visits, a draft, a photo, a session and a failure."""
    with transaction(bank.database) as session:
        wave = wave_coded(session, "2026Q3")
        for seed, code in enumerate(("0101", "0102")):
            send(session, bank, code, body_of(bank, code, seed))
        visit = own_visit(session, bank, "0201")
        inspection = Inspection(id=body_of(bank, "0201", 3).inspection_id, visit_id=visit.id)
        session.add(inspection)
        session.flush()
        session.add(
            Draft(
                inspection_id=inspection.id,
                submission_id=body_of(bank, "0201", 3).submission_id,
                fields="{}",
                sequence=1,
                saved_at=NOW,
            )
        )
        session.add(
            Photo(
                visit_id=visit.id,
                inspection_id=inspection.id,
                sent_sha256="a" * 64,
                sent_size=1,
                sha256="b" * 64,
                thumbnail_sha256="c" * 64,
                width=1,
                height=1,
                received_at=NOW,
            )
        )
        session.execute(update(VisitIdentity).values(device="Huawei", place="29.5,106.5"))
        session.execute(
            update(Wave)
            .where(Wave.id == wave.id)
            .values(state=WaveState.PUBLISHED, closed_at=NOW, disclosed_at=NOW, published_at=NOW, version=99)
        )
        people.open_session(session, bank.user("reviewer"), "h" * 64, "c", now=NOW, lasts=timedelta(hours=12))
        people.record_login_failure(session, "reviewer", "10.0.0.1", now=NOW)
    return bank


def left(session: Session) -> Mapping[str, int]:
    """Count what is still there."""
    traced = session.query(VisitIdentity).where(VisitIdentity.device.is_not(None))
    return {
        "originals": session.query(Photo).where(Photo.erased_at.is_(None)).count(),
        "drafts": count(session, Draft),
        "traces": traced.count(),
        "sessions": count(session, LoginSession),
        "failures": count(session, LoginFailure),
    }


ALL = {"originals": 1, "drafts": 1, "traces": 3, "sessions": 1, "failures": 1}


@pytest.mark.parametrize(
    ("age", "gone", "counted"),
    [
        (timedelta(hours=12), (), {}),
        (timedelta(hours=12, seconds=1), ("sessions",), {Kept.SIGNING_IN: 1}),
        (timedelta(days=1), ("sessions",), {Kept.SIGNING_IN: 1}),
        (timedelta(days=10), ("sessions", "failures"), {Kept.SIGNING_IN: 2}),
        (
            timedelta(days=10, seconds=1),
            ("sessions", "failures", "originals"),
            {Kept.SIGNING_IN: 2, Kept.ORIGINALS: 1},
        ),
        (
            timedelta(days=20, seconds=1),
            ("sessions", "failures", "originals", "drafts"),
            {Kept.SIGNING_IN: 2, Kept.ORIGINALS: 1, Kept.DRAFTS: 1},
        ),
        (
            timedelta(days=30, seconds=1),
            tuple(ALL),
            {Kept.SIGNING_IN: 2, Kept.ORIGINALS: 1, Kept.DRAFTS: 1, Kept.TRACES: 3},
        ),
    ],
)
def test_exactly_what_is_older_than_it_may_get_is_erased_and_told(
    old: Bank, age: timedelta, gone: tuple[str, ...], counted: Mapping[Kept, int]
) -> None:
    with transaction(old.database) as session:
        erased = erase_expired(session, KEEPING, now=NOW + age)

    assert {kind: number for kind, number in erased.items() if number} == counted
    with reading(old.database) as session:
        assert left(session) == {**ALL, **dict.fromkeys(gone, 0)}
        assert count(session, Submission) == count(session, Revision) == 2
        told = session.query(JournalEntry).where(JournalEntry.action == "erase_expired").all()
    assert [json.loads(entry.details) for entry in told] == ([dict(counted)] if counted else [])


def test_of_a_wave_under_a_hold_nothing_is_erased_until_it_is_released(old: Bank) -> None:
    later = NOW + timedelta(days=400)
    with transaction(old.database) as session:
        hold_traces(session, wave_coded(session, "2026Q3"), "有争议", now=NOW)
        with pytest.raises(ConflictError):
            hold_traces(session, wave_coded(session, "2026Q3"), "有争议", now=NOW)
        erase_expired(session, KEEPING, now=later)
        held = left(session)
        release_traces(session, wave_coded(session, "2026Q3"), now=later)
        with pytest.raises(ConflictError):
            release_traces(session, wave_coded(session, "2026Q3"), now=later)
        erase_expired(session, KEEPING, now=later)

    assert held == {**ALL, "sessions": 0, "failures": 0}
    with reading(old.database) as session:
        assert set(left(session).values()) == {0}


def test_what_is_still_being_worked_on_is_not_erased_for_its_age(bank: Bank) -> None:
    with transaction(bank.database) as session:
        session.execute(update(VisitIdentity).values(device="Huawei"))
        erased = erase_expired(session, KEEPING, now=NOW + timedelta(days=4000))

    assert erased[Kept.TRACES] == erased[Kept.DRAFTS] == 0


def person(session: Session, bank: Bank, name: str) -> User:
    """Return one of the bank's users."""
    return session.get_one(User, bank.user(name).id)


def seal(bank: Bank, now: datetime) -> None:
    """Seal what waits."""
    with transaction(bank.database) as session:
        seal_entries(session, now=now)


@pytest.mark.parametrize("name", ["inspector", "reviewer"])
def test_of_somebody_forgotten_nothing_personal_is_left_and_the_journal_stays_true(
    old: Bank, name: str
) -> None:
    with transaction(old.database) as session:
        user = person(session, old, name)
        user.email = "somebody@bank.example"
        hand_out_link(session, Actor.system(), user, now=NOW)
        begin_second_step(session, user, "the secret of the tests", now=NOW)
    seal(old, NOW)

    with transaction(old.database) as session:
        ask_erasure(session, person(session, old, name), now=NOW)
        erase_person(session, person(session, old, name), now=NOW + A_SECOND)
    seal(old, NOW + A_SECOND)

    traces = (old.user(name).display_name, "somebody@bank.example")
    with reading(old.database) as session:
        rows = [
            str(tuple(row))
            for table in User.metadata.sorted_tables
            if table.name not in ("journal_entry", "checklist", "handbook_edition")
            for row in session.execute(table.select())
        ]
        others = [row for row in rows if str(old.user("inspector2").display_name) in row]
        found = [trace for trace in traces for row in rows if f"'{trace}'" in row]
        own = session.query(VisitIdentity).where(VisitIdentity.inspector_id == old.user(name).id)
        assert {identity.device for identity in own} <= {None}
        assert user_named(session, name) is None
        actions = [entry.action for entry in session.query(JournalEntry) if "eras" in entry.action]
    assert found == []
    assert others
    assert sorted(actions) == ["ask_erasure", "erase_person"]
    assert check_chain(lambda: reading(old.database)).broken is None


def test_nobody_is_forgotten_who_was_not_asked_for_or_twice(bank: Bank) -> None:
    with transaction(bank.database) as session:
        with pytest.raises(ConflictError):
            erase_person(session, person(session, bank, "reviewer"), now=NOW)
        ask_erasure(session, person(session, bank, "reviewer"), now=NOW)
        ask_erasure(session, person(session, bank, "reviewer"), now=NOW)
        erase_person(session, person(session, bank, "reviewer"), now=NOW)
        for again in (ask_erasure, erase_person):
            with pytest.raises(ConflictError):
                again(session, person(session, bank, "reviewer"), now=NOW)
        assert erase_again(session, [bank.user("reviewer").id], now=NOW) == 0
        assert erase_again(session, [bank.user("inspector").id], now=NOW) == 1
