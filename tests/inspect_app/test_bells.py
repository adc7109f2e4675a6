"""Bells: heard in this process, over PostgreSQL and over Redis; and nothing breaks where they are not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from inspect_app.bells import Bell, bell_at
from tests.databases import Databases
from tests.inspect_app.cli.running import free_port


def test_a_bell_without_a_wire_is_heard_here() -> None:
    bell = bell_at(None)
    ear = bell.ear()

    bell.ring()

    assert ear.is_set()
    assert not bell.is_heard_elsewhere


@pytest.mark.postgresql
def test_a_bell_is_heard_in_another_process_over_postgresql(databases: Databases, database_url: str) -> None:
    own = databases.direct(database_url)
    assert_heard(bell_at(own), bell_at(own))


def test_a_bell_is_heard_in_another_process_over_redis() -> None:
    with channel_server() as url:
        assert_heard(bell_at(url), bell_at(url))


@pytest.mark.parametrize("kind", ["redis", "postgresql"])
def test_a_bell_whose_server_is_away_is_heard_here_all_the_same(
    caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    bell = bell_at(f"{kind}://127.0.0.1:{free_port()}/0?")
    ear = bell.ear()

    bell.ring()

    assert ear.is_set()
    assert "the bell is not heard elsewhere" in caplog.text


def assert_heard(there: Bell, here: Bell) -> None:
    """Ring here and see that it is heard there."""
    ear = there.ear()
    there.begin()
    assert ear.wait(60)  # Whoever begins to listen looks once.
    ear.clear()
    here.ring()
    assert ear.wait(60)
    there.end()


@contextmanager
def channel_server() -> Iterator[str]:
    """Run what a Redis server does for a channel: those who subscribe get what is published."""
    server = socket.create_server(("127.0.0.1", 0))
    listeners: list[socket.socket] = []
    threading.Thread(target=_accept, args=(server, listeners), daemon=True).start()
    yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"
    server.close()
    for listener in listeners:
        listener.close()


def _accept(server: socket.socket, listeners: list[socket.socket]) -> None:
    while True:
        try:
            client, _address = server.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(client, listeners), daemon=True).start()


def _answer(client: socket.socket, listeners: list[socket.socket]) -> None:
    with client, client.makefile("rb") as lines:
        while head := lines.readline():
            words = []
            for _word in range(int(head[1:])):
                size = int(lines.readline()[1:])
                words.append(lines.read(size + 2)[:-2])
            match words[0].upper():
                case b"SUBSCRIBE":
                    listeners.append(client)
                    client.sendall(_message(b"subscribe", words[1]) + b":1\r\n")
                case b"PUBLISH":
                    for listener in listeners:
                        listener.sendall(_message(b"message", words[1]) + _bulk(words[2]))
                    client.sendall(b":1\r\n")
                case b"HELLO":
                    client.sendall(b"-ERR unknown command\r\n")
                case _:
                    client.sendall(b"+OK\r\n")


def _message(kind: bytes, channel: bytes) -> bytes:
    return b"*3\r\n" + _bulk(kind) + _bulk(channel)


def _bulk(word: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(word), word)
