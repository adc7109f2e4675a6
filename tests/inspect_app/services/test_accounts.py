"""Links, passwords and posts: each change ends what it must, and is written down."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from inspect_app.db import reading, transaction
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.accounts import LinkPurpose
from inspect_app.models.people import User, UserKind
from inspect_app.queries.accounts import live_link
from inspect_app.queries.people import live_session, user_named
from inspect_app.services import accounts
from inspect_app.services.journal import Actor
from inspect_app.services.password_rules import PasswordFault, fault_of
from inspect_app.services.people import Post, UserPlan, add_user, open_session
from inspect_app.services.tokens import hash_of
from tests.inspect_app.made_up_bank import NOW, Bank, journal_of

A_SECOND = timedelta(seconds=1)


def named(session: Session, name: str) -> User:
    """Return a user of the bank, loaded."""
    user = user_named(session, name)
    assert user is not None
    return user


def test_an_invitation_holds_for_three_days_and_a_reset_for_an_hour(bank: Bank) -> None:
    with transaction(bank.database) as session:
        plan = UserPlan("han", "韩某某", UserKind.REVIEWER, password_hash="")
        invited = add_user(session, Actor.system(), plan, now=NOW)
        invite = accounts.hand_out_link(session, Actor.system(), invited, now=NOW)
        reset = accounts.hand_out_link(session, Actor.system(), named(session, "reviewer"), now=NOW)

    assert (invite.purpose, invite.expires_at - NOW) == (LinkPurpose.INVITE, timedelta(hours=72))
    assert (reset.purpose, reset.expires_at - NOW) == (LinkPurpose.RESET, timedelta(hours=1))
    with reading(bank.database) as session:
        last = reset.expires_at - A_SECOND
        assert live_link(session, hash_of(reset.token), now=last) is not None
        assert live_link(session, hash_of(reset.token), now=reset.expires_at) is None
        assert live_link(session, hash_of(invite.token), now=reset.expires_at) is not None


def test_a_used_link_is_gone_with_every_session_of_its_user(bank: Bank) -> None:
    with transaction(bank.database) as session:
        user = named(session, "reviewer")
        open_session(session, user, "a" * 64, "csrf", now=NOW, lasts=timedelta(days=1))
        open_session(session, named(session, "reviewer2"), "b" * 64, "csrf", now=NOW, lasts=timedelta(days=1))
        link = accounts.hand_out_link(session, Actor.system(), user, now=NOW)

        accounts.use_link(session, link.token, "new hash", now=NOW)

        with pytest.raises(NotFoundError):
            accounts.use_link(session, link.token, "newer hash", now=NOW)

    with reading(bank.database) as session:
        assert named(session, "reviewer").password_hash == "new hash"
        assert live_session(session, "a" * 64, now=NOW) is None
        assert live_session(session, "b" * 64, now=NOW) is not None


def test_a_new_password_ends_a_link_that_was_handed_out(bank: Bank) -> None:
    with transaction(bank.database) as session:
        user = named(session, "reviewer")
        link = accounts.hand_out_link(session, Actor.system(), user, now=NOW)
        accounts.change_password(session, user, "new hash", now=NOW)

        with pytest.raises(NotFoundError):
            accounts.use_link(session, link.token, "newer hash", now=NOW)


def test_another_post_is_written_down_with_both_kinds(bank: Bank) -> None:
    administrator = Actor.user(bank.user("administrator"))
    with transaction(bank.database) as session:
        user = named(session, "region01")
        accounts.change_post(
            session, administrator, user, Post(UserKind.BRANCH_MANAGER, None, "0201"), now=NOW
        )

    with reading(bank.database) as session:
        moved = named(session, "region01")
        assert moved.branch is not None
        assert (moved.kind, moved.region, moved.branch.code) == (UserKind.BRANCH_MANAGER, None, "0201")
        entry = journal_of(session, moved.id)[-1]
        assert (entry.action, entry.from_state, entry.to_state, entry.actor_id) == (
            "change_post",
            "regional_manager",
            "branch_manager",
            bank.user("administrator").id,
        )


@pytest.mark.parametrize("post", [Post(UserKind.REGIONAL_MANAGER), Post(UserKind.REVIEWER, "R01")])
def test_a_place_that_does_not_go_with_the_kind_changes_nothing(bank: Bank, post: Post) -> None:
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="another place"):
        accounts.change_post(session, Actor.system(), named(session, "branch0101"), post, now=NOW)

    with reading(bank.database) as session:
        assert named(session, "branch0101").kind is UserKind.BRANCH_MANAGER


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("nine char", PasswordFault.SHORT),
        ("ten chars!", None),
        ("ZhangSanFeng", PasswordFault.USERNAME),
        ("gnefnasgnahz", PasswordFault.USERNAME),
        ("zhangsanfeng and more", None),
        ("Password123", PasswordFault.COMMON),
        ("aaaaaabbbbbb", PasswordFault.COMMON),
        ("木马人九二十五下雨了", None),
    ],
)
def test_what_is_guessed_first_is_no_password(password: str, fault: PasswordFault | None) -> None:
    assert fault_of(password, "zhangsanfeng") is fault
