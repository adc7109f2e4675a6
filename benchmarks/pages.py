"""How long pages of a published ranking of 23,000 branches take, beside raw sqlite3 and bare Flask."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from werkzeug.test import Client

from benchmarks.bulk import PASSWORD, made_bank
from benchmarks.measuring import Budget, Figure, beside
from benchmarks.ranking_page import WAVE, opened, queries, raw_reader
from tests.inspect_app.web.browsing import Browser, app_on

BRANCHES = 23_000
A_PAGE = Budget(seconds=0.1)


def figures() -> Iterator[Figure]:
    """Ask for the rows of a page, and open whole pages of head office, a region and a branch."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        database = made_bank(folder, BRANCHES)
        rows = raw_reader(folder, BRANCHES)
        for what, ask in queries(database).items():
            yield beside(
                f"50 of {BRANCHES:,} ranked, {what}",
                Budget(seconds=0.05),
                ask,
                "sqlite3 reads 50 rows by key",
                rows,
            )
        plain = _bare_page(folder)
        head, manager = Browser(app_on(database, folder)), Browser(app_on(database, folder))
        head.sign_in("head", PASSWORD)
        manager.sign_in("region", PASSWORD)
        deep = BRANCHES - 60
        for who, browser, address in (
            ("ranking page", head, f"/rankings/{WAVE}"),
            ("ranking page, far down", head, f"/rankings/{WAVE}?after={deep},{deep}"),
            ("ranking page of a region", manager, f"/rankings/{WAVE}"),
            ("branch page", manager, f"/rankings/{WAVE}/branches/00006"),
        ):
            yield beside(who, A_PAGE, partial(opened, browser, address), "bare Flask, as many bytes", plain)
        database.writing.dispose()


def _bare_page(folder: Path) -> partial[None]:
    app = Flask("floor", root_path=str(folder))
    app.add_url_rule("/", "page", lambda: "x" * 40_000)
    return partial(_open, Client(app))


def _open(client: Client) -> None:
    client.get("/").close()
