"""What a decision would do before it is made: to the score, the rank and the region, computed in full."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from checklists.amending import Amendment, AmendmentError, amend, stands_together
from checklists.filled import Answers
from checklists.scoring import CreditedInspection, score
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.appeals import AppealItem, AppealOutcome
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.disputes import OUTCOMES
from inspect_app.queries.figures import AS_IT_IS, Assumed, Basis, basis_of, figures_of
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import answers_of, newest_revision_of_visit
from inspect_app.queries.ranking_values import region_codes, wave_as_value
from inspect_app.queries.rankings import latest_ranking
from inspect_app.queries.scope import HEAD_OFFICE
from inspect_app.queries.standing import revision_with_id, visits_with_waves
from reports.fingerprint import fingerprint
from reports.rankings import Ranking, Row, rank
from reports.restatement import Figures, movers
from reports.waves import Wave as WaveValue

AMENDMENTS: Mapping[AppealOutcome, Amendment] = {
    AppealOutcome.DISMISSED: Amendment.AS_RECORDED,
    **{outcome: amendment for amendment, outcome in OUTCOMES.items()},
}
"""What each outcome makes of the record that was disputed."""

NOTHING = Figures(None, None, None)


@dataclass(frozen=True, slots=True)
class VisitEffect:
    """A visit's score before and after, in hundredths of a point; None where undefined."""

    visit_id: uuid.UUID
    branch_code: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class UnitEffect:
    """A branch or a region before and after: its rank, score and over par."""

    code: str
    name: str
    before: Figures
    after: Figures


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a decision would do.

    Attributes:
        regions: those above the branches, from the root down.
        moved: how many branches would have another rank or score.
        fingerprint: of the ranking that it would make.
    """

    visits: tuple[VisitEffect, ...]
    branches: tuple[UnitEffect, ...]
    regions: tuple[UnitEffect, ...]
    moved: int
    fingerprint: str


def consequences(session: Session, user: User, outcomes: Mapping[uuid.UUID, AppealOutcome]) -> Consequence:
    """Return what deciding some items of one wave so would do, beside what counts now.

    Raises:
        NotFoundError: there is no such item, or the user is not of head office.
        ConflictError: they are of two waves, or an outcome would change items that are not named.
    """
    items = _items(session, user, outcomes)
    world = _world(session, {item.visit_id for item in items})
    return _effect(world, _assumed(session, items, outcomes))


def consequences_of_correction(
    session: Session, user: User, visit_id: uuid.UUID, amendments: Mapping[str, Amendment]
) -> Consequence:
    """Return what correcting some items of a visit so would do, beside what counts now.

    Raises:
        NotFoundError: there is no record of the visit, or the user is not of head office.
        ConflictError: an item cannot be corrected so.
    """
    if user.kind not in HEAD_OFFICE:
        raise NotFoundError(f"visit {visit_id}")
    world = _world(session, {visit_id})
    newest = _newest_revision(session, visit_id)
    now = answers_of(newest)
    try:
        amended = amend(checklist_of(session, newest.checklist_hash), now, now, amendments)
    except AmendmentError as error:
        raise ConflictError(f"visit {visit_id}: {error}") from error
    return _effect(world, {visit_id: amended.inspection})


def alternatives(session: Session, user: User, item_id: uuid.UUID) -> Mapping[AppealOutcome, Consequence]:
    """Return what each outcome that is possible for an item would do, together with those it stands with.

    Raises:
        NotFoundError: there is no such item, or the user is not of head office.
    """
    (item,) = _items(session, user, {item_id: AppealOutcome.DISMISSED})
    items = _together(session, item)
    world = _world(session, {one.visit_id for one in items})
    found = {}
    for outcome in AppealOutcome:
        try:
            assumed = _assumed(session, items, dict.fromkeys((one.id for one in items), outcome))
        except ConflictError:
            continue
        found[outcome] = _effect(world, assumed)
    return found


@dataclass(frozen=True, slots=True)
class _World:
    """A wave as it counts now, and the visits that are decided on."""

    value: WaveValue
    basis: Basis
    before: Ranking
    visits: Sequence[Visit]


def _items(session: Session, user: User, outcomes: Mapping[uuid.UUID, AppealOutcome]) -> Sequence[AppealItem]:
    if user.kind not in HEAD_OFFICE:
        raise NotFoundError("items to be decided")
    items = session.scalars(
        select(AppealItem)
        .where(AppealItem.id.in_(outcomes))
        .options(joinedload(AppealItem.appeal))
        .order_by(AppealItem.id)
    ).all()
    if len(items) != len(outcomes) or not items:
        raise NotFoundError("an item that is to be decided")
    return items


def _together(session: Session, item: AppealItem) -> Sequence[AppealItem]:
    """Return the items of an appeal that are decided together with one of them."""
    revision = revision_with_id(session, item.appeal.revision_id)
    checklist = checklist_of(session, revision.checklist_hash)
    codes = stands_together(checklist, answers_of(revision), item.item_code)
    return session.scalars(
        select(AppealItem)
        .where(AppealItem.appeal_id == item.appeal_id, AppealItem.item_code.in_(codes))
        .options(joinedload(AppealItem.appeal))
        .order_by(AppealItem.id)
    ).all()


def _world(session: Session, visit_ids: Collection[uuid.UUID]) -> _World:
    visits = visits_with_waves(session, visit_ids)
    waves = {visit.wave_id: visit.wave for visit in visits}
    if len(waves) != 1:
        raise ConflictError("items of one wave are decided together")
    (wave,) = waves.values()
    basis = current_basis(session, wave)
    value = wave_as_value(session, wave)
    return _World(value, basis, _ranked(value, basis, AS_IT_IS), visits)


def current_basis(session: Session, wave: Wave) -> Basis:
    """Return what a wave's figures are made from as it stands: disclosed, or published and to be restated."""
    if wave.state is WaveState.PUBLISHED:
        return basis_of(session, wave, latest_ranking(session, wave.id), VisitState.PUBLISHED)
    return basis_of(session, wave, None, VisitState.DISCLOSED)


