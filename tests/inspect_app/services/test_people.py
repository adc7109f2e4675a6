"""Accounts are made, users sign in and out, failed attempts are kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.journal import JournalEntry
from inspect_app.models.people import LoginFailure, LoginSession, UserKind
from inspect_app.queries.people import failures_since, live_session, user_named
from inspect_app.services.journal import Actor
from inspect_app.services.people import (
    UserPlan,
    add_user,
    close_session,
    open_session,
    record_login_failure,
)
from tests.inspect_app.made_up_bank import NOW, Bank, count

A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)


def plan(username: str, kind: UserKind, region: str | None = None, branch: str | None = None) -> UserPlan:
    return UserPlan(username, "韩某某", kind, "hash", region, branch)


def test_a_new_user_is_found_by_name_with_the_own_place(bank: Bank) -> None:
    with transaction(bank.database) as session:
        add_user(session, Actor.system(), plan("han", UserKind.REGIONAL_MANAGER, region="R02"), now=NOW)

    with reading(bank.database) as session:
        found = user_named(session, "han")
        assert found is not None
        assert found.region is not None
        assert (found.region.code, found.branch, found.is_active) == ("R02", None, True)


def test_a_taken_name_is_refused(bank: Bank) -> None:
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="reviewer is taken"):
        add_user(session, Actor.system(), plan("reviewer", UserKind.REVIEWER), now=NOW)


@pytest.mark.parametrize(
    ("kind", "region", "branch"),
    [
        (UserKind.REGIONAL_MANAGER, None, None),
        (UserKind.REGIONAL_MANAGER, "R01", "0101"),
        (UserKind.BRANCH_MANAGER, None, None),
        (UserKind.BRANCH_MANAGER, "R01", None),
        (UserKind.INSPECTOR, "R01", None),
        (UserKind.REVIEWER, None, "0101"),
    ],
)
def test_a_place_that_does_not_go_with_the_kind_of_user_is_refused(
    bank: Bank, kind: UserKind, region: str | None, branch: str | None
) -> None:
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="another place"):
        add_user(session, Actor.system(), plan("han", kind, region, branch), now=NOW)


def test_an_unknown_branch_is_not_found(bank: Bank) -> None:
    with transaction(bank.database) as session, pytest.raises(NotFoundError, match="9999"):
        add_user(session, Actor.system(), plan("han", UserKind.BRANCH_MANAGER, branch="9999"), now=NOW)


def test_the_account_of_an_inspector_is_journalled_without_its_id(bank: Bank) -> None:
    with transaction(bank.database) as session:
        inspector = add_user(session, Actor.system(), plan("han", UserKind.INSPECTOR), now=NOW)
        reviewer = add_user(session, Actor.system(), plan("yang", UserKind.REVIEWER), now=NOW)

    with reading(bank.database) as session:
        told = set(session.scalars(select(JournalEntry.subject_id).where(JournalEntry.action == "add_user")))
        assert str(reviewer.id) in told
        assert str(inspector.id) not in told


def test_an_open_session_is_live_until_it_runs_out(bank: Bank) -> None:
    with transaction(bank.database) as session:
        open_session(session, bank.user("reviewer"), "a" * 64, "csrf", now=NOW, lasts=A_DAY)
        open_session(session, bank.user("inspector"), "b" * 64, "csrf", now=NOW, lasts=A_DAY)

    with reading(bank.database) as session:
        live = live_session(session, "a" * 64, now=NOW + A_DAY - A_SECOND)
        assert live is not None
        assert (live.user.username, live.csrf_token) == ("reviewer", "csrf")
        assert live_session(session, "a" * 64, now=NOW + A_DAY) is None
        assert live_session(session, "c" * 64, now=NOW) is None


def test_signing_out_ends_this_session_alone(bank: Bank) -> None:
    with transaction(bank.database) as session:
        open_session(session, bank.user("reviewer"), "a" * 64, "csrf", now=NOW, lasts=A_DAY)
        open_session(session, bank.user("reviewer"), "b" * 64, "csrf", now=NOW, lasts=A_DAY)

    with transaction(bank.database) as session:
        close_session(session, "a" * 64)
        close_session(session, "a" * 64)

    with reading(bank.database) as session:
        assert live_session(session, "a" * 64, now=NOW) is None
        assert live_session(session, "b" * 64, now=NOW) is not None


def test_a_user_who_is_shut_out_has_no_live_session(bank: Bank) -> None:
    with transaction(bank.database) as session:
        for name, token in (("reviewer", "a"), ("inspector", "b"), ("branch0101", "c")):
            user = user_named(session, name)
            assert user is not None
            open_session(session, user, token * 64, "csrf", now=NOW, lasts=A_DAY)
            user.is_active = name != "reviewer"
            user.session_version += name == "inspector"

    with reading(bank.database) as session:
        live = [token for token in "abc" if live_session(session, token * 64, now=NOW) is not None]
        assert live == ["c"]


def test_signing_in_forgets_sessions_that_ran_out(bank: Bank) -> None:
    with transaction(bank.database) as session:
        open_session(session, bank.user("reviewer"), "a" * 64, "csrf", now=NOW - A_DAY, lasts=A_DAY)
        open_session(session, bank.user("reviewer"), "b" * 64, "csrf", now=NOW - A_SECOND, lasts=A_DAY)

        open_session(session, bank.user("inspector"), "c" * 64, "csrf", now=NOW, lasts=A_DAY)

        assert set(session.scalars(select(LoginSession.token_hash))) == {"b" * 64, "c" * 64}


def test_failures_are_counted_by_name_and_by_address_since_a_moment(bank: Bank) -> None:
    attempts = [
        ("reviewer", "10.0.0.1", 70),
        ("reviewer", "10.0.0.2", 60),
        ("nobody", "10.0.0.1", 10),
        ("nobody", "10.0.0.3", 5),
        ("reviewer", "10.0.0.1", 0),
    ]
    with transaction(bank.database) as session:
        for account, address, minutes in attempts:
            record_login_failure(session, account, address, now=NOW - timedelta(minutes=minutes))

    with reading(bank.database) as session:
        failures = failures_since(session, "reviewer", "10.0.0.1", NOW - timedelta(minutes=60))
        assert (failures.account, failures.address) == (2, 2)


def test_a_name_too_long_for_the_table_is_counted_all_the_same(bank: Bank) -> None:
    with transaction(bank.database) as session:
        record_login_failure(session, "x" * 5000, "10.0.0.1", now=NOW)

        assert failures_since(session, "x" * 5000, "10.0.0.9", NOW).account == 1


def test_old_failures_are_forgotten(bank: Bank) -> None:
    with transaction(bank.database) as session:
        record_login_failure(session, "reviewer", "10.0.0.1", now=NOW - A_DAY - A_SECOND)
        record_login_failure(session, "reviewer", "10.0.0.1", now=NOW)

        assert count(session, LoginFailure) == 1
