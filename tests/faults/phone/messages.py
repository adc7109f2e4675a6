"""HTTP as bytes: a request read whole, sent on as it came or changed, and what an answer says."""

import asyncio
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

CRASH_HEADER = b"X-Crash"
"""Names the point where the crash server kills itself; the product knows nothing of it."""

PARTED = b"\r\n\r\n"
LONGEST_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One request, whole.

    Attributes:
        head: its lines without the closing empty one.
    """

    head: tuple[bytes, ...]
    body: bytes

    @property
    def path(self) -> str:
        """What it asks for."""
        return self.head[0].split(b" ")[1].decode()

    @property
    def body_sha256(self) -> str:
        """The hash of its body."""
        return hashlib.sha256(self.body).hexdigest()

    def as_bytes(self, crash_point: str | None = None) -> bytes:
        """Return it as it is sent on: by itself on its connection, and telling where the server is to die."""
        lines = [*self._without(b"connection:", CRASH_HEADER.lower()), b"Connection: close"]
        if crash_point:
            lines.append(CRASH_HEADER + b": " + crash_point.encode())
        return b"\r\n".join(lines) + PARTED + self.body

    def with_body(self, body: bytes) -> "Request":
        """Return it with another body and everything else as it was, its hash too."""
        lines = (*self._without(b"content-length:"), b"Content-Length: %d" % len(body))
        return Request(lines, body)

    def _without(self, *beginnings: bytes) -> tuple[bytes, ...]:
        return tuple(line for line in self.head if not line.lower().startswith(beginnings))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a whole answer says, as far as the histories ask.

    Attributes:
        receipt: the stored receipt that it gives; None where it gives none.
    """

    status: int
    receipt: str | None


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Return the next request of a connection.

    Raises:
        asyncio.IncompleteReadError: there is none any more.
    """
    head = tuple((await reader.readuntil(PARTED))[: -len(PARTED)].split(b"\r\n"))
    return Request(head, await reader.readexactly(_length(head)))


def read_answer(raw: bytes) -> Answer | None:
    """Return what an answer says; None where it is not whole."""
    head, parted, body = raw.partition(PARTED)
    if not parted:
        return None
    lines = head.split(b"\r\n")
    if len(body) != _length(lines):
        return None
    return Answer(int(lines[0].split(b" ")[1]), _receipt_in(body))


def _length(lines: Iterable[bytes]) -> int:
    return next((int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0)


def _receipt_in(body: bytes) -> str | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    receipt = told.get("receipt") if isinstance(told, dict) else None
    return receipt if isinstance(receipt, str) else None


def refusal(status: str) -> bytes:
    """Return an answer of something on the way that is not our server, to be tried again at once."""
    head = f"HTTP/1.1 {status} Refused\r\nContent-Type: text/html\r\nRetry-After: 0\r\nContent-Length: 2"
    return head.encode() + PARTED + b"no"


def captive_page() -> bytes:
    """Return what a guest network answers to everything: a page, and 200."""
    page = b"<!doctype html><title>Welcome</title><p>Free WiFi"
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page
