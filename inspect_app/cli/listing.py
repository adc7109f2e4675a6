"""What a list that was handed in comes to, told on a terminal: its faults, its changes, its numbers."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import click

from inspect_app.cli.files import read_bytes
from inspect_app.cli.speech import Refusal, said, spoken_language
from inspect_app.errors import ConflictError
from inspect_app.importers.lists import Fault
from inspect_app.importers.refusals import FileRefusedError
from inspect_app.labels.catalogues import msgid as _
from inspect_app.labels.lists import column_word, fault_in, refusal_in
from inspect_app.labels.words import word_of
from inspect_app.models.people import UserKind

Listed = TypeVar("Listed")
Column = TypeVar("Column", bound=StrEnum)


def read_file(path: Path, read: Callable[[bytes], Listed]) -> tuple[Listed, str]:
    """Return the list in a file, and the file's SHA-256.

    Raises:
        Refusal: the file is missing, or no list that is read.
    """
    data = read_bytes(path)
    try:
        return read(data), hashlib.sha256(data).hexdigest()
    except FileRefusedError as refused:
        why = refusal_in(refused, spoken_language())
        raise Refusal(_("%(path)s 没有读：%(why)s"), path=path, why=why) from refused


def refuse_faults(faults: Sequence[Fault]) -> None:
    """Refuse a list in which something is wrong.

    Raises:
        Refusal: there is a fault; each has its row and its cell.
    """
    if not faults:
        return
    language, line = spoken_language(), said(_("第 %(row)d 行 %(address)s：%(fault)s"))
    lines = tuple(
        line % {"row": one.row, "address": one.address, "fault": fault_in(one, language)} for one in faults
    )
    raise Refusal(_("文件里有 %(count)d 处不对，什么也没有收："), lines, count=len(faults))


@contextmanager
def refusing_conflicts() -> Iterator[None]:
    """Turn into a sentence that somebody else changed the same at this moment."""
    try:
        yield
    except ConflictError as error:
        raise Refusal(_("刚刚有人改了同样的内容，什么也没有收；请再运行一次。")) from error


def say_unread(headings: Sequence[str]) -> None:
    """Name the columns that nobody knows, so that a mistyped heading is seen."""
    if headings:
        click.echo(said(_("没有读的列：%(names)s")) % {"names": said(_("、")).join(headings)}, err=True)


def say_new(row: int, key: str, name: str) -> None:
    """Print a line for something that a list adds."""
    click.echo(said(_("第 %(row)d 行 新建 %(key)s %(name)s")) % {"row": row, "key": key, "name": name})


def say_changed(row: int, key: str, before: Mapping[Column, str], after: Mapping[Column, str]) -> None:
    """Print a line for something that a list changes."""
    parts = [f"{said(column_word(one))} {_shown(before[one])} → {_shown(after[one])}" for one in before]
    changes = said(_("；")).join(parts)
    click.echo(
        said(_("第 %(row)d 行 改动 %(key)s：%(changes)s")) % {"row": row, "key": key, "changes": changes}
    )


def _shown(value: str) -> str:
    return said(word_of(value)) if isinstance(value, UserKind) else value or "—"
