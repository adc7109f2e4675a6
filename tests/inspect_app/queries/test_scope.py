"""Whose rows a user may see."""

import pytest
from sqlalchemy.orm import Session

from inspect_app.db import transaction
from inspect_app.models.organisation import Branch, Region
from inspect_app.queries.organisation import branch_coded, region_coded
from inspect_app.queries.scope import (
    NobodyAsksError,
    visible_branch_ids,
    visible_branches,
    visible_regions,
)
from inspect_app.services.journal import Actor
from inspect_app.services.organisation import BranchPlan, RegionPlan, add_branch, add_region
from tests.inspect_app.made_up_bank import NOW, Bank


def codes(session: Session, bank: Bank, name: str) -> set[str]:
    """Return the codes of the branches that a user sees."""
    return {branch.code for branch in session.scalars(visible_branches(bank.user(name)))}


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("administrator", {"0101", "0102", "0201"}),
        ("reviewer", {"0101", "0102", "0201"}),
        ("region01", {"0101", "0102"}),
        ("region02", {"0201"}),
        ("branch0101", {"0101"}),
        ("inspector", set()),
    ],
)
@pytest.mark.fault("A02")
def test_each_kind_of_user_sees_its_own_branches(bank: Bank, name: str, seen: set[str]) -> None:
    with transaction(bank.database) as session:
        assert codes(session, bank, name) == seen
        ids = set(session.scalars(visible_branch_ids(bank.user(name))))
        assert ids == {branch_coded(session, code).id for code in seen}


@pytest.mark.parametrize("ask", [visible_branches, visible_branch_ids, visible_regions])
@pytest.mark.fault("A06")
def test_nobody_is_never_answered(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(NobodyAsksError):
        ask(None)


def test_a_region_reaches_all_levels_below_it_and_nothing_beside_it(bank: Bank) -> None:
    with transaction(bank.database) as session:
        for code, parent in [("R011", "HO"), ("R01B", "R01"), ("r01", "HO")]:
            add_region(session, Actor.system(), RegionPlan(code, code, parent), now=NOW)
            plan = BranchPlan(f"branch {code}", code, "基础", "", code)
            add_branch(session, Actor.system(), plan, now=NOW)

        regions = {region.code for region in session.scalars(visible_regions(bank.user("region01")))}

        assert codes(session, bank, "region01") == {"0101", "0102", "branch R01B"}
        assert regions == {"R01", "R01B"}


@pytest.mark.fault("A02")
def test_signs_of_a_pattern_in_a_code_reach_no_further(bank: Bank) -> None:
    with transaction(bank.database) as session:
        region_coded(session, "R01").path = "/HO/R_1/"
        add_region(session, Actor.system(), RegionPlan("RX1", "RX1", "HO"), now=NOW)
        add_branch(session, Actor.system(), BranchPlan("0301", "0301", "基础", "", "RX1"), now=NOW)

        assert codes(session, bank, "region01") == {"0101", "0102"}


@pytest.mark.fault("W08")
def test_access_follows_a_branch_that_moves(bank: Bank) -> None:
    with transaction(bank.database) as session:
        branch: Branch = branch_coded(session, "0102")
        target: Region = region_coded(session, "R02")
        branch.region = target
        session.flush()

        assert codes(session, bank, "region01") == {"0101"}
        assert codes(session, bank, "region02") == {"0102", "0201"}


@pytest.mark.parametrize("name", ["branch0101", "inspector"])
def test_branches_and_inspectors_see_no_region(bank: Bank, name: str) -> None:
    with transaction(bank.database) as session:
        assert session.scalars(visible_regions(bank.user(name))).all() == []
