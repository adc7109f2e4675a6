"""The post: what waits goes out once, to the right one, and what does not is tried again."""

import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from inspect_app.db import Database, open_database, reading, transaction
from inspect_app.jobs.posting import Post, as_message, connected
from inspect_app.mail_server import MailServer, Protection
from inspect_app.models.jobs import Mail, MailFailure, MailState
from inspect_app.models.people import User
from inspect_app.services import mails
from inspect_app.services.leases import LEASE
from tests.inspect_app.cli.running import free_port
from tests.inspect_app.jobs.mail_server import receiving
from tests.inspect_app.made_up_bank import Bank

SECRET_LINK = "https://bank.example/account/link/very-secret"


def write(bank: Bank, *names: str) -> None:
    """Write a mail to each of these users."""
    with transaction(bank.database) as session:
        for user in session.scalars(select(User).where(User.username.in_(names))):
            user.email = f"{user.username}@bank.example"
            text = f"{user.display_name}，请打开 {SECRET_LINK}"
            mails.queue(session, user, "请设置登录密码", text, key=user.username, now=datetime.now(UTC))


def all_mails(database: Database) -> list[Mail]:
    """Return every mail as it is now."""
    with reading(database) as session:
        return list(session.scalars(select(Mail).order_by(Mail.key)))


def send_all(post: Post) -> int:
    """Send until nothing waits; return how many were tried."""
    tried = 0
    while post.send_next():
        tried += 1
    return tried


def test_a_mail_arrives_as_it_was_written_and_nothing_of_it_is_kept_or_logged(
    bank: Bank, caplog: pytest.LogCaptureFixture
) -> None:
    write(bank, "region01")
    with receiving() as inbox, caplog.at_level(logging.DEBUG, "inspect_app"):
        assert send_all(Post(bank.database, inbox.server, "one")) == 1

    (mail,) = inbox.mails
    assert (mail["To"], mail["From"]) == ("region01@bank.example", "Inspect <inspect@bank.example>")
    assert mail["Subject"] == "请设置登录密码"
    assert SECRET_LINK in mail.get_content()
    (row,) = all_mails(bank.database)
    assert (row.state, row.text, mail["Message-ID"]) == (MailState.SENT, None, row.message_id)
    assert SECRET_LINK not in caplog.text
    assert "region01" not in caplog.text


def test_four_posts_send_each_mail_once(bank: Bank) -> None:
    names = ("administrator", "reviewer", "reviewer2", "inspector", "region01", "branch0101")
    write(bank, *names)
    with receiving() as inbox:

        def work() -> None:
            database = open_database(bank.url)
            send_all(Post(database, inbox.server, threading.current_thread().name))
            database.writing.dispose()

        threads = [threading.Thread(target=work) for _post in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(mail["To"] for mail in inbox.mails) == sorted(f"{name}@bank.example" for name in names)


def test_an_address_that_the_server_does_not_know_fails_at_once_and_holds_up_nobody(bank: Bank) -> None:
    write(bank, "region01", "region02")
    with receiving() as inbox:
        inbox.refused["region01@bank.example"] = "550 no such mailbox"
        send_all(Post(bank.database, inbox.server, "one"))

    refused, sent = all_mails(bank.database)
    assert (refused.state, refused.failure) == (MailState.FAILED, MailFailure.REFUSED)
    assert sent.state is MailState.SENT


def test_a_server_that_is_busy_or_away_is_tried_again_later(bank: Bank) -> None:
    write(bank, "region01", "region02")
    with receiving() as inbox:
        inbox.refused["region01@bank.example"] = "451 try later"
        send_all(Post(bank.database, inbox.server, "one"))
    nowhere = MailServer("127.0.0.1", free_port(), Protection.NONE, "inspect@bank.example")
    write(bank, "branch0101")
    send_all(Post(bank.database, nowhere, "one"))

    away, busy, _sent = all_mails(bank.database)
    assert [(one.state, one.tries, one.failure) for one in (away, busy)] == [(MailState.QUEUED, 1, None)] * 2
    assert all(one.due_at > datetime.now(UTC) for one in (away, busy))


def test_a_mail_whose_sender_was_killed_before_it_wrote_that_down_comes_again_with_the_same_message_id(
    bank: Bank,
) -> None:
    write(bank, "region01")
    with receiving() as inbox:
        with transaction(bank.database) as session:
            letter = mails.claim(session, "killed", now=datetime.now(UTC), lasting=-LEASE)
        assert letter is not None
        connection = connected(inbox.server)
        connection.send_message(as_message(letter, inbox.server.sender))
        connection.quit()

        send_all(Post(bank.database, inbox.server, "next"))

    first, second = inbox.mails
    assert first.as_bytes() == second.as_bytes()
    assert all_mails(bank.database)[0].state is MailState.SENT


def test_the_head_of_a_mail_takes_no_second_line(bank: Bank) -> None:
    write(bank, "region01")
    with transaction(bank.database) as session:
        letter = mails.claim(session, "one", now=datetime.now(UTC))
    assert letter is not None

    lines = as_message(letter, "inspect@bank.example").as_bytes().split(b"\r\n\r\n")[0].split(b"\r\n")

    names = [line.partition(b":")[0] for line in lines if not line.startswith(b" ")]
    assert names[:6] == [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted"]
    hostile = replace(letter, address="a@b.example\r\nBcc: all@b.example")
    with pytest.raises(ValueError, match=r"."):
        as_message(hostile, "inspect@bank.example")
