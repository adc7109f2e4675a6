"""Whether repairs held, who repeats, and how far a region is with its repairs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import transaction
from inspect_app.models.corrective_actions import Measure
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.waves import Wave
from inspect_app.queries.correction_overview import overview
from inspect_app.queries.repairs import Held, HeldRate, earlier_waves, held_rates, repairs_of_branch
from inspect_app.services import rankings, verifications
from inspect_app.services.corrective_actions import send_action
from tests.databases import Databases
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.published_waves import DISCLOSED, PUBLISHED, administrator, reviewer, wave_of
from tests.inspect_app.services.test_appeals import disputable
from tests.inspect_app.services.test_corrective_actions import PLAN, manager
from tests.inspect_app.services.test_rankings import next_wave

NEXT_DAY = DISCLOSED + timedelta(days=1)


@pytest.fixture
def bank(databases: Databases, disclosed_bank: Bank) -> Iterator[Bank]:
    """Return the bank with a disclosed wave in a database of its own."""
    copied = made_up_bank.at(disclosed_bank, databases.copy_of(disclosed_bank.url))
    yield copied
    copied.database.writing.dispose()
    databases.drop(copied.url)


def repair(session: Session, bank: Bank) -> list[Deficiency]:
    """Answer everything that branch 0101 was found wanting, and accept it."""
    rows = disputable(session, bank)
    send_action(session, manager(bank), rows, PLAN, {one.id: one.version for one in rows}, now=NEXT_DAY)
    for row in rows:
        verifications.accept(session, reviewer(bank), row, row.version, now=NEXT_DAY)
    return rows


def test_a_repair_waits_until_a_later_wave_meets_its_clause_again(bank: Bank) -> None:
    with transaction(bank.database) as session:
        repaired = {one.item_code for one in repair(session, bank)}
        user = bank.user("branch0101")
        assert user.branch_id is not None
        pending = repairs_of_branch(session, user, user.branch_id)
        assert {one.item_code for one in pending} == repaired
        assert {(one.held, one.seen_in) for one in pending} == {(Held.PENDING, None)}
        assert repairs_of_branch(session, bank.user("branch0102"), user.branch_id) == ()
        rankings.publish_wave(session, administrator(bank), wave_of(session, bank), now=PUBLISHED)

        next_wave(session, bank)

        later = session.scalars(select(Wave).where(Wave.code == "2026Q4")).one()
        rows = session.scalars(
            select(Deficiency).where(Deficiency.wave_id == later.id, Deficiency.branch_id == user.branch_id)
        )
        again = {one.item_code: one for one in rows}
        shown = {one.item_code: one for one in repairs_of_branch(session, user, user.branch_id)}
        assert {code for code, one in shown.items() if one.held is Held.NOT_HELD} == repaired & set(again)
        assert {one.held for one in shown.values()} >= {Held.HELD, Held.NOT_HELD}
        assert {one.seen_in for one in shown.values() if one.held is Held.HELD} == {later.name}
        (rate,) = held_rates(session, bank.user("region01"))
        assert rate.measure is Measure.REMINDER
        assert rate.rate == Fraction(rate.held, rate.held + rate.not_held)
        assert rate.held + rate.not_held + rate.not_seen == len(repaired)
        assert held_rates(session, bank.user("region02")) == ()
        repeated = earlier_waves(session, user, [one.id for one in again.values()])
        first = wave_of(session, bank).name
        assert {code for code, one in again.items() if repeated.get(one.id) == (first,)} >= (
            repaired & set(again)
        )
        assert earlier_waves(session, bank.user("branch0102"), [one.id for one in again.values()]) == {}


def test_a_kind_of_measure_that_was_not_met_again_has_no_rate() -> None:
    assert HeldRate(Measure.TRAINING, held=0, not_held=0, not_seen=2, pending=1).rate is None


def test_the_overview_counts_by_branch_and_flow_what_a_user_may_see(bank: Bank) -> None:
    with transaction(bank.database) as session:
        taken = repair(session, bank)
        user, wave = bank.user("region01"), wave_of(session, bank)
        late = datetime(2027, 1, 4, tzinfo=UTC).date()

        seen = overview(session, user, late, wave.id)

        rows = session.scalars(select(Deficiency).where(Deficiency.state != DeficiencyState.VOIDED)).all()
        of_region = [one for one in rows if one.visit_id != bank.visits["0201"]]
        assert {row.code for row in seen.branches} == {"0101", "0102"}
        assert seen.total.total == len(of_region) == sum(row.total for row in seen.flows)
        assert seen.total.verified == len(taken)
        own = next(row for row in seen.branches if row.code == "0101")
        # Accepted on Thursday, the working day after the disclosure.
        assert own.median_days == 1
        other = next(row for row in seen.branches if row.code == "0102")
        assert (other.overdue, other.median_days) == (other.open, None)
        assert overview(session, user, date(2026, 9, 24), wave.id).total.overdue == 0
