"""A mail server in this process that keeps what it takes, and refuses what it is told to refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from inspect_app.mail_server import MailServer, Protection
from tests.inspect_app.cli.running import free_port


@dataclass(slots=True)
class Inbox:
    """What came in.

    Attributes:
        refused: addresses with what is said to them, such as `550 no such mailbox`.
    """

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def server(self) -> MailServer:
        """Where it is."""
        return MailServer("127.0.0.1", self.port, Protection.NONE, "inspect@bank.example")

    async def handle_RCPT(  # noqa: N802 - the name that the package looks for
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take an address or refuse it."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail."""
        content = cast(bytes, envelope.content)
        self.mails.append(message_from_bytes(content, policy=default))
        return "250 taken"


@contextmanager
def receiving() -> Iterator[Inbox]:
    """Run the server while the block lasts."""
    inbox = Inbox(free_port())
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()
