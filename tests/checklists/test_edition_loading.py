"""Editions as folders of YAML files: what is read, and faults that span places."""

from pathlib import Path

from checklists.edition_loading import Fault, load_edition
from checklists.handbook import Edition, Kind, Mode, Occasion, Origin, Provenance, Rendering, Text
from tests.checklists.edition_files import E1, F1, F2, HEAD, ROLES, SOUND, faults_of, write


def load(folder: Path, **changed: str) -> Edition:
    """Load the sound edition with some files changed, by the part of their names before the dot."""
    return load_edition(write(folder, SOUND | {f"{name}.yaml": text for name, text in changed.items()}))


def test_an_edition_is_read_with_every_field(tmp_path: Path) -> None:
    edition = load(tmp_path)

    assert (edition.number, edition.language, edition.title.in_language("en")) == ("7", "zh-Hans", "Handbook")
    assert [role.code for role in edition.roles] == ["lobby_manager", "teller", "branch_head"]
    assert [(flow.code, flow.standing) for flow in edition.flows] == [
        ("F1", False),
        ("F2", False),
        ("E1", True),
    ]
    first = edition.flows[0].situations[0]
    assert (first.number, first.name.own, first.cue.own) == (1, "问候", "客户进门。")
    assert (first.provenance, first.occasion, first.needs_account) == (Provenance.SOURCE, Occasion.WAIT, True)
    assert first.excludes == (3,)
    assert [point.own for point in first.key_points] == ["热情。"]
    assert first.instruction(Mode.OPEN).own == "看门口。"
    action, phrase, delivery = first.clauses
    assert (action.code, action.kind, action.counts_people) == ("S01.A1", Kind.ACTION, True)
    assert action.guidance == Text(
        "看一眼，算部分达标。", (Rendering("en", "One glance is partly met.", Origin.TRANSLATED),)
    )
    assert [chip.own for chip in action.shortfalls] == ["看别处"]
    assert [wording.own for wording in phrase.wordings] == ["您好！"]
    assert [element.in_language("en") for element in phrase.elements] == ["Hello"]
    assert (delivery.kind, delivery.guidance) == (Kind.DELIVERY, None)


def test_a_situation_takes_over_what_its_flow_says_of_roles(tmp_path: Path) -> None:
    first = load(tmp_path).flows[0].situations[0]

    assert (first.lead, first.lead_provenance) == ("lobby_manager", Provenance.DERIVED)
    assert (first.performs, first.manages, first.leads_with) == (("lobby_manager", "teller"), (), ())


def test_what_a_situation_says_of_roles_goes_before_its_flow(tmp_path: Path) -> None:
    second = load(tmp_path).flows[0].situations[1]

    assert (second.lead, second.lead_provenance) == ("teller", Provenance.SOURCE)
    assert (second.performs, second.manages) == (("teller",), ("branch_head",))
    assert second.leads_with == ("lobby_manager",)


def test_a_lead_is_the_handbooks_where_nothing_else_is_said(tmp_path: Path) -> None:
    assert load(tmp_path).flows[1].situations[0].lead_provenance is Provenance.SOURCE


def test_a_clause_has_its_situations_provenance_unless_it_says_otherwise(tmp_path: Path) -> None:
    clauses = load(tmp_path).flows[0].situations[0].clauses

    assert [clause.provenance for clause in clauses] == [
        Provenance.SOURCE,
        Provenance.DERIVED,
        Provenance.SOURCE,
    ]


def test_modes_follow_the_kind_unless_the_clause_says_otherwise(tmp_path: Path) -> None:
    edition = load(tmp_path)
    action, phrase, delivery = edition.flows[0].situations[0].clauses
    condition = edition.flows[2].situations[0].clauses[0]

    assert action.modes == condition.modes == (Mode.MYSTERY, Mode.OPEN, Mode.VIDEO)
    assert phrase.modes == (Mode.MYSTERY, Mode.OPEN, Mode.PHONE)
    assert delivery.modes == (Mode.MYSTERY, Mode.OPEN)


def test_without_translations_a_plain_text_will_do(tmp_path: Path) -> None:
    head = """\
number: "8"
language: zh-Hans
title: 手册
roles: [{code: teller, name: 柜员}]
flows: [F1]
"""
    flow = """\
code: F1
name: 告别
description: 送走客户。
lead: teller
performs: [teller]
situations:
  - number: 1
    name: 告别
    cue: 客户离开。
    provenance: derived
    occasion: always
    clauses: [{code: S01.A1, kind: action, text: 起身, question: 起身}]
"""

    edition = load_edition(write(tmp_path, {"edition.yaml": head, "F1.yaml": flow}))

    assert edition.flows[0].situations[0].clauses[0].text == Text("起身")


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        SOUND
        | {
            "F1.yaml": F1.replace("occasion: wait", "occasion: never").replace(", en: Walks ahead", ""),
            "F2.yaml": F2.replace("S03.A1", "S09.A1"),
        },
    )

    faults = faults_of(folder)

    assert [(fault.file, fault.line) for fault in faults] == [
        ("F1.yaml", 14),
        ("F1.yaml", 58),
        ("F2.yaml", 13),
    ]
    assert str(faults[2]).startswith("F2.yaml:13: code S09.A1 should be S03.A and a number")


