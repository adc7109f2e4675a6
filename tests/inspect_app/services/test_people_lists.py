"""A people list is taken in whole or not at all: accounts are made, invited and changed, never deleted."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.errors import IncompleteError
from inspect_app.importers.lists import RowFault
from inspect_app.importers.people_lists import PeopleList
from inspect_app.models.journal import JournalEntry
from inspect_app.models.people import User, UserKind
from inspect_app.queries.accounts import live_link
from inspect_app.queries.people import user_named
from inspect_app.queries.people_changes import people_changes
from inspect_app.services.accounts import deactivate
from inspect_app.services.journal import Actor
from inspect_app.services.people_lists import Invited, take_in_people
from inspect_app.services.tokens import hash_of
from tests.inspect_app.bank_lists import people
from tests.inspect_app.made_up_bank import NOW, Bank, count

NEW = (
    ("chen", "陈洁", "管理员", "", "chen@bank.example"),
    ("shen", "沈默", "检查人", "", ""),
    ("wang", "王强", "区域经理", "R02", ""),
    ("li.na", "李娜", "网点负责人", "0201", ""),
)


def take_in(bank: Bank, listed: PeopleList, actor: str | None = None) -> Sequence[Invited]:
    """Take a list in, and return who was invited."""
    user = None if actor is None else bank.user(actor)
    with transaction(bank.database) as session:
        changes = people_changes(session, listed, None if user is None else user.id)
        who = Actor.system() if user is None else Actor.user(user)
        return take_in_people(session, who, changes, "en", digest="d" * 64, now=NOW)


def faults_of(bank: Bank, *rows: tuple[str, ...], actor: str = "reviewer") -> list[tuple[str, RowFault]]:
    """Return what is wrong with rows, held against the accounts."""
    with reading(bank.database) as session:
        changes = people_changes(session, people(*rows), bank.user(actor).id)
        return [(one.address, one.what) for one in changes.faults]


def test_new_people_get_an_account_without_a_password_and_a_link_into_it(bank: Bank) -> None:
    invited = take_in(bank, people(*NEW))

    with reading(bank.database) as session:
        found = {row[0]: user_named(session, row[0]) for row in NEW}
        assert [
            (user.username, user.display_name, user.kind, user.email, user.language, user.password_hash)
            for user in found.values()
            if user is not None
        ] == [
            ("chen", "陈洁", UserKind.ADMINISTRATOR, "chen@bank.example", "en", ""),
            ("shen", "沈默", UserKind.INSPECTOR, None, "en", ""),
            ("wang", "王强", UserKind.REGIONAL_MANAGER, None, "en", ""),
            ("li.na", "李娜", UserKind.BRANCH_MANAGER, None, "en", ""),
        ]
        for one in invited:
            link = live_link(session, hash_of(one.link.token), now=NOW)
            assert link is not None
            assert link.user.username == one.person.username
        manager, head = found["wang"], found["li.na"]
        places = [None if one is None else (one.region or one.branch) for one in (manager, head)]
        assert [None if place is None else place.code for place in places] == ["R02", "0201"]


def test_the_journal_does_not_say_which_inspector(bank: Bank) -> None:
    take_in(bank, people(*NEW), actor="administrator")

    with reading(bank.database) as session:
        shen = user_named(session, "shen")
        assert shen is not None
        entries = session.scalars(select(JournalEntry).where(JournalEntry.action != "assign_visit")).all()
        assert all(str(shen.id) not in (one.subject_id, one.details) for one in entries)
        assert not any(name in one.details for one in entries for name in ("shen", "沈默", "chen"))
        own = bank.user("administrator").id
        of_list = [one.action for one in entries if one.actor_id == own and not one.action.endswith("_wave")]
        assert sorted(of_list) == ["add_user"] * 4 + ["hand_out_link"] * 4 + ["take_in_people"]


def test_a_second_time_nobody_is_invited_and_nothing_written_down(bank: Bank) -> None:
    take_in(bank, people(*NEW))
    with reading(bank.database) as session:
        before = count(session, JournalEntry)

    assert take_in(bank, people(*NEW)) == ()

    with reading(bank.database) as session:
        assert count(session, JournalEntry) == before


def test_known_people_get_what_the_list_says_and_keep_their_password(bank: Bank) -> None:
    row = ("branch0101", "新来的", "区域经理", "R01", "new@bank.example")

    assert take_in(bank, people(row)) == ()

    with reading(bank.database) as session:
        user = user_named(session, "branch0101")
        assert user is not None
        assert user.region is not None
        assert (user.display_name, user.kind, user.region.code) == (
            "新来的",
            UserKind.REGIONAL_MANAGER,
            "R01",
        )
        assert (user.branch, user.email) == (None, "new@bank.example")
        assert user.password_hash == bank.user("branch0101").password_hash
        actions = set(
            session.scalars(select(JournalEntry.action).where(JournalEntry.subject_id == str(user.id)))
        )
        assert {"change_name", "change_email", "change_post"} <= actions


def test_what_does_not_fit_the_bank_is_told_row_by_row(bank: Bank) -> None:
    with transaction(bank.database) as session:
        user = user_named(session, "reviewer2")
        assert user is not None
        deactivate(session, Actor.system(), user, "离职", now=NOW)

    assert faults_of(
        bank,
        ("aa", "甲", "区域经理", "0101", ""),
        ("bb", "乙", "网点负责人", "R01", ""),
        ("inspector", "丙", "复核人", "", ""),
        ("region01", "丁", "检查人", "", ""),
        ("reviewer", "戊", "管理员", "", ""),
        ("reviewer2", "己", "复核人", "", ""),
    ) == [
        ("D2", RowFault.NO_SUCH_REGION),
        ("D3", RowFault.NO_SUCH_BRANCH),
        ("C4", RowFault.STAYS_INSPECTOR),
        ("C5", RowFault.STAYS_INSPECTOR),
        ("C6", RowFault.OWN_POST),
        ("A7", RowFault.DEACTIVATED),
    ]


def test_one_fault_and_nobody_of_the_list_is_taken_in(bank: Bank) -> None:
    with reading(bank.database) as session:
        before = count(session, User)

    with pytest.raises(IncompleteError):
        take_in(bank, people(*NEW, ("xx", "某人", "区域经理", "R09", "")))

    with reading(bank.database) as session:
        assert count(session, User) == before
