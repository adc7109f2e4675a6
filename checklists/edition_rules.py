"""What an edition must hold beyond its keys: numbers, codes, roles and what each kind of clause needs."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import yaml

from checklists.edition_reading import UNREAD, clause_nodes, given, situation_nodes
from checklists.handbook import Clause, Flow, Kind, Situation, Text
from checklists.yaml_nodes import YamlNode

FIRST_STANDING_NUMBER = 901
"""From here on situations of standing flows are numbered."""

_LETTERS = {Kind.ACTION: "A", Kind.PHRASE: "P", Kind.DELIVERY: "D", Kind.CONDITION: "C"}
_STANDING_CODE = re.compile(r"[A-RT-Z]\d{2,}")
_SEVERAL_QUESTIONS = re.compile(r"[？?].*[？?]|并且|而且|以及|[；;]|和[^，。“”]*吗")


@dataclass(frozen=True, slots=True)
class ReadFlow:
    """A flow together with the file's root, for the places of faults.

    Attributes:
        follows: the flow before it could be read, so that its numbers go on from there.
    """

    flow: Flow
    root: YamlNode
    follows: bool

    def situations(self) -> Iterator[tuple[Situation, YamlNode]]:
        """Yield each situation with its place."""
        nodes = situation_nodes(self.root.member("situations"))
        yield from zip(self.flow.situations, nodes, strict=True)

    def clauses(self) -> Iterator[tuple[Clause, YamlNode, Situation]]:
        """Yield each clause with its place and its situation."""
        for situation, node in self.situations():
            for clause, place in zip(situation.clauses, clause_nodes(node.member("clauses")), strict=True):
                yield clause, place, situation


def hold_rules(flows: Sequence[ReadFlow], roles: Collection[str], language: str) -> None:
    """Note in the files' faults whatever breaks a rule.

    Source:
        docs/handbook-format.md.
    """
    _hold_numbers(flows)
    _hold_codes(flows)
    for read in flows:
        for situation, node in read.situations():
            _hold_roles(situation, node, read.root, roles)
            _hold_demands(situation, node, standing=read.flow.standing)
        for clause, node, _ in read.clauses():
            _hold_kind(clause, node, standing=read.flow.standing)
            _hold_question(clause, node, language)


def hold_exclusions(flows: Sequence[ReadFlow]) -> None:
    """Note each excluded situation that there is not; all flows must have been read."""
    numbers = {situation.number for read in flows for situation in read.flow.situations}
    for read in flows:
        for situation, node in read.situations():
            for number, place in zip(situation.excludes, node.member("excludes").members(), strict=True):
                if number == situation.number:
                    place.note(f"situation {number} excludes itself")
                elif number not in numbers:
                    place.note(f"situation {number} is excluded, but there is none of that number")


def _hold_numbers(flows: Sequence[ReadFlow]) -> None:
    """Hold that numbers go up by one through all flows, and from 901 in standing ones."""
    used: set[int] = set()
    last = {True: FIRST_STANDING_NUMBER - 1, False: 0}
    for read in flows:
        standing = read.flow.standing
        follows = read.follows
        for situation, node in read.situations():
            place, number = node.member("number"), situation.number
            if number == UNREAD:
                follows = False
                continue
            if standing != (number >= FIRST_STANDING_NUMBER):
                where = f"from {FIRST_STANDING_NUMBER}" if standing else f"below {FIRST_STANDING_NUMBER}"
                place.note(f"number {number} should be {where}: the flow is {_standing(read.flow)}")
            elif number in used:
                place.note(f"number {number} stands twice")
            elif number <= last[standing]:
                place.note(f"number {number} is out of order: it stands after {last[standing]}")
            elif not standing and follows and number != last[standing] + 1:
                place.note(f"number {last[standing] + 1} is missing before {number}")
            if standing == (number >= FIRST_STANDING_NUMBER):
                last[standing] = max(number, last[standing])
            used.add(number)
            follows = True


def _standing(flow: Flow) -> str:
    return "a standing one" if flow.standing else "no standing one"


def _hold_codes(flows: Sequence[ReadFlow]) -> None:
    """Hold that a code says situation and kind, and stands once."""
    used: set[str] = set()
    owners: dict[str, int] = {}
    for read in flows:
        for clause, node, situation in read.clauses():
            place = node.member("code")
            if not clause.code or situation.number == UNREAD:
                continue
            prefix = clause.code.partition(".")[0]
            if not read.flow.standing:
                prefix = f"S{situation.number:02}"
            elif not _STANDING_CODE.fullmatch(prefix) or prefix != situation.code:
                place.note(
                    f"code {clause.code} should begin like the others of its situation with a capital letter "
                    "other than S and two digits, such as E01"
                )
                continue
            start = f"{prefix}.{_LETTERS[clause.kind]}"
            if not re.fullmatch(re.escape(start) + r"[1-9]\d*", clause.code):
                place.note(
                    f"code {clause.code} should be {start} and a number: it is of kind {clause.kind} "
                    f"in situation {situation.number}"
                )
            elif clause.code in used:
                place.note(f"code {clause.code} stands twice")
            elif owners.setdefault(prefix, situation.number) != situation.number:
                place.note(f"code {clause.code} begins like those of situation {owners[prefix]}")
            used.add(clause.code)


def _hold_roles(situation: Situation, node: YamlNode, flow: YamlNode, roles: Collection[str]) -> None:
    """Hold that exactly one role leads, that it performs, and that the edition has every role named."""
    lead, performs = given("lead", node, flow), given("performs", node, flow)
    is_list = isinstance(performs.node, yaml.SequenceNode)
    if lead.is_absent:
        node.note(f"{node.name} lead is missing, here and in the flow: exactly one staff role leads")
    elif situation.lead and situation.lead not in roles:
        lead.note(_unknown(situation.lead, roles))
    if performs.is_absent:
        node.note(f"{node.name} performs is missing, here and in the flow")
    elif situation.lead and is_list and situation.lead not in situation.performs:
        performs.note(f"{situation.lead} leads, but is not in performs")
    for key, codes in (
        ("performs", situation.performs),
        ("leads_with", situation.leads_with),
        ("manages", situation.manages),
    ):
        place = given(key, node, flow)
        for code, count in Counter(codes).items():
            if code and code not in roles:
                place.note(_unknown(code, roles))
            if count > 1:
                place.note(f"{code} stands twice in {key}")
    if situation.lead in situation.leads_with:
        given("leads_with", node, flow).note(f"{situation.lead} leads, and need not stand in leads_with")


def _unknown(role: str, roles: Collection[str]) -> str:
    return f"{role} is no staff role of this edition; they are {', '.join(roles)}"


def _hold_demands(situation: Situation, node: YamlNode, *, standing: bool) -> None:
    kinds = {clause.kind for clause in situation.clauses}
    if not standing and Kind.ACTION not in kinds:
        node.member("clauses").note(f"{node.name} has no clause of kind action")
    elif not kinds:
        node.member("clauses").note(f"{node.name} has no clause")


def _hold_kind(clause: Clause, node: YamlNode, *, standing: bool) -> None:
    """Hold that only a phrase has wordings and elements, and a condition stands in a standing flow."""
    for key, texts in (("wordings", clause.wordings), ("elements", clause.elements)):
        if clause.kind is Kind.PHRASE and not texts:
            node.note(f"{node.name} is a phrase and has no {key}")
        if clause.kind is not Kind.PHRASE and texts:
            node.member(key).note(f"{node.name} is of kind {clause.kind}; only a phrase has {key}")
    if clause.kind is Kind.CONDITION and not standing:
        node.member("kind").note(f"{node.name} is a condition; these stand in standing flows only")
    modes = node.member("modes")
    if not clause.modes:
        modes.note(f"{node.name} modes is empty: it can be observed in no mode")
    if len(set(clause.modes)) < len(clause.modes):
        modes.note(f"{node.name} names a mode twice")


def _hold_question(clause: Clause, node: YamlNode, language: str) -> None:
    """Hold that a question asks one thing, as far as its words show it."""
    place = node.member("question")
    for tongue, words in _by_language(clause.question, language):
        found = _SEVERAL_QUESTIONS.search(words)
        if found:
            line = place.member(tongue)
            (place if line.is_absent else line).note(
                f"{node.name} question seems to ask two things at once ({found.group()}); make it two clauses"
            )


def _by_language(text: Text, language: str) -> Iterator[tuple[str, str]]:
    yield language, text.own
    for rendering in text.renderings:
        yield rendering.language, rendering.text
