"""What a branch sees of its visits, and what it can never learn."""

import dataclasses
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event

from checklists.scoring import break_down, score
from inspect_app.db import transaction
from inspect_app.errors import NotFoundError
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.people import User
from inspect_app.models.visits import SettingAside, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.branch_values import Period, Third, period_of
from inspect_app.queries.branch_views import (
    deficiencies_of_branch,
    deficiency_of_branch,
    result_of_branch,
    results_of_branch,
    visit_of_branch,
)
from inspect_app.queries.inspections import credited_inspection_of, newest_revision_of_visit
from inspect_app.queries.rankings import stored_ranking_as_values
from inspect_app.services import disclosures, rankings, reviews, waves
from tests.inspect_app.made_up_bank import NOW, Bank
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

SHANGHAI = ZoneInfo("Asia/Shanghai")
RELEASED = frozenset({"S05.A6"})
HIDDEN_TABLES = ("visit_identity", "user_account", "submission", "draft", "login_session")


def own_branch(user: User) -> uuid.UUID:
    """Return the id of a branch manager's branch."""
    assert user.branch_id is not None
    return user.branch_id


@contextmanager
def tapped(engine: Engine) -> Iterator[list[str]]:
    """Record every statement that is sent to the database."""
    statements: list[str] = []

    def listen(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", listen)


@pytest.mark.parametrize(
    ("day", "third"),
    [
        (1, Third.EARLY),
        (10, Third.EARLY),
        (11, Third.MIDDLE),
        (20, Third.MIDDLE),
        (21, Third.LATE),
        (31, Third.LATE),
    ],
)
def test_a_day_is_told_as_a_third_of_its_month(day: int, third: Third) -> None:
    assert period_of(datetime(2026, 8, day, 3, tzinfo=UTC), SHANGHAI) == Period(2026, 8, third)


def test_the_third_is_that_of_the_banks_day() -> None:
    # Eight in the morning of 11 August in Shanghai.
    assert period_of(datetime(2026, 8, 10, 16, 0, tzinfo=UTC), SHANGHAI).third is Third.MIDDLE
    assert period_of(datetime(2026, 8, 10, 15, 59, tzinfo=UTC), SHANGHAI).third is Third.EARLY


@pytest.mark.fault("N04")
def test_while_a_wave_runs_its_branch_sees_no_trace_of_it(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1)
        user = bank.user("branch0101")
        waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)

        assert results_of_branch(session, user, own_branch(user), SHANGHAI) == ()
        assert deficiencies_of_branch(session, user) == ()
        with pytest.raises(NotFoundError):
            visit_of_branch(session, user, bank.visits["0101"], SHANGHAI)
        with pytest.raises(NotFoundError):
            result_of_branch(session, user, own_branch(user), bank.wave_id, SHANGHAI)


def test_a_disclosed_wave_shows_the_own_score_but_no_rank(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank)
        user = bank.user("branch0101")
        revision = newest_revision_of_visit(session, visit_of(session, bank, "0101"))
        assert revision is not None

        (result,) = results_of_branch(session, user, own_branch(user), SHANGHAI)

        scores = score(credited_inspection_of(session, revision))
        assert result.place.state is WaveState.DISCLOSED
        assert (result.score, result.low, result.high) == (scores.visit, scores.low, scores.high)
        assert result.position is None
        assert {role.role: role.score for role in result.roles} == scores.roles
        assert {role.rank for role in result.roles} == {None}
        (visit,) = result.visits
        assert (visit.ordinal, visit.counts, visit.scores) == (1, True, scores)
        assert visit.period == Period(2026, 8, Third.EARLY)


def test_a_published_wave_shows_the_own_place_as_the_ranking_has_it(bank: Bank) -> None:
    with transaction(bank.database) as session:
        ranking = published(session, bank)
        user = bank.user("branch0101")

        result = result_of_branch(session, user, own_branch(user), bank.wave_id, SHANGHAI)

        values = stored_ranking_as_values(session, ranking)
        row = next(row for row in values.branches if row.unit == "0101")
        assert result.position is not None
        assert (result.score, result.position.rank, result.position.ranked) == (row.score, row.rank, 3)
        assert (result.position.number, result.position.rank_in_kind) == (1, row.rank_in_kind)
        assert {role.role: role.rank for role in result.roles} == {
            code: own.rank
            for code, rows in values.roles.items()
            for own in rows
            if own.unit == "0101" and own.rank
        }
        assert [visit.counts for visit in result.visits] == [True]


def test_a_voided_visit_stays_listed_without_scores_and_is_not_read_any_more(bank: Bank) -> None:
    with transaction(bank.database) as session:
        published(session, bank)
        user = bank.user("branch0101")
        rankings.void_visit(
            session, administrator(bank), visit_of(session, bank, "0101"), "对不上", now=PUBLISHED
        )

        (result,) = results_of_branch(session, user, own_branch(user), SHANGHAI)

        assert [(one.state, one.scores, one.counts) for one in result.visits] == [
            (VisitState.VOIDED, None, False)
        ]
        assert (result.score, result.position is not None and result.position.rank) == (None, None)
        with pytest.raises(NotFoundError):
            visit_of_branch(session, user, bank.visits["0101"], SHANGHAI)


