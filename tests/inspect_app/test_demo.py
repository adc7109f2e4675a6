"""The demonstration's bank: as large as promised, made anew alike, and true in every number."""

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_app.db import reading
from inspect_app.demo import FolderInUseError, Scale, point_accounts, prepare_demo
from inspect_app.models.appeals import Appeal, AppealDecision, AppealOutcome, AppealState
from inspect_app.models.deficiencies import Deficiency, DeficiencyState, Severity
from inspect_app.models.inspections import (
    Draft,
    Inspection,
    Review,
    ReviewOutcome,
    Revision,
    RevisionKind,
)
from inspect_app.models.journal import JournalEntry
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.people import User
from inspect_app.models.rankings import RankingRow, StoredRanking
from inspect_app.models.visits import Visit, VisitIdentity, VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.rankings import export_of, ranking_of
from inspect_app.queries.waves import all_waves, wave_coded
from reports.export import export_lines
from tests.demo_bank import AS_OF, SEED, DemoBank, opened, silent
from tests.reports import independent

WHOLE = ["accounts.json", "inspect.sqlite3", "secret.key"]
ROLES = ("administrator", "reviewer", "inspector", "regional_manager", "branch_manager")


def rows_of(session: Session, ranking: StoredRanking) -> list[tuple[str, str, int | None, int | None, int]]:
    """Return what of a ranking does not hang on identifiers."""
    rows = session.scalars(select(RankingRow).where(RankingRow.ranking_id == ranking.id)).all()
    return sorted((row.table, row.unit, row.rank, row.score, row.visits) for row in rows)


def fingerprints(folder: Path) -> list[tuple[int, str]]:
    """Return number and fingerprint of every ranking of a demonstration, in the order of publishing."""
    bank = opened(folder)
    with reading(bank.database) as session:
        found = session.scalars(select(StoredRanking).order_by(StoredRanking.published_at)).all()
        written = [(ranking.number, ranking.fingerprint) for ranking in found]
    bank.database.writing.dispose()
    return written


def lines_of(session: Session, wave_code: str, number: int) -> list[str]:
    """Return the lines of a wave's data export."""
    ranking = ranking_of(session, wave_coded(session, wave_code).id, number)
    return list(export_lines(export_of(session, ranking)))


def states(session: Session, wave: Wave) -> Counter[VisitState]:
    """Count a wave's visits by state."""
    return Counter(session.scalars(select(Visit.state).where(Visit.wave_id == wave.id)))


def test_the_small_bank_has_three_regions_and_twelve_branches_of_different_kinds(
    demo_bank: DemoBank,
) -> None:
    with reading(demo_bank.database) as session:
        parents = Counter(session.scalars(select(Region.parent_id)))
        branches = session.scalars(select(Branch)).all()

        assert (len(parents), parents[None], parents.total()) == (2, 1, 4)
        assert len({branch.name for branch in branches}) == len(branches) == 12
        assert {branch.kind for branch in branches} == {"基础", "精品", "财富"}
        assert len({branch.region_id for branch in branches}) == 3
        assert all(branch.address for branch in branches)


def test_two_waves_are_published_and_the_third_is_running_on_the_day_given(demo_bank: DemoBank) -> None:
    with reading(demo_bank.database) as session:
        waves = all_waves(session)
        rankings = Counter(session.scalars(select(StoredRanking.wave_id)))

        assert [wave.code for wave in waves] == ["2026Q2", "2026Q3", "2026Q4"]
        assert [wave.state for wave in waves] == [WaveState.PUBLISHED, WaveState.PUBLISHED, WaveState.OPEN]
        assert [rankings[wave.id] for wave in waves] == [1, 2, 0]
        assert waves[0].closes_on < waves[1].opens_on < waves[1].closes_on < waves[2].opens_on
        assert waves[2].opens_on < AS_OF < waves[2].closes_on


