"""No address skips, replays or reorders a step: where a state does not allow it, nothing is written."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import app_on
from tests.inspect_app.web.lives import Move, force
from tests.inspect_app.web.moves import ELSEWHERE, MOVES
from tests.inspect_app.web.page_reading import Page
from tests.inspect_app.web.test_journal_rows import signed_in
from tests.inspect_app.web.test_matrix import content

ABOUT = frozenset({"visit_id", "deficiency_id", "appeal_id", "upload_id", "code"})
"""The variable parts of addresses that name what has a life, or something about it."""

AGAIN = frozenset({"office.assign_visit", "inspector.save_screen"})
"""What may be done twice: a visit is given to another inspector, a screen is saved again."""


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank."""
    return app_on(bank.database, tmp_path)


def named(move: Move) -> str:
    """Return how a test about a move is called."""
    kind = type(next(iter(move.allowed))).__name__.removesuffix("State").lower()
    return f"{move.deed.endpoint}-by-{kind}"


def is_refused_clearly(answer: TestResponse) -> bool:
    """Say whether a page says in a sentence that this cannot be done now, or is not there."""
    page = Page()
    page.feed(answer.text)
    return answer.status_code in (409, 404) and "。" in page.text and "出了故障" not in page.text


@pytest.mark.parametrize("move", MOVES, ids=named)
@pytest.mark.fault("W06")
def test_from_every_state_that_does_not_allow_it_a_step_is_refused_and_writes_nothing(
    bank: Bank, app: Flask, move: Move
) -> None:
    deed = move.deed
    deed.before(bank)
    browser, address, fields = signed_in(app, deed.username), deed.address(bank), deed.fields(bank)
    assert move.forbidden

    for state in move.forbidden:
        force(bank, move, state)
        before = content(bank.database)
        answer = browser.post(address, fields)

        assert is_refused_clearly(answer), (state, answer.status_code, answer.text)
        assert content(bank.database) == before, state


@pytest.mark.parametrize("move", MOVES, ids=named)
@pytest.mark.fault("W06")
def test_a_step_is_taken_once_and_its_replay_writes_nothing(bank: Bank, app: Flask, move: Move) -> None:
    deed = move.deed
    deed.before(bank)
    browser, address, fields = signed_in(app, deed.username), deed.address(bank), deed.fields(bank)
    taken = browser.post(address, fields)
    after = content(bank.database)

    again = browser.post(address, fields)

    assert taken.status_code == 303, taken.text
    if deed.endpoint not in AGAIN:
        assert is_refused_clearly(again), (again.status_code, again.text)
        assert content(bank.database) == after


def test_every_address_that_changes_what_has_a_life_is_tried_here(app: Flask) -> None:
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
        and ABOUT & rule.arguments
        and rule.endpoint.partition(".")[0] in ("office", "inspector", "branch", "region")
    }

    assert changing <= {move.deed.endpoint for move in MOVES} | ELSEWHERE.keys()
    assert ELSEWHERE.keys() <= changing