def test_what_was_set_aside_or_came_late_is_not_shown(bank: Bank) -> None:
    with transaction(bank.database) as session:
        aside = submitted(session, bank, "0101", 1)
        reviews.set_aside(session, reviewer(bank), aside, SettingAside.EXPOSED, "被认出来了", now=NOW)
        waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)
        late = submitted(session, bank, "0102", 2, now=CLOSED)
        reviews.approve(session, reviewer(bank), late, frozenset(), now=CLOSED)
        disclosures.disclose_wave(session, administrator(bank), wave_of(session, bank), now=DISCLOSED)

        for name in ("branch0101", "branch0102"):
            user = bank.user(name)
            (result,) = results_of_branch(session, user, own_branch(user), SHANGHAI)
            assert (result.visits, result.score, result.roles) == ((), None, ())


def test_a_visit_is_read_with_its_breakdown_and_released_words_alone(bank: Bank) -> None:
    with transaction(bank.database) as session:
        published(session, bank, RELEASED)
        user = bank.user("branch0101")
        revision = newest_revision_of_visit(session, visit_of(session, bank, "0101"))
        assert revision is not None

        reading = visit_of_branch(session, user, bank.visits["0101"], SHANGHAI)

        said = {
            answer.item: answer.words
            for section in reading.answers.sections
            for answer in section.answers
            if answer.words
        }
        assert said == {"S05.A6": "S05.A6 的经过"}
        assert {section.gate_words for section in reading.answers.sections} == {""}
        assert {one.words for one in reading.answers.deductions} <= {""}
        assert reading.breakdown == break_down(credited_inspection_of(session, revision))
        assert reading.checklist == bank.checklist


def test_deficiencies_come_with_their_standard_by_due_date(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank, RELEASED)

        found = deficiencies_of_branch(session, bank.user("branch0101"))

        order = [(one.due_on, -one.points_lost) for one in found]
        assert order == sorted(order)
        assert {one.branch_code for one in found} == {"0101"}
        assert {one.item.code: one.words for one in found if one.words} == {"S05.A6": "S05.A6 的经过"}
        assert all(one.item.standard.own and one.credit < 1 for one in found)
        assert deficiencies_of_branch(session, bank.user("branch0101"), state=DeficiencyState.ANSWERED) == ()


@pytest.mark.parametrize("name", ["branch0102", "region02", "inspector"])
def test_what_is_not_the_users_looks_like_what_does_not_exist(bank: Bank, name: str) -> None:
    with transaction(bank.database) as session:
        published(session, bank)
        stranger, branch_id = bank.user(name), own_branch(bank.user("branch0101"))
        deficiency = deficiencies_of_branch(session, bank.user("branch0101"))[0]

        assert results_of_branch(session, stranger, branch_id, SHANGHAI) == ()
        for visit_id in (bank.visits["0101"], uuid.uuid4()):
            with pytest.raises(NotFoundError):
                visit_of_branch(session, stranger, visit_id, SHANGHAI)
        for deficiency_id in (deficiency.deficiency_id, uuid.uuid4()):
            with pytest.raises(NotFoundError):
                deficiency_of_branch(session, stranger, deficiency_id)
        with pytest.raises(NotFoundError):
            result_of_branch(session, stranger, branch_id, bank.wave_id, SHANGHAI)


def test_a_regional_manager_reads_the_branches_of_the_region(bank: Bank) -> None:
    with transaction(bank.database) as session:
        published(session, bank)
        manager, branch_id = bank.user("region01"), own_branch(bank.user("branch0101"))

        assert len(results_of_branch(session, manager, branch_id, SHANGHAI)) == 1
        assert visit_of_branch(session, manager, bank.visits["0101"], SHANGHAI).place.branch_code == "0101"


def leaves(value: object) -> Iterator[object]:
    """Yield every plain value inside a view."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from leaves(member)
    elif isinstance(value, tuple | list | frozenset):
        for member in value:
            yield from leaves(member)
    else:
        yield value.value if isinstance(value, Enum) else value


@pytest.mark.fault("N02")
@pytest.mark.fault("N04")
def test_no_view_of_a_branch_holds_a_time_or_anybodys_name_and_no_statement_asks_for_them(
    bank: Bank,
) -> None:
    with transaction(bank.database) as session:
        published(session, bank, RELEASED)
        session.flush()
        session.expunge_all()
        user = bank.user("branch0101")

        with tapped(bank.database.writing) as statements:
            results = results_of_branch(session, user, own_branch(user), SHANGHAI)
            reading = visit_of_branch(session, user, bank.visits["0101"], SHANGHAI)
            found = deficiencies_of_branch(session, user)
            one = deficiency_of_branch(session, user, found[0].deficiency_id)

    values = list(leaves((results, reading, found, one)))
    inspector = bank.user("inspector")
    assert len(statements) > 4
    assert [
        (name, sent) for name in HIDDEN_TABLES for sent in statements if re.search(rf"\b{name}\b", sent)
    ] == []
    assert [value for value in values if isinstance(value, datetime)] == []
    assert not {inspector.id, inspector.username, inspector.display_name} & {
        value for value in values if isinstance(value, str | uuid.UUID)
    }