def test_branches_have_answered_and_disputed_and_something_waits_for_everybody(demo_bank: DemoBank) -> None:
    with reading(demo_bank.database) as session:
        states = set(session.scalars(select(Deficiency.state)))
        appeals = set(session.scalars(select(Appeal.state)))
        outcomes = set(session.scalars(select(AppealDecision.outcome)))

    assert states >= {DeficiencyState.OPEN, DeficiencyState.ANSWERED, DeficiencyState.VERIFIED}
    assert appeals == {AppealState.DECIDED, AppealState.REOPENED, AppealState.WITHDRAWN}
    assert outcomes >= {AppealOutcome.UPHELD, AppealOutcome.DISMISSED}


def test_the_waves_before_tell_every_story_a_visit_can_have(demo_bank: DemoBank) -> None:
    with reading(demo_bank.database) as session:
        first, second, _running = all_waves(session)

        for wave in (first, second):
            assert states(session, wave)[VisitState.SET_ASIDE] == 1
            assert states(session, wave)[VisitState.CANCELLED] == 1
        assert states(session, second)[VisitState.VOIDED] == 1
        outcomes = Counter(session.scalars(select(Review.outcome)))
        assert set(outcomes) == set(ReviewOutcome)
        assert session.scalar(select(func.count()).select_from(Inspection).where(Inspection.is_late)) == 2
        sent = select(func.max(Revision.number)).where(Revision.kind == RevisionKind.SUBMITTED)
        assert session.scalar(sent) == 2
        severities = set(session.scalars(select(Deficiency.severity)))
        assert severities == set(Severity)


def test_every_inspector_finds_something_to_fill_in_to_go_on_with_and_to_answer(demo_bank: DemoBank) -> None:
    with reading(demo_bank.database) as session:
        found: dict[str, Counter[VisitState]] = defaultdict(Counter)
        for name, state in session.execute(
            select(User.username, Visit.state)
            .join(VisitIdentity, VisitIdentity.inspector_id == User.id)
            .join(Visit, Visit.id == VisitIdentity.visit_id)
            .join(Wave, Wave.id == Visit.wave_id)
            .where(Wave.state == WaveState.OPEN)
        ):
            found[name][state] += 1
        running = all_waves(session)[-1]

        assert set(found) == {account.username for account in demo_bank.accounts_of("inspector")}
        for visits in found.values():
            assert visits[VisitState.ASSIGNED] >= 2
            assert visits[VisitState.IN_PROGRESS] >= 1
            assert visits[VisitState.RETURNED] >= 1
        assert states(session, running)[VisitState.SUBMITTED] >= 3
        assert states(session, running)[VisitState.APPROVED] >= 3
        assert states(session, running)[VisitState.PLANNED] == 1
        assert session.scalar(select(func.count()).select_from(Draft)) == 3


def test_restating_after_the_voided_visit_moves_branches(demo_bank: DemoBank) -> None:
    with reading(demo_bank.database) as session:
        wave = all_waves(session)[1]
        first, second = (ranking_of(session, wave.id, number) for number in (1, 2))

        assert second.reason
        assert first.fingerprint != second.fingerprint
        assert rows_of(session, first) != rows_of(session, second)


def test_the_words_are_of_a_branch_and_never_of_a_person(demo_bank: DemoBank) -> None:
    with reading(demo_bank.database) as session:
        names = set(session.scalars(select(User.display_name)))
        answers = " ".join(session.scalars(select(Revision.answers)))

        assert '"words":' in answers
        assert not any(sign in answers for sign in ("他", "她"))
        assert not any(name in answers for name in names)


def test_what_was_done_is_journalled_in_the_order_in_which_it_happened(demo_bank: DemoBank) -> None:
    with reading(demo_bank.database) as session:
        running = all_waves(session)[-1]
        moments = session.scalars(
            select(JournalEntry.at)
            .where(JournalEntry.subject_id == str(running.id))
            .order_by(JournalEntry.at)
        ).all()
        latest = session.scalar(select(func.max(JournalEntry.at)))

        assert len(moments) == 2
        assert latest is not None
        assert latest.date() < AS_OF


