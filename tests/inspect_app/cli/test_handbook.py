"""`inspect-app handbook show`."""

import json
from pathlib import Path
from typing import TypedDict

import pytest

from tests.inspect_app.cli.running import run


class ClauseShown(TypedDict):
    """A clause, as far as it is looked at here."""

    code: str
    kind: str
    text: str
    provenance: str


class SituationShown(TypedDict):
    """A situation, as far as it is looked at here."""

    number: int
    provenance: str
    lead: str
    clauses: list[ClauseShown]


class FlowShown(TypedDict):
    """A flow, as far as it is looked at here."""

    code: str
    situations: list[SituationShown]


class RoleShown(TypedDict):
    """A staff role."""

    code: str
    name: str


class EditionShown(TypedDict):
    """The edition, as far as it is looked at here."""

    language: str
    roles: list[RoleShown]
    flows: list[FlowShown]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> EditionShown:
    """Return what the command shows as JSON."""
    shown: EditionShown = json.loads(
        run(tmp_path_factory.mktemp("handbook"), "handbook", "show", "--json").stdout
    )
    return shown


def situations_of(edition: EditionShown) -> list[SituationShown]:
    """Return all situations."""
    return [situation for flow in edition["flows"] for situation in flow["situations"]]


def test_there_are_eight_flows_and_the_situations_1_to_47(edition: EditionShown) -> None:
    assert [flow["code"] for flow in edition["flows"]] == [f"F{number}" for number in range(1, 9)]
    assert sorted(situation["number"] for situation in situations_of(edition)) == list(range(1, 48))


def test_situations_1_to_10_and_22_to_38_are_the_handbooks_and_all_others_derived(
    edition: EditionShown,
) -> None:
    from_source = {s["number"] for s in situations_of(edition) if s["provenance"] == "source"}
    derived = {s["number"] for s in situations_of(edition) if s["provenance"] == "derived"}

    assert from_source == {*range(1, 11), *range(22, 39)}
    assert derived == {*range(1, 48)} - from_source


def test_the_phrase_of_situation_38_is_derived(edition: EditionShown) -> None:
    situation = next(s for s in situations_of(edition) if s["number"] == 38)

    phrases = [clause for clause in situation["clauses"] if clause["kind"] == "phrase"]
    assert [phrase["provenance"] for phrase in phrases] == ["derived"] * len(phrases) != []


def test_every_situation_has_an_action_and_one_lead_among_the_roles(edition: EditionShown) -> None:
    roles = {role["code"] for role in edition["roles"]}

    for situation in situations_of(edition):
        assert situation["lead"] in roles
        assert "action" in {clause["kind"] for clause in situation["clauses"]}


def test_english_is_shown_on_request(tmp_path: Path) -> None:
    shown = json.loads(run(tmp_path, "handbook", "show", "--json", "--lang", "en").stdout)

    assert shown["language"] == "en"
    assert shown["roles"][0]["name"] == "Lobby manager"


def test_without_json_it_is_shown_to_be_read(tmp_path: Path) -> None:
    finished = run(tmp_path, "handbook", "show")

    assert finished.returncode == 0
    assert finished.stdout.startswith("网点服务手册 · 第 1 版\n")
    assert "情景 6" in finished.stdout


def test_traditional_chinese_is_shown_in_the_words_of_the_source(tmp_path: Path) -> None:
    finished = run(tmp_path, "handbook", "show", "--lang", "zh-Hant")

    assert finished.returncode == 0
    assert finished.stdout.startswith("網點服務手冊 · 第 1 版\n")
    assert "「請到2號櫃臺辦理」" in finished.stdout


def test_a_word_that_no_command_knows_is_a_typing_error(tmp_path: Path) -> None:
    assert run(tmp_path, "handbook", "show", "--lang", "fr").returncode == 2
    assert run(tmp_path, "handbok").returncode == 2
