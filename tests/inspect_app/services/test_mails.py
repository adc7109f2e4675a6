"""Mails: written once, to who has an address, and ended once whatever becomes of those who send them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import Database, transaction
from inspect_app.errors import ConflictError
from inspect_app.models.jobs import Mail, MailFailure, MailState
from inspect_app.models.people import User
from inspect_app.queries.people import user_named
from inspect_app.services import mails
from inspect_app.services.journal import Actor
from inspect_app.services.leases import LEASE, LeaseLostError
from inspect_app.services.mails import MOST_SENDINGS, Letter
from tests.inspect_app.made_up_bank import NOW, Bank

LATER = NOW + timedelta(minutes=1)


def somebody(session: Session, email: str | None = "han@bank.example") -> User:
    """Return a user with this address."""
    user = user_named(session, "region01")
    assert user is not None
    user.email = email
    session.flush()
    return user


def write(database: Database, useless_from: datetime | None = None) -> None:
    """Write one mail."""
    with transaction(database) as session:
        user = somebody(session)
        mails.queue(session, user, "主题", "正文", key="one", now=NOW, useless_from=useless_from)


def take(database: Database, node: str = "one", now: datetime = LATER) -> Letter:
    """Take a mail that must be there."""
    with transaction(database) as session:
        letter = mails.claim(session, node, now=now)
        assert letter is not None
        return letter


def the_mail(session: Session) -> Mail:
    """Return the only mail."""
    return session.scalars(select(Mail)).one()


def test_the_same_mail_is_written_once(bank: Bank) -> None:
    write(bank.database)
    write(bank.database)

    with transaction(bank.database) as session:
        assert the_mail(session).state is MailState.QUEUED


@pytest.mark.parametrize("email", [None, ""])
def test_who_has_no_address_gets_no_mail(bank: Bank, email: str | None) -> None:
    with transaction(bank.database) as session:
        assert mails.queue(session, somebody(session, email), "主题", "正文", key="one", now=NOW) is None
        assert session.scalars(select(Mail)).all() == []


def test_who_is_shut_out_gets_no_mail(bank: Bank) -> None:
    with transaction(bank.database) as session:
        user = somebody(session)
        user.is_active = False

        assert mails.queue(session, user, "主题", "正文", key="one", now=NOW) is None


def test_a_subject_is_one_line_whatever_is_written_into_it(bank: Bank) -> None:
    with transaction(bank.database) as session:
        hostile = "请看\r\nBcc: all@bank.example\u2028再看\x00\u202e"
        mails.queue(session, somebody(session), hostile, "正文", key="one", now=NOW)

        assert the_mail(session).subject == "请看 Bcc: all@bank.example 再看"


def test_a_mail_is_one_nodes_until_its_lease_runs_out_and_keeps_its_message_id(bank: Bank) -> None:
    write(bank.database)
    first = take(bank.database, "one")
    with transaction(bank.database) as session:
        assert mails.claim(session, "two", now=LATER) is None

    second = take(bank.database, "two", LATER + LEASE * 2)

    assert second.message_id == first.message_id
    with pytest.raises(LeaseLostError), transaction(bank.database) as session:
        mails.mark_sent(session, first.lease, now=LATER)
    with transaction(bank.database) as session:
        mails.mark_sent(session, second.lease, now=LATER)
        sent = the_mail(session)
        assert (sent.state, sent.text) == (MailState.SENT, None)


def test_a_mail_that_does_not_go_out_waits_longer_each_time_and_then_fails(bank: Bank) -> None:
    write(bank.database)
    now, waited = LATER, []
    for _sending in range(MOST_SENDINGS):
        letter = take(bank.database, now=now)
        with transaction(bank.database) as session:
            mails.put_off(session, letter.lease, MailFailure.UNREACHABLE, now=now)
            waited.append(the_mail(session).due_at - now)
            now = max(now, the_mail(session).due_at)

    minutes = [wait / timedelta(minutes=1) for wait in waited[:-1]]
    assert minutes == [1, 2, 4, 8, 16, 32, 64]
    with transaction(bank.database) as session:
        failed = the_mail(session)
        assert (failed.state, failed.failure) == (MailState.FAILED, MailFailure.UNREACHABLE)
        mails.try_again(session, Actor.system(), failed, now=now)
    assert take(bank.database, now=now).text == "正文"


def test_what_is_worth_nothing_any_more_is_not_sent_and_not_kept(bank: Bank) -> None:
    write(bank.database, useless_from=NOW + timedelta(hours=1))
    too_late = NOW + timedelta(hours=1)

    with transaction(bank.database) as session:
        assert mails.claim(session, "one", now=too_late) is None
        mails.sweep(session, now=too_late)
        mail = the_mail(session)
        assert (mail.state, mail.failure, mail.text) == (MailState.FAILED, MailFailure.LATE, None)
        with pytest.raises(ConflictError):
            mails.try_again(session, Actor.system(), mail, now=too_late)


def test_a_mail_that_waits_can_be_called_off_and_one_on_its_way_cannot(bank: Bank) -> None:
    write(bank.database)
    letter = take(bank.database)
    with pytest.raises(ConflictError), transaction(bank.database) as session:
        mails.cancel(session, Actor.system(), the_mail(session), now=LATER)
    with transaction(bank.database) as session:
        mails.put_off(session, letter.lease, MailFailure.UNREACHABLE, now=LATER)

        mails.cancel(session, Actor.system(), the_mail(session), now=LATER)

        assert the_mail(session).text is None
        assert mails.claim(session, "one", now=LATER + timedelta(days=1)) is None


def test_a_mail_with_a_link_is_called_off_with_the_link(bank: Bank) -> None:
    write(bank.database, useless_from=NOW + timedelta(hours=1))

    with transaction(bank.database) as session:
        mails.cancel_links_of(session, somebody(session), now=LATER)

        assert the_mail(session).state is MailState.CANCELLED
