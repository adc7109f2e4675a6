"""What visits with the same situations score on average: compares branches with different item sets."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from checklists.scoring.definition import Means, mean_over, situation_mean
from checklists.scoring.inspection import CreditedInspection, CreditedSection
from checklists.scoring.narrowing import led_by, served_by
from checklists.scoring.scores import round_half_up

Pars = Mapping[int, Fraction]
"""Exact means by situation number, in hundredths of a point (0-10000)."""


class MissingParError(ValueError):
    """A situation that was answered has no par; the sentence names it."""


def situation_pars(counting: Iterable[Mapping[int, int]]) -> dict[int, Fraction]:
    """Return the exact mean of each situation's stored scores.

    Args:
        counting: `Scores.situations` of each of the wave's counting visits, in hundredths of a point.

    Source:
        docs/scoring.md, "Different item sets".
    """
    totals: dict[int, int] = {}
    visits: dict[int, int] = {}
    for situations in counting:
        for number, points in situations.items():
            totals[number] = totals.get(number, 0) + points
            visits[number] = visits.get(number, 0) + 1
    return {number: Fraction(totals[number], visits[number]) for number in sorted(totals)}


def restated_pars(frozen: Pars, counting: Iterable[Mapping[int, int]]) -> dict[int, Fraction]:
    """Return the frozen pars, with one added for each situation that has none yet.

    Args:
        frozen: the pars of ranking 1 and of what earlier restatements added; none of them ever changes.
        counting: `Scores.situations` of each counting visit of the restating ranking.

    Source:
        docs/scoring.md, "Different item sets".
    """
    return dict(sorted({**situation_pars(counting), **frozen}.items()))


def visit_par(inspection: CreditedInspection, pars: Pars) -> int | None:
    """Return what this visit's situations score on average, in hundredths of a point, rounded half up.

    The three-level mean with pars in place of situation scores, over the situations that were answered; no
    vetoes, no cap, no deductions.

    Returns:
        None where nothing was answered.

    Raises:
        MissingParError: a situation that was answered has no par.

    Source:
        docs/scoring.md, "Different item sets".
    """
    mean = par_means(inspection, pars).visit
    return None if mean is None else round_half_up(mean)


def par_means(inspection: CreditedInspection, pars: Pars) -> Means:
    """Return the three levels of a visit's par, exact, in hundredths of a point.

    Raises:
        MissingParError: a situation that was answered has no par.
    """
    return mean_over(inspection.sections, _pars_in_place(inspection.sections, pars))


def role_pars(inspection: CreditedInspection, pars: Pars) -> dict[str, int]:
    """Return the par of each role that served, over its sections; a role with nothing answered is absent.

    Raises:
        MissingParError: a situation that was answered has no par.
    """
    roles = sorted({section.role for section in inspection.sections if section.role is not None})
    by_role = {role: visit_par(served_by(inspection, role), pars) for role in roles}
    return {role: par for role, par in by_role.items() if par is not None}


def accountable_pars(inspection: CreditedInspection, pars: Pars) -> dict[str, int]:
    """Return the par of each role that leads, over the sections it leads; else like `role_pars`.

    Raises:
        MissingParError: a situation that was answered has no par.
    """
    by_role = {
        role: visit_par(led_by(inspection, role), pars)
        for role in sorted({section.lead for section in inspection.sections})
    }
    return {role: par for role, par in by_role.items() if par is not None}


def _pars_in_place(sections: Iterable[CreditedSection], pars: Pars) -> dict[int, Fraction]:
    """Return the pars of the situations that were answered."""
    answered = [section.situation for section in sections if situation_mean(section) is not None]
    missing = [str(number) for number in answered if number not in pars]
    if missing:
        raise MissingParError(f"no par for situation {', '.join(missing)}; pars are frozen with each ranking")
    return {number: pars[number] for number in answered}
