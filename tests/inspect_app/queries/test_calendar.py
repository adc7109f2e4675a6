"""The calendar of working days: what head office says of single days, and the windows of a wave."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inspect_app.db import transaction
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.queries.calendar import appeal_window, calendar_month, working_days
from inspect_app.services.calendar import DayMark, mark_day, unmark_day
from inspect_app.services.journal import Actor
from inspect_app.services.versions import StaleError
from inspect_app.working_days import BANK_TIME
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.inspect_app.published_waves import administrator, wave_of

TEXT = (Path(__file__).parents[3] / "docs" / "appeals.md").read_text(encoding="utf-8")
SHUT = date(2026, 9, 28)


def mark(session: Session, bank: Bank, day: DayMark, seen: int | None = None) -> int:
    """Say something of a day as head office; return the version of what was said."""
    return mark_day(session, administrator(bank), day, seen, now=NOW).version


def test_the_days_of_the_document_are_those_of_the_calendar(bank: Bank) -> None:
    (block,) = re.findall(r"^```days\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    days = [date.fromisoformat(line.rpartition(" ")[2]) for line in block.splitlines()]
    disclosed_on, until, settled_by, publishable_on = days
    with transaction(bank.database) as session:
        wave = wave_of(session, bank)
        with pytest.raises(ConflictError, match="not disclosed"):
            appeal_window(session, wave, BANK_TIME)
        wave.disclosed_at = datetime.combine(disclosed_on, datetime.min.time(), UTC)
        with session.no_autoflush:
            window = appeal_window(session, wave, BANK_TIME)
        session.expunge(wave)

        assert (window.until, window.settled_by, window.publishable_on) == (until, settled_by, publishable_on)


def test_what_head_office_says_of_a_day_counts_until_it_is_taken_back(bank: Bank) -> None:
    with transaction(bank.database) as session:
        version = mark(session, bank, DayMark(SHUT, is_working=False, words="行庆"))
        assert working_days(session).after(date(2026, 9, 24)) == date(2026, 9, 29)
        entry = calendar_month(session, 2026, 9)[27]
        assert (entry.day, entry.is_working, entry.by_rule, entry.words) == (SHUT, False, True, "行庆")
        assert entry.version == version

        unmark_day(session, administrator(bank), SHUT, version, now=NOW)

        assert working_days(session).after(date(2026, 9, 24)) == SHUT
        assert calendar_month(session, 2026, 9)[27].version is None


def test_two_who_edit_a_day_do_not_overwrite_each_other(bank: Bank) -> None:
    with transaction(bank.database) as session:
        version = mark(session, bank, DayMark(SHUT, is_working=False))
        with pytest.raises(StaleError):
            mark(session, bank, DayMark(SHUT, is_working=True))
        changed = mark(session, bank, DayMark(SHUT, is_working=True), version)

        with pytest.raises(StaleError):
            unmark_day(session, Actor.user(bank.user("administrator")), SHUT, version, now=NOW)

        assert changed == version + 1
        with pytest.raises(NotFoundError):
            unmark_day(session, administrator(bank), date(2026, 9, 29), 1, now=NOW)
