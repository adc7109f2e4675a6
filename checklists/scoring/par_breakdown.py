"""How a visit's par came about: the same means as its score's, over the pars of its situations."""

from dataclasses import dataclass
from fractions import Fraction

from checklists.scoring.inspection import CreditedInspection
from checklists.scoring.pars import Pars, par_means
from checklists.scoring.scores import RULES_VERSION, round_half_up


@dataclass(frozen=True, slots=True)
class SituationParLine:
    """What one situation scores on average, exact, in hundredths of a point."""

    number: int
    weight: Fraction
    par: Fraction


@dataclass(frozen=True, slots=True)
class FlowParLine:
    """The weighted mean of the pars of a flow's situations, exact, in hundredths of a point."""

    code: str
    weight: Fraction
    situations: tuple[SituationParLine, ...]
    exact: Fraction


@dataclass(frozen=True, slots=True)
class ParBreakdown:
    """How a par came about; only situations and flows in which something was answered have a line.

    Attributes:
        exact: the weighted mean of the flows, in hundredths of a point; None where nothing was answered.
        par: the same, rounded half up.
    """

    rules_version: str
    flows: tuple[FlowParLine, ...]
    exact: Fraction | None
    par: int | None


def break_down_par(inspection: CreditedInspection, pars: Pars) -> ParBreakdown:
    """Return how the par of a visit came about; narrow the visit first for the par of a role.

    Raises:
        MissingParError: a situation that was answered has no par.

    Source:
        docs/scoring.md, "Different item sets".
    """
    means = par_means(inspection, pars)
    answered = [section for section in inspection.sections if section.situation in means.situations]
    flows = tuple(
        FlowParLine(
            code=code,
            weight=next(section.flow_weight for section in answered if section.flow == code),
            situations=tuple(
                SituationParLine(section.situation, section.situation_weight, pars[section.situation])
                for section in answered
                if section.flow == code
            ),
            exact=means.flows[code],
        )
        for code in dict.fromkeys(section.flow for section in answered)
    )
    par = None if means.visit is None else round_half_up(means.visit)
    return ParBreakdown(RULES_VERSION, flows, means.visit, par)
