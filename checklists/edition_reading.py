"""An edition's YAML read into the handbook's nouns; what it must hold is in `edition_rules`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import yaml

from checklists.handbook import (
    Clause,
    Flow,
    Kind,
    Mode,
    Occasion,
    Origin,
    Provenance,
    Rendering,
    Situation,
    StaffRole,
    Text,
)
from checklists.yaml_nodes import YamlNode

USUAL_MODES: Mapping[Kind, tuple[Mode, ...]] = {
    Kind.ACTION: (Mode.MYSTERY, Mode.OPEN, Mode.VIDEO),
    Kind.PHRASE: (Mode.MYSTERY, Mode.OPEN),
    Kind.DELIVERY: (Mode.MYSTERY, Mode.OPEN),
    Kind.CONDITION: (Mode.MYSTERY, Mode.OPEN, Mode.VIDEO),
}
"""The modes in which a clause can be observed where it does not say so itself: video has no sound."""

UNREAD = -(10**9)
"""Stands for a number that could not be read; no file can hold it."""

_DEFAULTS = ("lead", "lead_provenance", "leads_with", "manages", "performs")
_ROLE = ("code", "name")
_FLOW = ("code", "name", "description", "situations")
_FLOW_KEYS = (*_FLOW, "standing", "key_points", *_DEFAULTS)
_SITUATION = ("number", "name", "cue", "provenance", "occasion", "clauses")
_SITUATION_KEYS = (*_SITUATION, *_DEFAULTS, "needs_account", "instructions", "key_points", "excludes")
_CLAUSE = ("code", "kind", "text", "question")
_CLAUSE_KEYS = (
    *(*_CLAUSE, "provenance", "wordings", "elements"),
    *("guidance", "shortfalls", "modes", "counts_people"),
)


@dataclass(frozen=True, slots=True)
class EditionReader:
    """Reads one file of an edition; whatever is wrong is noted in the file's faults.

    Attributes:
        language: the edition's own language.
        translations: the languages in which every text must be given as well.
        lines: the file's lines, to see what YAML took for a comment.
    """

    language: str
    translations: tuple[str, ...]
    lines: Sequence[str]

    def role(self, node: YamlNode) -> StaffRole:
        """Read a staff role."""
        node.require(_ROLE, _ROLE)
        return StaffRole(node.member("code").text(), self.text(node.member("name")))

    def flow(self, root: YamlNode) -> Flow:
        """Read a whole file."""
        root.require(_FLOW, _FLOW_KEYS)
        return Flow(
            code=root.member("code").text(),
            name=self.text(root.member("name")),
            description=self.text(root.member("description")),
            situations=tuple(
                self._situation(node, root) for node in situation_nodes(root.member("situations"))
            ),
            key_points=self.texts(root.member("key_points")),
            standing=root.member("standing").claim(default=False),
        )

    def text(self, node: YamlNode) -> Text:
        """Read a text; it must be there in every language of the edition."""
        if isinstance(node.node, yaml.ScalarNode) and not node.is_absent:
            if self.translations:
                node.note(f"{node.name} should be given by language: {self._example()}")
            return Text(self._words(node))
        languages = (self.language, *self.translations)
        node.require((), languages)
        words = {key: self._words(value) for key, value in node.pairs() if key in languages}
        if isinstance(node.node, yaml.MappingNode):
            for language in languages:
                if language not in words:
                    node.note(f"{node.name} is not given in {language}")
        return Text(
            words.get(self.language, ""),
            tuple(
                Rendering(language, words.get(language, ""), Origin.TRANSLATED)
                for language in self.translations
            ),
        )

    def texts(self, node: YamlNode) -> tuple[Text, ...]:
        """Read a list of texts."""
        return tuple(self.text(member) for member in node.members())

    def _situation(self, node: YamlNode, flow: YamlNode) -> Situation:
        node.require(_SITUATION, _SITUATION_KEYS)
        provenance = node.member("provenance").choice(Provenance, Provenance.DERIVED)
        lead_provenance = given("lead_provenance", node, flow)
        return Situation(
            number=node.member("number").whole(UNREAD),
            name=self.text(node.member("name")),
            cue=self.text(node.member("cue")),
            provenance=provenance,
            lead=given("lead", node, flow).text(),
            lead_provenance=lead_provenance.choice(Provenance, Provenance.SOURCE),
            performs=_codes(given("performs", node, flow)),
            occasion=node.member("occasion").choice(Occasion, Occasion.ALWAYS),
            clauses=tuple(
                self._clause(clause, provenance) for clause in clause_nodes(node.member("clauses"))
            ),
            leads_with=_codes(given("leads_with", node, flow)),
            manages=_codes(given("manages", node, flow)),
            key_points=self.texts(node.member("key_points")),
            needs_account=node.member("needs_account").claim(default=False),
            instructions=self._instructions(node.member("instructions")),
            excludes=tuple(number.whole(0) for number in node.member("excludes").members()),
        )

    def _clause(self, node: YamlNode, provenance: Provenance) -> Clause:
        node.require(_CLAUSE, _CLAUSE_KEYS)
        kind = node.member("kind").choice(Kind, Kind.ACTION)
        guidance = node.member("guidance")
        modes = node.member("modes")
        return Clause(
            code=node.member("code").text(),
            kind=kind,
            text=self.text(node.member("text")),
            provenance=node.member("provenance").choice(Provenance, provenance),
            question=self.text(node.member("question")),
            wordings=self.texts(node.member("wordings")),
            elements=self.texts(node.member("elements")),
            guidance=None if guidance.is_absent else self.text(guidance),
            shortfalls=self.texts(node.member("shortfalls")),
            modes=USUAL_MODES[kind] if modes.is_absent else _modes(modes),
            counts_people=node.member("counts_people").claim(default=False),
        )

    def _instructions(self, node: YamlNode) -> tuple[tuple[Mode, Text], ...]:
        node.require((), tuple(Mode))
        return tuple((Mode(key), self.text(value)) for key, value in node.pairs() if key in list(Mode))

    def _words(self, node: YamlNode) -> str:
        """Return the words of a text in one language; note what YAML would swallow."""
        words = node.text()
        scalar = node.node
        if scalar is None or not isinstance(scalar, yaml.ScalarNode):
            return words
        if not scalar.value.strip() or node.is_absent:
            node.note(f"{node.name} is empty")
        after = self.lines[scalar.end_mark.line : scalar.end_mark.line + 1]
        if not scalar.style and any(
            line[scalar.end_mark.column :].lstrip().startswith("#") for line in after
        ):
            node.note(f"{node.name} ends at the sign #; put the text in quotes")
        return words

    def _example(self) -> str:
        languages = (self.language, *self.translations)
        return "{" + ", ".join(f"{language}: …" for language in languages) + "}"


def given(key: str, situation: YamlNode, flow: YamlNode) -> YamlNode:
    """Return what a situation says under a key, or what its flow says for all of its situations."""
    own = situation.member(key)
    return flow.member(key) if own.is_absent else own


def situation_nodes(listed: YamlNode) -> tuple[YamlNode, ...]:
    """Return the situations of a file, each named by its number."""
    return tuple(_named(node, "number", "situation ") for node in listed.members())


def clause_nodes(listed: YamlNode) -> tuple[YamlNode, ...]:
    """Return the clauses of a situation, each named by its code."""
    return tuple(_named(node, "code", "") for node in listed.members())


def _named(node: YamlNode, key: str, noun: str) -> YamlNode:
    """Return a member of a list under the name that people know it by."""
    if isinstance(node.node, yaml.MappingNode):
        for written, value in node.node.value:
            if written.value == key and isinstance(value, yaml.ScalarNode) and value.value:
                return replace(node, name=f"{noun}{value.value}")
    return node


def _codes(node: YamlNode) -> tuple[str, ...]:
    return tuple(member.text() for member in node.members())


def _modes(node: YamlNode) -> tuple[Mode, ...]:
    return tuple(member.choice(Mode, Mode.OPEN) for member in node.members())
