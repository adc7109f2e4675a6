"""Bells: how those who do background work hear at once that there is some. Who misses one looks again soon.

The tables are the truth about what waits; a bell only shortens the wait. So whatever happens to one is logged
and lived with.
"""

import logging
import threading
from typing import Protocol
from urllib.parse import urlsplit

import psycopg
from redis import Redis
from redis.exceptions import RedisError

CHANNEL = "inspect_background"
PATIENCE_SECONDS = 5
PAUSE_SECONDS = 5.0
"""How long a listener rests before it tries to hear again."""

log = logging.getLogger(__name__)


class Wire(Protocol):
    """What carries the sound of a bell from one process to the others."""

    def send(self) -> None:
        """Let all who listen hear."""

    def listen(self, heard: threading.Event, stopping: threading.Event) -> None:
        """Set `heard` whenever somebody sends, until `stopping` is set or the wire breaks."""


class Bell:
    """Rings in this process and, where there is a wire, in every process on it."""

    def __init__(self, wire: Wire | None = None) -> None:
        """Begin to listen only when `begin` is called: threads do not live through a fork."""
        self._wire = wire
        self._ears: list[threading.Event] = []
        self._stopping = threading.Event()

    @property
    def is_heard_elsewhere(self) -> bool:
        """Other processes hear it too: it is they who do the work."""
        return self._wire is not None

    def ear(self) -> threading.Event:
        """Return what is set whenever the bell rings; whoever waits for it clears it."""
        ear = threading.Event()
        self._ears.append(ear)
        return ear

    def ring(self) -> None:
        """Say that there may be work; called after the commit that brought it."""
        for ear in self._ears:
            ear.set()
        if self._wire is not None:
            try:
                self._wire.send()
            except BROKEN as error:
                log.warning("the bell is not heard elsewhere: %s", type(error).__name__)

    def is_heard(self) -> bool:
        """Ring, and say whether it could be heard wherever it is to be heard."""
        try:
            if self._wire is not None:
                self._wire.send()
        except BROKEN:
            return False
        return True

    def begin(self) -> None:
        """Listen for what rings in other processes."""
        if self._wire is not None:
            threading.Thread(target=self._listen, args=(self._wire,), name="bell", daemon=True).start()

    def end(self) -> None:
        """Listen no longer."""
        self._stopping.set()

    def _listen(self, wire: Wire) -> None:
        heard = _Everybody(self._ears)
        while not self._stopping.is_set():
            try:
                wire.listen(heard, self._stopping)
            except BROKEN as error:
                log.warning("no bell is heard at the moment: %s", type(error).__name__)
                self._stopping.wait(PAUSE_SECONDS)


class _Everybody(threading.Event):
    """Sets all ears at once."""

    def __init__(self, ears: list[threading.Event]) -> None:
        super().__init__()
        self._all = ears

    def set(self) -> None:
        for ear in self._all:
            ear.set()


class PostgresqlWire:
    """NOTIFY and LISTEN of a PostgreSQL server. The address must lead to it directly, past any pooler."""

    def __init__(self, url: str) -> None:
        """Take the address of the server."""
        self._url = url.replace("postgresql+psycopg:", "postgresql:", 1)

    def send(self) -> None:
        """Notify, over a connection of its own: it happens a few times a minute."""
        with psycopg.connect(self._url, connect_timeout=PATIENCE_SECONDS, autocommit=True) as connection:
            connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))

    def listen(self, heard: threading.Event, stopping: threading.Event) -> None:
        """Listen, looking up each second whether it is time to stop."""
        with psycopg.connect(self._url, connect_timeout=PATIENCE_SECONDS, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            heard.set()  # Something may have come while nobody listened.
            while not stopping.is_set():
                for _notice in connection.notifies(timeout=1):
                    heard.set()


class RedisWire:
    """A channel of a Redis or Valkey server."""

    def __init__(self, url: str) -> None:
        """Take the address of the server."""
        # The second protocol, which every version of these servers and every proxy before them speaks.
        self._redis = Redis.from_url(
            url, protocol=2, socket_connect_timeout=PATIENCE_SECONDS, socket_keepalive=True
        )

    def send(self) -> None:
        """Publish."""
        self._redis.publish(CHANNEL, b"")

    def listen(self, heard: threading.Event, stopping: threading.Event) -> None:
        """Subscribe, looking up each second whether it is time to stop."""
        subscribed = self._redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        with subscribed as channel:
            channel.subscribe(CHANNEL)
            heard.set()
            while not stopping.is_set():
                if channel.get_message(timeout=1.0) is not None:
                    heard.set()


BROKEN = (psycopg.Error, RedisError, OSError)


def bell_at(queue_url: str | None) -> Bell:
    """Return the bell of an address: None rings in this process alone."""
    if queue_url is None:
        return Bell()
    wire = PostgresqlWire if urlsplit(queue_url).scheme.startswith("postgresql") else RedisWire
    return Bell(wire(queue_url))
