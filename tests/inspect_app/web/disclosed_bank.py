"""The made-up bank with a wave that was disclosed today: its branches can appeal."""

from datetime import date, timedelta

from inspect_app.db import transaction
from inspect_app.models.deficiencies import Deficiency
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.branch.test_home_page import deficiencies
from tests.inspect_app.web.published_bank import Period, disclose

AUTUMN = "2026Q4"


def disclose_today(bank: Bank, *branches: str) -> None:
    """Let a wave over some branches be disclosed today."""
    today = utc_now().date()
    period = Period(AUTUMN, "2026 年四季度暗访", month_before(today), today - timedelta(days=1), 0.6)
    with transaction(bank.database) as session:
        disclose(session, bank.users, period, branches or ("0101", "0102", "0201"), utc_now())


def month_before(day: date) -> date:
    """Return the first day of the month before a day's."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def found_in_autumn(bank: Bank, code: str, ordinal: int = 1) -> list[Deficiency]:
    """Return what one visit of the disclosed wave found at a branch, where somebody acted."""
    found = deficiencies(bank, code, AUTUMN)
    visits = list(dict.fromkeys(one.visit_id for one in sorted(found, key=lambda one: str(one.visit_id))))
    return [one for one in found if one.visit_id == visits[ordinal - 1]]
