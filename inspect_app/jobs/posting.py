"""The post: takes mails that wait to the mail server, one connection for those that come together."""

import contextlib
import logging
import smtplib
import ssl
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime

from inspect_app.db import Database, reading, transaction
from inspect_app.mail_server import MailServer, Protection
from inspect_app.models.jobs import MailFailure
from inspect_app.queries.mails import any_mail_waiting
from inspect_app.services import mails
from inspect_app.services.leases import LEASE, LeaseLostError
from inspect_app.services.mails import Letter

PATIENCE_SECONDS = 20
"""How long the server may be silent; well below the lease, so that nobody else sends the same meanwhile."""

NAME = "Inspect"
"""The name before the sender's address: it says nothing of disguise, on whichever screen it appears."""

log = logging.getLogger(__name__)


class Post:
    """Sends what waits, for one node. Nothing that a mail says is ever logged, nor where it goes."""

    def __init__(self, database: Database, server: MailServer, node: str, lasting: timedelta = LEASE) -> None:
        """Take the mail server; it is spoken with when the first mail waits."""
        self._database = database
        self._server = server
        self._node = node
        self._lasting = lasting
        self._connection: smtplib.SMTP | None = None

    def send_next(self) -> bool:
        """Send one mail; say whether there was one."""
        letter = self._taken()
        if letter is None:
            self._hang_up()
            return False
        with contextlib.suppress(LeaseLostError):
            self._send(letter)
        return True

    def _taken(self) -> Letter | None:
        with reading(self._database) as session:
            if not any_mail_waiting(session, now=datetime.now(UTC)):
                return None
        with transaction(self._database) as session:
            now = datetime.now(UTC)
            mails.sweep(session, now=now)
            return mails.claim(session, self._node, now=now, lasting=self._lasting)

    def _send(self, letter: Letter) -> None:
        try:
            if self._connection is None:
                self._connection = connected(self._server)
            self._connection.send_message(as_message(letter, self._server.sender))
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            log.warning("a mail did not go out: %s", type(error).__name__)
            self._note_failure(letter, error)
            return
        # A kill here leaves a mail that the server has and the table does not: it is sent again, and the
        # reader's program knows it by its Message-ID.
        with transaction(self._database) as session:
            mails.mark_sent(session, letter.lease, now=datetime.now(UTC))

    def _note_failure(self, letter: Letter, error: Exception) -> None:
        with transaction(self._database) as session:
            now = datetime.now(UTC)
            if is_final(error):
                mails.give_up(session, letter.lease, MailFailure.REFUSED, now=now)
            elif isinstance(error, smtplib.SMTPException) and not isinstance(error, UNREACHABLE):
                mails.put_off(session, letter.lease, MailFailure.REFUSED, now=now)
            else:
                mails.put_off(session, letter.lease, MailFailure.UNREACHABLE, now=now)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()


UNREACHABLE = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, smtplib.SMTPHeloError)


def connected(server: MailServer) -> smtplib.SMTP:
    """Return a connection on which mails can be sent; its certificate is held against its name."""
    connection: smtplib.SMTP
    if server.protection is Protection.TLS:
        context = ssl.create_default_context()
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
    if server.protection is Protection.STARTTLS:
        connection.starttls(context=ssl.create_default_context())
    if server.username and server.password:
        connection.login(server.username, server.password)
    return connection


def as_message(letter: Letter, sender: str) -> EmailMessage:
    """Return a mail as it goes out: always the same bytes, however often it is sent."""
    message = EmailMessage(policy=MAIL_POLICY)
    message["From"] = Address(NAME, addr_spec=sender)
    message["To"] = Address(addr_spec=letter.address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.queued_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def is_final(error: Exception) -> bool:
    """Say whether the server will never take this mail for this address.

    What it has against the sender or the password is for the operator to mend, so the mail waits.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
