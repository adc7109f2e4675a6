"""Head office's accounts: finding, adding, moving, shutting and opening."""

import re

import pytest
from flask import Flask

from inspect_app.db import reading
from inspect_app.models.people import UserKind
from inspect_app.queries.people import user_named
from tests.inspect_app.made_up_bank import PASSWORD, Bank, journal_of
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.conftest import SignIn

PAGE = "/office/people"
LINK = re.compile(r'value="http://localhost(/account/link/[^"]+)"')
HAN = {
    "name": "韩某某",
    "username": "han",
    "kind": "branch_manager",
    "region": "",
    "branch": "0101",
    "language": "zh-Hans",
}


def place(bank: Bank, username: str) -> str:
    """Return the address of somebody's account."""
    return f"{PAGE}/{bank.user(username).id}"


def test_people_are_found_by_name_user_name_and_kind(administrator: Browser) -> None:
    assert "孙复核" in administrator.get(f"{PAGE}?q=复核").text
    assert "孙复核" in administrator.get(f"{PAGE}?q=reviewer").text
    assert "孙复核" not in administrator.get(f"{PAGE}?q=region").text
    assert "孙复核" not in administrator.get(f"{PAGE}?kind=inspector").text
    assert "没有这样的账号" in administrator.get(f"{PAGE}?q=%25").text


def test_an_account_is_added_with_an_invitation_that_opens_it(
    app: Flask, bank: Bank, administrator: Browser
) -> None:
    administrator.get(f"{PAGE}/new")

    page = administrator.post(f"{PAGE}/new", HAN)

    found = LINK.search(page.text)
    assert found is not None
    browser = Browser(app)
    browser.get(found.group(1))
    browser.get("/account/password")
    answer = browser.post("/account/password", {"password": "mu ma ren jiu", "repeated": "mu ma ren jiu"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/branch")
    with reading(bank.database) as session:
        user = user_named(session, "han")
        assert user is not None
        assert user.branch is not None
        assert (user.kind, user.branch.code) == (UserKind.BRANCH_MANAGER, "0101")
        assert [entry.action for entry in journal_of(session, user.id)] == [
            "add_user",
            "hand_out_link",
            "set_password",
        ]


def test_an_account_that_was_not_opened_yet_takes_no_password(app: Flask, administrator: Browser) -> None:
    administrator.get(f"{PAGE}/new")
    assert administrator.post(f"{PAGE}/new", HAN).status_code == 200

    assert Browser(app).sign_in("han", "any password").status_code == 422
    assert Browser(app).sign_in("han", "").status_code == 422


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "请填姓名。"),
        ({"username": "韩"}, "用户名只用字母"),
        ({"username": "reviewer"}, "这个用户名已经有人用了。"),
        ({"branch": ""}, "网点负责人要写一家网点。"),
        ({"branch": "支行"}, "0101 渝中支行、0102 江北支行"),
        ({"branch": "没有的"}, "没有这样的网点"),
        ({"kind": "regional_manager", "region": ""}, "区域经理要选一个区域。"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_what_was_typed_stays(
    bank: Bank, administrator: Browser, change: dict[str, str], sentence: str
) -> None:
    administrator.get(f"{PAGE}/new")

    page = administrator.post(f"{PAGE}/new", HAN | change)

    assert page.status_code == 422
    assert sentence in page.text
    assert "name" in change or 'value="韩某某"' in page.text
    with reading(bank.database) as session:
        assert user_named(session, "han") is None


def test_a_kind_that_there_is_not_is_refused(administrator: Browser) -> None:
    administrator.get(f"{PAGE}/new")

    assert administrator.post(f"{PAGE}/new", HAN | {"kind": "owner"}).status_code == 422


@pytest.mark.fault("A07")
@pytest.mark.fault("W08")
def test_another_post_ends_the_sessions_and_counts_at_once(
    bank: Bank, administrator: Browser, sign_in: SignIn
) -> None:
    moved, noise = sign_in("region01"), sign_in("region02")
    administrator.get(place(bank, "region01"))

    answer = administrator.post(
        place(bank, "region01") + "/post", {"kind": "branch_manager", "branch": "单县支行", "region": "R01"}
    )

    assert answer.status_code == 303
    assert moved.get("/account").headers["Location"] == "/login"
    assert noise.get("/account").status_code == 200
    assert "单县支行" in sign_in("region01").get("/account").text
    assert "换了身份或所属" in administrator.get(place(bank, "region01")).text


@pytest.mark.parametrize(("username", "kind"), [("inspector", "reviewer"), ("reviewer", "inspector")])
def test_an_inspectors_account_stays_one_and_nobody_elses_becomes_one(
    bank: Bank, administrator: Browser, username: str, kind: str
) -> None:
    administrator.get(place(bank, username))

    assert administrator.post(place(bank, username) + "/post", {"kind": kind, "region": ""}).status_code in (
        409,
        422,
    )
    with reading(bank.database) as session:
        user = user_named(session, username)
        assert user is not None
        assert user.kind is bank.user(username).kind


def test_a_shut_account_is_out_at_once_and_comes_back_with_its_password(
    app: Flask, bank: Bank, administrator: Browser, sign_in: SignIn
) -> None:
    shut = sign_in("reviewer")
    administrator.get(place(bank, "reviewer"))

    assert administrator.post(place(bank, "reviewer") + "/deactivate", {"reason": ""}).status_code == 422
    assert administrator.post(place(bank, "reviewer") + "/deactivate", {"reason": "离职"}).status_code == 303
    assert shut.get("/account").headers["Location"] == "/login"
    assert Browser(app).sign_in("reviewer", PASSWORD).status_code == 422
    assert administrator.post(place(bank, "reviewer") + "/deactivate", {"reason": "离职"}).status_code == 409
    assert administrator.post(place(bank, "reviewer") + "/link").status_code == 409
    page = administrator.get(place(bank, "reviewer")).text
    assert "已停用" in page
    assert "离职" in page
    assert administrator.post(place(bank, "reviewer") + "/reactivate", {"reason": "回来"}).status_code == 303
    assert shut.get("/account").status_code == 303
    assert Browser(app).sign_in("reviewer", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("step", "fields"), [("deactivate", {"reason": "x"}), ("post", {"kind": "reviewer", "region": ""})]
)
def test_nobody_shuts_or_moves_the_own_account(
    bank: Bank, administrator: Browser, step: str, fields: dict[str, str]
) -> None:
    administrator.get(place(bank, "administrator"))

    assert administrator.post(f"{place(bank, 'administrator')}/{step}", fields).status_code == 409
    assert administrator.get(PAGE).status_code == 200


def test_what_is_done_with_an_inspectors_account_does_not_say_whose(
    bank: Bank, administrator: Browser
) -> None:
    administrator.get(place(bank, "inspector"))
    administrator.post(place(bank, "inspector") + "/link")
    administrator.post(place(bank, "inspector") + "/deactivate", {"reason": "离职"})

    with reading(bank.database) as session:
        assert journal_of(session, bank.user("inspector").id) == []


def test_accounts_that_somebody_is_guessing_at_are_named(app: Flask, administrator: Browser) -> None:
    for _time in range(10):
        Browser(app).sign_in("region02", "wrong wrong")

    page = administrator.get(PAGE).text

    assert "现在登录不了：region02" in page


@pytest.mark.parametrize("username", ["reviewer", "inspector", "region01", "branch0101"])
def test_accounts_are_the_administrators(bank: Bank, sign_in: SignIn, username: str) -> None:
    browser = sign_in(username)

    assert browser.get(PAGE).status_code == 404
    assert browser.get(place(bank, "reviewer2")).status_code == 404
