"""How many submissions of a 60-item form the product takes in, beside bare Flask with one raw insert.

Both commit every submission to a SQLite file with a synced write-ahead log. Prints a table, and the same
as JSON.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask, request
from werkzeug.test import Client

from benchmarks.measuring import Budget, Figure, beside
from checklists.checklist import Checklist
from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Mode
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import open_database, sqlite_module, transaction
from inspect_app.migrations import upgrade
from inspect_app.queries.people import user_named
from inspect_app.queries.visits import visit_of_inspector, visits_of_wave
from inspect_app.services.handbooks import store_checklist
from inspect_app.services.journal import Actor
from inspect_app.services.submissions import Body, accept_submission
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import WavePlan, open_wave, plan_wave
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import NOW, SECRET, Bank, fill

SUBMISSIONS = 150
VISITS_A_BRANCH = SUBMISSIONS // 3
A_TURN = 15
"""Submissions, one after the other, before it is the other's turn."""


def main() -> None:
    """Print how many submissions a second the product takes in, and how that compares."""
    (figure,) = figures()
    own, floor = 1 / figure.own, 1 / figure.floor
    print(f"{'bare Flask, one raw insert':28}{floor:8.0f} a second")
    print(f"{'a submission of 60 items':28}{own:8.0f} a second   {own / floor:.2f} × the floor (goal 0.33)")
    print(json.dumps({"floor": round(floor), "submissions": round(own), "ratio": round(own / floor, 3)}))


def figures() -> Iterator[Figure]:
    """Send forms of 60 items, each in a transaction of its own, in turns with the floor."""
    with TemporaryDirectory() as folder:
        keep, send = floor_of(Path(folder) / "floor.sqlite3"), product_of(Path(folder) / "own.sqlite3")
        floors, owns = count(), count()
        figure = beside(
            "take in a submission of 60 items",
            Budget(times=3),
            lambda: [send(next(owns)) for _ in range(A_TURN)],
            "bare Flask, one raw insert",
            lambda: [keep(next(floors)) for _ in range(A_TURN)],
            turns=SUBMISSIONS // A_TURN - 1,
        )
    yield replace(figure, own=figure.own / A_TURN, floor=figure.floor / A_TURN)


def floor_of(place: Path) -> Callable[[int], None]:
    """Return what sends a body to an application that does nothing but keep it."""
    connection = sqlite_module().connect(place, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE kept (id TEXT PRIMARY KEY, body BLOB)")
    app = Flask("floor")

    @app.post("/")
    def keep() -> str:
        connection.execute("INSERT INTO kept VALUES (?, ?)", (str(uuid.uuid4()), request.get_data()))
        return "kept"

    client = Client(app)
    body = json.dumps(fill(checklist(), 1)).encode()
    return lambda _number: client.post("/", data=body).close()


def product_of(place: Path) -> Callable[[int], None]:
    """Return what sends the bodies of as many visits to the service, each in a transaction of its own."""
    url = f"sqlite:///{place}"
    database = open_database(url)
    upgrade(database)
    bank = made_up_bank.build(database, url)
    visits = open_visits(bank)
    bodies = [body_of(number) for number in range(SUBMISSIONS)]

    def send(number: int) -> None:
        with transaction(database) as session:
            inspector = user_named(session, "inspector")
            if inspector is None:
                raise SystemExit("the bank has no inspector")
            visit = visit_of_inspector(session, inspector, visits[number])
            accept_submission(session, inspector, visit, bodies[number], SECRET, now=NOW)

    return send


def open_visits(bank: Bank) -> list[uuid.UUID]:
    """Open a wave of as many visits, all assigned to one inspector; return their ids."""
    drawn = checklist()
    with transaction(bank.database) as session:
        administrator = Actor.user(bank.user("administrator"))
        store_checklist(session, drawn, now=NOW)
        plan = WavePlan(
            code="BENCH",
            name="BENCH",
            mode=Mode.OPEN,
            opens_on=NOW.date(),
            closes_on=NOW.date(),
            checklists=(drawn.hash,),
            visits_wanted=VISITS_A_BRANCH,
        )
        wave = open_wave(session, administrator, plan_wave(session, administrator, plan, now=NOW), now=NOW)
        visits = visits_of_wave(session, wave)
        for visit in visits:
            assign_visit(session, administrator, visit, bank.user("inspector"), now=NOW)
        return [visit.id for visit in visits]


def body_of(number: int) -> Body:
    """Return a complete filling of the form, as it is sent."""
    fields = fill(checklist(), number)
    return Body(uuid.uuid4(), uuid.uuid4(), json.dumps(fields).encode(), fields)


@cache
def checklist() -> Checklist:
    """Return the shipped checklist of 60 items."""
    return generate(shipped_edition(), shipped_recipe("open"))


if __name__ == "__main__":
    main()
