"""A visit written down in a few short lines; docs/scoring.md explains how they are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from checklists.handbook import Kind
from checklists.scoring import (
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    Deduction,
    Gate,
    LeftOut,
    VetoScope,
    accountable_pars,
    break_down,
    role_pars,
    score,
    visit_par,
)

DEFAULT_CAP = 5900


class NotationError(ValueError):
    """A line that says nothing this notation knows."""


@dataclass(slots=True)
class Situation:
    """A situation as written so far."""

    flow: str
    flow_weight: Fraction
    standing: bool
    number: int
    weight: Fraction
    gate: Gate
    role: str | None
    lead: str
    items: list[CreditedItem] = field(default_factory=list)

    def section(self) -> CreditedSection:
        """Return it as the rules take it."""
        return CreditedSection(
            flow=self.flow,
            flow_weight=self.flow_weight,
            situation=self.number,
            situation_weight=self.weight,
            standing=self.standing,
            gate=self.gate,
            role=self.role,
            lead=self.lead,
            items=tuple(self.items),
        )


@dataclass(slots=True)
class Written:
    """What a text says: a visit, the pars of its situations, and what is claimed of them."""

    inspection: CreditedInspection
    pars: dict[int, Fraction]
    claims: list[str]


def visit(text: str) -> CreditedInspection:
    """Return the visit that a text describes."""
    return read(text).inspection


def read(text: str) -> Written:
    """Return all that a text says.

    Raises:
        NotationError: a line that says nothing known.
    """
    situations: list[Situation] = []
    deductions: list[Deduction] = []
    pars: dict[int, Fraction] = {}
    claims: list[str] = []
    cap = DEFAULT_CAP
    flow: list[str] = ["flow", "F1"]
    for words in _lines(text):
        match words:
            case ["=>", *claim]:
                claims.append(" ".join(claim))
            case ["flow", _, *_]:
                flow = words
            case ["situation", _, *_]:
                situations.append(_situation(words, flow))
            case ["deduction", code, points]:
                deductions.append(Deduction(code, hundredths_of(points)))
            case ["cap", points]:
                cap = hundredths_of(points)
            case ["par", number, exact]:
                pars[int(number)] = 100 * Fraction(exact)
            case [code, kind, *rest] if kind in list(Kind):
                situations[-1].items.append(_item(code, Kind(kind), rest))
            case _:
                raise NotationError(f"cannot read: {' '.join(words)}")
    sections = tuple(situation.section() for situation in situations)
    return Written(CreditedInspection(sections, tuple(deductions), cap), pars, claims)


def results(written: Written) -> dict[str, str]:
    """Return everything that may be claimed of what was written, by the words of the claim."""
    inspection = written.inspection
    par = visit_par(inspection, written.pars) if written.pars else None
    scores = score(inspection, par=par)
    found = {
        "visit": points_of(scores.visit),
        "low": points_of(scores.low),
        "high": points_of(scores.high),
        "par": points_of(scores.par),
        "over par": "undefined" if scores.over_par is None else f"{scores.over_par / 100:+.2f}",
        "vetoes failed": str(scores.vetoes_failed),
        **{kind.value: points_of(getattr(scores, kind.value)) for kind in Kind},
        **{f"flow {code}": points_of(points) for code, points in scores.flows.items()},
        **{f"situation {number}": points_of(points) for number, points in scores.situations.items()},
        **{f"role {role}": points_of(points) for role, points in scores.roles.items()},
        **{f"accountable {role}": points_of(points) for role, points in scores.accountable.items()},
    }
    if written.pars:
        found |= {f"role {r} par": points_of(p) for r, p in role_pars(inspection, written.pars).items()}
        found |= {
            f"accountable {r} par": points_of(p)
            for r, p in accountable_pars(inspection, written.pars).items()
        }
    return found | _costs(inspection)


def hundredths_of(points: str) -> int:
    """Return points as written (59.00) in hundredths."""
    exact = Fraction(points) * 100
    if exact.denominator != 1:
        raise NotationError(f"{points} has more than two decimals")
    return exact.numerator


def points_of(hundredths: int | None) -> str:
    """Return hundredths of a point as they are printed (59.00)."""
    return "undefined" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02}"


def _costs(inspection: CreditedInspection) -> dict[str, str]:
    lines = break_down(inspection)
    items = [item for flow in lines.flows for situation in flow.situations for item in situation.items]
    found = {f"lost {item.code}": points_of(item.points_lost) for item in items}
    found |= {f"veto {veto.code} costs": points_of(veto.cost) for veto in lines.vetoes}
    found |= {
        f"deduction {deduction.code} costs": points_of(deduction.cost) for deduction in lines.deductions
    }
    found["before vetoes"] = points_of(lines.before_vetoes)
    found["points lost"] = points_of(lines.points_lost)
    if lines.cap is not None:
        found["cap costs"] = points_of(lines.cap.cost)
    if lines.rounding is not None:
        found["rounding costs"] = f"{lines.rounding / 100:+.2f}"
    return found


def _lines(text: str) -> Iterator[list[str]]:
    """Yield the words of each line that says something; what follows # is for the reader alone."""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if words:
            yield words


def _situation(words: Sequence[str], flow: Sequence[str]) -> Situation:
    said = " ".join(words)
    lead = _after("led by", said) or "lobby_manager"
    gate = next((gate for gate in Gate if gate.replace("_", " ") in said), Gate.OCCURRED)
    role = None if gate is Gate.DID_NOT_OCCUR else _after("served by", said) or lead
    return Situation(
        flow=flow[1],
        flow_weight=Fraction(_after("weight", " ".join(flow)) or 1),
        standing="standing" in flow,
        number=int(words[1]),
        weight=Fraction(_after("weight", said) or 1),
        gate=gate,
        role=role,
        lead=lead,
    )


def _after(mark: str, said: str) -> str | None:
    """Return the word that follows a mark; None where the mark is missing."""
    _, found, rest = said.partition(f" {mark} ")
    return rest.split()[0] if found else None


def _item(code: str, kind: Kind, words: Sequence[str]) -> CreditedItem:
    match words:
        case [weight, "left", "out", reason, *rest]:
            return CreditedItem(code, kind, Fraction(weight), None, _veto(rest), LeftOut(reason))
        case [weight, "x", credit, *rest]:
            return CreditedItem(code, kind, Fraction(weight), Fraction(credit), _veto(rest))
    raise NotationError(f"cannot read the item {code}: {' '.join(words)}")


def _veto(words: Sequence[str]) -> VetoScope | None:
    match words:
        case []:
            return None
        case ["veto", scope]:
            return VetoScope(scope)
    raise NotationError(f"cannot read: {' '.join(words)}")