@pytest.mark.parametrize(("code", "number"), [("2026Q2", 1), ("2026Q3", 1), ("2026Q3", 2)])
def test_a_second_program_computes_the_same_numbers_from_the_export(
    demo_bank: DemoBank, code: str, number: int
) -> None:
    with reading(demo_bank.database) as session:
        lines = lines_of(session, code, number)
        before = None if code == "2026Q2" else lines_of(session, "2026Q2", 1)
        ranking = ranking_of(session, wave_coded(session, code).id, number)
        stored = {
            (row.table, row.unit): (row.rank, row.score, row.rank_change, row.score_change, row.visits)
            for row in session.scalars(select(RankingRow).where(RankingRow.ranking_id == ranking.id))
        }

    computed = independent.recompute(lines, None if before is None else independent.recompute(before))

    assert computed.fingerprint == ranking.fingerprint == json.loads(lines[0])["fingerprint"]
    for line in map(json.loads, lines[1:]):
        assert computed.scores[line["visit"]] == line["scores"]
    assert {
        (table, unit): (row.rank, row.score, row.rank_change, row.score_change, row.visits)
        for table, rows in computed.tables.items()
        for unit, row in rows.items()
    } == stored


def test_the_same_seed_and_day_make_the_same_bank_and_another_seed_another(
    prepared_demo: Path, tmp_path: Path
) -> None:
    for name, seed in (("again", SEED), ("other", SEED + 1)):
        prepare_demo(tmp_path / name, Scale.SMALL, seed, silent, as_of=AS_OF)

    assert fingerprints(tmp_path / "again") == fingerprints(prepared_demo)
    assert fingerprints(tmp_path / "other") != fingerprints(prepared_demo)


@pytest.mark.parametrize("as_of", [date(2027, 1, 1), date(2028, 2, 29), date(2026, 8, 2)])
def test_the_third_wave_is_running_whatever_the_day(tmp_path: Path, as_of: date) -> None:
    prepare_demo(tmp_path / "bank", Scale.SMALL, SEED, silent, as_of=as_of)

    bank = opened(tmp_path / "bank")
    with reading(bank.database) as session:
        waves = all_waves(session)
        assert len({wave.code for wave in waves}) == 3
        assert [wave.state for wave in waves][-1] is WaveState.OPEN
        assert waves[2].opens_on < as_of < waves[2].closes_on
    bank.database.writing.dispose()


def test_accounts_are_written_down_for_all_kinds_in_different_regions_and_branches(
    demo_bank: DemoBank,
) -> None:
    scopes = {role: [account.scope for account in demo_bank.accounts_of(role)] for role in ROLES}

    assert {account.role for account in demo_bank.accounts} == set(ROLES)
    assert scopes["regional_manager"] == ["R01", "R02", "R03"]
    assert len(set(scopes["branch_manager"])) == len(scopes["branch_manager"]) >= 2
    assert len({scope[:2] for scope in scopes["branch_manager"]}) == 3
    assert len(set(scopes["inspector"])) >= 2
    assert {account.url for account in demo_bank.accounts} == {"http://127.0.0.1:8000/login"}


def test_accounts_lead_to_where_the_demonstration_is_served(demo_bank: DemoBank) -> None:
    point_accounts(demo_bank.folder, "http://127.0.0.1:9123/")

    after = opened(demo_bank.folder).accounts
    assert {account.url for account in after} == {"http://127.0.0.1:9123/login"}
    assert [account.username for account in after] == [account.username for account in demo_bank.accounts]


def test_a_demonstration_that_is_there_is_kept_as_it_is(demo_bank: DemoBank) -> None:
    demo_bank.database.writing.dispose()
    before = (demo_bank.folder / "inspect.sqlite3").read_bytes()

    prepare_demo(demo_bank.folder, Scale.REGION, SEED + 5, silent)

    assert (demo_bank.folder / "inspect.sqlite3").read_bytes() == before


