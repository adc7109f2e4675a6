"""A made-up edition with what the shipped one lacks: standing flows, exclusions, clauses for many people."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from checklists.checklist import Checklist, DeductionRule
from checklists.generation import generate
from checklists.handbook import (
    Clause,
    Edition,
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
from checklists.recipe import CountRules, Recipe, Weights
from checklists.scoring import CountRule, VetoScope

KINDS = {"A": Kind.ACTION, "P": Kind.PHRASE, "D": Kind.DELIVERY, "C": Kind.CONDITION}
SEEN_ONLY = (Mode.MYSTERY, Mode.OPEN, Mode.VIDEO)


def text(own: str) -> Text:
    """Return a text with an English rendering."""
    return Text(own, (Rendering("en", f"{own} in English", Origin.TRANSLATED),))


def clause(code: str) -> Clause:
    """Return a clause whose kind its code tells; a phrase has two elements."""
    kind = KINDS[code.partition(".")[2][0]]
    is_phrase = kind is Kind.PHRASE
    return Clause(
        code=code,
        kind=kind,
        text=text(f"{code} 标准"),
        provenance=Provenance.DERIVED,
        question=text(f"{code} 的问题"),
        wordings=(text(f"{code}，您好。"), text(f"{code}，您早。")) if is_phrase else (),
        elements=(text("您好"), text("请问")) if is_phrase else (),
        guidance=text("边界"),
        shortfalls=(text("太远"), text("太慢"), text("太轻")),
        modes=tuple(Mode) if kind in (Kind.PHRASE, Kind.DELIVERY) else SEEN_ONLY,
        counts_people=kind is Kind.CONDITION or code.endswith("A9"),
    )


def situation(
    number: int,
    clauses: str,
    occasion: Occasion = Occasion.ALWAYS,
    performs: Sequence[str] = ("lobby_manager", "security_guard"),
    excludes: Sequence[int] = (),
    prefix: str = "S",
) -> Situation:
    """Return a situation with clauses such as `P1 A1 A2 D1`; the first performer leads."""
    return Situation(
        number=number,
        name=text(f"情景{number}"),
        cue=text(f"情景{number}的描述"),
        provenance=Provenance.SOURCE,
        lead=performs[0],
        lead_provenance=Provenance.DERIVED,
        performs=tuple(performs),
        occasion=occasion,
        clauses=tuple(clause(f"{prefix}{number % 900:02}.{code}") for code in clauses.split()),
        key_points=(text("控制点"),),
        instructions=((Mode.MYSTERY, text(f"情景{number}，照这样做")),),
        excludes=tuple(excludes),
    )


def flow(code: str, *situations: Situation, standing: bool = False) -> Flow:
    """Return a flow of these situations."""
    return Flow(code, text(f"流程{code}"), text("说明"), situations, standing=standing)


def made_up_edition() -> Edition:
    """Return an edition of six flows, a standing one last, with 12 situations and 46 clauses."""
    return Edition(
        number="7",
        language="zh-Hans",
        title=text("样例手册"),
        roles=tuple(
            StaffRole(code, text(name))
            for code, name in (
                ("lobby_manager", "大堂经理"),
                ("teller", "柜员"),
                ("security_guard", "保安"),
                ("branch", "网点"),
            )
        ),
        flows=(
            flow("F1", situation(1, "A1 A2 A9"), situation(2, "P1 A1 A2 D1 D2")),
            flow(
                "F2",
                situation(6, "P1 A1 A2 D1", Occasion.WAIT),
                situation(7, "P1 P2 A1 D1", Occasion.BRING_ABOUT),
                situation(8, "A1 A2 A10 D1", Occasion.BRING_ABOUT),
            ),
            flow(
                "F3",
                situation(11, "P1 A1 D1", Occasion.TRANSACTION, ["teller"]),
                situation(12, "P1 A1 D1", Occasion.ALWAYS, ["teller", "lobby_manager"]),
            ),
            flow("F4", situation(16, "P1 A1 A2", Occasion.ALWAYS)),
            flow(
                "F7",
                situation(35, "P1 A1 D1", Occasion.BRING_ABOUT, excludes=[41]),
                situation(41, "P1 A1 D1", Occasion.BRING_ABOUT),
            ),
            flow(
                "E1",
                situation(901, "C1 C2 C3", performs=["branch"], prefix="E"),
                situation(902, "C1 C2 A1", performs=["teller"], prefix="G"),
                standing=True,
            ),
        ),
    )


def recipe(**changes: object) -> Recipe:
    """Return a mystery recipe over the whole made-up edition, with some keys changed."""
    plain = Recipe(
        name="made_up",
        edition="7",
        mode=Mode.MYSTERY,
        title=text("样例方案"),
        budget=60,
        flows=("E1", "F1", "F2", "F3", "F4", "F7"),
        visit_order=("F1", "F4", "F2", "F3", "F7"),
        weights=Weights(clauses={"S06.A2": Fraction(3, 2)}, flows={"E1": Fraction(1, 10)}),
        vetoes={"S06.A1": VetoScope.SITUATION, "S16.A1": VetoScope.VISIT, "S07.P1": VetoScope.ROLE},
        deductions=(DeductionRule("forbidden_words", text("服务禁语"), 200),),
        observations=CountRules(default=CountRule.MEAN, clauses={"E01.C2": CountRule.ALL}),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the tests name the keys they change


def made_up_checklist(**changes: object) -> Checklist:
    """Return the checklist that the made-up recipe draws, with some of its keys changed."""
    return generate(made_up_edition(), recipe(**changes))
