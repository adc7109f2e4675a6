"""What a branch is to mend, and how much of it there is."""

import uuid
from datetime import date

import pytest
from sqlalchemy import select

from inspect_app.db import transaction
from inspect_app.errors import NotFoundError
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.queries.deficiencies import deficiency_counts, deficiency_for, open_deficiencies
from inspect_app.services import rankings
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.inspect_app.published_waves import administrator, disclosed, visit_of


def test_open_ones_come_by_due_date_and_then_the_dearest_first(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank)
        own = visit_of(session, bank, "0101").target.branch_id

        found = open_deficiencies(session, bank.user("branch0101"))

        order = [(one.due_on, -one.points_lost) for one in found]
        assert order == sorted(order)
        assert {one.branch_id for one in found} == {own}
        assert len(found) == len(session.scalars(select(Deficiency).where(Deficiency.branch_id == own)).all())


def test_a_region_sees_those_of_its_branches(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank)

        found = open_deficiencies(session, bank.user("region01"))

        branches = {visit_of(session, bank, code).target.branch_id for code in ("0101", "0102")}
        assert {one.branch_id for one in found} == branches


def test_another_branchs_deficiency_looks_like_one_that_does_not_exist(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank)
        others = open_deficiencies(session, bank.user("branch0102"))[0]

        with pytest.raises(NotFoundError):
            deficiency_for(session, bank.user("branch0101"), others.id)
        with pytest.raises(NotFoundError):
            deficiency_for(session, bank.user("branch0101"), uuid.uuid4())
        assert deficiency_for(session, bank.user("branch0102"), others.id) is others


def test_voided_ones_are_gone(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank)
        one = open_deficiencies(session, bank.user("branch0101"))[0]
        visit = visit_of(session, bank, "0101")

        rankings.void_visit(session, administrator(bank), visit, "对不上", now=NOW)

        assert open_deficiencies(session, bank.user("branch0101")) == []
        with pytest.raises(NotFoundError):
            deficiency_for(session, bank.user("branch0101"), one.id)


def test_counts_tell_what_is_due_today_overdue_and_answered(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank)
        found = open_deficiencies(session, bank.user("branch0102"))
        for one in found:
            one.due_on = date(2026, 10, 12)
        found[0].due_on = date(2026, 10, 8)
        found[1].due_on = date(2026, 10, 9)
        found[2].state = DeficiencyState.ANSWERED
        found[3].state = DeficiencyState.VOIDED
        session.flush()

        counts = deficiency_counts(session, bank.user("branch0102"), date(2026, 10, 9))

        assert (counts.open, counts.overdue, counts.due_today) == (len(found) - 2, 1, 1)
        assert (counts.answered, counts.verified, counts.disputed, counts.upheld) == (1, 0, 0, 0)


def test_a_branch_without_any_counts_nothing(bank: Bank) -> None:
    with transaction(bank.database) as session:
        counts = deficiency_counts(session, bank.user("branch0101"), date(2026, 10, 9))

        assert (counts.open, counts.due_today, counts.overdue, counts.answered) == (0, 0, 0, 0)
