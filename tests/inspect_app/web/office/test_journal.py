"""The journal's page: readable, filtered by its address, page by page; and the file to keep."""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from inspect_app.db import reading, transaction
from inspect_app.jobs import seal_all
from inspect_app.models.journal import JournalEntry
from inspect_app.models.journal_chain import link_hash
from inspect_app.queries.journal_chain import head_of_journal
from inspect_app.services.journal import Actor, record
from tests.inspect_app.made_up_bank import NOW, Bank, count
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.bank_work import approve, receive
from tests.inspect_app.web.office.conftest import SignIn
from tests.inspect_app.web.page_reading import read

PAGE = "/office/journal"
FILE = "/office/journal.jsonl"
FEW_AT_A_TIME = 50


def sentences(browser: Browser, query: str = "") -> list[str]:
    """Return what the entries of a page say, the latest first."""
    rows = read(browser.get(PAGE + query)).rows
    return [" ".join(row[1].split()) for row in rows[1:]]


def lines(browser: Browser, query: str = "") -> list[Mapping[str, Any]]:
    """Return the entries of the file."""
    response = browser.get(FILE + query)
    assert (response.status_code, response.mimetype) == (200, "application/x-ndjson")
    return [json.loads(line) for line in response.text.splitlines()]


def note(bank: Bank, code: str, now: datetime) -> None:
    """Write an entry about nothing in particular."""
    with transaction(bank.database) as session:
        record(session, Actor.system(), "add_region", "region", code, now=now)


def test_entries_are_sentences_with_who_did_what_to_what(administrator: Browser, bank: Bank) -> None:
    receive(bank, "0101")
    approve(bank, "0101")

    told = sentences(administrator)

    assert "孙复核 通过了对 渝中支行（2026Q3 第 1 次）的检查" in told
    assert "检查人 送来了对 渝中支行（2026Q3 第 1 次）的检查" in told
    assert "钱管理 派出了对 单县支行（2026Q3 第 1 次）的检查" in told
    assert "钱管理 开始了 2026 年第三季度电话检查（2026Q3）的检查" in told
    assert "系统 新建了区域 重庆分行（R01）" in told
    assert "系统 新建了账号 检查人" in told
    assert "系统 新建了账号 钱管理（administrator）" in told


def test_an_entry_says_from_which_state_to_which_and_why(administrator: Browser, bank: Bank) -> None:
    visit = bank.visits["0102"]
    administrator.get(f"/office/visits/{visit}")
    administrator.post(f"/office/visits/{visit}/cancel", {"reason": "网点装修"})

    row = read(administrator.get(f"{PAGE}?action=cancel_visit")).rows[1]

    assert "网点装修" in row[1]
    assert row[2].strip() == "待检查 → 已取消"


def test_no_entry_and_no_line_tells_which_inspector_it_was(administrator: Browser, bank: Bank) -> None:
    receive(bank, "0101", "0201")

    shown = administrator.get(PAGE).text + administrator.get(FILE).text

    for username in ("inspector", "inspector2"):
        user = bank.user(username)
        assert user.display_name not in shown
        assert str(user.id) not in shown
    assert "inspector2" not in shown


def test_an_entry_that_waits_says_so_and_a_sealed_one_shows_its_place(
    administrator: Browser, bank: Bank
) -> None:
    before = read(administrator.get(PAGE))
    seal_all(bank.database)
    note(bank, "R99", NOW + timedelta(days=1))
    after = read(administrator.get(PAGE))

    with reading(bank.database) as session:
        head = head_of_journal(session)
    assert head is not None
    assert "日志还没有封存的条目" in before.text
    assert before.rows[1][3].strip() == "等着封存"
    assert f"日志封存到第 {head.sequence} 条" in after.text
    assert head.shown in after.text
    assert "还有 1 条等着封存。" in after.text
    assert [row[3].strip() for row in after.rows[1:3]] == ["等着封存", str(head.sequence)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?subject=region", "新建了区域"),
        ("?action=assign_visit", "派出了"),
        ("?subject=visit&action=assign_visit&actor=user", "派出了"),
        ("?actor=inspector", "送来了"),
    ],
)
def test_the_address_limits_what_is_shown_and_what_is_downloaded(
    administrator: Browser, bank: Bank, query: str, words: str
) -> None:
    receive(bank, "0101")

    told = sentences(administrator, query)

    assert told
    assert all(words in one for one in told)
    assert len(lines(administrator, query)) == len(told) < len(sentences(administrator))


