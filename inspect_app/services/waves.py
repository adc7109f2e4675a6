"""A wave is planned, opened and closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from checklists.handbook import Mode
from checklists.json_values import Json, compact_json
from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Target, Variant, Wave, WaveState
from inspect_app.queries.handbooks import checklist_row
from inspect_app.queries.holding import hold_wave
from inspect_app.queries.organisation import all_branches, all_regions, branches_coded
from inspect_app.queries.waves import has_wave, targets_of, variants_of
from inspect_app.services import journal
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.workflow import require_step
from reports.rankings import RankBy

MOST_VARIANTS = 12


@dataclass(frozen=True, slots=True)
class WavePlan:
    """A wave to be planned.

    Attributes:
        min_visits: fewer counting visits than this and a branch is not ranked, at least 1.
        checklists: the hashes of its variants, in their order; 1 to 12, all of the wave's mode.
        branches: codes of the branches to inspect; None for all.
        visits_wanted: how many visits each branch is to have, at least 1.
        disclosure_days, settling_days: working days to appeal, and further ones to settle appeals in.
    """

    code: str
    name: str
    mode: Mode
    opens_on: date
    closes_on: date
    checklists: tuple[str, ...]
    branches: tuple[str, ...] | None = None
    visits_wanted: int = 1
    min_visits: int = 1
    rank_by: RankBy = RankBy.SCORE
    disclosure_days: int = 5
    settling_days: int = 2


def plan_wave(session: Session, actor: Actor, plan: WavePlan, *, now: datetime) -> Wave:
    """Plan a wave with its variants and the branches it is to inspect.

    Raises:
        ConflictError: the code is taken, or a checklist is of another mode.
        IncompleteError: a number or a day is impossible, or there is no checklist or no branch.
        NotFoundError: a branch does not exist.
    """
    _require_possible(plan)
    if has_wave(session, plan.code):
        raise ConflictError(f"wave {plan.code} is there already")
    branches = all_branches(session) if plan.branches is None else branches_coded(session, plan.branches)
    if not branches:
        raise IncompleteError("a wave needs a branch", ("branches",))
    wave = Wave(
        code=plan.code,
        name=plan.name,
        mode=plan.mode,
        state=WaveState.PLANNED,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        min_visits=plan.min_visits,
        rank_by=plan.rank_by,
        disclosure_days=plan.disclosure_days,
        settling_days=plan.settling_days,
        variants=_variants(session, plan),
    )
    session.add(wave)
    session.add_all(_target(wave, branch, plan.visits_wanted) for branch in branches)
    session.flush()
    journal.record(session, actor, "plan_wave", "wave", str(wave.id), now=now, to_state=wave.state.value)
    return wave


def open_wave(session: Session, actor: Actor, wave: Wave, *, now: datetime) -> Wave:
    """Begin the field work: freeze the region tree and the branches as they are now, and make the visits.

    Raises:
        ConflictError: the wave is not planned any more.
    """
    hold_wave(session, wave)
    require_step(wave.state, WaveState.OPEN)
    targets = targets_of(session, wave)
    for target in targets:
        _freeze(target, target.branch)
    visits = _deal(wave, targets, variants_of(session, wave))
    session.add_all(visits)
    wave.units = compact_json([_unit(region) for region in all_regions(session)])
    wave.opened_at = now
    details: dict[str, Json] = {"targets": len(targets), "visits": len(visits)}
    return _step(session, actor, "open_wave", wave, WaveState.OPEN, now, details)


def close_wave(session: Session, actor: Actor, wave: Wave, *, now: datetime) -> Wave:
    """End the field work; what still arrives is kept and flagged late.

    Raises:
        ConflictError: the wave is not open.
    """
    hold_wave(session, wave)
    require_step(wave.state, WaveState.CLOSED)
    wave.closed_at = now
    return _step(session, actor, "close_wave", wave, WaveState.CLOSED, now, {})


def _step(
    session: Session,
    actor: Actor,
    action: str,
    wave: Wave,
    wanted: WaveState,
    now: datetime,
    details: dict[str, Json],
) -> Wave:
    before, wave.state = wave.state, wanted
    flush_or_conflict(session, f"wave {wave.code} is {wanted.value}")
    journal.record(
        session,
        actor,
        action,
        "wave",
        str(wave.id),
        now=now,
        from_state=before.value,
        to_state=wanted.value,
        details=details,
    )
    return wave


def _require_possible(plan: WavePlan) -> None:
    """Raise naming everything in a plan that cannot be."""
    wrong = {
        "code": not plan.code,
        "name": not plan.name,
        "closes_on": plan.closes_on < plan.opens_on,
        "min_visits": plan.min_visits < 1,
        "visits_wanted": plan.visits_wanted < 1,
        "disclosure_days": plan.disclosure_days < 0,
        "settling_days": plan.settling_days < 0,
        "checklists": not 1 <= len(plan.checklists) <= MOST_VARIANTS,
    }
    missing = tuple(name for name, is_wrong in wrong.items() if is_wrong)
    if missing:
        raise IncompleteError(f"a wave cannot be planned with this {missing[0]}", missing)


def _variants(session: Session, plan: WavePlan) -> list[Variant]:
    variants = []
    for number, checklist_hash in enumerate(plan.checklists, start=1):
        checklist = checklist_row(session, checklist_hash)
        if checklist is None:
            raise IncompleteError(f"checklist {checklist_hash} is not in use", ("checklists",))
        if checklist.mode != plan.mode.value:
            raise ConflictError(f"a {plan.mode.value} wave has no {checklist.mode} checklist")
        variants.append(Variant(number=number, checklist=checklist))
    return variants


def _target(wave: Wave, branch: Branch, visits_wanted: int) -> Target:
    target = Target(wave=wave, branch=branch, visits_wanted=visits_wanted)
    _freeze(target, branch)
    return target


def _freeze(target: Target, branch: Branch) -> None:
    """Copy what the wave is to know of a branch; planning shows it, opening settles it."""
    target.branch_code = branch.code
    target.branch_name = branch.name
    target.branch_kind = branch.kind
    target.region_path = branch.region.path


def _unit(region: Region) -> Json:
    return {
        "code": region.code,
        "name": region.name,
        "parent": None if region.parent is None else region.parent.code,
    }


def _deal(wave: Wave, targets: Sequence[Target], variants: Sequence[Variant]) -> list[Visit]:
    """Return the visits of a wave: variants go round from branch to branch and from visit to visit."""
    return [
        Visit(
            wave=wave,
            target=target,
            variant=variants[(place + ordinal) % len(variants)],
            ordinal=ordinal + 1,
            window_from=wave.opens_on,
            window_to=wave.closes_on,
        )
        for place, target in enumerate(targets)
        for ordinal in range(target.visits_wanted)
    ]
