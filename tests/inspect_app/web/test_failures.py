"""What a page says when something is refused, and what is kept then."""

from pathlib import Path
from uuid import uuid4

from flask import Flask
from psycopg.errors import ProtocolViolation
from sqlalchemy.exc import OperationalError

from inspect_app.db import Database, Trouble, session, trouble_of
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.organisation import Region
from inspect_app.services.submissions import ConflictKept
from tests.inspect_app.web.browsing import Browser, app_on


def answered(app: Flask, error: Exception) -> tuple[int, str]:
    """Return how a page answers that adds a region and then raises."""
    name = f"raising_{uuid4().hex}"

    def raising() -> str:
        session.add(Region(code="NEW", name="新", name_key="xin", path="/NEW/"))
        session.flush()
        raise error

    app._got_first_request = False
    app.add_url_rule(f"/{name}", name, raising, methods=["POST"])
    browser = Browser(app)
    browser.get("/login")
    response = browser.post(f"/{name}")
    return response.status_code, response.text


def regions(database: Database) -> int:
    """Count the regions that are in the database."""
    with database.reading.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM region").scalar_one())


def test_each_refusal_has_its_status_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    app = app_on(database, tmp_path)

    assert answered(app, NotFoundError("visit 1"))[0] == 404
    assert answered(app, ConflictError("somebody was faster"))[0] == 409
    assert answered(app, IncompleteError("two fields", ("S06.A1", "S06.P1")))[0] == 422
    assert answered(app, ZeroDivisionError())[0] == 500
    assert regions(database) == 0


def test_what_is_missing_is_named(database: Database, tmp_path: Path) -> None:
    text = answered(app_on(database, tmp_path), IncompleteError("", ("S06.A1", "S06.P1")))[1]

    assert "S06.A1、S06.P1" in text


def test_a_conflict_whose_copy_is_to_be_kept_is_refused_and_committed(
    database: Database, tmp_path: Path
) -> None:
    status, text = answered(app_on(database, tmp_path), ConflictKept("other bytes"))

    assert (status, regions(database)) == (409, 1)
    assert "两份都留下了" in text


def test_a_page_that_is_not_mine_looks_like_one_that_does_not_exist(
    database: Database, tmp_path: Path
) -> None:
    app = app_on(database, tmp_path)

    absent = Browser(app).get("/nothing-here")

    assert answered(app, NotFoundError("visit 1")) == (absent.status_code, absent.text)


def test_a_pooler_that_has_lost_its_server_is_tried_again_later() -> None:
    said = ProtocolViolation("server conn crashed?")

    assert trouble_of(OperationalError("SELECT 1", {}, said)) is Trouble.BUSY
    assert trouble_of(OperationalError("SELECT 1", {}, SyntaxError("server conn crashed?"))) is None
