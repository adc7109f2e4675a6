"""The demonstration's folder: made whole or not at all, kept where it is there, else left alone."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from inspect_app.labels.catalogues import msgid as _

DATABASE = "inspect.sqlite3"
ACCOUNTS = "accounts.json"
BUILT = (ACCOUNTS, DATABASE)
"""What is built, in the order in which it is put into place: with the last of them all is there."""

BUILDING = ".building-"
HARMLESS = frozenset({"secret.key", "files", ACCOUNTS})
"""What may stand in a folder beforehand: the server's own, and what a broken start left."""


class FolderInUseError(OSError):
    """The folder holds something that is not the demonstration; nothing of it is touched."""


def is_there(folder: Path) -> bool:
    """Say whether a folder holds a whole demonstration."""
    return all((folder / name).is_file() for name in BUILT)


@contextmanager
def built_whole(folder: Path) -> Iterator[Path]:
    """Give a place to build in; its files are moved into the folder once the block is done, else thrown away.

    Raises:
        FolderInUseError: the folder holds something else.
    """
    _refuse_others(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{BUILDING}*"):
        shutil.rmtree(left)
    place = Path(mkdtemp(prefix=BUILDING, dir=folder))
    try:
        yield place
        for name in BUILT:
            (place / name).replace(folder / name)
    finally:
        shutil.rmtree(place)


def _refuse_others(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderInUseError(errno.ENOTDIR, _("这不是文件夹"), str(folder))
    others = [place for place in folder.iterdir() if place.name not in HARMLESS]
    if any(not place.name.startswith(BUILDING) for place in others):
        reason = _("里面有别的东西，没有动它；请另选一个空文件夹")
        raise FolderInUseError(errno.ENOTEMPTY, reason, str(folder))
