"""The bad network: stands between phones and the server, and does to each request what was decided for it."""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.faults.phone.faults import HARMLESS, Chooser, Fault, Injection
from tests.faults.phone.messages import (
    LONGEST_HEAD,
    Answer,
    Request,
    captive_page,
    read_answer,
    read_request,
    refusal,
)

LONGEST_ANSWER_SECONDS = 30
LONGEST_DELAY_SECONDS = 0.1
AFTERMATH_SECONDS = 0.2
"""How late a late copy comes, at most."""

NOT_OUR_SERVER = frozenset(
    {Fault.TOO_LARGE, Fault.IN_FLIGHT, Fault.TOO_MANY, Fault.BAD_GATEWAY, Fault.UNAVAILABLE}
)
RESET = struct.pack("ii", 1, 0)
"""Closing without lingering: the other side sees a reset."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as a phone sent it, what was done to it, and what the phone got; None for no whole answer."""

    path: str
    body: bytes
    injection: Injection
    answer: Answer | None


AfterCrash = Callable[[Request, Injection], Awaitable[None]]
"""Called when the server has died, before the phone learns of it."""


Passing = Callable[[Request], None]
"""Called for each request before anything is done with it."""

Passed = Callable[[Exchange], None]
"""Called for each exchange once the phone has what it gets."""


async def no_look(_request: Request, _injection: Injection) -> None:
    """Look at nothing."""


def no_note(_seen: object) -> None:
    """Take no notice."""


@dataclass(slots=True)
class FaultProxy:
    """A proxy for one history.

    Attributes:
        faulty_paths: requests for paths that begin otherwise are passed on untouched, and not noted.
        counts: how often each fault was done.
    """

    target: tuple[str, int]
    choose: Chooser
    after_crash: AfterCrash = no_look
    passing: Passing = no_note
    passed: Passed = no_note
    faulty_paths: str = "/sync/"
    counts: Counter[Fault] = field(default_factory=Counter)
    _server: asyncio.Server | None = None
    _late: set[asyncio.Task[bytes]] = field(default_factory=set)

    async def start(self) -> int:
        """Listen, and return on which port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LONGEST_HEAD)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Listen no more; late copies still arrive."""
        assert self._server is not None
        self._server.close()
        if self._late:
            await asyncio.gather(*self._late, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await read_request(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        is_faulty = request.path.startswith(self.faulty_paths)
        injection = self.choose(request.path) if is_faulty else HARMLESS
        if is_faulty:
            self.counts[injection.fault] += 1
            self.passing(request)
        try:
            raw = await self._do(request, injection)
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            raw = b""
        if is_faulty:
            self.passed(Exchange(request.path, request.body, injection, read_answer(raw)))
        await _answer(writer, raw, is_whole=read_answer(raw) is not None)

    async def _do(self, request: Request, injection: Injection) -> bytes:  # noqa: C901, PLR0911, PLR0912 - one line each
        match injection.fault:
            case Fault.PASS:
                return await self._send(request)
            case Fault.DELAY:
                await asyncio.sleep(injection.share * LONGEST_DELAY_SECONDS)
                return await self._send(request)
            case Fault.CUT_REQUEST:
                return await self._cut(request, injection.share)
            case Fault.LOST_ANSWER:
                await self._send(request)
                return b""
            case Fault.HALF_ANSWER:
                raw = await self._send(request)
                return raw[: int(len(raw) * injection.share)]
            case Fault.TWICE:
                await self._send(request)
                return await self._send(request)
            case Fault.THREE_AT_ONCE:
                raws = await asyncio.gather(*(self._send(request) for _ in range(3)))
                return raws[int(injection.share * len(raws)) % len(raws)]
            case Fault.LATE_COPY:
                task = asyncio.create_task(self._later(request, injection.share * AFTERMATH_SECONDS))
                self._late.add(task)
                return b""
            case Fault.CAPTIVE_PAGE:
                return captive_page()
            case Fault.REFUSED:
                return b""
            case Fault.EMPTIED:
                return await self._send(request.with_body(b""))
            case Fault.DAMAGED:
                return await self._send(request.with_body(_damaged(request.body, injection.share)))
            case Fault.CRASH:
                return await self._crash(request, injection)
            case _:
                return refusal(injection.fault)

    async def _send(self, request: Request, crash_point: str | None = None) -> bytes:
        reader, writer = await asyncio.open_connection(*self.target)
        try:
            writer.write(request.as_bytes(crash_point))
            await writer.drain()
            return await asyncio.wait_for(reader.read(-1), LONGEST_ANSWER_SECONDS)
        finally:
            writer.close()

    async def _cut(self, request: Request, share: float) -> bytes:
        """Pass on the head and a share of the body, then nothing."""
        whole = request.as_bytes()
        kept = len(whole) - len(request.body) + int(share * len(request.body))
        _, writer = await asyncio.open_connection(*self.target)
        writer.write(whole[:kept])
        await writer.drain()
        writer.close()
        return b""

    async def _later(self, request: Request, seconds: float) -> bytes:
        await asyncio.sleep(seconds)
        return await self._send(request)

    async def _crash(self, request: Request, injection: Injection) -> bytes:
        try:
            raw = await self._send(request, injection.point)
        except ConnectionError:
            raw = b""
        if read_answer(raw) is None:
            await self.after_crash(request, injection)
        return raw


async def _answer(writer: asyncio.StreamWriter, raw: bytes, *, is_whole: bool) -> None:
    """Hand over what there is; where it is not a whole answer, the connection ends in a reset."""
    try:
        if raw:
            writer.write(raw)
            await writer.drain()
        if not is_whole:
            opened = writer.get_extra_info("socket")
            if opened is not None and not raw:
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                writer.transport.abort()
        writer.close()
    except ConnectionError:
        writer.close()


def _damaged(body: bytes, share: float) -> bytes:
    """Return a body of the same length in which one byte is another."""
    if not body:
        return b"?"
    place = int(share * (len(body) - 1))
    return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
