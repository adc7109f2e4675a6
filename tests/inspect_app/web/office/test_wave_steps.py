"""The steps of a wave's life, and what refuses them."""

import pytest

from inspect_app.db import transaction
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.waves import wave_with_id
from inspect_app.services.disclosures import disclose_wave
from inspect_app.services.journal import Actor
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.bank_work import approve, close, receive, state_of, wave_state
from tests.inspect_app.web.office.conftest import SignIn

WAVE = "/office/waves/2026Q3"


def disclose(bank: Bank) -> None:
    """Show a closed wave to its branches, today."""
    with transaction(bank.database) as session:
        disclose_wave(session, Actor.system(), wave_with_id(session, bank.wave_id), now=utc_now())


def test_closing_is_asked_on_a_page_that_says_what_is_missing(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101")

    page = administrator.get(f"{WAVE}/close")

    assert page.status_code == 200
    assert "还有 2 份没有收到" in page.text
    assert wave_state(bank) is WaveState.OPEN


def test_a_wave_is_closed(bank: Bank, administrator: Browser) -> None:
    administrator.get(f"{WAVE}/close")

    answer = administrator.post(f"{WAVE}/close")

    assert (answer.status_code, answer.headers["Location"]) == (303, WAVE)
    assert wave_state(bank) is WaveState.CLOSED


def test_a_closed_wave_is_disclosed(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101")
    approve(bank, "0101")
    close(bank)
    administrator.get(WAVE)

    answer = administrator.post(f"{WAVE}/disclose")

    assert answer.status_code == 303
    assert wave_state(bank) is WaveState.DISCLOSED
    assert state_of(bank, "0101") is VisitState.DISCLOSED


def test_disclosing_names_what_is_undecided_and_changes_nothing(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101", "0102")
    approve(bank, "0101")
    close(bank)
    administrator.get(WAVE)

    answer = administrator.post(f"{WAVE}/disclose")

    assert answer.status_code == 422
    assert "还有 1 份没有定，定了才能公示。" in answer.text
    assert "江北支行 0102" in answer.text
    assert wave_state(bank) is WaveState.CLOSED
    assert state_of(bank, "0101") is VisitState.APPROVED


def test_publishing_before_the_disclosure_is_over_names_the_day(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101")
    approve(bank, "0101")
    close(bank)
    disclose(bank)
    administrator.get(WAVE)

    answer = administrator.post(f"{WAVE}/publish")

    assert answer.status_code == 409
    assert "起可以发布。" in answer.text
    assert wave_state(bank) is WaveState.DISCLOSED


@pytest.mark.parametrize("step", ["open", "disclose", "publish"])
def test_a_step_that_the_state_does_not_allow_is_refused_in_a_sentence(
    bank: Bank, administrator: Browser, step: str
) -> None:
    administrator.get(WAVE)

    answer = administrator.post(f"{WAVE}/{step}")

    assert answer.status_code == 409
    assert "这个期次现在是“检查中”" in answer.text
    assert wave_state(bank) is WaveState.OPEN


def test_a_wave_is_closed_once(bank: Bank, administrator: Browser) -> None:
    administrator.get(f"{WAVE}/close")
    close(bank)

    assert administrator.get(f"{WAVE}/close").status_code == 409
    assert administrator.post(f"{WAVE}/close").status_code == 409


@pytest.mark.parametrize("username", ["reviewer", "inspector", "region01", "branch0101"])
@pytest.mark.parametrize("step", ["open", "close", "disclose", "publish"])
def test_only_the_administrator_takes_a_step(bank: Bank, sign_in: SignIn, username: str, step: str) -> None:
    browser = sign_in(username)
    browser.get("/handbook")

    assert browser.post(f"{WAVE}/{step}").status_code == 404
    assert wave_state(bank) is WaveState.OPEN


@pytest.mark.parametrize("step", ["open", "close", "disclose", "publish"])
def test_a_step_of_a_wave_that_does_not_exist_is_not_there(administrator: Browser, step: str) -> None:
    administrator.get(WAVE)

    assert administrator.post(f"/office/waves/2099Q1/{step}").status_code == 404
