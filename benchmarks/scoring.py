"""How long one visit of 60 items takes to score; prints a table, and the same as JSON."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from timeit import repeat

from benchmarks.measuring import Budget, Figure, beside
from checklists.handbook import Kind
from checklists.scoring import (
    Breakdown,
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    Gate,
    LeftOut,
    Scores,
    break_down,
    define_score,
    score,
)

FLOWS, SITUATIONS, ITEMS = 5, 3, 4
CREDITS = (Fraction(1), Fraction(1, 2), Fraction(0), Fraction(3, 4), Fraction(4, 5), None)
KINDS = (Kind.PHRASE, Kind.ACTION, Kind.ACTION, Kind.DELIVERY)
ROUNDS, REPEATS = 50, 5
VISITS, A_TURN = 46_000, 460


def main() -> None:
    """Time scoring by integers, by its definition, and its breakdown, in microseconds a visit."""
    inspection = sixty_items()
    timed: dict[str, Callable[[CreditedInspection], Scores | Breakdown]] = {
        "score": score,
        "define_score": define_score,
        "break_down": break_down,
    }
    microseconds = {name: round(microseconds_of(call, inspection)) for name, call in timed.items()}
    for name, taken in microseconds.items():
        print(f"{name:14}{taken:8} µs a visit")
    print(json.dumps({"items": FLOWS * SITUATIONS * ITEMS, "microseconds": microseconds}))


def figures() -> Iterator[Figure]:
    """Score as many visits as a national wave has, from one that stands for all."""
    inspection = sixty_items()
    earned = [
        (int(item.weight), one.numerator * (60 // one.denominator))
        for section in inspection.sections
        for item in section.items
        if (one := item.credit) is not None
    ]
    figure = beside(
        f"score {VISITS:,} visits of 60 items",
        Budget(times=15),
        lambda: [score(inspection) for _ in range(A_TURN)],
        "one weighted sum a visit",
        lambda: [sum(weight * credit for weight, credit in earned) for _ in range(A_TURN)],
    )
    yield replace(figure, own=figure.own * VISITS / A_TURN, floor=figure.floor * VISITS / A_TURN)


def microseconds_of(
    call: Callable[[CreditedInspection], Scores | Breakdown], inspection: CreditedInspection
) -> float:
    """Return the best of a few runs: what the computation takes when nothing else runs."""
    return min(repeat(lambda: call(inspection), number=ROUNDS, repeat=REPEATS)) / ROUNDS * 1e6


def sixty_items() -> CreditedInspection:
    """Return a visit of 60 items in 15 situations, every sixth of them left out."""
    sections = tuple(
        section(f"F{flow + 1}", number=flow * SITUATIONS + place + 1)
        for flow in range(FLOWS)
        for place in range(SITUATIONS)
    )
    return CreditedInspection(sections, (), 5900)


def section(flow: str, number: int) -> CreditedSection:
    """Return a section whose credits differ from situation to situation."""
    return CreditedSection(
        flow=flow,
        flow_weight=Fraction(1),
        situation=number,
        situation_weight=Fraction(1),
        standing=False,
        gate=Gate.OCCURRED,
        role=("lobby_manager", "teller", "customer_manager")[number % 3],
        lead=("lobby_manager", "teller")[number % 2],
        items=tuple(item(f"S{number:02}.{place}", number + place, kind) for place, kind in enumerate(KINDS)),
    )


def item(code: str, seed: int, kind: Kind) -> CreditedItem:
    """Return an item with one of the credits, or left out."""
    credit = CREDITS[seed % len(CREDITS)]
    weight = Fraction(1 if kind is Kind.DELIVERY else 2)
    return CreditedItem(code, kind, weight, credit, None, LeftOut.OTHER if credit is None else None)


if __name__ == "__main__":
    main()
