"""The second step: enrolling, a code after the password, each code once, spare codes, an end to it."""

import re
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.accounts import SecondStep
from inspect_app.services.people import record_login_failure
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.account.conftest import SignIn
from tests.inspect_app.web.account.test_links import link_for, opened, set_password
from tests.inspect_app.web.browsing import Browser, app_on

SECRET = re.compile(r'<p class="secret">([A-Z2-7 ]+)</p>')
SPARE = re.compile(r"<li>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</li>")


class Device:
    """What shows the codes: it knows the secret, and how its clock goes."""

    def __init__(self, secret: str) -> None:
        self._codes = pyotp.TOTP(secret)

    def code(self, seconds: int = 0) -> str:
        """Return what it shows that many seconds from now."""
        return self._codes.at(utc_now() + timedelta(seconds=seconds))


def enrol(browser: Browser) -> tuple[Device, list[str]]:
    """Begin the second step with the code before the present one; return the device and the spare codes."""
    browser.get("/account")
    assert browser.post("/account/second-step/begin").headers["Location"] == "/account/second-step"
    found = SECRET.search(browser.get("/account/second-step").text)
    assert found is not None
    device = Device(found.group(1).replace(" ", ""))
    page = browser.post("/account/second-step/confirm", {"code": device.code(-30)})
    if page.status_code == 422:  # the present step ended between the device and the page
        page = browser.post("/account/second-step/confirm", {"code": device.code(-30)})
    assert page.status_code == 200
    return device, SPARE.findall(page.text)


def past_password(app: Flask, username: str = "reviewer") -> Browser:
    """Return a browser that gave the right password and is asked for a code."""
    browser = Browser(app)
    assert browser.sign_in(username, PASSWORD).headers["Location"] == "/login/code"
    return browser


def give(browser: Browser, code: str) -> int:
    """Give a code; return the status of the answer."""
    return browser.post("/login/code", {"code": code}).status_code


def test_the_picture_is_drawn_in_the_page_and_nothing_is_fetched(sign_in: SignIn) -> None:
    browser = sign_in("reviewer")
    browser.get("/account")
    browser.post("/account/second-step/begin")
    page = browser.get("/account/second-step").text

    picture = page.split('class="picture"')[1].split("</div>")[0]
    assert "<svg" in picture
    assert "style=" not in picture
    assert "http" not in picture


