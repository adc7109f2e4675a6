"""Publishing a wave freezes ranking 1; voiding a published visit writes the next one beside it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_app.db import transaction
from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision, RevisionKind
from inspect_app.models.rankings import PartResult, RankingRow, StoredRanking, VisitResult
from inspect_app.models.visits import SettingAside, Visit, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.rankings import (
    export_of,
    latest_ranking,
    movers_of,
    previous_of,
    ranking_of,
    rankings_of_wave,
    stored_ranking_as_values,
)
from inspect_app.queries.visits import visits_of_wave
from inspect_app.services import disclosures, rankings, reviews, waves
from inspect_app.services.late_visits import take_in
from inspect_app.services.submissions import accept_submission
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import WavePlan, open_wave, plan_wave
from reports.export import export_lines
from reports.fingerprint import fingerprint
from reports.rankings import RankBy, Unranked
from reports.stated_scores import parse_scores
from tests.inspect_app.made_up_bank import NOW, SECRET, Bank, body_of, count, journal_of, send
from tests.inspect_app.published_waves import (
    CLOSED,
    DISCLOSED,
    PUBLISHED,
    administrator,
    approved,
    disclosed,
    published,
    reviewer,
    submitted,
    visit_of,
    wave_of,
)

REASON = "录像里没有这位客户"


def publish(session: Session, bank: Bank, now: datetime = PUBLISHED) -> StoredRanking:
    """Publish the bank's wave."""
    return rankings.publish_wave(session, administrator(bank), wave_of(session, bank), now=now)


def void(session: Session, bank: Bank, branch_code: str) -> StoredRanking | None:
    """Void the wave's visit to a branch."""
    visit = visit_of(session, bank, branch_code)
    return rankings.void_visit(session, administrator(bank), visit, REASON, now=PUBLISHED)


def test_publishing_freezes_the_ranking_of_what_counts(bank: Bank) -> None:
    with transaction(bank.database) as session:
        ranking = published(session, bank)

        stored = stored_ranking_as_values(session, ranking)
        scores = {
            code: parse_scores(
                session.scalars(
                    select(Revision.scores).where(
                        Revision.inspection_id == visit_of(session, bank, code).counting_inspection_id
                    )
                ).one()
                or ""
            ).visit
            for code in bank.visits
        }
        assert (ranking.number, ranking.reason, ranking.previous_id, ranking.pars) == (1, None, None, None)
        assert {row.unit: row.score for row in stored.branches} == scores
        assert [row.rank for row in stored.branches] == [1, 2, 3]
        assert fingerprint(stored) == ranking.fingerprint
        assert wave_of(session, bank).state is WaveState.PUBLISHED
        assert {visit_of(session, bank, code).state for code in bank.visits} == {VisitState.PUBLISHED}


def test_rows_keep_their_positions_and_the_paths_of_the_wave(bank: Bank) -> None:
    with transaction(bank.database) as session:
        ranking = published(session, bank)

        rows = session.scalars(
            select(RankingRow).where(RankingRow.ranking_id == ranking.id).order_by(RankingRow.position)
        ).all()
        branches = [(row.position, row.rank, row.path) for row in rows if row.table == "branch"]
        regions = {row.unit: (row.path, row.target_id) for row in rows if row.table == "region"}
        assert [(position, rank) for position, rank, _ in branches] == [(1, 1), (2, 2), (3, 3)]
        assert {path for _, _, path in branches} == {"/HO/R01/", "/HO/R02/"}
        assert regions == {"HO": ("/HO/", None), "R01": ("/HO/R01/", None), "R02": ("/HO/R02/", None)}


def test_a_wave_is_published_once(bank: Bank) -> None:
    with transaction(bank.database) as session:
        published(session, bank)

        with pytest.raises(ConflictError, match="published"):
            publish(session, bank)

        assert count(session, StoredRanking) == 1


def test_a_closed_wave_is_not_published(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)
        with pytest.raises(ConflictError, match="closed"):
            publish(session, bank)


