"""Visits as each kind of user may see them."""

import uuid
from datetime import date

import pytest

from inspect_app.db import reading, transaction
from inspect_app.errors import NotFoundError
from inspect_app.queries.visits import (
    visit_of_inspector,
    visit_of_office,
    visits_of_inspector,
    visits_of_wave,
)
from inspect_app.queries.waves import wave_coded, wave_with_id
from tests.inspect_app.made_up_bank import Bank


def test_an_inspector_sees_the_own_visits_alone(bank: Bank) -> None:
    with reading(bank.database) as session:
        own = visits_of_inspector(session, bank.user("inspector"))
        others = visits_of_inspector(session, bank.user("inspector2"))

        assert {visit.target.branch_code for visit in own} == {"0101", "0102"}
        assert [visit.target.branch_code for visit in others] == ["0201"]


@pytest.mark.parametrize("name", ["administrator", "reviewer", "region01", "branch0101"])
def test_nobody_else_has_visits_to_make(bank: Bank, name: str) -> None:
    with reading(bank.database) as session:
        assert visits_of_inspector(session, bank.user(name)) == []


def test_someone_elses_visit_is_as_absent_as_one_that_does_not_exist(bank: Bank) -> None:
    with reading(bank.database) as session:
        for visit_id in (bank.visits["0201"], uuid.uuid4()):
            with pytest.raises(NotFoundError, match=f"visit {visit_id}"):
                visit_of_inspector(session, bank.user("inspector"), visit_id)
        with pytest.raises(NotFoundError):
            visit_of_office(session, uuid.uuid4())


def test_what_is_due_first_comes_first(bank: Bank) -> None:
    with transaction(bank.database) as session:
        urgent = visit_of_office(session, bank.visits["0102"])
        urgent.window_to = date(2026, 8, 10)
        session.flush()

        visits = visits_of_inspector(session, bank.user("inspector"))

        assert [visit.id for visit in visits] == [bank.visits["0102"], bank.visits["0101"]]


def test_the_office_sees_a_wave_by_branch(bank: Bank) -> None:
    with reading(bank.database) as session:
        wave = wave_coded(session, "2026Q3")
        visits = visits_of_wave(session, wave)
        assert [visit.target.branch_code for visit in visits] == ["0101", "0102", "0201"]
        assert wave_with_id(session, bank.wave_id) is wave
        with pytest.raises(NotFoundError):
            wave_with_id(session, uuid.uuid4())
