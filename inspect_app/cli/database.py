"""The configured database, as commands open it: refused with a sentence where it cannot be used."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from inspect_app.cli.speech import Refusal, said
from inspect_app.config import Settings, SettingsError, read_settings
from inspect_app.db import Database, embedded_file, open_database, reading, transaction
from inspect_app.labels.catalogues import msgid as _
from inspect_app.migrations import is_current

NOT_MIGRATED = _("数据库还没有准备好，请先运行 inspect-app db upgrade。")


def settings_of(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of the surroundings.

    Raises:
        Refusal: one of them is unknown or malformed, or the data folder cannot be used.
    """
    try:
        return read_settings(environ)
    except SettingsError as error:
        raise Refusal(_("设置有误：%(reason)s"), reason=error) from error
    except OSError as error:
        raise Refusal(
            _("用不了数据文件夹 %(path)s：%(reason)s"), path=error.filename, reason=error.strerror
        ) from error


def opened(settings: Settings) -> Database:
    """Return the database that the settings name; nothing is asked of it yet.

    Raises:
        Refusal: its address is none.
    """
    try:
        return open_database(settings.database_url)
    except (ArgumentError, ImportError) as error:
        raise Refusal(_("INSPECT_DATABASE_URL 有误：%(reason)s"), reason=error) from error


def migrated(settings: Settings) -> Database:
    """Return the database that the settings name, of the shape that this version needs.

    Raises:
        Refusal: it is not there, cannot be reached or was not migrated.
    """
    database = opened(settings)
    file = embedded_file(settings.database_url)
    if file is not None and not file.exists():
        raise Refusal(NOT_MIGRATED)
    with refusing_failures(settings):
        if not is_current(database):
            raise Refusal(NOT_MIGRATED)
    return database


@contextmanager
def one_view(settings: Settings) -> Iterator[Session]:
    """Open the migrated database to read from one unchanging view of it; what is slow comes after the block.

    Raises:
        Refusal: the database cannot be used.
    """
    database = migrated(settings)
    with refusing_failures(settings), reading(database) as session:
        yield session
    database.writing.dispose()


class _OnlyLooked(Exception):  # noqa: N818 - no error: it takes everything back
    """Nothing is to stay of what was done."""


@contextmanager
def changing(settings: Settings, way: str = "real") -> Iterator[Session]:
    """Open a session that commits at the end, or leaves nothing behind where somebody only looks."""
    database = migrated(settings)
    try:
        with refusing_failures(settings), transaction(database) as session:
            yield session
            if way == "dry":
                raise _OnlyLooked
    except _OnlyLooked:
        click.echo(said(_("只是看看：什么也没有改动。")))
    database.writing.dispose()


@contextmanager
def refusing_failures(settings: Settings) -> Iterator[None]:
    """Turn what the database's driver says into one sentence."""
    try:
        yield
    except DBAPIError as error:
        address = make_url(settings.database_url).render_as_string(hide_password=True)
        sentence = _("用不了数据库 %(address)s：%(reason)s")
        raise Refusal(sentence, address=address, reason=error.orig) from error
