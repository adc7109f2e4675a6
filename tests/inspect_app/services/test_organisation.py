"""The region tree and its branches are built, and sort as Chinese readers expect."""

import pytest

from inspect_app.db import Database, reading, transaction
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.queries.organisation import all_regions, branch_coded, branches_below, region_coded
from inspect_app.services.journal import Actor
from inspect_app.services.name_keys import name_key
from inspect_app.services.organisation import BranchPlan, RegionPlan, add_branch, add_region
from tests.inspect_app.made_up_bank import NOW, Bank


def test_a_region_lies_below_its_parent(bank: Bank) -> None:
    with transaction(bank.database) as session:
        add_region(session, Actor.system(), RegionPlan("R011", "万州分行", "R01"), now=NOW)

    with reading(bank.database) as session:
        assert [region.path for region in all_regions(session)] == [
            "/HO/",
            "/HO/R01/",
            "/HO/R01/R011/",
            "/HO/R02/",
        ]


@pytest.mark.parametrize("code", ["", "R/3"])
def test_a_code_that_would_break_the_paths_is_refused(bank: Bank, code: str) -> None:
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="code"):
        add_region(session, Actor.system(), RegionPlan(code, "某分行", "HO"), now=NOW)


def test_the_tree_has_one_root(bank: Bank) -> None:
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="root"):
        add_region(session, Actor.system(), RegionPlan("HO2", "另一总行", None), now=NOW)


def test_codes_stand_once(bank: Bank) -> None:
    with transaction(bank.database) as session:
        with pytest.raises(ConflictError, match="R01"):
            add_region(session, Actor.system(), RegionPlan("R01", "某分行", "HO"), now=NOW)
        with pytest.raises(ConflictError, match="0101"):
            add_branch(session, Actor.system(), BranchPlan("0101", "某支行", "基础", "", "R02"), now=NOW)


def test_an_unknown_parent_is_not_found(database: Database) -> None:
    with transaction(database) as session, pytest.raises(NotFoundError, match="R09"):
        add_branch(session, Actor.system(), BranchPlan("0901", "某支行", "基础", "", "R09"), now=NOW)


def test_below_a_region_lie_its_own_branches_and_no_namesakes(bank: Bank) -> None:
    with transaction(bank.database) as session:
        add_region(session, Actor.system(), RegionPlan("R010", "涪陵分行", "HO"), now=NOW)
        add_region(session, Actor.system(), RegionPlan("r01", "小写分行", "HO"), now=NOW)
        add_region(session, Actor.system(), RegionPlan("R0101", "万州分行", "R01"), now=NOW)
        for code, region in (("0103", "R010"), ("0104", "r01"), ("0105", "R0101")):
            add_branch(session, Actor.system(), BranchPlan(code, "某支行", "基础", "", region), now=NOW)

        below = branches_below(session, region_coded(session, "R01"))

        assert [branch.code for branch in below] == ["0101", "0102", "0105"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("重庆分行", "chong qing fen hang"),
        ("单县支行", "shan xian zhi hang"),
        ("六安支行", "lu an zhi hang"),
        ("南京六合支行", "nan jing lu he zhi hang"),
        ("厦门分行", "xia men fen hang"),
        ("国贸大厦支行", "guo mao da sha zhi hang"),
        ("朝阳支行", "chao yang zhi hang"),
        ("长沙 ABC 支行 12", "chang sha abc zhi hang 12"),
        ("", ""),
    ],
)
def test_names_have_a_key_in_pinyin(name: str, key: str) -> None:
    assert name_key(name) == key


def test_a_key_fits_its_column() -> None:
    assert len(name_key("双" * 120)) <= 400


def test_branches_and_regions_carry_their_keys(bank: Bank) -> None:
    with reading(bank.database) as session:
        assert branch_coded(session, "0201").name_key == "shan xian zhi hang"
        assert region_coded(session, "R01").name_key == "chong qing fen hang"
