"""Head office edits the calendar of working days: holidays are known, and single days can differ."""

from datetime import date

from sqlalchemy import select

from inspect_app.db import reading
from inspect_app.models.journal import JournalEntry
from inspect_app.queries.calendar import working_days
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser

DAY = "2026-10-08"


def is_working(bank: Bank) -> bool:
    """Say whether the bank works on the day under test."""
    with reading(bank.database) as session:
        return working_days(session).is_working(date.fromisoformat(DAY))


def test_a_day_is_changed_and_follows_the_rule_again(bank: Bank, administrator: Browser) -> None:
    assert "2026 年 10 月" in administrator.get("/office/calendar?month=2026-10").text
    administrator.get(f"/office/calendar/{DAY}")

    freed = administrator.post(f"/office/calendar/{DAY}", {"how": "free", "words": "系统升级", "seen": ""})
    during = is_working(bank)
    page = administrator.get(f"/office/calendar/{DAY}").text
    back = administrator.post(f"/office/calendar/{DAY}", {"how": "rule", "seen": "1"})

    assert (freed.status_code, during, back.status_code, is_working(bank)) == (303, False, 303, True)
    assert "系统升级" in page
    with reading(bank.database) as session:
        told = session.scalars(
            select(JournalEntry.action).where(JournalEntry.subject == "calendar_day")
        ).all()
    assert sorted(told) == ["mark_day", "unmark_day"]


def test_what_somebody_else_said_meanwhile_is_not_overwritten(bank: Bank, administrator: Browser) -> None:
    administrator.get(f"/office/calendar/{DAY}")
    administrator.post(f"/office/calendar/{DAY}", {"how": "free", "words": "系统升级", "seen": ""})

    answer = administrator.post(
        f"/office/calendar/{DAY}", {"how": "working", "words": "照常上班", "seen": ""}
    )

    assert answer.status_code == 409
    assert "照常上班" in answer.text
    assert "钱管理" in answer.text
    assert not is_working(bank)


def test_a_choice_that_there_is_not_changes_nothing(bank: Bank, administrator: Browser) -> None:
    administrator.get(f"/office/calendar/{DAY}")

    assert administrator.post(f"/office/calendar/{DAY}", {"how": "", "seen": ""}).status_code == 422
    assert administrator.get("/office/calendar?month=2026-13").status_code == 404
    assert administrator.get("/office/calendar/20261008").status_code == 404
    assert is_working(bank)


def test_reviewers_do_not_edit_the_calendar(reviewer: Browser) -> None:
    assert reviewer.get("/office/calendar").status_code == 404
