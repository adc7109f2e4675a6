"""A proxy as stands before several servers: each connection goes to the next of them that takes it."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter
PIECE = 65_536


@dataclass
class Spreading:
    """A running proxy.

    Attributes:
        taken: connections by the port of the server that took them.
    """

    servers: Sequence[int]
    port: int = 0
    taken: Counter[int] = field(default_factory=Counter)
    _turn: Iterator[int] = field(default_factory=count)

    async def hand_on(self, reader: Reader, writer: Writer) -> None:
        """Carry one connection to a server and back, until either end closes."""
        try:
            there, back = await self._connect()
        except ConnectionError:
            writer.close()
            return
        await asyncio.gather(_carry(reader, back), _carry(there, writer))

    async def _connect(self) -> tuple[Reader, Writer]:
        first = next(self._turn)
        for turn in range(len(self.servers)):
            port = self.servers[(first + turn) % len(self.servers)]
            with suppress(ConnectionRefusedError):
                opened = await asyncio.open_connection("127.0.0.1", port)
                self.taken[port] += 1
                return opened
        raise ConnectionError("no server takes connections")


async def _carry(reader: Reader, writer: Writer) -> None:
    """Carry bytes one way."""
    with suppress(ConnectionError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()


@contextmanager
def spreading(servers: Sequence[int]) -> Iterator[Spreading]:
    """Run a proxy before servers, in a thread of its own."""
    proxy, loop, is_open = Spreading(servers), asyncio.new_event_loop(), threading.Event()

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(proxy.hand_on, "127.0.0.1", 0)

    def run() -> None:
        listening = loop.run_until_complete(listen())
        proxy.port = listening.sockets[0].getsockname()[1]
        is_open.set()
        loop.run_forever()
        listening.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    is_open.wait()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
