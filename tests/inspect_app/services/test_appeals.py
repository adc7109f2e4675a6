"""A branch appeals, quality control decides item by item, and numbers change by corrections alone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from checklists.amending import Amendment, amend
from checklists.scoring import score
from inspect_app.db import transaction
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.appeals import (
    Appeal,
    AppealDecision,
    AppealItem,
    AppealOutcome,
    AppealState,
    Ground,
    InspectorFinding,
    TakenBack,
)
from inspect_app.models.deficiencies import Deficiency, DeficiencyState, Severity
from inspect_app.models.inspections import Revision, RevisionKind
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.waves import WaveState
from inspect_app.queries.appeals import appeal_of_branch, appeals_of_branch, corrections_of_visit
from inspect_app.queries.consequences import alternatives, consequences
from inspect_app.queries.disputes import appeal_to_decide, appeals_waiting
from inspect_app.queries.helps import what_helps_most
from inspect_app.queries.inspections import answers_of, credited_inspection_of, newest_revision_of_visit
from inspect_app.queries.overturns import overturn_rates
from inspect_app.queries.rankings import (
    latest_ranking,
    movers_of,
    ranking_of,
    shortcomings_of,
    stored_ranking_as_values,
)
from inspect_app.services import rankings
from inspect_app.services.appeals import AppealPlan, TooLateError, file_appeal, withdraw
from inspect_app.services.deciding import (
    AmendmentNotPossibleError,
    Decided,
    ItemDecision,
    OwnReviewError,
    decide,
)
from inspect_app.services.journal import Actor
from inspect_app.services.reopening import reopen
from inspect_app.services.rescoring import CorrectionPlan, correct_visit
from inspect_app.services.versions import StaleError
from reports.fingerprint import fingerprint
from reports.stated_scores import parse_scores
from tests.databases import Databases
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import Bank, count, journal_of
from tests.inspect_app.published_waves import (
    DISCLOSED,
    PUBLISHED,
    administrator,
    visit_of,
    wave_of,
)

NEXT_DAY = DISCLOSED + timedelta(days=1)
PLAN = AppealPlan(Ground.NOT_SO, "当天有值守签到，附监控截图。")
REASON = "监控看得到大堂经理上前"


@pytest.fixture
def bank(databases: Databases, disclosed_bank: Bank) -> Iterator[Bank]:
    """Return the bank with a disclosed wave in a database of its own."""
    copied = made_up_bank.at(disclosed_bank, databases.copy_of(disclosed_bank.url))
    yield copied
    copied.database.writing.dispose()
    databases.drop(copied.url)


def decider(bank: Bank) -> Actor:
    """Return the reviewer who has reviewed none of the inspections."""
    return Actor.user(bank.user("reviewer2"))


def found(session: Session, bank: Bank, code: str = "0101") -> list[Deficiency]:
    """Return what is held against a branch."""
    rows = session.scalars(
        select(Deficiency)
        .where(
            Deficiency.visit_id == bank.visits[code],
            Deficiency.state.not_in((DeficiencyState.UPHELD, DeficiencyState.VOIDED)),
        )
        .order_by(Deficiency.item_code)
    )
    return list(rows)


def disputable(session: Session, bank: Bank, code: str = "0101") -> list[Deficiency]:
    """Return what of it can be disputed alone: where somebody acted."""
    revision = newest_revision_of_visit(session, visit_of(session, bank, code))
    assert revision is not None
    answered = {one.item for section in answers_of(revision).sections for one in section.answers}
    return [one for one in found(session, bank, code) if one.item_code in answered]


def lifting(session: Session, bank: Bank, code: str = "0101") -> Deficiency:
    """Return something that lifts the score when it is upheld: where a veto acted, single items do not."""
    revision = newest_revision_of_visit(session, visit_of(session, bank, code))
    assert revision is not None
    recorded, points = answers_of(revision), score(credited_inspection_of(session, revision)).visit
    for one in disputable(session, bank, code):
        amended = amend(bank.checklist, recorded, recorded, {one.item_code: Amendment.FULL})
        if (score(amended.inspection).visit or 0) > (points or 0):
            return one
    raise AssertionError("nothing lifts the score")


def file(
    session: Session,
    bank: Bank,
    deficiencies: Sequence[Deficiency],
    plan: AppealPlan = PLAN,
    now: datetime = NEXT_DAY,
) -> Appeal:
    """Dispute deficiencies of a branch, as the page showed them."""
    seen = {one.id: one.version for one in deficiencies}
    return file_appeal(session, Actor.user(bank.user("branch0101")), deficiencies, plan, seen, now=now)


def items_of(session: Session, appeal: Appeal) -> list[AppealItem]:
    """Return the items of an appeal."""
    rows = session.scalars(
        select(AppealItem).where(AppealItem.appeal_id == appeal.id).order_by(AppealItem.item_code)
    )
    return list(rows)


def decided(
    session: Session,
    bank: Bank,
    items: Sequence[AppealItem],
    outcome: AppealOutcome = AppealOutcome.UPHELD,
    now: datetime = NEXT_DAY,
    reason: str = REASON,
) -> Decided:
    """Decide items alike."""
    decisions = [
        ItemDecision(item.id, outcome, reason, InspectorFinding.CARELESS, item.version) for item in items
    ]
    return decide(session, decider(bank), decisions, now=now)


def score_of(session: Session, bank: Bank, code: str = "0101") -> int | None:
    """Return the score of the newest revision, recomputed from its answers."""
    revision = newest_revision_of_visit(session, visit_of(session, bank, code))
    assert revision is not None
    assert revision.scores is not None
    recomputed = score(credited_inspection_of(session, revision))
    assert parse_scores(revision.scores) == recomputed
    return recomputed.visit


def test_what_is_disputed_stands_still_and_waits_for_quality_control(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first, second, other = disputable(session, bank)[:3]

        appeal = file(session, bank, [first, second])

        assert {first.state, second.state} == {DeficiencyState.DISPUTED}
        assert other.state is DeficiencyState.OPEN
        (waiting,) = appeals_waiting(session, bank.user("reviewer2"))
        assert (waiting.id, waiting.items, waiting.undecided) == (appeal.id, 2, 2)
        # Five working days to appeal and two to settle; 25 September to 7 October but for three are holidays.
        assert waiting.settled_by == date(2026, 10, 10)
        assert not waiting.is_own_review
        assert appeals_waiting(session, bank.user("reviewer"))[0].is_own_review
        assert appeals_waiting(session, bank.user("region01")) == ()
        shown = appeal_of_branch(session, bank.user("branch0101"), appeal.id)
        assert shown.can_withdraw
        assert appeals_of_branch(session, bank.user("branch0102")) == ()


@pytest.mark.fault("W03")
def test_after_the_last_day_nothing_is_disputed_any_more(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first, second = disputable(session, bank)[:2]
        # Thursday, 8 October, is the fifth working day; in Shanghai it ends at 16:00 UTC.
        file(session, bank, [first], now=datetime(2026, 10, 8, 15, 59, tzinfo=UTC))

        with pytest.raises(TooLateError, match="2026-10-08"):
            file(session, bank, [second], now=datetime(2026, 10, 8, 16, 0, tzinfo=UTC))


def test_an_item_is_disputed_once_unless_the_appeal_was_withdrawn(bank: Bank) -> None:
    with transaction(bank.database) as session:
        deficiency = disputable(session, bank)[0]
        due_on = deficiency.due_on
        appeal = file(session, bank, [deficiency])
        with pytest.raises(ConflictError, match="disputed cannot become disputed"):
            file(session, bank, [deficiency])

        withdraw(session, Actor.user(bank.user("branch0101")), appeal, appeal.version, now=NEXT_DAY)

        assert (appeal.state, deficiency.state) == (AppealState.WITHDRAWN, DeficiencyState.OPEN)
        assert deficiency.due_on == due_on
        again = file(session, bank, [deficiency])
        decided(session, bank, items_of(session, again), AppealOutcome.DISMISSED)
        with pytest.raises(ConflictError, match="was disputed before"):
            file(session, bank, [deficiency])


def test_a_dismissed_item_is_open_again_with_the_days_it_had(bank: Bank) -> None:
    with transaction(bank.database) as session:
        deficiency = disputable(session, bank)[0]
        deficiency.due_on = date(2026, 9, 29)
        session.flush()
        appeal = file(session, bank, [deficiency])

        made = decided(
            session,
            bank,
            items_of(session, appeal),
            AppealOutcome.DISMISSED,
            datetime(2026, 10, 8, 3, 0, tzinfo=UTC),
        )

        # Filed on the 24th with the 28th and 29th left; decided on 8 October: the 9th and the 10th are left.
        assert (deficiency.state, deficiency.due_on) == (DeficiencyState.OPEN, date(2026, 10, 10))
        assert (made.revisions, made.ranking) == ((), None)
        assert appeal.state is AppealState.DECIDED
        (item,) = appeal_of_branch(session, bank.user("branch0101"), appeal.id).items
        assert (item.outcome, item.reason) == (AppealOutcome.DISMISSED, REASON)


def test_an_upheld_item_makes_a_revision_that_touches_it_alone(bank: Bank) -> None:
    with transaction(bank.database) as session:
        deficiency = lifting(session, bank)
        before = newest_revision_of_visit(session, visit_of(session, bank, "0101"))
        assert before is not None
        points = score_of(session, bank)
        appeal = file(session, bank, [deficiency])

        (revision,) = decided(session, bank, items_of(session, appeal)).revisions

        assert (revision.number, revision.kind, revision.reason) == (2, RevisionKind.CORRECTED, REASON)
        assert changed(session, before, revision) == {deficiency.item_code}
        assert (score_of(session, bank) or 0) > (points or 0)
        assert deficiency.state is DeficiencyState.UPHELD
        taken = session.scalars(select(TakenBack)).one()
        assert (taken.deficiency_id, taken.revision_id) == (deficiency.id, revision.id)
        steps = corrections_of_visit(session, bank.user("branch0101"), bank.visits["0101"])
        assert [step.score for step in steps] == [points, score_of(session, bank)]
        assert [step.reason for step in steps] == ["", REASON]
        (decision,) = session.scalars(select(AppealDecision)).all()
        assert (decision.outcome, decision.finding) == (AppealOutcome.UPHELD, InspectorFinding.CARELESS)
        (rate,) = overturn_rates(session, bank.user("administrator"), bank.wave_id)
        assert (rate.item_code, rate.decided, rate.careless) == (deficiency.item_code, 1, 1)
        assert rate.rate == 1


def changed(session: Session, before: Revision, after: Revision) -> set[str]:
    """Return the items that are credited otherwise."""
    first, then = (
        {
            item.code: item
            for section in credited_inspection_of(session, one).sections
            for item in section.items
        }
        for one in (before, after)
    )
    return {code for code in first if first[code] != then[code]}


def test_a_partly_upheld_item_is_a_smaller_deficiency(bank: Bank) -> None:
    with transaction(bank.database) as session:
        deficiency = next(
            one
            for one in disputable(session, bank)
            if one.severity is Severity.MAJOR and ".A" in one.item_code
        )
        appeal = file(session, bank, [deficiency])

        (revision,) = decided(session, bank, items_of(session, appeal), AppealOutcome.PARTLY_UPHELD).revisions

        smaller = next(one for one in found(session, bank) if one.item_code == deficiency.item_code)
        assert deficiency.state is DeficiencyState.UPHELD
        assert (smaller.state, smaller.severity, smaller.revision_id) == (
            DeficiencyState.OPEN,
            Severity.MINOR,
            revision.id,
        )
        assert 0 < smaller.points_lost < deficiency.points_lost
        assert {"take_back_deficiency", "find_deficiency"} == {
            journal_of(session, one.id)[-1].action for one in (deficiency, smaller)
        }


def test_who_reviewed_an_inspection_does_not_decide_on_it(bank: Bank) -> None:
    with transaction(bank.database) as session:
        (item,) = items_of(session, file(session, bank, disputable(session, bank)[:1]))
        decision = ItemDecision(item.id, AppealOutcome.UPHELD, REASON, InspectorFinding.SOUND, item.version)

        with pytest.raises(OwnReviewError):
            decide(session, Actor.user(bank.user("reviewer")), [decision], now=NEXT_DAY)
        with pytest.raises(IncompleteError):
            decide(session, decider(bank), [replace(decision, reason=" ")], now=NEXT_DAY)
        with pytest.raises(StaleError):
            decide(session, decider(bank), [replace(decision, seen=9)], now=NEXT_DAY)

        assert appeal_to_decide(session, bank.user("reviewer"), item.appeal_id).reviewed_by_me
        assert (item.outcome, item.is_waiting) == (None, True)


def test_where_nobody_acted_all_items_stand_and_fall_together(bank: Bank) -> None:
    with transaction(bank.database) as session:
        alone = {one.id for one in disputable(session, bank)}
        together = [one for one in found(session, bank) if one.id not in alone]
        situation = together[0].situation
        section = [one for one in together if one.situation == situation]
        with pytest.raises(IncompleteError) as refused:
            file(session, bank, section[:1])
        assert set(refused.value.missing) == {one.item_code for one in section[1:]}
        items = items_of(session, file(session, bank, section))

        with pytest.raises(AmendmentNotPossibleError):
            decided(session, bank, items[:1])
        (revision,) = decided(session, bank, items).revisions

        served = next(
            one for one in credited_inspection_of(session, revision).sections if one.situation == situation
        )
        assert {item.credit for item in served.items} == {1}
        assert {one.state for one in section} == {DeficiencyState.UPHELD}


def test_publishing_waits_for_open_appeals_or_closes_those_it_names(bank: Bank) -> None:
    with transaction(bank.database) as session:
        wave = wave_of(session, bank)
        first, second = disputable(session, bank)[:2]
        one, two = file(session, bank, [first]), file(session, bank, [second])
        with pytest.raises(rankings.OpenAppealsError) as refused:
            rankings.publish_wave(
                session, administrator(bank), wave, now=PUBLISHED, closing={one.id: "超过时限"}
            )
        assert refused.value.appeals == (two.id,)
        assert wave.state is WaveState.DISCLOSED
        decided(session, bank, items_of(session, two))

        rankings.publish_wave(session, administrator(bank), wave, now=PUBLISHED, closing={one.id: "超过时限"})

        assert (one.state, one.closing_reason) == (AppealState.CLOSED, "超过时限")
        assert first.state is DeficiencyState.OPEN
        assert [entry.action for entry in journal_of(session, one.id)] == ["file_appeal", "close_appeal"]


def test_a_reopened_appeal_restates_the_ranking_and_the_old_one_stays(bank: Bank) -> None:
    with transaction(bank.database) as session:
        wave = wave_of(session, bank)
        deficiency = lifting(session, bank)
        appeal = file(session, bank, [deficiency])
        (item,) = items_of(session, appeal)
        decided(session, bank, [item], AppealOutcome.DISMISSED)
        first = rankings.publish_wave(session, administrator(bank), wave, now=PUBLISHED)
        kept = first.fingerprint
        reopen(
            session, administrator(bank), appeal, [item.id], "又找到一段录像", appeal.version, now=PUBLISHED
        )
        expected = consequences(session, bank.user("administrator"), {item.id: AppealOutcome.UPHELD})

        made = decided(session, bank, [item], now=PUBLISHED)

        assert made.ranking is not None
        assert (made.ranking.number, made.ranking.reason) == (2, REASON)
        assert made.ranking.fingerprint == expected.fingerprint
        assert fingerprint(stored_ranking_as_values(session, first)) == first.fingerprint == kept
        assert {mover.unit for mover in movers_of(session, made.ranking) if mover.table == "branch"} >= {
            "0101"
        }
        restated = {row.unit: row for row in stored_ranking_as_values(session, made.ranking).branches}
        (effect,) = expected.branches
        assert (effect.after.rank, effect.after.score) == (restated["0101"].rank, restated["0101"].score)
        assert deficiency.item_code in wanting(session, first)
        assert deficiency.item_code not in wanting(session, made.ranking)
        assert len(wanting(session, first)) == len(wanting(session, made.ranking)) + 1


def wanting(session: Session, ranking: StoredRanking) -> set[str]:
    """Return the items that a ranking's details list for branch 0101."""
    return {one.item.code for one in shortcomings_of(session, ranking) if one.branch_code == "0101"}