@pytest.mark.parametrize("name", ["thesis.docx", "inspect.sqlite3", ".hidden"])
def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("precious", encoding="utf-8")

    with pytest.raises(FolderInUseError) as refused:
        prepare_demo(tmp_path, Scale.SMALL, SEED, silent)

    assert refused.value.strerror == "里面有别的东西，没有动它；请另选一个空文件夹"
    assert [place.name for place in tmp_path.iterdir()] == [name]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bank").write_text("precious", encoding="utf-8")

    with pytest.raises(FolderInUseError, match="这不是文件夹"):
        prepare_demo(tmp_path / "bank", Scale.SMALL, SEED, silent)


class InterruptedByHandError(Exception):
    """Somebody pressed Ctrl+C in the middle."""


def test_what_was_interrupted_leaves_nothing_half_done_and_can_be_made_again(tmp_path: Path) -> None:
    def interrupt(step: str, _done: int, _total: int) -> None:
        if step == "2026Q3":
            raise InterruptedByHandError

    with pytest.raises(InterruptedByHandError):
        prepare_demo(tmp_path, Scale.SMALL, SEED, interrupt, as_of=AS_OF)
    left = [place.name for place in tmp_path.iterdir()]
    prepare_demo(tmp_path, Scale.SMALL, SEED, silent, as_of=AS_OF)

    assert left == ["secret.key"]
    assert sorted(place.name for place in tmp_path.iterdir()) == [
        "accounts.json",
        "inspect.sqlite3",
        "secret.key",
    ]


def test_what_a_killed_start_left_behind_is_cleared_away(prepared_demo: Path, tmp_path: Path) -> None:
    (tmp_path / ".building-killed").mkdir()
    (tmp_path / ".building-killed" / "inspect.sqlite3").write_bytes(b"half")
    shutil.copy(prepared_demo / "accounts.json", tmp_path)

    prepare_demo(tmp_path, Scale.SMALL, SEED, silent, as_of=AS_OF)

    assert sorted(place.name for place in tmp_path.iterdir()) == [
        "accounts.json",
        "inspect.sqlite3",
        "secret.key",
    ]


def test_progress_is_told_from_nothing_to_all_for_each_step(tmp_path: Path) -> None:
    told: dict[str, list[tuple[int, int]]] = defaultdict(list)

    prepare_demo(
        tmp_path, Scale.SMALL, SEED, lambda step, done, total: told[step].append((done, total)), as_of=AS_OF
    )

    assert list(told) == ["HO", "2026Q2", "2026Q3", "2026Q4"]
    assert told["HO"] == [(0, 1), (1, 1)]
    assert all(is_rising(told[code]) and told[code][-1] == (24, 24) for code in list(told)[1:])


def is_rising(steps: Sequence[tuple[int, int]]) -> bool:
    """Say whether each step comes one after the one before."""
    return [done for done, _ in steps] == list(range(1, len(steps) + 1))


@pytest.mark.slow
def test_the_larger_bank_has_ten_regions_on_two_levels_and_four_hundred_branches(tmp_path: Path) -> None:
    prepare_demo(tmp_path, Scale.REGION, SEED, silent, as_of=AS_OF)

    bank = opened(tmp_path)
    with reading(bank.database) as session:
        depths = Counter(path.count("/") - 1 for path in session.scalars(select(Region.path)))
        branches = session.scalar(select(func.count()).select_from(Branch))
        ranked = session.scalar(
            select(func.count())
            .select_from(RankingRow)
            .join(StoredRanking, StoredRanking.id == RankingRow.ranking_id)
            .where(
                RankingRow.table == "branch", RankingRow.rank.is_not(None), StoredRanking.reason.is_not(None)
            )
        )
    bank.database.writing.dispose()

    assert depths == {1: 1, 2: 4, 3: 6}
    assert branches == 400
    assert ranked is not None
    assert ranked > 360
