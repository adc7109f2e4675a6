"""Disclosing a wave: what came in is decided first, then its branches see what was found."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.deficiencies import find_deficiencies
from checklists.scoring import BRANCH
from inspect_app.db import Database, transaction
from inspect_app.errors import ConflictError
from inspect_app.models.deficiencies import Deficiency, DeficiencyState, Severity
from inspect_app.models.inspections import Revision
from inspect_app.models.visits import SettingAside, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.inspections import answers_of
from inspect_app.services import disclosures, reviews, visits, waves
from inspect_app.services.disclosures import UndecidedError
from inspect_app.services.drafts import Filling, save_draft
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, count, journal_of, own_visit
from tests.inspect_app.published_waves import (
    CLOSED,
    DISCLOSED,
    administrator,
    approved,
    reviewer,
    submitted,
    visit_of,
    wave_of,
)
from tests.inspect_app.random_waves import found_bank, hold_wave

QUESTIONS = {"S05.A6": "看到的是哪一位？"}


def close(session: Session, bank: Bank) -> None:
    """End the field work of the wave."""
    waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)


def disclose(session: Session, bank: Bank, now: datetime = DISCLOSED) -> None:
    """Disclose the wave."""
    disclosures.disclose_wave(session, administrator(bank), wave_of(session, bank), now=now)


def leave_submitted(_session: Session, _bank: Bank, _revision: Revision) -> None:
    """Leave the inspection as it came in."""


def take_into_review(session: Session, bank: Bank, revision: Revision) -> None:
    """Begin to review it."""
    reviews.begin(session, reviewer(bank), revision.inspection.visit, now=NOW)


def return_it(session: Session, bank: Bank, revision: Revision) -> None:
    """Return it with a question."""
    reviews.return_to_inspector(session, reviewer(bank), revision, QUESTIONS, now=NOW)


def return_and_refill_it(session: Session, bank: Bank, revision: Revision) -> None:
    """Return it; the inspector has begun to change it."""
    return_it(session, bank, revision)
    body = body_of(bank, "0102", 9, inspection_id=revision.inspection_id)
    filling = Filling(revision.inspection_id, body.submission_id, body.fields)
    save_draft(session, bank.inspector_of("0102"), own_visit(session, bank, "0102"), filling, now=NOW)


@pytest.mark.parametrize("leave", [leave_submitted, take_into_review, return_it, return_and_refill_it])
def test_an_undecided_visit_keeps_the_wave_closed_and_is_named(
    bank: Bank, leave: Callable[[Session, Bank, Revision], None]
) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        leave(session, bank, submitted(session, bank, "0102", 2))
        close(session, bank)

        with pytest.raises(UndecidedError) as refused:
            disclose(session, bank)

        assert refused.value.missing == ("0102 (1)",)
        assert wave_of(session, bank).state is WaveState.CLOSED
        assert visit_of(session, bank, "0101").state is VisitState.APPROVED
        assert count(session, Deficiency) == 0


def test_what_never_came_in_is_no_obstacle_and_stays_as_it_is(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        aside = submitted(session, bank, "0102", 2)
        reviews.set_aside(session, reviewer(bank), aside, SettingAside.WRONG_BRANCH, "走错了", now=NOW)
        close(session, bank)

        disclose(session, bank)

        states = {code: visit_of(session, bank, code).state for code in bank.visits}
        assert states == {
            "0101": VisitState.DISCLOSED,
            "0102": VisitState.SET_ASIDE,
            "0201": VisitState.ASSIGNED,
        }


def test_a_cancelled_visit_is_no_obstacle(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visits.cancel_visit(session, administrator(bank), visit_of(session, bank, "0102"), "装修", now=NOW)
        close(session, bank)

        disclose(session, bank)

        assert wave_of(session, bank).state is WaveState.DISCLOSED
        assert wave_of(session, bank).disclosed_at == DISCLOSED


def test_each_shortcoming_of_an_approved_visit_becomes_a_deficiency_of_its_branch(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = approved(session, bank, "0101", 1)
        aside = submitted(session, bank, "0102", 2)
        reviews.set_aside(session, reviewer(bank), aside, SettingAside.EXPOSED, "被认出来了", now=NOW)
        close(session, bank)

        disclose(session, bank)

        stored = session.scalars(select(Deficiency)).all()
        found = find_deficiencies(bank.checklist, answers_of(revision))
        assert {
            (one.item_code, one.flow, one.situation, one.staff_role, one.severity, one.points_lost)
            for one in stored
        } == {(one.item, one.flow, one.situation, one.role, one.severity, one.points_lost) for one in found}
        assert len(stored) == len(found) > 0
        assert {(one.revision_id, one.visit_id, one.state) for one in stored} == {
            (revision.id, bank.visits["0101"], DeficiencyState.OPEN)
        }
        assert {one.branch_id for one in stored} == {visit_of(session, bank, "0101").target.branch_id}


def test_due_dates_count_working_days_by_severity(bank: Bank) -> None:
    with transaction(bank.database) as session:
        wave = wave_of(session, bank)
        wave.major_days, wave.minor_days = 2, 4
        approved(session, bank, "0101", 1)
        close(session, bank)

        # A Friday before the Sunday that is worked for the National Day.
        disclose(session, bank, datetime(2026, 9, 18, 2, 0, tzinfo=UTC))

        due = {(one.severity, one.due_on) for one in session.scalars(select(Deficiency))}
        assert due == {
            (Severity.CRITICAL, date(2026, 9, 22)),
            (Severity.MAJOR, date(2026, 9, 21)),
            (Severity.MINOR, date(2026, 9, 23)),
        }


def test_premises_have_their_own_time_unless_a_veto_acted(database: Database) -> None:
    chance = random.Random(1)  # noqa: S311 - the same seed must make the same wave
    with transaction(database) as session:
        hold_wave(session, found_bank(session, chance), chance, date(2026, 1, 5))

        # Closed and disclosed on Wednesday, 4 February; nobody works from the 15th to the 23rd.
        due = {
            (one.staff_role == BRANCH, one.severity): one.due_on
            for one in session.scalars(select(Deficiency))
        }
        assert due == {
            (True, Severity.MAJOR): date(2026, 3, 24),
            (True, Severity.MINOR): date(2026, 3, 24),
            (False, Severity.CRITICAL): date(2026, 2, 9),
            (False, Severity.MAJOR): date(2026, 2, 25),
            (False, Severity.MINOR): date(2026, 2, 25),
        }


def test_the_day_is_that_of_the_bank_not_of_greenwich(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        wave_of(session, bank).major_days = 1
        close(session, bank)

        # Still Monday in Greenwich, already Tuesday in Shanghai.
        disclose(session, bank, datetime(2026, 9, 21, 17, 0, tzinfo=UTC))

        major = select(Deficiency.due_on).where(Deficiency.severity == Severity.MAJOR)
        assert set(session.scalars(major)) == {date(2026, 9, 23)}


def test_what_came_late_is_approved_but_not_disclosed(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        close(session, bank)
        late = submitted(session, bank, "0102", 2, now=CLOSED)
        reviews.approve(session, reviewer(bank), late, frozenset(), now=CLOSED)

        disclose(session, bank)

        assert late.inspection.is_late
        assert visit_of(session, bank, "0102").state is VisitState.APPROVED
        assert set(session.scalars(select(Deficiency.visit_id))) == {bank.visits["0101"]}


def test_a_wave_that_is_open_is_not_disclosed(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        with pytest.raises(ConflictError, match="open"):
            disclose(session, bank)


def test_a_wave_is_disclosed_once(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        close(session, bank)
        disclose(session, bank)
        before = count(session, Deficiency)

        with pytest.raises(ConflictError):
            disclose(session, bank)

        assert count(session, Deficiency) == before


def test_the_journal_tells_what_was_disclosed(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        close(session, bank)

        disclose(session, bank)

        wave_entry = journal_of(session, bank.wave_id)[-1]
        visit_entry = journal_of(session, bank.visits["0101"])[-1]
        assert (wave_entry.action, wave_entry.from_state, wave_entry.to_state) == (
            "disclose_wave",
            "closed",
            "disclosed",
        )
        assert (visit_entry.from_state, visit_entry.to_state) == ("approved", "disclosed")