def test_what_is_taken_back_and_given_again_comes_to_the_same_figures(bank: Bank) -> None:
    with transaction(bank.database) as session:
        wave = wave_of(session, bank)
        appeal = file(session, bank, disputable(session, bank)[:1])
        (item,) = items_of(session, appeal)
        first = rankings.publish_wave(
            session, administrator(bank), wave, now=PUBLISHED, closing={appeal.id: "超过时限"}
        )
        before = wanting(session, first)
        for outcome in (AppealOutcome.UPHELD, AppealOutcome.DISMISSED):
            session.refresh(appeal)
            reopen(session, administrator(bank), appeal, [item.id], "重审", appeal.version, now=PUBLISHED)
            decided(session, bank, [item], outcome, now=PUBLISHED)

        last = latest_ranking(session, wave.id)

        assert last is not None
        assert last.number == 3
        assert last.fingerprint == first.fingerprint
        assert wanting(session, last) == before
        assert count(session, Revision) == 5


def test_a_visit_is_corrected_without_an_appeal(bank: Bank) -> None:
    with transaction(bank.database) as session:
        wave = wave_of(session, bank)
        deficiency = disputable(session, bank)[0]
        visit = visit_of(session, bank, "0101")
        plan = CorrectionPlan({deficiency.item_code: Amendment.FULL}, "录像核对")
        first = correct_visit(session, administrator(bank), visit, plan, now=NEXT_DAY)
        assert (first.revision.number, first.ranking) == (2, None)
        with pytest.raises(ConflictError, match="changes nothing"):
            correct_visit(session, administrator(bank), visit, plan, now=NEXT_DAY)
        rankings.publish_wave(session, administrator(bank), wave, now=PUBLISHED)

        lower = replace(plan, changes={deficiency.item_code: Amendment.NONE})
        second = correct_visit(session, administrator(bank), visit, lower, now=PUBLISHED)

        assert second.ranking is not None
        assert second.ranking.number == 2
        assert deficiency.state is DeficiencyState.UPHELD
        again = next(one for one in found(session, bank) if one.item_code == deficiency.item_code)
        assert (again.state, again.revision_id) == (DeficiencyState.OPEN, second.revision.id)


