"""How long a page of a published ranking takes at 1/100, 1/10 and 1/1 of 23,000 branches.

The floor of each size is raw sqlite3 reading the same 50 rows by their key. Prints a table, and the same
as JSON; ends with status 1 where a page grows faster than the bank.
"""

import json
import sqlite3
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import select

from benchmarks.bulk import PASSWORD, made_bank
from inspect_app.db import Database, reading
from inspect_app.models.people import User
from inspect_app.queries.ranking_pages import Filters, Order, RankingPage, page_of_ranking
from inspect_app.queries.ranking_scope import ranking_in_scope
from tests.inspect_app.web.browsing import Browser, app_on

SIZES = (230, 2_300, 23_000)
ROUNDS = 15
WAVE = "2026Q3"
GROWTH = 10
"""How many times the bank grows from one size to the next."""


def main() -> int:
    """Time the pages at every size; return 1 where one of them grows faster than the bank."""
    with TemporaryDirectory() as folder:
        measured = {size: measure(Path(folder), size) for size in SIZES}
    floor = {size: figures["raw sqlite3, 50 rows"] for size, figures in measured.items()}
    print(f"{'':34}" + "".join(f"{size:>10,} branches" for size in SIZES))
    for name in measured[SIZES[0]]:
        taken = {size: measured[size][name] for size in SIZES}
        cells = (f"{taken[size]:9.2f} ms {taken[size] / floor[size]:5.0f}×" for size in SIZES)
        print(f"{name:34}" + "  ".join(cells))
    print(json.dumps({"milliseconds": measured}))
    small, large = measured[SIZES[-2]], measured[SIZES[-1]]
    faster = [name for name in large if large[name] > 1 and large[name] > GROWTH * small[name]]
    for name in faster:
        print(f"{name}: grows faster than the bank", file=sys.stderr)
    return 1 if faster else 0


def measure(folder: Path, size: int) -> Mapping[str, float]:
    """Return the median milliseconds of the floor, of the queries, and of whole pages, at one size."""
    database = made_bank(folder, size)
    browser = Browser(app_on(database, folder))
    browser.sign_in("head", PASSWORD)
    manager = Browser(browser.client.application)
    manager.sign_in("region", PASSWORD)
    deep = f"/rankings/{WAVE}?after={size - 60},{size - 60}"
    figures = {"raw sqlite3, 50 rows": milliseconds(raw_reader(folder, size))}
    figures |= {f"query: {name}": milliseconds(call) for name, call in queries(database).items()}
    figures["page, first 50"] = milliseconds(lambda: opened(browser, f"/rankings/{WAVE}"))
    figures["page, far down"] = milliseconds(lambda: opened(browser, deep))
    figures["page of one region's manager"] = milliseconds(lambda: opened(manager, f"/rankings/{WAVE}"))
    database.writing.dispose()
    return figures


def queries(database: Database) -> Mapping[str, Callable[[], RankingPage]]:
    """Return the ways in which a page asks for its rows."""

    def asking(**narrowed: object) -> Callable[[], RankingPage]:
        def ask() -> RankingPage:
            with reading(database) as session:
                user = session.scalars(select(User).where(User.username == "head")).one()
                ranking, scope = ranking_in_scope(session, user, WAVE, None)
                filters = Filters("branch", scope.top, **narrowed)  # type: ignore[arg-type]  # its own fields
                return page_of_ranking(session, user, ranking, scope, filters)

        return ask

    return {
        "first 50": asking(),
        "name searched": asking(words="77"),
        "by change": asking(order=Order.FALL),
    }


def opened(browser: Browser, path: str) -> int:
    """Open a page, as it is served, and return its length."""
    response = browser.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    return len(response.data)


def raw_reader(folder: Path, size: int) -> Callable[[], object]:
    """Return what reads 50 rows of the newest ranking by their key, with nothing between it and the file."""
    connection = sqlite3.connect(folder / f"bank-{size}.sqlite3")
    newest = connection.execute(
        "SELECT ranking.id FROM ranking JOIN wave ON wave.id = wave_id ORDER BY wave.code DESC LIMIT 1"
    ).fetchone()[0]
    asked = "SELECT * FROM ranking_row WHERE ranking_id = ? AND \"table\" = 'branch' AND position <= 50"
    return lambda: connection.execute(asked, (newest,)).fetchall()


def milliseconds(call: Callable[[], object]) -> float:
    """Return the median of some runs, after one to warm up."""
    call()
    taken = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        call()
        taken.append((perf_counter() - begun) * 1e3)
    return round(median(taken), 2)


if __name__ == "__main__":
    sys.exit(main())