def test_until_the_first_code_is_confirmed_the_password_alone_opens(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("reviewer")
    browser.get("/account")
    browser.post("/account/second-step/begin")
    browser.get("/account/second-step")

    assert browser.post("/account/second-step/confirm", {"code": "000000"}).status_code == 422
    assert Browser(app).sign_in("reviewer", PASSWORD).headers["Location"] != "/login/code"


def test_after_the_password_a_code_is_asked_for_and_nothing_is_open_before(
    app: Flask, sign_in: SignIn
) -> None:
    device, _spare = enrol(sign_in("reviewer"))
    browser = past_password(app)

    assert browser.get("/account").headers["Location"] == "/login"
    assert give(browser, device.code()) == 303
    assert browser.get("/account").status_code == 200
    assert Browser(app).sign_in("reviewer2", PASSWORD).headers["Location"] != "/login/code"


@pytest.mark.fault("S12")
def test_a_code_works_once(app: Flask, sign_in: SignIn) -> None:
    device, _spare = enrol(sign_in("reviewer"))
    code = device.code()
    first, second = past_password(app), past_password(app)

    assert give(first, code) == 303
    assert give(second, code) == 422
    assert second.get("/account").headers["Location"] == "/login"


def test_a_clock_half_a_minute_ahead_is_taken_and_one_of_minutes_is_not(app: Flask, sign_in: SignIn) -> None:
    device, _spare = enrol(sign_in("reviewer"))

    assert give(past_password(app), device.code(150)) == 422
    assert give(past_password(app), device.code(-150)) == 422
    assert give(past_password(app), device.code(29)) == 303


def test_a_code_earlier_than_the_last_one_is_worth_nothing(app: Flask, sign_in: SignIn) -> None:
    device, _spare = enrol(sign_in("reviewer"))

    assert give(past_password(app), device.code(29)) == 303
    assert give(past_password(app), device.code(-30)) == 422


@pytest.mark.fault("S12")
def test_each_spare_code_stands_in_once_however_it_is_typed(app: Flask, sign_in: SignIn) -> None:
    _device, spare = enrol(sign_in("reviewer"))
    _other, others = enrol(sign_in("reviewer2"))
    browser = past_password(app)

    assert len(set(spare)) == 8
    assert give(browser, others[0]) == 422
    assert give(browser, spare[0].lower().replace("-", " ")) == 303
    assert give(past_password(app), spare[0]) == 422
    assert give(past_password(app), spare[1]) == 303


def test_wrong_codes_are_throttled_like_wrong_passwords(app: Flask, bank: Bank, sign_in: SignIn) -> None:
    device, _spare = enrol(sign_in("reviewer"))
    browser = past_password(app)
    with transaction(bank.database) as session:
        for _time in range(9):
            record_login_failure(session, "reviewer", "192.0.2.7", now=utc_now())

    assert give(browser, "000000") == 422
    assert give(browser, device.code()) == 429


def test_a_reset_link_does_not_go_round_the_second_step(app: Flask, bank: Bank, sign_in: SignIn) -> None:
    enrol(sign_in("reviewer"))
    browser = opened(app, link_for(bank, "reviewer"))

    assert set_password(browser) == 303
    assert browser.get("/account").headers["Location"] == "/login"
    assert browser.get("/login/code").status_code == 200


def test_without_a_password_given_there_is_no_page_for_codes(app: Flask) -> None:
    browser = Browser(app)
    browser.get("/login")

    assert browser.get("/login/code").headers["Location"] == "/login"
    assert browser.post("/login/code", {"code": "123456"}).headers["Location"] == "/login"


def test_the_password_ends_the_second_step_and_a_wrong_one_does_not(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("reviewer")
    enrol(browser)
    browser.get("/account")

    assert browser.post("/account/second-step/end", {"password": "wrong wrong"}).status_code == 422
    past_password(app)
    assert browser.post("/account/second-step/end", {"password": PASSWORD}).status_code == 303
    assert Browser(app).sign_in("reviewer", PASSWORD).headers["Location"] != "/login/code"


def test_another_administrator_takes_it_away_with_a_reason_and_nobody_their_own(
    app: Flask, bank: Bank, sign_in: SignIn
) -> None:
    administrator = sign_in("administrator")
    enrol(administrator)
    enrol(sign_in("reviewer"))
    theirs, own = (f"/office/people/{bank.user(name).id}" for name in ("reviewer", "administrator"))
    administrator.get(theirs)

    assert administrator.post(f"{theirs}/end-second-step", {"reason": ""}).status_code == 422
    assert administrator.post(f"{own}/end-second-step", {"reason": "lost"}).status_code == 409
    assert administrator.post(f"{theirs}/end-second-step", {"reason": "手机丢了"}).status_code == 303
    assert "手机丢了" in administrator.get(theirs).text
    assert Browser(app).sign_in("reviewer", PASSWORD).headers["Location"] != "/login/code"
    assert Browser(app).sign_in("administrator", PASSWORD).headers["Location"] == "/login/code"


@pytest.mark.parametrize("username", ["inspector", "region01", "branch0101"])
def test_it_is_for_head_office_alone(sign_in: SignIn, username: str) -> None:
    browser = sign_in(username)
    browser.get("/account")

    assert browser.post("/account/second-step/begin").status_code == 404


def test_beginning_twice_is_refused(sign_in: SignIn) -> None:
    browser = sign_in("reviewer")
    enrol(browser)
    browser.get("/account")

    assert browser.post("/account/second-step/begin").status_code == 409


@pytest.mark.fault("S12")
def test_the_database_holds_no_secret_that_makes_codes(bank: Bank, sign_in: SignIn) -> None:
    browser = sign_in("reviewer")
    browser.get("/account")
    browser.post("/account/second-step/begin")
    found = SECRET.search(browser.get("/account/second-step").text)

    assert found is not None
    with reading(bank.database) as session:
        (stored,) = session.scalars(select(SecondStep.secret))
    assert found.group(1).replace(" ", "") not in stored
    assert stored.startswith("1.")


def test_where_the_installation_has_another_secret_the_page_says_what_to_do_and_spare_codes_open(
    bank: Bank, sign_in: SignIn, tmp_path: Path
) -> None:
    device, spare = enrol(sign_in("reviewer"))
    elsewhere = app_on(bank.database, tmp_path, "the secret of another installation, made after a theft")
    browser = past_password(elsewhere)

    told = browser.post("/login/code", {"code": device.code()})

    assert told.status_code == 422
    assert "请用一个备用码登录" in told.text
    assert browser.get("/account").headers["Location"] == "/login"
    assert give(browser, spare[0]) == 303
    assert browser.get("/account").status_code == 200


def test_what_was_begun_under_another_secret_is_begun_anew(
    bank: Bank, sign_in: SignIn, tmp_path: Path
) -> None:
    here = sign_in("reviewer")
    here.get("/account")
    here.post("/account/second-step/begin")
    browser = Browser(
        app_on(bank.database, tmp_path, "the secret of another installation, made after a theft")
    )
    browser.sign_in("reviewer", PASSWORD)
    browser.get("/account")

    shown = browser.get("/account/second-step")
    confirmed = browser.post("/account/second-step/confirm", {"code": "123456"})

    assert (shown.headers["Location"], confirmed.headers["Location"]) == ("/account", "/account")
    enrol(browser)
