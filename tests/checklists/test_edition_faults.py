"""Every rule for an edition's files: broken once, the fault is told with file and line."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from checklists.edition_loading import Fault
from tests.checklists.edition_files import E1, ROLES, SOUND, faults_of, write


@dataclass(frozen=True, slots=True)
class Case:
    """A change to a sound edition and the one fault it makes.

    Attributes:
        rule: what the case is about; its name in the test's report.
        old: what is replaced where it first stands; it must be there.
        at: the changed file's first line that holds this is the fault's.
    """

    rule: str
    file: str
    old: str
    new: str
    at: str
    sentence: str


HAND = """\
      - code: S02.A2
        kind: action
        text: {zh-Hans: 伸手, en: Holds out a hand}
        question: {zh-Hans: 伸手, en: Held out a hand}
"""
LAST_OF_F1 = "        question: {zh-Hans: 走在前面, en: Walked ahead}\n"

CASES = [
    # Keys and types
    Case(
        "an unknown key", "F2.yaml", "    occasion:", "    ocasion: wait\n    occasion:", "ocasion",
        "situation 3 ocasion is no key; the keys here are number, name, cue, provenance, occasion, "
        "clauses, lead, lead_provenance, leads_with, manages, performs, needs_account, instructions, "
        "key_points, excludes",
    ),
    Case(
        "an unknown key of a flow", "F2.yaml", "lead: teller\n", "leads: teller\nlead: teller\n", "leads",
        "leads is no key; the keys here are code, name, description, situations, standing, key_points, "
        "lead, lead_provenance, leads_with, manages, performs",
    ),
    Case(
        "an unknown key of a clause", "F2.yaml", "        kind:", "        weight: 2\n        kind:",
        "weight",
        "S03.A1 weight is no key; the keys here are code, kind, text, question, provenance, wordings, "
        "elements, guidance, shortfalls, modes, counts_people",
    ),
    Case(
        "an unknown key of the head", "edition.yaml", "flows:", "pages: 3\nflows:", "pages",
        "pages is no key; the keys here are number, language, title, roles, flows, translations",
    ),
    Case(
        "a key that stands twice", "F2.yaml", "    occasion:", "    occasion: wait\n    occasion:",
        "occasion: transaction", "situation 3 occasion stands twice",
    ),
    Case(
        "a missing key", "F2.yaml", "    occasion: transaction\n", "", "number: 3",
        "situation 3 occasion is missing",
    ),
    Case(
        "a missing key of a clause", "F2.yaml", "        question: {zh-Hans: 起身, en: Stood up}\n", "",
        "S03.A1", "S03.A1 question is missing",
    ),
    Case(
        "a missing key of a role", "edition.yaml", ", name: {zh-Hans: 柜员, en: Teller}", "", "teller",
        "roles no. 2 name is missing",
    ),
    Case(
        "a number that is none", "E1.yaml", "number: 901", "number: three", "three",
        "situation three number should be a whole number",
    ),
    Case(
        "a list that is none", "F2.yaml", "performs: [teller]", "performs: teller", "performs",
        "performs should be a list, such as [a, b]",
    ),
    Case(
        "a record that is none", "F2.yaml", "clauses:\n", "clauses:\n      - look\n", "look",
        "situation 3 clauses no. 1 should hold keys and values",
    ),
    Case(
        "a claim that is neither true nor false", "F1.yaml", "needs_account: true", "needs_account: maybe",
        "maybe", "situation 1 needs_account should be true or false",
    ),
    Case(
        "a claim written yes", "F1.yaml", "counts_people: true", "counts_people: yes", "counts_people",
        "S01.A1 counts_people should be true or false",
    ),
    Case(
        "an unknown kind", "F2.yaml", "kind: action", "kind: deed", "deed",
        "S03.A1 kind is 'deed', but should be one of action, phrase, delivery, condition",
    ),
    Case(
        "an unknown provenance", "F2.yaml", "provenance: derived", "provenance: guessed", "guessed",
        "situation 3 provenance is 'guessed', but should be one of source, derived",
    ),
    Case(
        "an unknown occasion", "F2.yaml", "occasion: transaction", "occasion: never", "never",
        "situation 3 occasion is 'never', but should be one of always, wait, bring_about, transaction",
    ),
    Case(
        "an unknown mode", "F1.yaml", "[mystery, open, phone]", "[mystery, letter]", "letter",
        "S01.P1 modes no. 2 is 'letter', but should be one of mystery, open, phone, video",
    ),
    Case(
        "an unknown mode of an instruction", "F1.yaml", "      open: {", "      opem: {", "opem",
        "situation 1 instructions opem is no key; the keys here are mystery, open, phone, video",
    ),
    Case(
        "no mode at all", "F1.yaml", "[mystery, open, phone]", "[]", "modes: []",
        "S01.P1 modes is empty: it can be observed in no mode",
    ),
    Case(
        "a mode named twice", "F1.yaml", "[mystery, open, phone]", "[mystery, mystery]",
        "[mystery, mystery]", "S01.P1 names a mode twice",
    ),
    # Texts
    Case(
        "a missing English rendering", "F2.yaml", ", en: Stands up}", "}", "起身}",
        "S03.A1 text is not given in en",
    ),
    Case(
        "a missing text in the own language", "F2.yaml", "{zh-Hans: 起身, en: Stands up}",
        "{en: Stands up}", "Stands up", "S03.A1 text is not given in zh-Hans",
    ),
    Case(
        "a plain text where translations are asked for", "F2.yaml", "{zh-Hans: 起身, en: Stands up}",
        "起身", "text: 起身", "S03.A1 text should be given by language: {zh-Hans: …, en: …}",
    ),
    Case(
        "an empty text", "F2.yaml", "en: Stands up", 'en: " "', 'en: " "', "S03.A1 text en is empty",
    ),
    Case(
        "a text left out after its language", "F2.yaml", "en: Stands up", "en: ", "en: }",
        "S03.A1 text en is empty",
    ),
    Case(
        "an empty question", "F2.yaml", "question: {zh-Hans: 起身,", 'question: {zh-Hans: "",',
        'zh-Hans: ""', "S03.A1 question zh-Hans is empty",
    ),
    Case(
        "a comma that cuts a text", "F2.yaml", "en: Stands up", "en: Stands, up", "Stands, up",
        "S03.A1 text up is no key; the keys here are zh-Hans, en",
    ),
    Case(
        "a word that YAML takes for no", "F2.yaml", "en: Stands up", "en: no", "en: no",
        "S03.A1 text en should be a text; put what looks like a number in quotes",
    ),
    Case(
        "an edition's number without quotes", "edition.yaml", '"7"', "7", "number: 7",
        "number should be a text; put what looks like a number in quotes",
    ),
    Case(
        "a sign that starts a comment", "F2.yaml", "text: {zh-Hans: 起身, en: Stands up}",
        "text:\n          zh-Hans: 起身\n          en: Stands at #2", "#2",
        "S03.A1 text en ends at the sign #; put the text in quotes",
    ),
    # Numbers
    Case(
        "a standing number below 901", "E1.yaml", "number: 901", "number: 4", "number: 4",
        "number 4 should be from 901: the flow is a standing one",
    ),
    # Codes
    Case(
        "a code of another situation", "F2.yaml", "S03.A1", "S04.A1", "S04.A1",
        "code S04.A1 should be S03.A and a number: it is of kind action in situation 3",
    ),
    Case(
        "a code of another kind", "F2.yaml", "S03.A1", "S03.D1", "S03.D1",
        "code S03.D1 should be S03.A and a number: it is of kind action in situation 3",
    ),
    Case(
        "a code without a number", "F2.yaml", "S03.A1", "S03.A01", "S03.A01",
        "code S03.A01 should be S03.A and a number: it is of kind action in situation 3",
    ),
    Case(
        "a code that stands twice", "F1.yaml", LAST_OF_F1, LAST_OF_F1 + HAND.replace("S02.A2", "S02.A2 "),
        "S02.A2 ", "code S02.A2 stands twice",
    ),
    Case(
        "a standing code that looks like a situation's", "E1.yaml", "E01.C1", "S01.C1", "S01.C1",
        "code S01.C1 should begin like the others of its situation with a capital letter other than S "
        "and two digits, "
        "such as E01",
    ),
    Case(
        "a flow named otherwise than its file", "F2.yaml", "code: F2", "code: F3", "code: F3",
        "code is F3, but the file is named F2.yaml",
    ),
    # Roles
    Case(
        "an unknown staff role that leads", "F1.yaml", "leads_with: [lobby_manager]", "leads_with: [guard]",
        "guard", f"guard is no staff role of this edition; they are {ROLES}",
    ),
    Case(
        "an unknown performer", "F1.yaml", "performs: [teller]", "performs: [teller, guard]", "guard",
        f"guard is no staff role of this edition; they are {ROLES}",
    ),
    Case(
        "an unknown manager", "F1.yaml", "manages: [branch_head]", "manages: [guard]", "guard",
        f"guard is no staff role of this edition; they are {ROLES}",
    ),
    Case(
        "no lead", "F2.yaml", "lead: teller\n", "", "number: 3",
        "situation 3 lead is missing, here and in the flow: exactly one staff role leads",
    ),
    Case(
        "two leads", "F1.yaml", "    lead: teller", "    lead: [teller, lobby_manager]", "lead: [",
        "situation 2 lead should be a text; put what looks like a number in quotes",
    ),
    Case(
        "nobody who performs", "F2.yaml", "performs: [teller]\n", "", "number: 3",
        "situation 3 performs is missing, here and in the flow",
    ),
    Case(
        "a lead who does not perform", "F1.yaml", "    performs: [teller]", "    performs: [lobby_manager]",
        "    performs: [lobby_manager]", "teller leads, but is not in performs",
    ),
    Case(
        "a performer named twice", "F1.yaml", "    performs: [teller]", "    performs: [teller, teller]",
        "[teller, teller]", "teller stands twice in performs",
    ),
    Case(
        "a lead named beside itself", "F1.yaml", "leads_with: [lobby_manager]", "leads_with: [teller]",
        "leads_with", "teller leads, and need not stand in leads_with",
    ),
    Case(
        "a staff role that stands twice", "edition.yaml", "flows:",
        "  - {code: teller, name: {zh-Hans: 柜台, en: Counter}}\nflows:", "柜台",
        "staff role teller stands twice",
    ),
    # What the kinds need
    Case(
        "a phrase without wordings", "F1.yaml",
        "        wordings:\n          - {zh-Hans: 您好！, en: Hello!}\n", "", "S01.P1",
        "S01.P1 is a phrase and has no wordings",
    ),
    Case(
        "a phrase without elements", "F1.yaml",
        "        elements:\n          - {zh-Hans: 您好, en: Hello}\n", "", "S01.P1",
        "S01.P1 is a phrase and has no elements",
    ),
    Case(
        "an action with elements", "F2.yaml", "        kind: action\n",
        "        kind: action\n        elements: [{zh-Hans: 起, en: Up}]\n", "elements",
        "S03.A1 is of kind action; only a phrase has elements",
    ),
    Case(
        "a delivery with wordings", "F1.yaml", "        kind: delivery\n",
        "        kind: delivery\n        wordings: [{zh-Hans: 好, en: Good}]\n", "wordings: [",
        "S01.D1 is of kind delivery; only a phrase has wordings",
    ),
    Case(
        "a condition outside a standing flow", "F1.yaml", LAST_OF_F1,
        LAST_OF_F1 + HAND.replace("S02.A2", "S02.C1").replace("action", "condition"), "condition",
        "S02.C1 is a condition; these stand in standing flows only",
    ),
    Case(
        "a situation without an action", "F2.yaml", "S03.A1\n        kind: action",
        "S03.D1\n        kind: delivery", "    clauses:", "situation 3 has no clause of kind action",
    ),
    Case(
        "a standing situation without a clause", "E1.yaml", E1[E1.index("    clauses:") :],
        "    clauses: []\n", "clauses: []", "situation 901 has no clause",
    ),
    Case(
        "two questions in one", "F2.yaml", "question: {zh-Hans: 起身,",
        "question: {zh-Hans: 起身了吗？笑了吗？,", "笑了吗",
        "S03.A1 question seems to ask two things at once (？笑了吗？); make it two clauses",
    ),
    Case(
        "two demands in one question", "F2.yaml", "question: {zh-Hans: 起身,",
        "question: {zh-Hans: 起身并且微笑,", "微笑",
        "S03.A1 question seems to ask two things at once (并且); make it two clauses",
    ),
    Case(
        "two things asked after", "F2.yaml", "question: {zh-Hans: 起身,",
        "question: {zh-Hans: 站姿和目光好吗？,", "目光",
        "S03.A1 question seems to ask two things at once (和目光好吗); make it two clauses",
    ),
    Case(
        "two questions in English", "F2.yaml", "en: Stood up}", "en: Up? Smiled?}", "Smiled",
        "S03.A1 question seems to ask two things at once (? Smiled?); make it two clauses",
    ),
    # Exclusions
    Case(
        "an excluded situation that there is not", "F1.yaml", "excludes: [3]", "excludes: [8]", "excludes",
        "situation 8 is excluded, but there is none of that number",
    ),
    Case(
        "a situation that excludes itself", "F1.yaml", "excludes: [3]", "excludes: [1]", "excludes",
        "situation 1 excludes itself",
    ),
    # Files
    Case(
        "a flow listed twice", "edition.yaml", "[F1, F2, E1]", "[F1, F2, F2, E1]", "flows",
        "flow F2 stands twice",
    ),
    Case(
        "a file that is no YAML", "E1.yaml", "standing: true", "standing: true: false", "standing",
        "this is no YAML: mapping values are not allowed in this context",
    ),
    Case(
        "a flow without a situation", "E1.yaml", E1[E1.index("situations:") :], "situations: []\n",
        "situations", "flow E1 has no situation",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_fault_is_told_with_file_and_line(case: Case, tmp_path: Path) -> None:
    assert case.old in SOUND[case.file]
    changed = SOUND[case.file].replace(case.old, case.new, 1)
    line = next(number for number, words in enumerate(changed.splitlines(), 1) if case.at in words)

    faults = faults_of(write(tmp_path, SOUND | {case.file: changed}))

    assert faults == (Fault(case.file, line, case.sentence),)
