"""The settings of mail and queue: read whole, or refused with a sentence that says how they are written."""

import pytest

from inspect_app.config import SettingsError, read_settings
from inspect_app.mail_server import MailServer, Protection, is_address, read_mail_server

SENDER = "inspect@bank.example"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            f"smtps://mail.bank.example?from={SENDER}",
            MailServer("mail.bank.example", 465, Protection.TLS, SENDER),
        ),
        (
            "smtp+starttls://inspect%40bank.example:p%3Ass%40@mail.bank.example:2587",
            MailServer("mail.bank.example", 2587, Protection.STARTTLS, SENDER, SENDER, "p:ss@"),
        ),
        (
            f"smtp://user:secret@localhost?from={SENDER}",
            MailServer("localhost", 25, Protection.NONE, SENDER, "user", "secret"),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_address(url: str, server: MailServer) -> None:
    assert read_mail_server(url) == server


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("INSPECT_SMTP_URL", "mail.bank.example", "must begin with smtps://"),
        ("INSPECT_SMTP_URL", "smtps://mail.bank.example", "say where mails come from"),
        ("INSPECT_SMTP_URL", "smtps://mail.bank.example?from=a@b%0d%0aBcc:c", "say where mails come from"),
        ("INSPECT_SMTP_URL", f"smtps://mail.bank.example:70000?from={SENDER}", "its port"),
        ("INSPECT_SMTP_URL", f"smtp://u:secret@mail.bank.example?from={SENDER}", "a password goes over"),
        ("INSPECT_QUEUE_URL", "amqp://queue.bank.example", "begins with 'amqp'"),
        ("INSPECT_QUEUE_URL", "redis", "must be embedded"),
    ],
)
def test_what_is_no_server_stops_the_start_and_no_password_is_repeated(
    tmp_path: object, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence) as raised:
        read_settings({"INSPECT_DATA_DIR": str(tmp_path), name: value})

    assert name in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("value", ["postgresql://u@db.bank.example/inspect", "redis://localhost:6379/0"])
def test_workers_hear_over_either_kind_of_server_and_embedded_is_the_default(
    tmp_path: object, value: str
) -> None:
    folder = {"INSPECT_DATA_DIR": str(tmp_path)}

    assert read_settings(folder | {"INSPECT_QUEUE_URL": value}).queue_url == value
    assert read_settings(folder | {"INSPECT_QUEUE_URL": "embedded"}).queue_url is None
    assert read_settings(folder).queue_url is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (SENDER, True),
        ("o'neil+inspect@bank.example", True),
        ("inspect@localhost", True),
        ("", False),
        ("inspect", False),
        ("@bank.example", False),
        ("a@b.example,c@d.example", False),
        ("a@b.example\n", False),
        ("<a@b.example>", False),
        ("a..b@c.example", False),
        ("a" * 250 + "@b.example", False),
    ],
)
def test_only_what_can_stand_in_the_head_of_a_mail_is_an_address(text: str, is_one: bool) -> None:  # noqa: FBT001 - what is expected
    assert is_address(text) is is_one