def test_each_outcome_is_shown_before_it_is_decided(bank: Bank) -> None:
    with transaction(bank.database) as session:
        (item,) = items_of(session, file(session, bank, [lifting(session, bank)]))

        shown = alternatives(session, bank.user("reviewer2"), item.id)

        (dismissed,) = shown[AppealOutcome.DISMISSED].visits
        (upheld,) = shown[AppealOutcome.UPHELD].visits
        assert dismissed.before == dismissed.after == upheld.before == score_of(session, bank)
        assert (upheld.after or 0) > (upheld.before or 0)
        assert [one.code for one in shown[AppealOutcome.UPHELD].regions] == ["HO", "R01"]
        decided(session, bank, [item])
        assert score_of(session, bank) == upheld.after
        with pytest.raises(NotFoundError):
            alternatives(session, bank.user("branch0101"), item.id)


def test_what_helps_most_shows_no_rank_before_there_is_one(bank: Bank) -> None:
    with transaction(bank.database) as session:
        wave = wave_of(session, bank)
        manager = bank.user("branch0101")
        assert manager.branch_id is not None
        before = what_helps_most(session, manager, manager.branch_id, wave.id)
        rankings.publish_wave(session, administrator(bank), wave, now=PUBLISHED)

        after = what_helps_most(session, manager, manager.branch_id, wave.id)

        assert [one.item.code for one in before] == [one.item.code for one in after]
        assert {(one.rank_now, one.rank_then) for one in before} == {(None, None)}
        assert before[0].points >= before[1].points > 0
        own = next(
            row
            for row in stored_ranking_as_values(session, ranking_of(session, wave.id, 1)).branches
            if row.unit == "0101"
        )
        assert after[0].rank_now == own.rank
        with pytest.raises(NotFoundError):
            what_helps_most(session, bank.user("branch0102"), manager.branch_id, wave.id)


