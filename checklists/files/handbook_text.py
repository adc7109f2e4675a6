"""A handbook edition as plain text for a terminal, in one language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from checklists.handbook import Clause, Edition, Flow, Kind, Provenance, Situation


@dataclass(frozen=True, slots=True)
class _Words:
    """What stands between an edition's own texts in one language."""

    edition: str
    situation: str
    standing: str
    lead: str
    leads_with: str
    manages: str
    performs: str
    key_point: str
    mark: str
    spoken: str
    between: str
    provenances: Mapping[Provenance, str]
    kinds: Mapping[Kind, str]


_SIMPLIFIED = _Words(
    edition="%(title)s · 第 %(number)s 版",
    situation="情景 %(number)s　%(name)s",
    standing="常设部分",
    lead="负责：",
    leads_with="并列负责：",
    manages="管理：",
    performs="执行：",
    key_point="要点：",
    mark="〔%s〕",
    spoken="“%s”",
    between="、",
    provenances={Provenance.SOURCE: "源自手册", Provenance.DERIVED: "推定"},
    kinds={Kind.ACTION: "动作", Kind.PHRASE: "话术", Kind.DELIVERY: "质量", Kind.CONDITION: "状态"},
)
_TRADITIONAL = _Words(
    edition="%(title)s · 第 %(number)s 版",
    situation="情景 %(number)s　%(name)s",
    standing="常設部分",
    lead="負責：",
    leads_with="並列負責：",
    manages="管理：",
    performs="執行：",
    key_point="要點：",
    mark="〔%s〕",
    spoken="「%s」",
    between="、",
    provenances={Provenance.SOURCE: "源自手冊", Provenance.DERIVED: "推定"},
    kinds={Kind.ACTION: "動作", Kind.PHRASE: "話術", Kind.DELIVERY: "品質", Kind.CONDITION: "狀態"},
)
_ENGLISH = _Words(
    edition="%(title)s · edition %(number)s",
    situation="Situation %(number)s: %(name)s",
    standing="standing part",
    lead="Leads: ",
    leads_with="Leads beside: ",
    manages="Manages: ",
    performs="Performs: ",
    key_point="Key point: ",
    mark=" [%s]",
    spoken="“%s”",
    between=", ",
    provenances={Provenance.SOURCE: "from the handbook", Provenance.DERIVED: "derived"},
    kinds={
        Kind.ACTION: "action",
        Kind.PHRASE: "phrase",
        Kind.DELIVERY: "delivery",
        Kind.CONDITION: "condition",
    },
)
_WORDS = {"zh-Hans": _SIMPLIFIED, "zh-Hant": _TRADITIONAL, "en": _ENGLISH}


def edition_as_text(edition: Edition, language: str) -> str:
    """Return an edition to read line by line; every standard says whether it is the handbook's or derived.

    Args:
        language: of the texts, the own one where there is no rendering; the words between them are Chinese
            where they are not known in this language either.
    """
    return "\n".join(_Writer(edition, language, _WORDS.get(language, _SIMPLIFIED)).lines()) + "\n"


@dataclass(frozen=True, slots=True)
class _Writer:
    edition: Edition
    language: str
    words: _Words

    def lines(self) -> Iterator[str]:
        """Yield the edition line by line."""
        title = self.edition.title.in_language(self.language)
        yield self.words.edition % {"title": title, "number": self.edition.number}
        for flow in self.edition.flows:
            yield ""
            yield from self._flow(flow)

    def _flow(self, flow: Flow) -> Iterator[str]:
        standing = f" · {self.words.standing}" if flow.standing else ""
        yield f"{flow.code} {flow.name.in_language(self.language)}{standing}"
        yield flow.description.in_language(self.language)
        for point in flow.key_points:
            yield self.words.key_point + point.in_language(self.language)
        for situation in flow.situations:
            yield ""
            yield from self._situation(situation)

    def _situation(self, situation: Situation) -> Iterator[str]:
        name = situation.name.in_language(self.language)
        headed = self.words.situation % {"number": situation.number, "name": name}
        yield f"  {headed}{self._mark(situation.provenance)}"
        yield f"  {situation.cue.in_language(self.language)}"
        yield f"  {' · '.join(self._roles(situation))}"
        for clause in situation.clauses:
            yield from self._clause(clause)

    def _roles(self, situation: Situation) -> Iterator[str]:
        yield self.words.lead + self._names([situation.lead]) + self._mark(situation.lead_provenance)
        for words, roles in (
            (self.words.leads_with, situation.leads_with),
            (self.words.manages, situation.manages),
            (self.words.performs, situation.performs),
        ):
            if roles:
                yield words + self._names(roles)

    def _clause(self, clause: Clause) -> Iterator[str]:
        text = clause.text.in_language(self.language)
        kind = self.words.kinds[clause.kind]
        yield f"    {clause.code} {kind}  {text}{self._mark(clause.provenance)}"
        for wording in clause.wordings:
            yield f"      {self.words.spoken % wording.in_language(self.language)}"

    def _names(self, roles: Iterable[str]) -> str:
        named = (self.edition.role_name(role).in_language(self.language) for role in roles)
        return self.words.between.join(named)

    def _mark(self, provenance: Provenance) -> str:
        return self.words.mark % self.words.provenances[provenance]