def test_a_wave_is_published_on_the_working_day_after_its_disclosure(bank: Bank) -> None:
    # Disclosed on Wednesday, 23 September, for five working days: the 25th and 1 to 7 October are holidays.
    with transaction(bank.database) as session:
        disclosed(session, bank)
        with pytest.raises(ConflictError, match="2026-10-09"):
            publish(session, bank, datetime(2026, 10, 8, 15, 59, tzinfo=UTC))
        assert wave_of(session, bank).state is WaveState.DISCLOSED

        # A minute later it is Friday in Shanghai.
        assert publish(session, bank, datetime(2026, 10, 8, 16, 0, tzinfo=UTC)).number == 1


def test_a_wave_without_disclosure_days_is_published_at_once(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank).disclosure_days = 0

        assert publish(session, bank, DISCLOSED).number == 1


def test_what_was_set_aside_late_or_never_sent_does_not_count(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        aside = submitted(session, bank, "0102", 2)
        reviews.set_aside(session, reviewer(bank), aside, SettingAside.EXPOSED, REASON, now=NOW)
        waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)
        late = submitted(session, bank, "0201", 3, now=CLOSED)
        reviews.approve(session, reviewer(bank), late, frozenset(), now=CLOSED)
        wave = wave_of(session, bank)
        disclosures.disclose_wave(session, administrator(bank), wave, now=DISCLOSED)

        ranking = publish(session, bank)

        rows = {row.unit: row.unranked for row in stored_ranking_as_values(session, ranking).branches}
        assert rows == {"0101": None, "0102": Unranked.NO_VISIT, "0201": Unranked.NO_VISIT}
        assert visit_of(session, bank, "0201").state is VisitState.APPROVED
        assert {one.visit for one in export_of(session, ranking).visits} == {str(bank.visits["0101"])}


def test_the_newest_revision_counts(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first = submitted(session, bank, "0101", 1)
        questions = {"S05.A6": "看到的是哪一位？"}
        reviews.return_to_inspector(session, reviewer(bank), first, questions, now=NOW)
        second = resubmitted(session, bank, first)
        reviews.approve(session, reviewer(bank), second, frozenset(), now=NOW)
        waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)
        disclosures.disclose_wave(session, administrator(bank), wave_of(session, bank), now=DISCLOSED)

        ranking = publish(session, bank)

        exported = export_of(session, ranking).visits
        assert [one.revision for one in exported] == [2]
        assert set(session.scalars(select(VisitResult.revision_id))) == {second.id}
        assert set(session.scalars(select(Deficiency.revision_id))) == {second.id}


def resubmitted(session: Session, bank: Bank, first: Revision) -> Revision:
    """Send a returned inspection again; return its second revision."""
    send(session, bank, "0101", body_of(bank, "0101", 7, inspection_id=first.inspection_id))
    return session.scalars(select(Revision).where(Revision.number == 2)).one()


def test_the_journal_tells_the_fingerprint_of_what_was_published(bank: Bank) -> None:
    with transaction(bank.database) as session:
        ranking = published(session, bank)

        entry = journal_of(session, bank.wave_id)[-1]
        assert (entry.action, entry.from_state, entry.to_state) == ("publish_wave", "disclosed", "published")
        assert json.loads(entry.details)["fingerprint"] == ranking.fingerprint


