"""A wave is planned, opened and closed; opening freezes the bank and deals the visits."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Mode
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import transaction
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.organisation import branch_coded, region_coded
from inspect_app.queries.visits import visits_of_wave
from inspect_app.queries.waves import all_waves, targets_of, visit_counts, wave_coded
from inspect_app.services.handbooks import store_checklist
from inspect_app.services.journal import Actor
from inspect_app.services.organisation import BranchPlan, add_branch
from inspect_app.services.waves import WavePlan, close_wave, open_wave, plan_wave
from tests.inspect_app.made_up_bank import NOW, Bank, count, journal_of


def plan_of(bank: Bank) -> WavePlan:
    return WavePlan(
        code="2026Q4",
        name="第四季度",
        mode=Mode.PHONE,
        opens_on=date(2026, 10, 1),
        closes_on=date(2026, 12, 20),
        checklists=(bank.checklist.hash,),
    )


def second_checklist(session: Session) -> str:
    checklist = generate(shipped_edition(), replace(shipped_recipe("phone"), budget=10))
    return store_checklist(session, checklist, now=NOW).hash


def test_a_planned_wave_has_its_branches_and_no_visits(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visits_before = count(session, Visit)

        wave = plan_wave(session, Actor.system(), plan_of(bank), now=NOW)

        assert (wave.state, wave.opened_at) == (WaveState.PLANNED, None)
        assert [target.branch_code for target in targets_of(session, wave)] == ["0101", "0102", "0201"]
        assert count(session, Visit) == visits_before
        assert [wave.code for wave in all_waves(session)] == ["2026Q3", "2026Q4"]


def test_opening_freezes_the_bank_as_it_is_that_day(bank: Bank) -> None:
    with transaction(bank.database) as session:
        wave = plan_wave(session, Actor.system(), replace(plan_of(bank), branches=("0102", "0201")), now=NOW)
        moved = branch_coded(session, "0102")
        moved.name, moved.kind, moved.region = "江北新支行", "精品", region_coded(session, "R02")

        open_wave(session, Actor.system(), wave, now=NOW)
        moved.name, moved.region = "又一支行", region_coded(session, "R01")

        frozen = targets_of(session, wave)[0]
        assert (frozen.branch_code, frozen.branch_name, frozen.branch_kind) == ("0102", "江北新支行", "精品")
        assert frozen.region_path == "/HO/R02/"
        assert len(targets_of(session, wave)) == 2
        assert json.loads(wave.units) == [
            {"code": "HO", "name": "长江银行总行", "parent": None},
            {"code": "R01", "name": "重庆分行", "parent": "HO"},
            {"code": "R02", "name": "菏泽分行", "parent": "HO"},
        ]


def test_every_wanted_visit_is_made_and_the_variants_are_dealt_evenly(bank: Bank) -> None:
    with transaction(bank.database) as session:
        hashes = (bank.checklist.hash, second_checklist(session))
        plan = replace(plan_of(bank), checklists=hashes, visits_wanted=2)
        wave = open_wave(session, Actor.system(), plan_wave(session, Actor.system(), plan, now=NOW), now=NOW)

        visits = visits_of_wave(session, wave)

        dealt = [(visit.target.branch_code, visit.ordinal, visit.variant.number) for visit in visits]
        assert dealt == [
            ("0101", 1, 1),
            ("0101", 2, 2),
            ("0102", 1, 2),
            ("0102", 2, 1),
            ("0201", 1, 1),
            ("0201", 2, 2),
        ]
        assert Counter(visit.state for visit in visits) == {VisitState.PLANNED: 6}
        assert {(visit.window_from, visit.window_to) for visit in visits} == {
            (date(2026, 10, 1), date(2026, 12, 20))
        }
        assert visit_counts(session, wave) == {VisitState.PLANNED: 6}


def test_a_branch_that_comes_after_planning_is_not_inspected(bank: Bank) -> None:
    with transaction(bank.database) as session:
        wave = plan_wave(session, Actor.system(), plan_of(bank), now=NOW)
        add_branch(session, Actor.system(), BranchPlan("0103", "新支行", "基础", "", "R01"), now=NOW)

        open_wave(session, Actor.system(), wave, now=NOW)

        assert len(targets_of(session, wave)) == 3


def test_a_wave_goes_through_its_life_once_and_the_journal_tells_it(bank: Bank) -> None:
    administrator = Actor.user(bank.user("administrator"))
    with transaction(bank.database) as session:
        wave = plan_wave(session, administrator, plan_of(bank), now=NOW)
        with pytest.raises(ConflictError, match="planned cannot become closed"):
            close_wave(session, administrator, wave, now=NOW)

        open_wave(session, administrator, wave, now=NOW)
        with pytest.raises(ConflictError, match="open cannot become open"):
            open_wave(session, administrator, wave, now=NOW)

        close_wave(session, administrator, wave, now=NOW)
        with pytest.raises(ConflictError, match="closed cannot become closed"):
            close_wave(session, administrator, wave, now=NOW)

        told = [(entry.action, entry.from_state, entry.to_state) for entry in journal_of(session, wave.id)]
        assert sorted(told, key=str) == [
            ("close_wave", "open", "closed"),
            ("open_wave", "planned", "open"),
            ("plan_wave", None, "planned"),
        ]
        assert {entry.actor_id for entry in journal_of(session, wave.id)} == {bank.user("administrator").id}
        assert (wave.opened_at, wave.closed_at) == (NOW, NOW)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("code", ""),
        ("name", ""),
        ("closes_on", date(2026, 9, 30)),
        ("min_visits", 0),
        ("visits_wanted", 0),
        ("disclosure_days", -1),
        ("checklists", ()),
        ("checklists", ("0" * 64,)),
        ("checklists", ("0" * 64,) * 13),
        ("branches", ()),
    ],
)
def test_an_impossible_plan_is_refused_by_name(bank: Bank, name: str, value: object) -> None:
    plan = replace(plan_of(bank), **{name: value})  # type: ignore[arg-type]  # each value is of its field's type
    with transaction(bank.database) as session, pytest.raises(IncompleteError) as refused:
        plan_wave(session, Actor.system(), plan, now=NOW)
    assert refused.value.missing == (name,)


def test_a_checklist_of_another_mode_is_refused(bank: Bank) -> None:
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="mystery wave"):
        plan_wave(session, Actor.system(), replace(plan_of(bank), mode=Mode.MYSTERY), now=NOW)


def test_a_taken_code_and_an_unknown_branch_are_refused(bank: Bank) -> None:
    with transaction(bank.database) as session:
        with pytest.raises(ConflictError, match="2026Q3"):
            plan_wave(session, Actor.system(), replace(plan_of(bank), code="2026Q3"), now=NOW)
        with pytest.raises(NotFoundError, match="0999"):
            plan_wave(session, Actor.system(), replace(plan_of(bank), branches=("0101", "0999")), now=NOW)
        with pytest.raises(NotFoundError):
            wave_coded(session, "2026Q4")
