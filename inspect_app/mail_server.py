"""The mail server of `INSPECT_SMTP_URL`, and what an e-mail address looks like."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

LONGEST_ADDRESS = 254
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class Protection(StrEnum):
    """How the way to a mail server is protected: from the first byte, from STARTTLS on, or not at all."""

    TLS = "smtps"
    STARTTLS = "smtp+starttls"
    NONE = "smtp"


PORTS = {Protection.TLS: 465, Protection.STARTTLS: 587, Protection.NONE: 25}


class MailServerError(ValueError):
    """The address of a mail server is none; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails go out.

    Attributes:
        sender: the address that they come from.
        username, password: empty where the server asks for none.
    """

    host: str
    port: int
    protection: Protection
    sender: str
    username: str = ""
    password: str = ""


def read_mail_server(url: str) -> MailServer:
    """Return the mail server at an address such as `smtp+starttls://USER:PASSWORD@HOST:587?from=ADDRESS`.

    Raises:
        MailServerError: it is none, or would send a password that everybody on the way can read.
    """
    parts = urlsplit(url)
    if parts.scheme not in set(Protection) or not parts.hostname:
        raise MailServerError("it must begin with smtps://, smtp+starttls:// or smtp:// and name a host.")
    protection = Protection(parts.scheme)
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if password and protection is Protection.NONE and parts.hostname not in THIS_MACHINE:
        raise MailServerError("a password goes over smtps:// or smtp+starttls:// only.")
    return MailServer(
        parts.hostname, _port(parts, protection), protection, _sender(parts, username), username, password
    )


def is_address(text: str) -> bool:
    """Say whether a text is an e-mail address that can be written into the head of a mail as it is."""
    return len(text) <= LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None


def _port(parts: SplitResult, protection: Protection) -> int:
    try:
        return parts.port or PORTS[protection]
    except ValueError as error:
        raise MailServerError("its port must be a number up to 65535.") from error


def _sender(parts: SplitResult, username: str) -> str:
    sender = parse_qs(parts.query).get("from", [username])[0]
    if not is_address(sender):
        raise MailServerError("say where mails come from, such as smtps://HOST?from=inspect@bank.example")
    return sender
