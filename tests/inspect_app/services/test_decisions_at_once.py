"""Two people at the same moment: one wins, the other is told, and the journal shows what happened."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from checklists.amending import Amendment
from inspect_app.db import reading, transaction
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.appeals import (
    Appeal,
    AppealDecision,
    AppealItem,
    AppealOutcome,
    AppealState,
    InspectorFinding,
)
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Review, Revision
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import VisitState
from inspect_app.queries.appeals import own_appeal
from inspect_app.queries.corrective_actions import deficiency_to_verify
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.rankings import export_of, latest_ranking, rankings_of_wave
from inspect_app.services import rankings, reviews, verifications
from inspect_app.services.appeals import file_appeal, withdraw
from inspect_app.services.corrective_actions import send_action
from inspect_app.services.deciding import ItemDecision, decide
from inspect_app.services.journal import Actor
from inspect_app.services.reopening import reopen
from inspect_app.services.rescoring import CorrectionPlan, correct_visit
from inspect_app.services.versions import StaleError
from reports.export import export_lines
from tests.databases import Databases
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import NOW, Bank, count, journal_of
from tests.inspect_app.published_waves import (
    DISCLOSED,
    PUBLISHED,
    administrator,
    reviewer,
    submitted,
    visit_of,
    wave_of,
)
from tests.inspect_app.services.test_appeals import PLAN, decider, disputable, items_of
from tests.inspect_app.services.test_corrective_actions import PLAN as ANSWER
from tests.reports import independent

NEXT_DAY = DISCLOSED + timedelta(days=1)
FEW = 4
"""Rounds of each race that every run takes; the volume run takes a thousand."""

ROUNDS = [FEW, pytest.param(1000, marks=(pytest.mark.volume, pytest.mark.slow))]
Act = Callable[[Session], object]


@pytest.fixture
def bank(databases: Databases, disclosed_bank: Bank) -> Iterator[Bank]:
    """Return the bank with a disclosed wave in a database of its own."""
    copied = made_up_bank.at(disclosed_bank, databases.copy_of(disclosed_bank.url))
    yield copied
    copied.database.writing.dispose()
    databases.drop(copied.url)


def at_once(bank: Bank, *acts: Act) -> list[ConflictError | None]:
    """Do things at the same moment, each in a transaction of its own; return what each was refused with."""
    barrier = threading.Barrier(len(acts))
    raised: list[ConflictError | None] = [None] * len(acts)

    def act(place: int, what: Act) -> None:
        barrier.wait()
        try:
            with transaction(bank.database) as session:
                what(session)
        except ConflictError as error:
            raised[place] = error

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def refused(raised: list[ConflictError | None]) -> int:
    """Count who was refused."""
    return sum(error is not None for error in raised)


def entries(bank: Bank, subject_id: uuid.UUID, *actions: str) -> list[str]:
    """Return what the journal says of a row, as far as it is about these actions."""
    with reading(bank.database) as session:
        return [one.action for one in journal_of(session, subject_id) if one.action in actions]


@pytest.mark.fault("W01")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_two_reviewers_at_once_one_decides(databases: Databases, founded_bank: Bank, rounds: int) -> None:
    bank = made_up_bank.at(founded_bank, databases.copy_of(founded_bank.url))
    with transaction(bank.database) as session:
        revision_id = submitted(session, bank, "0101", 1).id

    def approve(session: Session) -> None:
        reviews.approve(session, reviewer(bank), session.get_one(Revision, revision_id), frozenset(), now=NOW)

    def give_back(session: Session) -> None:
        revision = session.get_one(Revision, revision_id)
        questions = {bank.checklist.sections[0].items[0].code: "确定吗？"}
        reviews.return_to_inspector(session, Actor.user(bank.user("reviewer2")), revision, questions, now=NOW)

    for number in range(1, rounds + 1):
        raised = at_once(bank, approve, give_back)

        assert refused(raised) == 1
        with transaction(bank.database) as session:
            visit = visit_of(session, bank, "0101")
            assert visit.state is (VisitState.RETURNED if raised[0] else VisitState.APPROVED)
            assert count(session, Review) == 1
            session.execute(delete(Review))
            visit.state = VisitState.SUBMITTED
        decided = entries(bank, bank.visits["0101"], "approve", "return_to_inspector")
        assert len(decided) == number
    bank.database.writing.dispose()
    databases.drop(bank.url)


@pytest.mark.fault("W01")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_two_who_verify_at_once_one_decides(bank: Bank, rounds: int) -> None:
    with transaction(bank.database) as session:
        deficiency_id = disputable(session, bank)[0].id

    for number in range(1, rounds + 1):
        with transaction(bank.database) as session:
            row = session.get_one(Deficiency, deficiency_id)
            row.state = DeficiencyState.OPEN
            session.flush()
            send_action(
                session,
                Actor.user(bank.user("branch0101")),
                [row],
                ANSWER,
                {row.id: row.version},
                now=NEXT_DAY,
            )
            version = row.version

        def accept(session: Session, version: int = version) -> None:
            row = deficiency_to_verify(session, bank.user("region01"), deficiency_id)
            verifications.accept(session, Actor.user(bank.user("region01")), row, version, now=NEXT_DAY)

        def send_back(session: Session, version: int = version) -> None:
            row = deficiency_to_verify(session, bank.user("reviewer"), deficiency_id)
            verifications.send_back(session, reviewer(bank), row, "写细些", version, now=NEXT_DAY)

        raised = at_once(bank, accept, send_back)

        assert refused(raised) == 1
        assert len(entries(bank, deficiency_id, "accept_answer", "send_back_answer")) == number


@pytest.mark.fault("W03")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_two_appeals_at_once_against_one_item_one_is_filed(bank: Bank, rounds: int) -> None:
    with transaction(bank.database) as session:
        deficiency_id = disputable(session, bank)[0].id
    branch = Actor.user(bank.user("branch0101"))

    def file(session: Session) -> None:
        row = session.get_one(Deficiency, deficiency_id)
        file_appeal(session, branch, [row], PLAN, {row.id: row.version}, now=NEXT_DAY)

    for number in range(1, rounds + 1):
        assert refused(at_once(bank, file, file)) == 1

        with transaction(bank.database) as session:
            living = select(Appeal).where(Appeal.state == AppealState.OPEN)
            appeal = session.scalars(living).one()
            assert len(items_of(session, appeal)) == 1
            assert count(session, Appeal) == number
            withdraw(session, branch, appeal, appeal.version, now=NEXT_DAY)


@pytest.mark.fault("W03")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_appeal_filed_while_its_visit_is_corrected_disputes_one_revision(bank: Bank, rounds: int) -> None:
    with transaction(bank.database) as session:
        disputed, corrected = (one.id for one in disputable(session, bank)[:2])
        code = session.get_one(Deficiency, corrected).item_code
    branch, amendments = Actor.user(bank.user("branch0101")), (Amendment.FULL, Amendment.NONE)

    for number in range(rounds):

        def file(session: Session) -> None:
            row = session.get_one(Deficiency, disputed)
            file_appeal(session, branch, [row], PLAN, {row.id: row.version}, now=NEXT_DAY)

        def correct(session: Session, number: int = number) -> None:
            plan = CorrectionPlan({code: amendments[number % 2]}, f"第 {number} 次对录像")
            correct_visit(session, administrator(bank), visit_of(session, bank, "0101"), plan, now=NEXT_DAY)

        # Neither stands in the other's way: they take turns.
        assert refused(at_once(bank, file, correct)) == 0

        with transaction(bank.database) as session:
            appeal = session.scalars(select(Appeal).where(Appeal.state == AppealState.OPEN)).one()
            newest = newest_revision_of_visit(session, visit_of(session, bank, "0101"))
            assert newest is not None
            assert newest.number == number + 2
            assert session.get_one(Revision, appeal.revision_id).number in (number + 1, number + 2)
            withdraw(session, branch, appeal, appeal.version, now=NEXT_DAY)


@pytest.mark.fault("W03")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_two_who_decide_an_appeal_at_once_one_does(bank: Bank, rounds: int) -> None:
    with transaction(bank.database) as session:
        row = disputable(session, bank)[0]
        appeal = file_appeal(
            session, Actor.user(bank.user("branch0101")), [row], PLAN, {row.id: row.version}, now=NEXT_DAY
        )
        (item,) = items_of(session, appeal)
        appeal_id, item_id, version = appeal.id, item.id, item.version
        decide(session, decider(bank), [decision(item_id, version)], now=NEXT_DAY)
        rankings.publish_wave(session, administrator(bank), wave_of(session, bank), now=PUBLISHED)

    for number in range(1, rounds + 1):
        with transaction(bank.database) as session:
            again = session.get_one(Appeal, appeal_id)
            reopen(session, administrator(bank), again, [item_id], "重审", again.version, now=PUBLISHED)
            version = session.get_one(AppealItem, item_id).version
        outcomes = (AppealOutcome.UPHELD, AppealOutcome.DISMISSED)

        def act(actor: Actor, outcome: AppealOutcome, version: int = version) -> Act:
            return lambda session: decide(
                session, actor, [decision(item_id, version, outcome)], now=PUBLISHED
            )

        raised = at_once(bank, act(decider(bank), outcomes[0]), act(administrator(bank), outcomes[1]))

        assert refused(raised) == 1
        with reading(bank.database) as session:
            assert session.get_one(AppealItem, item_id).outcome is outcomes[0 if raised[1] else 1]
            assert count(session, AppealDecision) == number + 1
        assert len(entries(bank, appeal_id, "decide_appeal")) == number + 1


def decision(
    item_id: uuid.UUID, version: int, outcome: AppealOutcome = AppealOutcome.DISMISSED
) -> ItemDecision:
    """Return a decision on an item."""
    return ItemDecision(item_id, outcome, "复核了录像", InspectorFinding.SOUND, version)


@pytest.mark.fault("W02")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_correction_while_the_wave_is_published_counts_wholly_or_comes_after(
    databases: Databases, disclosed_bank: Bank, rounds: int
) -> None:
    for _ in range(rounds):
        bank = made_up_bank.at(disclosed_bank, databases.copy_of(disclosed_bank.url))
        with reading(bank.database) as session:
            code = disputable(session, bank)[0].item_code

        def correct(session: Session, bank: Bank = bank, code: str = code) -> None:
            plan = CorrectionPlan({code: Amendment.FULL}, "对过录像")
            correct_visit(session, administrator(bank), visit_of(session, bank, "0101"), plan, now=PUBLISHED)

        def publish(session: Session, bank: Bank = bank) -> None:
            rankings.publish_wave(session, administrator(bank), wave_of(session, bank), now=PUBLISHED)

        raised = at_once(bank, correct, publish)

        assert raised[1] is None, "publishing waits its turn"
        with reading(bank.database) as session:
            assert_current(session, bank)
            corrections = entries(bank, bank.visits["0101"], "correct_visit")
            assert len(corrections) == (0 if raised[0] else 1)
        bank.database.writing.dispose()
        databases.drop(bank.url)


def assert_current(session: Session, bank: Bank) -> None:
    """The latest ranking is what the second program makes of the newest revisions."""
    latest = latest_ranking(session, bank.wave_id)
    assert latest is not None
    export = export_of(session, latest)
    assert independent.recompute(list(export_lines(export))).fingerprint == latest.fingerprint
    numbers = {one.branch: one.revision for one in export.visits}
    for code in bank.visits:
        newest = newest_revision_of_visit(session, visit_of(session, bank, code))
        assert newest is not None
        assert numbers[code] == newest.number


@pytest.mark.fault("W03")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_appeal_while_the_wave_is_published_keeps_it_from_that_or_is_too_late(
    databases: Databases, disclosed_bank: Bank, rounds: int
) -> None:
    for _ in range(rounds):
        bank = made_up_bank.at(disclosed_bank, databases.copy_of(disclosed_bank.url))
        with transaction(bank.database) as session:
            deficiency_id = disputable(session, bank)[0].id
            wave_of(session, bank).disclosure_days = 0

        def file(session: Session, bank: Bank = bank, deficiency_id: uuid.UUID = deficiency_id) -> None:
            row = session.get_one(Deficiency, deficiency_id)
            actor = Actor.user(bank.user("branch0101"))
            file_appeal(session, actor, [row], PLAN, {row.id: row.version}, now=DISCLOSED)

        def publish(session: Session, bank: Bank = bank) -> None:
            rankings.publish_wave(session, administrator(bank), wave_of(session, bank), now=DISCLOSED)

        raised = at_once(bank, file, publish)

        assert refused(raised) == 1
        with reading(bank.database) as session:
            assert count(session, Appeal) == (0 if raised[0] else 1)
            assert count(session, StoredRanking) == (0 if raised[1] else 1)
        bank.database.writing.dispose()
        databases.drop(bank.url)


@pytest.mark.fault("W02")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_corrections_of_two_visits_at_once_restate_one_after_the_other(bank: Bank, rounds: int) -> None:
    with transaction(bank.database) as session:
        codes = {code: disputable(session, bank, code)[0].item_code for code in ("0101", "0102")}
        rankings.publish_wave(session, administrator(bank), wave_of(session, bank), now=PUBLISHED)
    amendments = (Amendment.FULL, Amendment.NONE)

    for number in range(rounds):

        def act(code: str, number: int = number) -> Act:
            plan = CorrectionPlan({codes[code]: amendments[number % 2]}, f"第 {number} 次对录像")
            return lambda session: correct_visit(
                session, administrator(bank), visit_of(session, bank, code), plan, now=PUBLISHED
            )

        assert refused(at_once(bank, act("0101"), act("0102"))) == 0

        with reading(bank.database) as session:
            assert_current(session, bank)
            assert len(rankings_of_wave(session, bank.wave_id)) == 1 + 2 * (number + 1)


@pytest.mark.fault("W04")
def test_a_form_opened_before_somebody_else_acted_changes_nothing(bank: Bank) -> None:
    with transaction(bank.database) as session:
        row = disputable(session, bank)[0]
        opened = row.version
        branch = Actor.user(bank.user("branch0101"))
        appeal = file_appeal(session, branch, [row], PLAN, {row.id: opened}, now=NEXT_DAY)
        stale = appeal.version
        withdraw(session, branch, appeal, stale, now=NEXT_DAY)

        with pytest.raises(StaleError):
            file_appeal(session, branch, [row], PLAN, {row.id: opened}, now=NEXT_DAY)
        with pytest.raises(StaleError):
            send_action(session, branch, [row], ANSWER, {row.id: opened}, now=NEXT_DAY)
        with pytest.raises(StaleError):
            withdraw(session, branch, appeal, stale, now=NEXT_DAY)

        assert row.state is DeficiencyState.OPEN


@pytest.mark.fault("W06")
@pytest.mark.parametrize("state", [one for one in DeficiencyState if one is not DeficiencyState.OPEN])
def test_an_answer_and_an_appeal_begin_where_something_is_open(bank: Bank, state: DeficiencyState) -> None:
    with transaction(bank.database) as session:
        row = disputable(session, bank)[0]
        row.state = state
        session.flush()
        branch, seen = Actor.user(bank.user("branch0101")), {row.id: row.version}

        with pytest.raises(ConflictError):
            send_action(session, branch, [row], ANSWER, seen, now=NEXT_DAY)
        with pytest.raises(ConflictError):
            file_appeal(session, branch, [row], PLAN, seen, now=NEXT_DAY)
        if state is not DeficiencyState.ANSWERED:
            with pytest.raises(ConflictError):
                verifications.accept(session, reviewer(bank), row, row.version, now=NEXT_DAY)

        assert (row.state, count(session, Appeal)) == (state, 0)


@pytest.mark.fault("W06")
@pytest.mark.parametrize("state", list(AppealState))
def test_an_appeal_takes_only_the_steps_of_its_life(bank: Bank, state: AppealState) -> None:
    with transaction(bank.database) as session:
        row = disputable(session, bank)[0]
        branch = Actor.user(bank.user("branch0101"))
        appeal = file_appeal(session, branch, [row], PLAN, {row.id: row.version}, now=NEXT_DAY)
        (item,) = items_of(session, appeal)
        appeal.state, appeal.closing_reason, appeal.reopening_reason = state, "超过时限", "重审"
        item.is_waiting = state in (AppealState.OPEN, AppealState.REOPENED)
        session.flush()

        if state is not AppealState.OPEN:
            with pytest.raises(ConflictError):
                withdraw(session, branch, appeal, appeal.version, now=NEXT_DAY)
        if not item.is_waiting:
            with pytest.raises(ConflictError):
                decide(session, decider(bank), [decision(item.id, item.version)], now=NEXT_DAY)
        with pytest.raises(ConflictError):
            reopen(session, administrator(bank), appeal, [item.id], "重审", appeal.version, now=NEXT_DAY)

        assert appeal.state is state


@pytest.mark.fault("W08")
def test_when_a_branch_moves_access_follows_and_the_wave_keeps_its_region(bank: Bank) -> None:
    with transaction(bank.database) as session:
        row = disputable(session, bank)[0]
        send_action(
            session, Actor.user(bank.user("branch0101")), [row], ANSWER, {row.id: row.version}, now=NEXT_DAY
        )
        deficiency_id = row.id
        path = visit_of(session, bank, "0101").target.region_path
    with reading(bank.database) as session:
        assert deficiency_to_verify(session, bank.user("region01"), deficiency_id).id == deficiency_id

    with transaction(bank.database) as session:
        elsewhere = session.scalars(select(Region).where(Region.code == "R02")).one()
        session.scalars(select(Branch).where(Branch.code == "0101")).one().region_id = elsewhere.id

    with transaction(bank.database) as session:
        with pytest.raises(NotFoundError):
            deficiency_to_verify(session, bank.user("region01"), deficiency_id)
        taken = deficiency_to_verify(session, bank.user("region02"), deficiency_id)
        verifications.accept(session, Actor.user(bank.user("region02")), taken, taken.version, now=NEXT_DAY)
        rankings.publish_wave(session, administrator(bank), wave_of(session, bank), now=PUBLISHED)
        assert visit_of(session, bank, "0101").target.region_path == path == "/HO/R01/"
        with pytest.raises(NotFoundError):
            own_appeal(session, bank.user("branch0102"), uuid.uuid4())
