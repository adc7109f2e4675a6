"""The files that commands read and write: text in UTF-8, output whole or not at all."""

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from inspect_app.cli.speech import Refusal, said
from inspect_app.labels.catalogues import msgid as _


def is_file(path: Path) -> bool:
    """Say whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_text(path: Path) -> str:
    """Return a file's text.

    Raises:
        Refusal: it is missing, cannot be read or is no text in UTF-8.
    """
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        sentence = _("%(path)s 不是 UTF-8 文本，读到第 %(line)s 行为止。")
        raise Refusal(sentence, path=path, line=line) from error


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        Refusal: it is missing, or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Refusal(_("没有这个文件：%(path)s"), path=path) from None
    except OSError as error:
        raise Refusal(_("读不了 %(path)s：%(reason)s"), path=path, reason=error.strerror) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there in full or not at all; what stood there before is replaced.

    Raises:
        Refusal: its folder is missing, or it cannot be written.
    """
    try:
        if path.is_dir():
            raise Refusal(_("%(path)s 是文件夹，请给出文件名。"), path=path)
        if not path.parent.is_dir():
            raise Refusal(_("没有这个文件夹：%(path)s"), path=path.parent)
        if path.exists() and not path.is_file():
            path.write_bytes(content)  # A pipe or a device has no place to put another file first.
        else:
            _replace(Path(os.path.realpath(path)), content)
    except OSError as error:
        raise Refusal(_("写不了 %(path)s：%(reason)s"), path=path, reason=error.strerror) from error


@contextmanager
def refusing_full_disk() -> Iterator[None]:
    """Turn into a sentence that what is being made does not fit where the machine keeps passing files."""
    try:
        yield
    except OSError as error:
        # What the half-made thing had open complains, too, when it is thrown away: one sentence is enough.
        sys.unraisablehook = lambda _: None
        place = tempfile.gettempdir()
        raise Refusal(_("写不了 %(path)s：%(reason)s"), path=place, reason=error.strerror) from error


def say_written(path: Path) -> None:
    """Tell where the file is, on a terminal; nothing on a pipe."""
    if sys.stdout.isatty():
        click.echo(said(_("已写好：%(path)s")) % {"path": path})


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
