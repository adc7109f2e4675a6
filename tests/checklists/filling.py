"""Forms filled in for tests: a full one, and random ones."""

from collections.abc import Mapping
from typing import TypeAlias

from hypothesis import strategies as st

from checklists.answers import Answers, Arity, FaultCode, FieldFault, deduction_names, names, parse
from checklists.checklist import Checklist, Item, Section
from checklists.handbook import Kind
from checklists.scoring import Gate, LeftOut

Fields: TypeAlias = dict[str, str | list[str]]


def full_fields(checklist: Checklist) -> Fields:
    """Return a form in which everything occurred and was met in full, served by the leads."""
    fields: Fields = {}
    for section in checklist.sections:
        fields |= gate_fields(section)
        for item in section.items:
            fields |= met_fields(item)
    return fields


def gate_fields(section: Section) -> Fields:
    """Return the fields that say that a situation occurred; a standing one has none."""
    return (
        {} if section.standing else {f"{section.code}.gate": "occurred", f"{section.code}.role": section.lead}
    )


def met_fields(item: Item) -> Fields:
    """Return the fields that say that an item was met in full."""
    if item.kind is Kind.PHRASE:
        return {f"{item.code}.el{place}": "heard" for place in range(len(item.elements))}
    if item.counted is not None:
        return {f"{item.code}.of": "3", f"{item.code}.met": "3"}
    return {item.code: "met"}


def read(
    checklist: Checklist, fields: Mapping[str, str | list[str]]
) -> tuple[Answers, tuple[FieldFault, ...]]:
    """Parse a form."""
    return parse(checklist, list(fields.items()))


def faults_of(checklist: Checklist, fields: Mapping[str, str | list[str]]) -> list[tuple[str, FaultCode]]:
    """Return what is wrong with a form, as (name, code)."""
    return [(fault.name, fault.code) for fault in read(checklist, fields)[1]]


VALUES = (
    [gate.value for gate in Gate]
    + [reason.value for reason in LeftOut]
    + [
        "met",
        "partly",
        "not",
        "left_out",
        "heard",
        "changed",
        "missing",
        "yes",
        "no",
        "0",
        "1",
        "3",
        "-1",
        "",
        " ",
    ]
    + ["lobby_manager", "teller", "a" * 501, "a\x00b\r\nc", "\ud800", "９", "1" * 5000, "f" * 64]
)


def postings(checklist: Checklist) -> st.SearchStrategy[list[tuple[str, object]]]:
    """Return random posted fields, mostly of this checklist's form."""
    known = [field.name for section in checklist.sections for field in names(section)]
    known += [field.name for field in deduction_names(checklist)]
    value = st.sampled_from(VALUES) | st.text(max_size=20)
    strange = st.none() | st.integers() | st.lists(st.none() | value, max_size=4)
    return st.lists(st.tuples(st.sampled_from(known) | st.text(max_size=10), value | strange), max_size=60)


@st.composite
def plausible_fields(draw: st.DrawFn, checklist: Checklist) -> Fields:
    """Return a form in which any field holds one of the values that it can have, or nothing."""
    fields: Fields = {}
    for section in checklist.sections:
        for field in names(section):
            if draw(st.integers(0, 9)):
                choices = _choices(field.name, section)
                chosen = draw(st.sampled_from(choices))
                fields[field.name] = [chosen] if field.arity is Arity.MANY else chosen
    return fields


def _choices(name: str, section: Section) -> list[str]:
    last = name.rpartition(".")[2]
    reasons = [reason.value for reason in LeftOut if reason is not LeftOut.NOT_SAID]
    by_ending = {
        "gate": ["occurred", "occurred", "nobody_acted", "did_not_occur"],
        "gate_reason": reasons,
        "left": reasons,
        "role": list(section.roles),
        "words": ["没有起身", ""],
        "gate_words": ["没有开门", ""],
        "why": ["0", "1", "2"],
        "photos": ["a" * 64, "b" * 64],
        "of": ["0", "1", "4"],
        "met": ["0", "1"],
        "partly": ["0", "1", ""],
    }
    if last.startswith("el"):
        return ["heard", "changed", "missing", "missing", "missing"]
    is_item_of_many_fields = any(
        item.code == name and (item.kind is Kind.PHRASE or item.counted is not None) for item in section.items
    )
    return by_ending.get(
        last, ["", "", "left_out"] if is_item_of_many_fields else ["met", "partly", "not", "left_out"]
    )
