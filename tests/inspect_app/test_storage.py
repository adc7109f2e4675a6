"""The store of photos: whole files under the hash of their bytes, in a folder and in an object store."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from inspect_app.storage import FolderStore, StorageError, Store, open_store
from tests.inspect_app.web.sync.phones import digest

BUCKET = "photos"
NO_NAMES = (
    "",
    "..",
    "../../etc/passwd",
    "a" * 63,
    "A" * 64,
    "a" * 64 + "\n",
    "a" * 62 + "/x",
    "a" * 63 + "\0",
    f"{'a' * 64}/..",
)


@pytest.fixture(scope="module")
def object_store() -> Iterator[Store]:
    """Return a store in an object store that this test serves itself."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    kept = dict(os.environ)
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT": address,
        "AWS_ALLOW_HTTP": "true",
    }
    make_bucket(host, port)
    yield open_store(f"s3://{BUCKET}/inspect")
    os.environ.clear()
    os.environ.update(kept)
    server.stop()


def make_bucket(host: str, port: int) -> None:
    """Make the bucket, with the one call that it takes."""
    with socket.create_connection((host, port)) as connection:
        head = (f"PUT /{BUCKET} HTTP/1.1", f"Host: {host}", "Content-Length: 0", "Connection: close", "", "")
        connection.sendall("\r\n".join(head).encode())
        while connection.recv(4096):
            pass


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    """Return a store in a folder that is not there yet."""
    return FolderStore(tmp_path / "files")


@pytest.fixture(params=["folder", "object_store"])
def store(request: pytest.FixtureRequest) -> Store:
    """Return a store of either kind."""
    found: Store = request.getfixturevalue(request.param)
    return found


def test_what_was_put_is_read_back_under_its_hash(store: Store) -> None:
    name = store.put(b"one photo")

    assert name == digest(b"one photo")
    assert store.read(name) == b"one photo"
    assert store.has(name)
    assert store.put(b"one photo") == name


def test_what_was_deleted_is_gone(store: Store) -> None:
    name = store.put(b"another photo")

    store.delete(name)
    store.delete(name)

    assert not store.has(name)
    with pytest.raises(FileNotFoundError):
        store.read(name)


def test_files_tells_each_with_its_size_and_when_it_was_put(store: Store) -> None:
    name = store.put(b"a third photo")

    found = {file.sha256: file for file in store.files()}

    assert found[name].size == len(b"a third photo")
    assert abs(datetime.now(UTC) - found[name].put_at) < timedelta(minutes=5)


@pytest.mark.fault("U04")
@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_hash_is_never_a_path(store: Store, name: str) -> None:
    for ask in (store.read, store.has, store.delete):
        with pytest.raises(FileNotFoundError):
            ask(name)


@pytest.mark.fault("U04")
@pytest.mark.skipif(os.name != "posix", reason="links are made by POSIX systems")
def test_a_link_in_the_store_is_not_followed(folder: FolderStore, tmp_path: Path) -> None:
    secret = tmp_path / "secret.key"
    secret.write_text("secret")
    name = folder.put(b"photo")
    place = tmp_path / "files" / name[:2] / name
    place.unlink()
    place.symlink_to(secret)

    assert not folder.has(name)
    with pytest.raises(FileNotFoundError):
        folder.read(name)
    assert list(folder.files()) == []


@pytest.mark.fault("U04")
@pytest.mark.skipif(os.name != "posix", reason="links are made by POSIX systems")
def test_a_link_in_place_of_a_folder_is_not_written_through(folder: FolderStore, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    name = digest(b"photo")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / name[:2]).symlink_to(elsewhere)

    with pytest.raises(FileNotFoundError):
        folder.put(b"photo")

    assert list(elsewhere.iterdir()) == []


def test_a_file_that_was_cut_off_is_none_and_is_erased_later(folder: FolderStore, tmp_path: Path) -> None:
    name = folder.put(b"photo")
    half = tmp_path / "files" / name[:2] / ".incoming-0011223344556677"
    half.write_bytes(b"pho")

    assert [file.sha256 for file in folder.files()] == [name]
    folder.erase_halves(datetime.now(UTC) - timedelta(days=1))
    assert half.exists()
    folder.erase_halves(datetime.now(UTC) + timedelta(seconds=5))
    assert not half.exists()
    assert folder.has(name)


def test_a_file_whose_bytes_were_changed_is_made_whole_by_the_next_put(
    folder: FolderStore, tmp_path: Path
) -> None:
    name = folder.put(b"photo")
    (tmp_path / "files" / name[:2] / name).write_bytes(b"rotten")

    folder.put(b"photo")

    assert folder.read(name) == b"photo"


def test_a_store_that_takes_bytes_is_usable(store: Store) -> None:
    store.require_usable()


def test_a_folder_that_cannot_be_made_is_not_usable(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file is in the way")

    with pytest.raises(StorageError):
        FolderStore(tmp_path / "files").require_usable()


@pytest.mark.parametrize("url", ["", "ftp://host/x", "/srv/files", "s3:///prefix"])
def test_an_address_of_no_known_kind_is_refused(url: str) -> None:
    with pytest.raises(StorageError):
        open_store(url)
