"""An edition as JSON."""

import json

import pytest

from checklists.edition_loading import shipped_edition
from checklists.files.handbook_json import edition_as_json
from checklists.json_values import compact_json
from tests.checklists.editions import made_up_edition


def test_an_edition_is_shown_with_roles_flows_situations_and_clauses() -> None:
    edition = json.loads(compact_json(edition_as_json(shipped_edition(), "zh-Hans")))

    assert (edition["edition"], edition["language"]) == ("1", "zh-Hans")
    assert edition["roles"][0] == {"code": "lobby_manager", "name": "大堂经理"}
    assert len(edition["flows"]) == 8
    flow = edition["flows"][1]
    assert (flow["code"], flow["name"], flow["standing"]) == ("F2", "业务咨询", False)
    situation = flow["situations"][1]
    assert {key: situation[key] for key in ("number", "name", "provenance", "lead", "lead_provenance")} == {
        "number": 6,
        "name": "主动询问客户",
        "provenance": "source",
        "lead": "lobby_manager",
        "lead_provenance": "source",
    }
    assert (situation["leads_with"], situation["manages"]) == ([], [])
    assert situation["performs"] == ["lobby_manager", "customer_manager", "security_guard"]
    assert situation["occasion"] == "wait"
    assert set(situation["instructions"]) == {"mystery", "open", "video"}


def test_a_phrase_is_shown_with_its_wordings_and_elements_and_no_other_clause_has_them() -> None:
    edition = json.loads(compact_json(edition_as_json(shipped_edition(), "zh-Hans")))

    phrase, action = edition["flows"][1]["situations"][1]["clauses"][:2]
    assert {key: phrase[key] for key in ("code", "kind", "provenance", "wordings", "elements", "modes")} == {
        "code": "S06.P1",
        "kind": "phrase",
        "provenance": "source",
        "wordings": ["您好，请问您需要什么帮助？"],
        "elements": ["您好", "请问您需要什么帮助"],
        "modes": ["mystery", "open"],
    }
    assert (action["code"], action["kind"]) == ("S06.A1", "action")
    assert action["shortfalls"] == ["隔着柜台说", "边走边说", "坐着没起身"]
    assert not {"wordings", "elements"} & set(action)


@pytest.mark.parametrize(
    ("language", "name"),
    [("zh-Hans", "大堂经理"), ("en", "Lobby manager"), ("zh-Hant", "大堂經理"), ("fr", "大堂经理")],
)
def test_texts_are_in_the_language_asked_for_or_else_in_the_editions_own(language: str, name: str) -> None:
    edition = json.loads(compact_json(edition_as_json(shipped_edition(), language)))

    assert edition["language"] == language
    assert edition["roles"][0]["name"] == name


def test_a_standing_flow_says_so() -> None:
    edition = json.loads(compact_json(edition_as_json(made_up_edition(), "zh-Hans")))

    assert {flow["code"] for flow in edition["flows"] if flow["standing"]} == {
        flow.code for flow in made_up_edition().flows if flow.standing
    }