def test_a_fault_in_a_flows_default_is_told_once_for_all_its_situations(tmp_path: Path) -> None:
    folder = write(
        tmp_path, SOUND | {"F1.yaml": F1.replace("performs: [lobby_manager,", "performs: [guard,", 1)}
    )

    faults = faults_of(folder)

    assert [(fault.file, fault.line) for fault in faults] == [("F1.yaml", 8), ("F1.yaml", 8)]


def test_a_gap_in_the_numbers_is_told_at_the_number_after_it(tmp_path: Path) -> None:
    folder = write(tmp_path, SOUND | {"F2.yaml": F2.replace("number: 3", "number: 4").replace("S03", "S04")})

    faults = faults_of(folder)

    assert Fault("F2.yaml", 7, "number 3 is missing before 4") in faults


def test_a_number_that_stands_twice_is_told_at_the_second(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, SOUND | {"F2.yaml": F2.replace("number: 3", "number: 2")}))

    assert Fault("F2.yaml", 7, "number 2 stands twice") in faults


def test_numbers_begin_at_1(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, SOUND | {"F1.yaml": F1.replace("number: 1", "number: 0")}))

    assert Fault("F1.yaml", 10, "number 0 is out of order: it stands after 0") in faults


def test_an_unknown_lead_is_told_where_the_lead_stands(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, SOUND | {"F2.yaml": F2.replace("lead: teller", "lead: guard")}))

    assert faults == (
        Fault("F2.yaml", 4, f"guard is no staff role of this edition; they are {ROLES}"),
        Fault("F2.yaml", 5, "guard leads, but is not in performs"),
    )


def test_numbers_that_run_back_are_told(tmp_path: Path) -> None:
    swapped = HEAD.replace("[F1, F2, E1]", "[F2, F1, E1]")

    faults = faults_of(write(tmp_path, SOUND | {"edition.yaml": swapped}))

    assert Fault("F1.yaml", 10, "number 1 is out of order: it stands after 3") in faults


def test_a_number_from_901_on_needs_a_standing_flow(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, SOUND | {"F2.yaml": F2.replace("number: 3", "number: 903")}))

    assert Fault("F2.yaml", 7, "number 903 should be below 901: the flow is no standing one") in faults


def test_two_standing_situations_do_not_share_their_codes_beginning(tmp_path: Path) -> None:
    second = E1[E1.index("  - number: 901") :].replace("901", "902").replace("E01.C1", "E01.C2")

    faults = faults_of(write(tmp_path, SOUND | {"E1.yaml": E1 + second}))

    assert faults == (Fault("E1.yaml", 24, "code E01.C2 begins like those of situation 901"),)


def test_a_flow_without_a_file_is_told_where_it_is_listed(tmp_path: Path) -> None:
    files = {name: written for name, written in SOUND.items() if name != "E1.yaml"}

    faults = faults_of(write(tmp_path, files))

    assert faults == (
        Fault("edition.yaml", 9, "flow E1 has no file: E1.yaml should stand beside edition.yaml"),
    )


def test_numbers_behind_a_flow_that_cannot_be_read_are_no_gap(tmp_path: Path) -> None:
    files = {name: written for name, written in SOUND.items() if name != "F1.yaml"}

    faults = faults_of(write(tmp_path, files))

    assert [fault.file for fault in faults] == ["edition.yaml"]


def test_a_file_that_no_flow_names_is_told(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, SOUND | {"F9.yaml": F2}))

    assert faults == (
        Fault("edition.yaml", 9, "F9.yaml stands beside edition.yaml, but flows does not name it"),
    )


def test_a_folder_without_a_head_is_told(tmp_path: Path) -> None:
    faults = faults_of(tmp_path)

    assert faults == (Fault("edition.yaml", 1, "the file cannot be read: No such file or directory"),)


def test_a_file_in_another_encoding_is_told_at_its_first_odd_byte(tmp_path: Path) -> None:
    folder = write(tmp_path, SOUND)
    (folder / "F2.yaml").write_bytes(F2.encode("gb18030"))

    faults = faults_of(folder)

    assert faults == (Fault("F2.yaml", 2, "the file is no text in UTF-8"),)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, SOUND | {"E1.yaml": "# nothing yet\n"}))

    assert faults == (Fault("E1.yaml", 1, "the file is empty"),)


def test_an_edition_without_flows_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, {"edition.yaml": HEAD.replace("[F1, F2, E1]", "[]")})

    assert faults_of(folder) == (
        Fault("edition.yaml", 9, "flows is empty: an edition has at least one flow"),
    )


def test_an_edition_without_a_language_is_not_read_further(tmp_path: Path) -> None:
    folder = write(tmp_path, SOUND | {"edition.yaml": HEAD.replace("language: zh-Hans\n", "")})

    assert faults_of(folder) == (Fault("edition.yaml", 1, "language is missing"),)
