"""Lists of branches and people on the pages of head office: handed in, looked through, taken in, refused."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from inspect_app.db import reading, transaction
from inspect_app.models.journal import JournalEntry
from inspect_app.models.list_uploads import ListUpload
from inspect_app.models.organisation import Branch
from inspect_app.models.people import User
from inspect_app.queries.accounts import live_link
from inspect_app.queries.organisation import branch_coded
from inspect_app.services.list_uploads import keep_list
from inspect_app.services.tokens import hash_of
from inspect_app.web.clock import utc_now
from tests.inspect_app.bank_lists import PERSON_HEADINGS, UNIT_HEADINGS, book_of, csv_of, units
from tests.inspect_app.made_up_bank import NOW, Bank, count
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.signing_in import SignIn

NEW_BRANCH = ("0202", "=高笋塘支行", "网点", "R02", "基础", "高笋塘 8 号")
NEW_PERSON = ("li.na", "李娜", "网点负责人", "0201", "li.na@bank.example")
LINK = re.compile(r"^li\.na\thttp://localhost/account/link/(\S+)$", re.MULTILINE)


def hand_in(browser: Browser, kind: str, data: bytes, name: str = "清单.xlsx") -> TestResponse:
    """Hand a list in on its page."""
    browser.get("/office/lists")
    return browser.post(f"/office/lists/{kind}", {"list": (BytesIO(data), name)})


def branch_list(*rows: tuple[str, ...]) -> bytes:
    """Return a branch list as a csv file, in which nothing is a formula."""
    return csv_of(UNIT_HEADINGS, *rows)


def test_a_branch_list_is_looked_through_and_then_taken_in(administrator: Browser, bank: Bank) -> None:
    handed = hand_in(administrator, "branches", branch_list(NEW_BRANCH), "清单.csv")
    address = handed.headers["Location"]
    page = administrator.get(address)
    with reading(bank.database) as session:
        before = count(session, Branch)

    taken = administrator.post(address, {})

    assert handed.status_code == taken.status_code == 303
    assert "新建 1，改动 0，不变 0。" in page.text
    assert "不在文件里、照旧留着的 6 个。" in page.text
    assert "=高笋塘支行" in page.text
    assert "改动 1 行" in administrator.get(taken.headers["Location"]).text
    with reading(bank.database) as session:
        assert (before, count(session, Branch), count(session, ListUpload)) == (3, 4, 0)
        assert branch_coded(session, "0202").region.code == "R02"
        (entry,) = session.scalars(select(JournalEntry).where(JournalEntry.action == "take_in_branches"))
        assert entry.actor_id == bank.user("administrator").id
    assert "收下了机构清单" in administrator.get("/office/journal").text
    assert administrator.post(address, {}).status_code == 404


def test_what_changes_is_told_with_what_stood_there(administrator: Browser, bank: Bank) -> None:
    with reading(bank.database) as session:
        old = branch_coded(session, "0101")
    row = ("0101", old.name, "网点", "R02", old.kind, old.address)

    page = administrator.get(hand_in(administrator, "branches", branch_list(row)).headers["Location"])

    assert "上级机构代码 R01 → R02" in page.text


def test_the_links_into_new_accounts_are_shown_this_once(administrator: Browser, bank: Bank) -> None:
    address = hand_in(administrator, "people", book_of(PERSON_HEADINGS, NEW_PERSON)).headers["Location"]
    administrator.get(address)

    shown = administrator.post(address, {})

    assert shown.status_code == 200
    found = LINK.search(shown.text.replace("<textarea", "\n<textarea").replace("readonly>", "\n"))
    assert found is not None
    with reading(bank.database) as session:
        link = live_link(session, hash_of(found.group(1).partition("<")[0]), now=utc_now())
        assert link is not None
        assert link.user.username == "li.na"
    assert administrator.get(address).status_code == 404


def test_every_fault_is_told_and_nothing_is_kept(administrator: Browser, bank: Bank) -> None:
    rows = (("0203", "", "网点", "R02", "基础", ""), ("0204", "某支行", "网点", "R09", "基础", ""))

    page = hand_in(administrator, "branches", book_of(UNIT_HEADINGS, *rows))

    assert page.status_code == 422
    assert "2 处不对，什么也没有收" in page.text
    assert "<b>B2</b> 没有填" in page.text
    assert "<b>D3</b> 没有代码为“R09”的区域" in page.text
    with reading(bank.database) as session:
        assert (count(session, Branch), count(session, ListUpload)) == (3, 0)


def test_what_became_wrong_meanwhile_is_told_and_nothing_is_taken_in(
    administrator: Browser, bank: Bank
) -> None:
    address = hand_in(
        administrator, "people", book_of(PERSON_HEADINGS, ("region01", "新", "区域经理", "R01"))
    ).headers["Location"]
    administrator.get(address)
    with transaction(bank.database) as session:
        user = session.get(User, bank.user("region01").id)
        assert user is not None
        user.is_active = False

    refused = administrator.post(address, {})

    assert refused.status_code == 422
    assert "<b>A2</b> 账号 region01 已停用" in refused.text


def test_the_own_post_is_not_changed_by_a_list(administrator: Browser) -> None:
    page = hand_in(administrator, "people", book_of(PERSON_HEADINGS, ("administrator", "陈", "复核人", "")))

    assert page.status_code == 422
    assert "您自己的账号" in page.text


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0" + bytes(600), "您好\n".encode()])
def test_what_is_no_list_is_refused_in_a_sentence(administrator: Browser, data: bytes) -> None:
    page = hand_in(administrator, "people", data)

    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_without_a_file_it_says_so(administrator: Browser) -> None:
    administrator.get("/office/lists")

    assert "请先选文件。" in administrator.post("/office/lists/people", {}).text


def test_where_everything_is_so_already_there_is_nothing_to_take_in(
    administrator: Browser, bank: Bank
) -> None:
    with reading(bank.database) as session:
        old = branch_coded(session, "0101")
    row = ("0101", old.name, "网点", "R01", old.kind, old.address)

    page = administrator.get(hand_in(administrator, "branches", branch_list(row)).headers["Location"])

    assert "文件里的都已经是这样" in page.text
    assert "整份收下" not in page.text


@pytest.mark.parametrize(("kind", "headings"), [("branches", UNIT_HEADINGS), ("people", PERSON_HEADINGS)])
def test_the_template_is_read_as_it_is_and_offers_what_may_be_chosen(
    administrator: Browser, kind: str, headings: tuple[str, ...]
) -> None:
    file = administrator.get(f"/office/lists/{kind}.xlsx")
    book = load_workbook(BytesIO(file.data))
    sheet = book.worksheets[0]

    assert tuple(cell.value for cell in sheet[1]) == headings
    assert {sheet.column_dimensions[letter].number_format for letter in "ABCDE"} == {"@"}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    offered = [rule for rule in rules.values() if rule.type == "list"]
    assert [str(rule.sqref)[0] for rule in offered] == (["C", "E"] if kind == "branches" else ["C"])
    assert all(rule.prompt for rule in rules.values())
    words = [row[2].value for row in book.worksheets[1].iter_rows() if row[2].value]
    assert words == (
        ["区域", "网点"] if kind == "branches" else ["管理员", "复核人", "检查人", "区域经理", "网点负责人"]
    )
    page = administrator.get(hand_in(administrator, kind, file.data).headers["Location"])
    assert "新建 0，改动 0，不变 0。" in page.text


def test_a_list_of_another_administrator_is_not_there(bank: Bank, administrator: Browser) -> None:
    with transaction(bank.database) as session:
        reviewer = bank.user("reviewer")
        upload = keep_list(session, reviewer, "机构.csv", units(NEW_BRANCH), "d" * 64, now=NOW)

    assert administrator.get(f"/office/lists/uploads/{upload.id}").status_code == 404


@pytest.mark.parametrize("username", ["reviewer", "inspector", "region01", "branch0101"])
def test_lists_are_for_administrators_alone(sign_in: SignIn, username: str) -> None:
    browser = sign_in(username)

    assert browser.get("/office/lists").status_code == 404
    assert browser.get("/office/lists/people.xlsx").status_code == 404


def test_a_list_that_nobody_takes_in_is_gone_after_a_day(bank: Bank) -> None:
    with transaction(bank.database) as session:
        keep_list(session, bank.user("administrator"), "机构.csv", units(NEW_BRANCH), "d" * 64, now=NOW)
        later = NOW + timedelta(days=1, seconds=1)
        keep_list(session, bank.user("reviewer"), "机构.csv", units(), "d" * 64, now=later)

    with reading(bank.database) as session:
        assert [one.user_id for one in session.scalars(select(ListUpload))] == [bank.user("reviewer").id]