def _assumed(
    session: Session, items: Sequence[AppealItem], outcomes: Mapping[uuid.UUID, AppealOutcome]
) -> Assumed:
    """Return what visits would be scored from, one disputed revision after the other as deciding does."""
    newest: dict[uuid.UUID, Answers] = {}
    inspections: dict[uuid.UUID, CreditedInspection] = {}
    for visit_id, revision_id in sorted({(one.visit_id, one.appeal.revision_id) for one in items}):
        own = [one for one in items if one.visit_id == visit_id and one.appeal.revision_id == revision_id]
        revision = revision_with_id(session, revision_id)
        checklist = checklist_of(session, revision.checklist_hash)
        now = newest.get(visit_id) or answers_of(_newest_revision(session, visit_id))
        amendments = {one.item_code: AMENDMENTS[outcomes[one.id]] for one in own}
        try:
            amended = amend(checklist, now, answers_of(revision), amendments)
        except AmendmentError as error:
            raise ConflictError(f"visit {visit_id}: {error}") from error
        newest[visit_id], inspections[visit_id] = amended.answers, amended.inspection
    return inspections


def _newest_revision(session: Session, visit_id: uuid.UUID) -> Revision:
    (visit,) = visits_with_waves(session, {visit_id})
    revision = newest_revision_of_visit(session, visit)
    if revision is None:
        raise NotFoundError(f"record of visit {visit_id}")
    return revision


def _ranked(value: WaveValue, basis: Basis, assumed: Assumed) -> Ranking:
    return rank(value, [one.counted for one in figures_of(basis, assumed).visits])


def _effect(world: _World, assumed: Assumed) -> Consequence:
    before, after = world.before, _ranked(world.value, world.basis, assumed)
    paths = {visit.target.branch_code: region_codes(visit.target.region_path) for visit in world.visits}
    names = {target.code: target.name for target in world.value.targets}
    regions = {region.code: region.name for region in world.value.regions}
    above = [code for code in regions if any(code in path for path in paths.values())]
    scored = {visit.visit_id: visit.scores.visit for visit in world.basis.visits}
    moved = [one for one in movers(before, after) if one.table == "branch"]
    return Consequence(
        visits=tuple(
            VisitEffect(
                visit.id, visit.target.branch_code, scored.get(visit.id), score(assumed[visit.id]).visit
            )
            for visit in world.visits
        ),
        branches=_units(before.branches, after.branches, sorted(paths), names),
        regions=_units(before.regions, after.regions, above, regions),
        moved=len(moved),
        fingerprint=fingerprint(after),
    )


def _units(
    before: Sequence[Row], after: Sequence[Row], codes: Sequence[str], names: Mapping[str, str]
) -> tuple[UnitEffect, ...]:
    first = {row.unit: Figures(row.rank, row.score, row.over_par) for row in before}
    then = {row.unit: Figures(row.rank, row.score, row.over_par) for row in after}
    return tuple(
        UnitEffect(code, names[code], first.get(code, NOTHING), then.get(code, NOTHING)) for code in codes
    )