def test_voiding_a_published_visit_writes_the_next_ranking_beside_the_first(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first = published(session, bank)
        before = list(export_lines(export_of(session, first)))
        best = stored_ranking_as_values(session, first).branches[0].unit

        second = void(session, bank, best)

        assert second is not None
        assert (second.number, second.reason) == (2, REASON)
        assert [one.number for one in rankings_of_wave(session, bank.wave_id)] == [1, 2]
        row = stored_ranking_as_values(session, second).branches[-1]
        assert (row.unit, row.rank, row.unranked) == (best, None, Unranked.NO_VISIT)
        assert best in {mover.unit for mover in movers_of(session, second) if mover.left}
        assert list(export_lines(export_of(session, first))) == before


def test_a_voided_visit_has_a_revision_without_scores_and_nothing_to_be_mended(bank: Bank) -> None:
    with transaction(bank.database) as session:
        published(session, bank)

        void(session, bank, "0101")

        visit = visit_of(session, bank, "0101")
        newest = session.scalars(
            select(Revision)
            .where(Revision.inspection_id == visit.counting_inspection_id)
            .order_by(Revision.number.desc())
        ).first()
        assert newest is not None
        assert (visit.state, visit.reason) == (VisitState.VOIDED, REASON)
        assert (newest.number, newest.kind, newest.scores, newest.reason) == (
            2,
            RevisionKind.VOIDED,
            None,
            REASON,
        )
        states = session.execute(select(Deficiency.visit_id, Deficiency.state)).all()
        voided = {visit_id for visit_id, state in states if state is DeficiencyState.VOIDED}
        still_open = {visit_id for visit_id, state in states if state is DeficiencyState.OPEN}
        assert voided == {bank.visits["0101"]}
        assert still_open == {bank.visits["0102"], bank.visits["0201"]}


def test_a_disclosed_visit_is_voided_before_there_is_a_ranking(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank)

        assert void(session, bank, "0101") is None

        ranking = publish(session, bank)
        assert {one.branch for one in export_of(session, ranking).visits} == {"0102", "0201"}


@pytest.mark.parametrize("state", ["approved", "voided"])
def test_only_a_disclosed_or_published_visit_is_voided(bank: Bank, state: str) -> None:
    with transaction(bank.database) as session:
        if state == "approved":
            approved(session, bank, "0101", 1)
        else:
            published(session, bank)
            void(session, bank, "0101")

        with pytest.raises(ConflictError, match=state):
            void(session, bank, "0101")


def test_voiding_needs_a_reason(bank: Bank) -> None:
    with transaction(bank.database) as session:
        published(session, bank)
        with pytest.raises(IncompleteError) as refused:
            rankings.void_visit(
                session, administrator(bank), visit_of(session, bank, "0101"), " ", now=PUBLISHED
            )

    assert refused.value.missing == ("reason",)


def test_of_two_who_void_at_once_the_second_is_told(bank: Bank) -> None:
    with transaction(bank.database) as session:
        published(session, bank)
    with Session(bank.database.writing, expire_on_commit=False) as slow:
        seen = slow.get_one(Visit, bank.visits["0101"])
        slow.commit()
        with transaction(bank.database) as quick:
            void(quick, bank, "0101")

        with pytest.raises(ConflictError, match="faster"):
            rankings.void_visit(slow, administrator(bank), seen, REASON, now=PUBLISHED)

    with transaction(bank.database) as session:
        assert count(session, StoredRanking) == 2


def next_wave(session: Session, bank: Bank, rank_by: RankBy = RankBy.SCORE) -> StoredRanking:
    """Hold a second wave of the same mode, with other answers, and publish it."""
    actor = administrator(bank)
    opened = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    plan = WavePlan(
        code="2026Q4",
        name="2026 年第四季度电话检查",
        mode=bank.checklist.mode,
        opens_on=date(2026, 12, 1),
        closes_on=date(2026, 12, 20),
        checklists=(bank.checklist.hash,),
        rank_by=rank_by,
        disclosure_days=0,
    )
    wave = open_wave(session, actor, plan_wave(session, actor, plan, now=opened), now=opened)
    for visit in visits_of_wave(session, wave):
        seed = int(visit.target.branch_code) + 40
        assign_visit(session, actor, visit, bank.user("inspector"), now=opened)
        body = body_of(bank, f"{visit.target.branch_code} again", seed)
        accept_submission(session, bank.user("inspector"), visit, body, SECRET, now=opened)
        revision = newest_revision_of_visit(session, visit)
        assert revision is not None
        reviews.approve(session, reviewer(bank), revision, frozenset(), now=opened)
    closed = opened + timedelta(days=20)
    waves.close_wave(session, actor, wave, now=closed)
    disclosures.disclose_wave(session, actor, wave, now=closed)
    return rankings.publish_wave(session, actor, wave, now=closed)


def test_changes_are_taken_from_the_latest_ranking_of_the_previous_wave_and_pinned(bank: Bank) -> None:
    with transaction(bank.database) as session:
        published(session, bank)
        second = void(session, bank, "0101")
        assert second is not None

        ranking = next_wave(session, bank)
        void(session, bank, "0102")

        before = {row.unit: row for row in stored_ranking_as_values(session, second).branches}
        rows = {row.unit: row for row in stored_ranking_as_values(session, ranking).branches}
        assert previous_of(session, ranking) is second
        assert rows["0101"].rank_change is None
        rank_now, rank_before = rows["0102"].rank, before["0102"].rank
        assert rank_now is not None
        assert rank_before is not None
        assert rows["0102"].rank_change == rank_before - rank_now


def test_a_restated_ranking_keeps_the_pars_that_were_frozen(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first = next_wave(session, bank, RankBy.OVER_PAR)
        visit = visits_of_wave(session, first.wave)[0]

        second = rankings.void_visit(session, administrator(bank), visit, REASON, now=PUBLISHED)

        assert second is not None
        assert first.pars is not None
        assert second.pars == first.pars
        pars = session.scalars(select(PartResult.par).where(PartResult.ranking_id == second.id))
        assert any(par is not None for par in pars)


def test_ranking_of_returns_the_latest_or_the_one_asked_for(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first = published(session, bank)
        second = void(session, bank, "0101")

        assert ranking_of(session, bank.wave_id, None) is second
        assert ranking_of(session, bank.wave_id, 1) is first
        assert latest_ranking(session, bank.wave_id) is second


@pytest.mark.fault("W05")
def test_a_late_visit_taken_in_after_publishing_restates_the_ranking_with_its_reason(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        approved(session, bank, "0102", 2)
        waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)
        late = submitted(session, bank, "0201", 3, now=CLOSED)
        reviews.approve(session, reviewer(bank), late, frozenset(), now=CLOSED)
        wave = disclosures.disclose_wave(session, administrator(bank), wave_of(session, bank), now=DISCLOSED)
        first = rankings.publish_wave(session, administrator(bank), wave, now=PUBLISHED)
        before = stored_ranking_as_values(session, first)

        second = take_in(
            session, administrator(bank), visit_of(session, bank, "0201"), "路上断网", now=PUBLISHED
        )

        assert second is not None
        assert (second.number, second.reason) == (2, "路上断网")
        assert stored_ranking_as_values(session, first) == before
        assert fingerprint(before) == first.fingerprint
        entered = [mover.unit for mover in movers_of(session, second) if mover.entered]
        assert {"R02", "0201"} <= set(entered)
        found = select(func.count()).select_from(Deficiency)
        assert session.scalar(found.where(Deficiency.visit_id == bank.visits["0201"]))
        with pytest.raises(ConflictError):
            take_in(session, administrator(bank), visit_of(session, bank, "0201"), "再来", now=PUBLISHED)


def test_a_late_visit_taken_in_before_disclosing_is_disclosed_with_the_others(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)
        late = submitted(session, bank, "0201", 3, now=CLOSED)
        visit = visit_of(session, bank, "0201")
        with pytest.raises(ConflictError):
            take_in(session, administrator(bank), visit, "路上断网", now=CLOSED)
        reviews.approve(session, reviewer(bank), late, frozenset(), now=CLOSED)

        assert take_in(session, administrator(bank), visit, "路上断网", now=CLOSED) is None

        assert visit.state is VisitState.APPROVED
        disclosures.disclose_wave(session, administrator(bank), wave_of(session, bank), now=DISCLOSED)
        assert visit.state.value == "disclosed"
