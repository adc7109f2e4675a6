"""The lines of a data export: written, read, and refused."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.export import export_lines
from reports.export_reading import ExportError, LineProblem, read_export
from reports.stated_scores import Part, Total
from tests.reports.export_examples import MISSING, VISIT, WAVE, line
from tests.reports.waves import made_up_wave

FINGERPRINT = "0123456789abcdef" * 4
EXACT = 'an exact number as a text, such as "2" or "1/2"'
SECTION, ITEM = "sections.0", "sections.0.items.0"


def problems(*lines: str) -> list[str]:
    """Return what is wrong with the lines, as it is told."""
    with pytest.raises(ExportError) as refused:
        read_export(lines)
    return [str(problem) for problem in refused.value.problems]


def test_the_lines_of_the_interface_are_written_as_they_were_read() -> None:
    over_par = [("rank_by", "over_par"), ("fingerprint", FINGERPRINT), ("pars", {"6": "9125/1", "7": "20/3"})]
    wave = line(WAVE, ("previous", {"code": "2026Q2", "ranking": 2}), *over_par)

    written = list(export_lines(read_export([wave, line(VISIT)])))

    assert [json.loads(text) for text in written] == [json.loads(wave), json.loads(VISIT)]


def test_keys_stand_in_the_order_of_the_interface() -> None:
    wave, visit = export_lines(read_export([line(WAVE, ("fingerprint", FINGERPRINT)), line(VISIT)]))

    assert list(json.loads(wave)) == [
        *("kind", "code", "mode", "opens_on", "closes_on", "min_visits", "rank_by", "ranking", "fingerprint"),
        *("previous", "units", "targets"),
    ]
    assert list(json.loads(visit)) == list(json.loads(VISIT))
    assert list(json.loads(visit)["scores"]) == list(json.loads(VISIT)["scores"])


def test_lines_are_compact_and_keep_chinese_names() -> None:
    wave, *_ = export_lines(read_export([line(WAVE)]))

    assert '"name":"城东","kind":"基础"},"region":["HO","R01"]}' in wave


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**40))
def test_what_was_written_reads_as_what_it_was_written_from(seed: int) -> None:
    export = read_export(made_up_wave(seed))

    written = list(export_lines(export))
    again = read_export(written)

    assert again.head.wave.regions == export.head.wave.regions
    assert set(again.head.wave.targets) == set(export.head.wave.targets)
    assert sorted(again.visits, key=lambda visit: visit.visit) == sorted(
        export.visits, key=lambda visit: visit.visit
    )
    assert list(export_lines(again)) == written


def test_visits_are_written_by_branch_and_id_whenever_they_were_made() -> None:
    targets = [
        {"branch": {"code": code, "name": "", "kind": ""}, "region": ["HO"]} for code in ("0102", "0101")
    ]
    wave = line(WAVE, ("targets", targets))
    visits = [("0102", "v1"), ("0101", "v3"), ("0101", "v2")]

    written = export_lines(
        read_export([wave, *(line(VISIT, ("branch", code), ("visit", visit)) for code, visit in visits)])
    )

    order = [json.loads(text).get("visit") for text in written]
    assert order == [None, "v2", "v3", "v1"]


def test_unknown_keys_empty_lines_and_a_byte_order_mark_are_passed_over() -> None:
    wave = "\ufeff" + line(WAVE, ("colour", "red"))
    visit = line(VISIT, ("sections.0.items.0.question", "…"), ("sections.0.minutes", 3), ("scores.extra", {}))

    export = read_export([wave, "", visit, "  \n"])

    assert len(export.visits) == 1


@pytest.mark.parametrize(
    "key", ["scores", "scores.visit", "scores.flows", "scores.low", "scores.vetoes_failed"]
)
def test_scores_and_any_key_of_them_may_be_missing(key: str) -> None:
    export = read_export([line(WAVE), line(VISIT, (key, MISSING))])

    stated = export.visits[0].scores
    assert stated is None or len(stated.totals) + len(stated.parts) == 12


def test_a_null_in_a_part_is_as_good_as_absent() -> None:
    export = read_export([line(WAVE), line(VISIT, ("scores.flows", {"F2": None, "F3": 10}))])

    stated = export.visits[0].scores
    assert stated is not None
    assert stated.totals[Total.DELIVERY] is None
    assert stated.parts[Part.FLOWS] == {"F3": 10}


def test_every_problem_of_every_line_is_named_with_its_line() -> None:
    wave = line(WAVE, ("mode", "secret"), ("closes_on", "20.9.2026"), ("min_visits", 0))
    visit = line(VISIT, ("revision", "1"), ("sections.0.items.1.weight", 2), ("scores.low", "low"))

    assert problems(wave, "", "{", visit) == [
        "line 1: mode is 'secret', but should be one of mystery, open, phone, video",
        "line 1: closes_on is '20.9.2026', but should be a day such as 2026-07-01",
        "line 1: min_visits is 0, but should be a whole number from 1 up",
        "line 3: the line is not JSON: Expecting property name enclosed in double quotes: line 1 "
        "column 2 (char 1)",
        "line 4: sections[0].items[1].weight is 2, but should be an exact number as a text, such as "
        '"2" or "1/2"',
        "line 4: revision is '1', but should be a whole number from 1 up",
        "line 4: scores.low is 'low', but should be hundredths of a point as a whole number, or null",
    ]


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("code", MISSING, "code is missing or null, but should be a text"),
        ("code", "", "code is '', but should be a text"),
        ("opens_on", "2026-02-30", "opens_on is '2026-02-30', but should be a day of the calendar"),
        ("opens_on", "2027-01-01", "it closes on 2026-09-20, before it opens on 2027-01-01"),
        ("rank_by", "luck", "rank_by is 'luck', but should be one of score, over_par"),
        ("ranking", True, "ranking is True, but should be a whole number from 1 up"),
        (
            "fingerprint",
            "7F" * 32,
            f"fingerprint is '{'7F' * 28}..., but should be 64 hexadecimal digits in small letters",
        ),
        ("previous", "2026Q2", "previous is '2026Q2', but should be an object"),
        (
            "previous",
            {"code": "Q"},
            "previous.ranking is missing or null, but should be a whole number from 1 up",
        ),
        ("pars", [1], "pars is [1], but should be an object"),
        ("pars", {"six": "1/2"}, "pars.six should stand under a situation's number"),
        (
            "pars",
            {"6": "1/0"},
            'pars.6 is \'1/0\', but should be an exact number as a text, such as "2" or "1/2"',
        ),
        ("units", {}, "units is {}, but should be a list"),
        ("units.1.parent", None, "exactly one region is the root and has no parent, but here it is HO, R01"),
        ("targets.0.region", ["R01"], "branch 0101 lies in R01, which does not run from the root down"),
        ("targets.0.branch", "0101", "targets[0].branch.code is missing or null, but should be a text"),
    ],
)
def test_a_fault_in_the_waves_line_is_told_with_its_place(path: str, value: object, sentence: str) -> None:
    assert problems(line(WAVE, (path, value)))[0] == f"line 1: {sentence}"


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("kind", "ticket", "kind is 'ticket', but should be \"visit\"; only the first line is a wave's"),
        ("wave", "2026Q2", "wave is 2026Q2, but the first line is of wave 2026Q3"),
        ("branch", "0999", "branch 0999 is not among the wave's targets"),
        ("rules_version", 1, "rules_version is 1, but should be a text"),
        ("veto_cap", 5900.5, "veto_cap is 5900.5, but should be a whole number from 0 up"),
        ("veto_cap", 10001, "veto cap 10001 is not between 0 and 10000 hundredths of a point"),
        ("sections", None, "sections is missing or null, but should be a list"),
        (SECTION, "F2", "sections[0] is 'F2', but should be an object"),
        (f"{SECTION}.gate", "open", "sections[0].gate is 'open', but should be one of occurred, nobody"),
        (f"{SECTION}.standing", 0, "sections[0].standing is 0, but should be true or false"),
        (f"{SECTION}.flow_weight", "-1", f"sections[0].flow_weight is '-1', but should be {EXACT}"),
        (f"{SECTION}.flow_weight", "0", "sections[0]: situation 6: the weights 0 of its flow and 1 of"),
        (f"{SECTION}.role", None, "sections[0]: situation 6: it occurred, but no role is said to have"),
        (ITEM, [], "sections[0].items[0] is [], but should be an object"),
        (f"{ITEM}.credit", 0.5, f"sections[0].items[0].credit is 0.5, but should be {EXACT}"),
        (f"{ITEM}.credit", "1e9999999", f"sections[0].items[0].credit is '1e9999999', but should be {EXACT}"),
        (f"{ITEM}.credit", "3/2", "sections[0].items[0]: item S06.A1: credit 3/2 is not between 0 and 1"),
        (f"{ITEM}.credit", None, "sections[0].items[0]: item S06.A1: neither a credit nor a reason for"),
        (f"{ITEM}.left_out", "other", "sections[0].items[0]: item S06.A1: has a credit and is left out as"),
        (f"{ITEM}.left_out", "tired", "sections[0].items[0].left_out is 'tired', but should be one of did_"),
        (f"{ITEM}.veto", "all", "sections[0].items[0].veto is 'all', but should be one of situation, role,"),
        (f"{ITEM}.code", "S06.P1", "item S06.P1 stands twice in one inspection"),
        ("deductions.0.points", -1, "deductions[0].points is -1, but should be a whole number from 0 up"),
        ("scores", 9, "scores is 9, but should be an object"),
        ("scores.flows", 9, "scores.flows is 9, but should be an object"),
        ("scores.roles", {"teller": "1"}, "scores.roles.teller is '1', but should be hundredths of a point"),
        ("scores.situations", {"six": 1}, "scores.situations.six should be under a situation's number"),
        ("scores.vetoes_failed", None, "scores.vetoes_failed is None, but should be a whole number"),
    ],
)
def test_a_fault_in_a_visits_line_is_told_with_its_place(path: str, value: object, sentence: str) -> None:
    assert [
        told.startswith(f"line 2: {sentence}") for told in problems(line(WAVE), line(VISIT, (path, value)))
    ] == [True]


def test_the_first_line_is_the_waves() -> None:
    assert problems(line(VISIT)) == ['line 1: the first line should be the wave\'s, with "kind": "wave"']


def test_a_file_without_lines_is_refused() -> None:
    assert problems("", "\n") == ["line 1: there is nothing here; the first line should be the wave's"]


def test_a_second_wave_is_refused() -> None:
    assert problems(line(WAVE), line(WAVE)) == [
        "line 2: kind is 'wave', but should be \"visit\"; only the first line is a wave's"
    ]


def test_a_visit_that_stands_twice_is_refused() -> None:
    assert problems(line(WAVE), line(VISIT), line(VISIT, ("revision", 2))) == [
        "line 3: visit v1 stands on line 2 already; each counts once"
    ]


def test_a_line_that_is_no_object_or_nested_without_end_is_refused() -> None:
    assert problems(line(WAVE), "[1]", "[" * 100_000) == [
        "line 2: the line should be a JSON object, in braces",
        "line 3: the line is nested more deeply than any line of an export",
    ]


def test_a_later_ranking_by_over_par_needs_the_frozen_pars() -> None:
    wave = line(WAVE, ("rank_by", "over_par"), ("ranking", 2))

    assert problems(wave) == [
        "line 1: pars is missing, but ranking 2 is made with the pars that ranking 1 froze"
    ]


def test_a_fault_of_the_wave_does_not_make_faults_of_its_visits() -> None:
    wave = line(WAVE, ("targets", None))

    assert problems(wave, line(VISIT)) == ["line 1: targets is missing or null, but should be a list"]


def test_a_problem_says_its_line() -> None:
    assert str(LineProblem(3, "it is wrong")) == "line 3: it is wrong"