@pytest.mark.parametrize("table", ["appeal_decision", "taken_back"])
def test_what_was_decided_is_never_changed(bank: Bank, table: str) -> None:
    with transaction(bank.database) as session:
        decided(session, bank, items_of(session, file(session, bank, disputable(session, bank)[:1])))

    with transaction(bank.database) as session, pytest.raises(DBAPIError, match="never changed"):
        session.connection().exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - a name of this file


def test_voiding_a_visit_closes_its_appeals(bank: Bank) -> None:
    with transaction(bank.database) as session:
        deficiency = disputable(session, bank)[0]
        appeal = file(session, bank, [deficiency])

        rankings.void_visit(
            session, administrator(bank), visit_of(session, bank, "0101"), "走错网点", now=NEXT_DAY
        )

        assert (appeal.state, deficiency.state) == (AppealState.CLOSED, DeficiencyState.VOIDED)


@pytest.mark.fault("N07")
def test_nothing_that_a_branch_reads_of_its_appeal_names_or_times_anybody(bank: Bank) -> None:
    with transaction(bank.database) as session:
        appeal = file(session, bank, disputable(session, bank)[:1])
        decided(session, bank, items_of(session, appeal))

        shown = repr(appeal_of_branch(session, bank.user("branch0101"), appeal.id))

        for user in bank.users.values():
            if user.username not in ("branch0101", "administrator"):
                assert str(user.id) not in shown
                assert user.display_name not in shown
        assert "datetime.datetime" not in shown


