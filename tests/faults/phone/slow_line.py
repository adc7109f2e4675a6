"""A slow network: bytes through a token bucket, and a wait before each of them, whatever they say."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field

PACKET = 1460
"""Bytes that go at a time."""


@dataclass(slots=True)
class Bucket:
    """Lets so many bytes pass in a second, those of all connections together."""

    bytes_per_second: float
    _free_at: float = 0.0

    async def take(self, count: int) -> None:
        """Wait until these bytes have passed."""
        now = time.monotonic()
        self._free_at = max(self._free_at, now) + count / self.bytes_per_second
        await asyncio.sleep(max(0.0, self._free_at - now))


@dataclass(slots=True)
class SlowLine:
    """A line between browsers and the server, as slow as a phone's in a basement.

    Attributes:
        kilobits: that pass in a second, each way.
        latency: seconds from a request to its answer beside what the server takes; once more to connect.
        carried: bytes that came down to the browsers.
        sent: bytes that went up.
    """

    target: tuple[str, int]
    kilobits: float
    latency: float
    carried: int = 0
    sent: int = 0
    connections: int = 0
    _served: set[asyncio.Task[None]] = field(default_factory=set)
    _down: Bucket = field(init=False)
    _up: Bucket = field(init=False)
    _server: asyncio.Server | None = None

    def __post_init__(self) -> None:
        self._down, self._up = Bucket(self.kilobits * 125), Bucket(self.kilobits * 125)

    async def start(self) -> int:
        """Listen, and return on which port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Listen no more, and cut what is still open."""
        assert self._server is not None
        self._server.close()
        for task in self._served:
            task.cancel()
        await asyncio.gather(*self._served, return_exceptions=True)
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        served = asyncio.current_task()
        assert served is not None
        self._served.add(served)
        served.add_done_callback(self._served.discard)
        try:
            await self._join(reader, writer)
        finally:
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.latency)
        try:
            from_server, to_server = await asyncio.open_connection(*self.target)
        except ConnectionError:
            return
        try:
            await asyncio.gather(self._up_from(reader, to_server), self._down_from(from_server, writer))
        finally:
            to_server.close()

    async def _up_from(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sent += await _carry(reader, writer, self._up, self.latency / 2)

    async def _down_from(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.carried += await _carry(reader, writer, self._down, self.latency / 2)


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bucket: Bucket, wait: float
) -> int:
    """Carry bytes one way until there are no more, each of them late; return how many."""
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    sending = asyncio.create_task(_send_late(waiting, writer, bucket))
    count = 0
    try:
        with suppress(ConnectionError):
            while chunk := await reader.read(65536):
                count += len(chunk)
                waiting.put_nowait((time.monotonic() + wait, chunk))
        waiting.put_nowait((0.0, b""))
        await sending
    finally:
        sending.cancel()
    return count


async def _send_late(
    waiting: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter, bucket: Bucket
) -> None:
    try:
        while True:
            due, chunk = await waiting.get()
            if not chunk:
                break
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            for start in range(0, len(chunk), PACKET):
                packet = chunk[start : start + PACKET]
                await bucket.take(len(packet))
                writer.write(packet)
                await writer.drain()
        writer.write_eof()
    except (ConnectionError, OSError):
        writer.close()