def test_a_day_begins_and_ends_where_the_bank_is(administrator: Browser, bank: Bank) -> None:
    day = date(2026, 8, 20)
    for code, moment in {
        "BEFORE": datetime(2026, 8, 19, 15, 59, 59, tzinfo=UTC),
        "FIRST": datetime(2026, 8, 19, 16, 0, tzinfo=UTC),
        "LAST": datetime(2026, 8, 20, 15, 59, 59, tzinfo=UTC),
        "AFTER": datetime(2026, 8, 20, 16, 0, tzinfo=UTC),
    }.items():
        note(bank, code, moment)

    found = [one["subject_id"] for one in lines(administrator, f"?day={day}")]

    assert found == ["LAST", "FIRST"]
    assert len(sentences(administrator, f"?day={day}")) == 2


def test_pages_follow_each_other_without_gap_or_repetition(administrator: Browser, bank: Bank) -> None:
    # Many of the same moment: only their ids tell them apart.
    for number in range(2 * FEW_AT_A_TIME):
        note(bank, f"R{number:03}", NOW)
    with reading(bank.database) as session:
        every = count(session, JournalEntry)

    found: list[str] = []
    address: str | None = PAGE
    while address is not None:
        page = read(administrator.get(address))
        rows = [" ".join(row[1].split()) for row in page.rows[1:]]
        assert len(rows) <= FEW_AT_A_TIME
        found += rows
        address = next((link for link in page.links if "before=" in link), None)

    assert len(found) == every
    regions = [one for one in found if "R0" in one or "R1" in one]
    assert len(set(regions)) >= len(regions) - 2


def test_a_link_to_earlier_entries_keeps_the_filters(administrator: Browser, bank: Bank) -> None:
    for number in range(FEW_AT_A_TIME + 1):
        note(bank, f"R{number:03}", NOW)

    page = read(administrator.get(f"{PAGE}?subject=region&actor=system"))

    (following,) = [link for link in page.links if "before=" in link]
    assert following.startswith(f"{PAGE}?subject=region&actor=system&before=")
    assert f"{FILE}?subject=region&actor=system" in page.links


@pytest.mark.parametrize(
    "query",
    [
        "?subject=nothing",
        "?action=nothing",
        "?actor=nothing",
        "?day=2026-02-30",
        "?day=9999-12-31",
        "?before=nothing",
        f"?before={uuid.UUID(int=7)}",
    ],
)
def test_what_there_cannot_be_is_not_found(administrator: Browser, query: str) -> None:
    assert administrator.get(PAGE + query).status_code == 404


def test_where_the_filters_leave_nothing_the_page_says_so(administrator: Browser) -> None:
    assert "没有这样的条目。" in read(administrator.get(f"{PAGE}?day=2001-01-01")).text
    assert lines(administrator, "?day=2001-01-01") == []


def test_the_file_holds_all_that_the_chain_is_made_of(administrator: Browser, bank: Bank) -> None:
    seal_all(bank.database)
    note(bank, "R99", NOW + timedelta(days=1))

    found = lines(administrator)

    waiting, *sealed = found
    assert (waiting["subject_id"], waiting["sequence"], waiting["hash"]) == ("R99", None, None)
    in_order = sorted(sealed, key=lambda one: one["sequence"])
    assert [one["sequence"] for one in in_order] == list(range(1, len(sealed) + 1))
    previous = "0" * 64
    for one in in_order:
        content = {
            name: value for name, value in one.items() if name not in ("sequence", "previous_hash", "hash")
        }
        bytes_of_it = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        assert one["previous_hash"] == previous
        assert one["hash"] == link_hash(previous, bytes_of_it)
        previous = one["hash"]


def test_a_file_longer_than_one_piece_holds_every_entry_once(administrator: Browser, bank: Bank) -> None:
    with transaction(bank.database) as session:
        for number in range(1_100):
            record(session, Actor.system(), "add_region", "region", f"N{number}", now=NOW)
    with reading(bank.database) as session:
        every = count(session, JournalEntry)

    ids = [one["id"] for one in lines(administrator)]

    assert len(ids) == len(set(ids)) == every


@pytest.mark.parametrize("username", ["reviewer", "inspector", "region01", "branch0101"])
@pytest.mark.parametrize("address", [PAGE, FILE])
def test_for_everybody_else_there_is_no_journal(sign_in: SignIn, username: str, address: str) -> None:
    browser = sign_in(username)

    assert browser.get(address).status_code == 404
    assert PAGE not in read(browser.get("/handbook")).links


def test_head_office_has_a_tab_for_it(administrator: Browser) -> None:
    assert PAGE in read(administrator.get("/handbook")).links
