"""A checklist as JSON."""

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.files.checklist_json import checklist_as_json, checklist_document, read_checklist
from checklists.handbook import Mode
from checklists.json_values import DocumentError, compact_json
from tests.checklists.editions import made_up_checklist


def test_a_checklist_is_shown_in_one_language_with_exact_weights_as_text() -> None:
    checklist = made_up_checklist(flows=(), situations=(6,))

    shown = json.loads(compact_json(checklist_as_json(checklist, "zh-Hans")))

    assert shown["edition"] == "7"
    assert (shown["recipe"], shown["mode"], shown["minutes"]) == ("made_up", "mystery", checklist.minutes)
    assert shown["hash"] == checklist.hash
    section = shown["sections"][0]
    assert (section["flow"], section["situation"]) == ("F2", 6)
    assert section["instruction"] == "情景6，照这样做"
    assert section["roles"] == ["lobby_manager", "security_guard"]
    assert {key: section["items"][2][key] for key in ("code", "kind", "question", "weight", "veto")} == {
        "code": "S06.A2",
        "kind": "action",
        "question": "S06.A2 的问题",
        "weight": "3/2",
        "veto": None,
    }
    assert shown["left_out"][0] == {"code": "S01.A1", "reason": "not_asked_for"}


def test_a_checklist_can_be_shown_in_another_language_under_the_same_hash() -> None:
    checklist = made_up_checklist()

    english = checklist_as_json(checklist, "en")

    assert english["title"] == "样例方案 in English"
    assert (english["language"], english["hash"]) == ("en", checklist.hash)


@pytest.mark.parametrize("mode", Mode)
def test_a_stored_checklist_comes_back_whole(mode: Mode) -> None:
    checklist = made_up_checklist(mode=mode)

    stored = compact_json(checklist_document(checklist))

    assert read_checklist(json.loads(stored)) == checklist


def test_the_same_checklist_is_written_with_the_same_bytes() -> None:
    once, again = made_up_checklist(), made_up_checklist()

    assert compact_json(checklist_document(once)) == compact_json(checklist_document(again))
    assert compact_json(checklist_as_json(once, "en")) == compact_json(checklist_as_json(again, "en"))


def test_a_stored_checklist_that_was_touched_is_refused() -> None:
    document = json.loads(compact_json(checklist_document(made_up_checklist())))
    document["veto_cap"] = 10_000

    with pytest.raises(DocumentError, match="has another hash"):
        read_checklist(document)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("checklist_version", 9, "document.checklist_version is '9', but should be 1"),
        ("mode", "letter", "document.mode is 'letter', but should be one of mystery, open, phone, video"),
        ("sections", None, "document.sections is 'None', but should be a list"),
        ("veto_cap", "x", "document.veto_cap is 'x', but should be a whole number"),
        ("title", 5, "document.title is '5', but should be a list"),
        ("title", [], "document.title is '[]', but should be a text, or a list of its renderings"),
        (
            "scale",
            {"partly": "1/0"},
            "document.scale.partly is '1/0', but should be an exact number such as 1/2",
        ),
    ],
)
def test_a_document_of_another_form_is_refused_with_the_place(key: str, value: object, sentence: str) -> None:
    document = {**checklist_document(made_up_checklist()), key: value}

    with pytest.raises(DocumentError) as error:
        read_checklist(document)

    assert str(error.value) == sentence


@given(st.data())
def test_a_document_with_any_member_lost_is_refused_or_reads_as_the_same(data: st.DataObject) -> None:
    checklist = made_up_checklist(flows=(), situations=(6,))
    document = copy.deepcopy(json.loads(compact_json(checklist_document(checklist))))
    section = document["sections"][0]
    part = data.draw(st.sampled_from([document, section, section["items"][0]]))
    lost = data.draw(st.sampled_from(sorted(part)))
    part.pop(lost)

    try:
        found = read_checklist(document)
    except DocumentError:
        return
    assert replace(found, minutes=checklist.minutes) == checklist