def test_the_same_record_at_two_branches_is_decided_alike_and_at_once(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first, other = (
            next(one for one in disputable(session, bank, code) if one.item_code == "S05.P1")
            for code in ("0101", "0201")
        )
        unlike = next(one for one in disputable(session, bank, "0102") if one.item_code != "S05.P1")
        appeals = [file(session, bank, [one]) for one in (first, other, unlike)]
        (item,) = items_of(session, appeals[0])

        opened = appeal_to_decide(session, bank.user("reviewer2"), appeals[0].id).items[0]

        (case,) = opened.identical
        assert (case.appeal_id, case.branch_code) == (appeals[1].id, "0201")
        assert opened.same_item >= 2
        (twin,) = items_of(session, appeals[1])
        made = decided(session, bank, [item, twin])
        assert len(made.revisions) == 2
        assert {one.state for one in appeals} == {AppealState.DECIDED, AppealState.OPEN}
        assert [appeal.id for appeal in appeals if appeal.state is AppealState.OPEN] == [appeals[2].id]


def test_of_identical_cases_none_is_decided_where_one_cannot_be(bank: Bank) -> None:
    with transaction(bank.database) as session:
        rows = [disputable(session, bank, code)[0] for code in ("0101", "0201")]
        items = [item for one in rows for item in items_of(session, file(session, bank, [one]))]
        decisions = [
            ItemDecision(item.id, AppealOutcome.UPHELD, REASON, InspectorFinding.SOUND, item.version)
            for item in items
        ]
        decisions[1] = replace(decisions[1], seen=decisions[1].seen + 1)

        with pytest.raises(StaleError):
            decide(session, decider(bank), decisions, now=NEXT_DAY)

        assert count(session, AppealDecision) == 0
        assert count(session, Revision) == 3
