"""A branch list is taken in whole or not at all: units are added, changed and moved, none is deleted."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import Database, reading, transaction
from inspect_app.errors import IncompleteError
from inspect_app.importers.lists import RowFault
from inspect_app.importers.unit_lists import UnitLevel, UnitList
from inspect_app.models.journal import JournalEntry
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.waves import Target
from inspect_app.queries.organisation import all_branches, all_regions, branch_coded, region_coded
from inspect_app.queries.scope import visible_branches
from inspect_app.queries.unit_changes import UnitChanges, unit_changes
from inspect_app.services.journal import Actor
from inspect_app.services.unit_lists import take_in_units
from tests.inspect_app.bank_lists import units
from tests.inspect_app.made_up_bank import NOW, Bank, count

NEW = (
    ("0101", "太白路支行", "网点", "R011", "基础", "太白路 1 号"),
    ("R011", "万州分行", "二级分行", "R01", "", ""),
    ("HO", "江城银行总行", "总行", "", "", ""),
    ("R01", "渝东分行", "一级分行", "HO", "", ""),
)


def take_in(database: Database, listed: UnitList) -> UnitChanges:
    """Take a list in, and return what it came to."""
    with transaction(database) as session:
        changes = unit_changes(session, listed)
        take_in_units(session, Actor.system(), changes, digest="d" * 64, now=NOW)
    return changes


def faults_of(bank: Bank, *rows: tuple[str, ...]) -> list[tuple[str, RowFault, str]]:
    """Return what is wrong with rows, held against the bank."""
    with reading(bank.database) as session:
        return [(one.address, one.what, one.said) for one in unit_changes(session, units(*rows)).faults]


def told(session: Session) -> list[tuple[str, str, str | None, str | None]]:
    """Return what the journal says beyond what founding the bank wrote."""
    entries = session.scalars(select(JournalEntry).where(JournalEntry.actor_kind == "system"))
    return sorted((one.action, one.subject_id, one.from_state, one.to_state) for one in entries)


def test_an_empty_bank_is_founded_by_one_list_in_any_order(database: Database) -> None:
    changes = take_in(database, units(*NEW))

    assert (len(changes.of(UnitLevel.REGION, is_new=True)), changes.unchanged) == (3, 0)
    with reading(database) as session:
        assert [region.path for region in all_regions(session)] == ["/HO/", "/HO/R01/", "/HO/R01/R011/"]
        branch = branch_coded(session, "0101")
        assert (branch.name, branch.kind, branch.address) == ("太白路支行", "基础", "太白路 1 号")
        assert (branch.region.code, branch.name_key) == ("R011", "tai bai lu zhi hang")
        actions = sorted(session.scalars(select(JournalEntry.action)))
        assert actions == ["add_branch", "add_region", "add_region", "add_region", "take_in_branches"]
        summary = session.scalars(select(JournalEntry).where(JournalEntry.action == "take_in_branches")).one()
        assert (summary.subject, summary.subject_id) == ("branch_list", "d" * 64)
        assert json.loads(summary.details)["region_added"] == 3


def test_a_second_time_nothing_is_changed_and_nothing_written_down(database: Database) -> None:
    take_in(database, units(*NEW))
    with reading(database) as session:
        before = count(session, JournalEntry)

    again = take_in(database, units(*NEW))

    assert (again.changes, again.unchanged) == ((), 4)
    with reading(database) as session:
        assert count(session, JournalEntry) == before


def test_what_a_list_does_not_name_stays_as_it_is(bank: Bank) -> None:
    with reading(bank.database) as session:
        names = {branch.code: branch.name for branch in all_branches(session)}

    changes = take_in(bank.database, units(("0101", "新名字支行", "网点", "R01", "精品", "")))

    assert changes.unlisted == 5
    with reading(bank.database) as session:
        assert {branch.code: branch.name for branch in all_branches(session)} == names | {
            "0101": "新名字支行"
        }


def test_a_branch_that_moves_keeps_its_history_and_is_seen_by_its_new_region(bank: Bank) -> None:
    with reading(bank.database) as session:
        before = branch_coded(session, "0101")
        frozen = session.scalars(select(Target).where(Target.branch_code == "0101")).one().region_path
    row = ("0101", before.name, "网点", "R02", before.kind, before.address)

    changes = take_in(bank.database, units(row))

    assert [dict(one.before) for one in changes.changes] == [{"parent": "R01"}]
    with reading(bank.database) as session:
        after = branch_coded(session, "0101")
        assert (after.id, after.region.code) == (before.id, "R02")
        assert session.scalars(select(Target).where(Target.branch_code == "0101")).one().region_path == frozen
        seen = {
            name: {one.code for one in session.scalars(visible_branches(bank.user(name)))}
            for name in ("region01", "region02")
        }
        assert seen == {"region01": {"0102"}, "region02": {"0101", "0201"}}
        assert ("change_branch", str(before.id), "R01", "R02") in told(session)


def test_a_region_that_moves_takes_along_what_lies_below(bank: Bank) -> None:
    with reading(bank.database) as session:
        name = region_coded(session, "R02").name

    take_in(bank.database, units(("R02", name, "二级分行", "R01", "", "")))

    with reading(bank.database) as session:
        assert [region.path for region in all_regions(session)] == ["/HO/", "/HO/R01/", "/HO/R01/R02/"]
        seen = {one.code for one in session.scalars(visible_branches(bank.user("region01")))}
        assert seen == {"0101", "0102", "0201"}


def test_without_a_column_of_addresses_they_stay(bank: Bank) -> None:
    take_in(bank.database, units(("0101", "甲支行", "网点", "R01", "基础", "人民路 1 号")))

    read = units(("0101", "乙支行", "网点", "R01", "基础", ""))
    take_in(bank.database, replace(read, units=tuple(replace(one, address=None) for one in read.units)))

    with reading(bank.database) as session:
        branch = branch_coded(session, "0101")
        assert (branch.name, branch.address) == ("乙支行", "人民路 1 号")


def test_what_does_not_fit_the_bank_is_told_row_by_row(bank: Bank) -> None:
    assert faults_of(
        bank,
        ("0101", "某分行", "分行", "HO", "", ""),
        ("R01", "某支行", "网点", "HO", "基础", ""),
        ("HO2", "另一总行", "总行", "", "", ""),
        ("0901", "某支行", "网点", "R09", "基础", ""),
        ("0902", "某支行", "网点", "0101", "基础", ""),
        ("102", "某支行", "网点", "R01", "基础", ""),
    ) == [
        ("C2", RowFault.OTHER_LEVEL, "0101"),
        ("C3", RowFault.OTHER_LEVEL, "R01"),
        ("D4", RowFault.SECOND_ROOT, ""),
        ("D5", RowFault.NO_SUCH_REGION, "R09"),
        ("A7", RowFault.LOST_ZEROS, "0102"),
    ]
    assert faults_of(bank, ("0902", "某支行", "网点", "0201", "基础", "")) == [
        ("D2", RowFault.NO_SUCH_REGION, "0201")
    ]


def test_regions_do_not_stand_in_a_circle(bank: Bank) -> None:
    assert faults_of(
        bank,
        ("R01", "甲分行", "分行", "R02", "", ""),
        ("R02", "乙分行", "分行", "R01", "", ""),
        ("R03", "丙分行", "分行", "R02", "", ""),
        ("R04", "丁分行", "分行", "R04", "", ""),
    ) == [
        ("D2", RowFault.CIRCLE, "R02"),
        ("D3", RowFault.CIRCLE, "R01"),
        ("D5", RowFault.CIRCLE, "R04"),
    ]


def test_a_tree_is_only_as_deep_as_its_paths_are_kept(bank: Bank) -> None:
    chain = ["HO", *(f"R{'9' * 38}{number}" for number in range(10))]
    rows = [(code, "某分行", "分行", above, "", "") for above, code in pairwise(chain)]

    assert faults_of(bank, *rows) == [("D11", RowFault.TOO_DEEP, chain[-2])]


def test_a_parent_whose_own_row_is_wrong_is_told_once(bank: Bank) -> None:
    assert faults_of(
        bank, ("R09", "", "分行", "HO", "", ""), ("0901", "某支行", "网点", "R09", "基础", "")
    ) == [("B2", RowFault.LACKING, "")]


def test_one_fault_and_nothing_of_the_list_is_taken_in(bank: Bank) -> None:
    rows = (
        ("R03", "丙分行", "分行", "HO", "", ""),
        ("0301", "某支行", "网点", "R03", "基础", ""),
        ("0302", "某支行", "网点", "R09", "基础", ""),
    )

    with pytest.raises(IncompleteError) as refused:
        take_in(bank.database, units(*rows))

    assert refused.value.missing == ("D4",)
    with reading(bank.database) as session:
        assert (count(session, Region), count(session, Branch)) == (3, 3)
