"""The figures: what they say, and who may fetch them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from inspect_app.app import create_app
from inspect_app.config import Settings
from inspect_app.db import open_database, transaction
from tests.inspect_app.made_up_bank import Bank, body_of, send
from tests.inspect_app.operations.conftest import whole
from tests.inspect_app.web.browsing import SECRET, Browser, app_on

pytestmark = pytest.mark.sqlite

TOKEN = "a token of at least thirty-two characters"


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank, where one inspection was sent."""
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", seed=1))
    return whole(app_on(bank.database, tmp_path))


def asked(app: Flask, address: str = "127.0.0.1", **headers: str) -> tuple[int, str]:
    """Return the status and the text that a monitor at some address gets."""
    answer = app.test_client().get("/metrics", environ_overrides={"REMOTE_ADDR": address}, headers=headers)
    return answer.status_code, answer.text


def test_the_figures_tell_requests_by_route_and_what_stands_in_the_database(app: Flask) -> None:
    browser = Browser(app)
    browser.get("/login")
    browser.get("/account/link/CANARY-token")
    browser.get("/nothing/CANARY-address")
    browser.client.open("/login", method="CANARY")

    status, text = asked(app)

    assert status == 200
    assert 'inspect_requests_total{method="GET",route="/login",status="200"} 1.0' in text
    assert 'inspect_requests_total{method="GET",route="/account/link/<token>",status="303"} 1.0' in text
    assert 'inspect_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert 'method="OTHER"' in text
    assert 'inspect_request_seconds_count{method="GET",route="/login"} 1.0' in text
    figures = dict(re.findall(r"^(inspect_\w+(?:\{state=\"\w+\"\})?) (\S+)$", text, re.MULTILINE))
    assert figures["inspect_database_up"] == "1.0"
    assert figures["inspect_submissions"] == "1.0"
    assert figures["inspect_drafts"] == "0.0"
    assert float(figures["inspect_unsealed_entries"]) > 0
    assert figures['inspect_jobs{state="queued"}'] == "0.0"
    assert "CANARY" not in text


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"X-Real-IP": "203.0.113.7"}),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
        ("203.0.113.7", {"Authorization": "Bearer "}),
        ("203.0.113.7", {"Authorization": f"Bearer {TOKEN}x"}),
        ("203.0.113.7", {"Authorization": "Bearer 令牌"}),
        ("", {}),
    ],
)
def test_for_others_there_are_no_figures(app: Flask, address: str, headers: dict[str, str]) -> None:
    missing = app.test_client().get("/nothing-here")
    encoded = {name: value.encode().decode("latin-1") for name, value in headers.items()}

    assert asked(app, address, **encoded) == (404, missing.text)


def test_with_the_token_a_monitor_elsewhere_gets_them(bank: Bank, tmp_path: Path) -> None:
    settings = Settings(tmp_path, "", SECRET, tmp_path.as_uri(), metrics_token=TOKEN)
    app = create_app(settings, bank.database)

    assert asked(app, "203.0.113.7", Authorization=f"Bearer {TOKEN}")[0] == 200
    assert asked(app, "203.0.113.7", Authorization="Bearer another")[0] == 404
    assert asked(app, "203.0.113.7")[0] == 404


def test_without_its_database_the_figures_say_so(tmp_path: Path) -> None:
    settings = Settings(tmp_path, "", SECRET, tmp_path.as_uri())
    away = open_database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite3'}")
    app = create_app(replace(settings), away)

    status, text = asked(app)

    assert status == 200
    assert "inspect_database_up 0.0" in text
    assert "inspect_submissions" not in text
