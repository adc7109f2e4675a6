"""Questions about frozen rankings: which there are, and a ranking as the values that `reports` works with."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from checklists.checklist import Checklist
from inspect_app.errors import NotFoundError
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.rankings import RankingRow, StoredRanking, VisitResult
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Target, Wave, WaveState
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import credited_inspection_of
from inspect_app.queries.journal_chain import anchor_of
from inspect_app.queries.ranked_deficiencies import is_wanting_in
from inspect_app.queries.ranking_values import pars_of, row_as_value, wave_as_value
from inspect_app.queries.shortcomings import Shortcoming, shortcomings
from inspect_app.queries.waves import variants_of
from reports.export import Export, ExportedVisit, ExportedWave
from reports.previous import RankedWave, find_previous
from reports.rankings import Pinned, Ranking, Row
from reports.restatement import Mover, movers
from reports.stated_scores import parse_scores, state
from reports.workbook import DetailRow, NamedRole, Report

BRANCH_TABLE = "branch"
ROLE_TABLE = "role:"
NO_WORDS: Mapping[DeficiencyState, str] = {}


def rankings_of_wave(session: Session, wave_id: uuid.UUID) -> Sequence[StoredRanking]:
    """Return the rankings of a wave, number 1 first."""
    return session.scalars(
        select(StoredRanking).where(StoredRanking.wave_id == wave_id).order_by(StoredRanking.number)
    ).all()


def latest_ranking(session: Session, wave_id: uuid.UUID) -> StoredRanking | None:
    """Return the latest ranking of a wave; None before it is published."""
    return session.scalar(
        select(StoredRanking)
        .where(StoredRanking.wave_id == wave_id)
        .order_by(StoredRanking.number.desc())
        .limit(1)
        .options(joinedload(StoredRanking.wave))
    )


def ranking_of(session: Session, wave_id: uuid.UUID, number: int | None) -> StoredRanking:
    """Return one ranking of a wave, the latest where no number is given.

    Raises:
        NotFoundError: the wave has no such ranking.
    """
    if number is None:
        ranking = latest_ranking(session, wave_id)
    else:
        ranking = session.scalar(
            select(StoredRanking)
            .where(StoredRanking.wave_id == wave_id, StoredRanking.number == number)
            .options(joinedload(StoredRanking.wave))
        )
    if ranking is None:
        raise NotFoundError(f"ranking {number or 'latest'} of wave {wave_id}")
    return ranking


def previous_of(session: Session, ranking: StoredRanking) -> StoredRanking | None:
    """Return the ranking of the previous wave that changes were taken from; None where there is none."""
    if ranking.previous_id is None:
        return None
    return session.scalar(
        select(StoredRanking)
        .where(StoredRanking.id == ranking.previous_id)
        .options(joinedload(StoredRanking.wave))
    )


def previous_for(session: Session, wave: Wave) -> StoredRanking | None:
    """Return the ranking that a wave about to be published takes its changes from."""
    latest = (
        select(StoredRanking.wave_id, func.max(StoredRanking.number).label("number"))
        .group_by(StoredRanking.wave_id)
        .subquery()
    )
    rows = session.execute(
        select(Wave.id, Wave.code, Wave.mode, Wave.closes_on, latest.c.number)
        .join(latest, latest.c.wave_id == Wave.id)
        .where(Wave.id != wave.id)
    ).all()
    found = find_previous(
        wave.mode,
        wave.opens_on,
        (RankedWave(code, mode, closes_on, n) for _, code, mode, closes_on, n in rows),
    )
    if found is None:
        return None
    ids = {code: wave_id for wave_id, code, *_ in rows}
    return ranking_of(session, ids[found.code], found.number)


def counts_in(session: Session, ranking: StoredRanking, visit: Visit) -> bool:
    """Say whether a ranking counts this visit."""
    counted = select(VisitResult.visit_id).where(
        VisitResult.ranking_id == ranking.id,
        VisitResult.target_id == visit.target_id,
        VisitResult.visit_id == visit.id,
    )
    return session.scalar(counted) is not None


def branch_in_rankings(session: Session, visit: Visit) -> Sequence[tuple[StoredRanking, RankingRow]]:
    """Return the rankings of a visit's wave, each with the line of its branch, number 1 first."""
    rows = session.execute(
        select(StoredRanking, RankingRow)
        .join(RankingRow, RankingRow.ranking_id == StoredRanking.id)
        .where(
            StoredRanking.wave_id == visit.wave_id,
            RankingRow.table == BRANCH_TABLE,
            RankingRow.target_id == visit.target_id,
        )
        .order_by(StoredRanking.number)
    )
    return [(ranking, row) for ranking, row in rows]


def stored_ranking_as_values(session: Session, ranking: StoredRanking) -> Ranking:
    """Return a frozen ranking, row by row as it was published."""
    rows = session.scalars(
        select(RankingRow)
        .where(RankingRow.ranking_id == ranking.id)
        .order_by(RankingRow.table, RankingRow.position)
    )
    tables: dict[str, list[Row]] = {}
    for row in rows:
        tables.setdefault(row.table, []).append(row_as_value(row))
    previous = previous_of(session, ranking)
    return Ranking(
        wave=wave_as_value(session, ranking.wave),
        number=ranking.number,
        regions=tuple(tables.get("region", ())),
        branches=tuple(tables.get("branch", ())),
        roles={
            name.removeprefix(ROLE_TABLE): tuple(of_role)
            for name, of_role in tables.items()
            if name.startswith(ROLE_TABLE)
        },
        previous=None if previous is None else Pinned(previous.wave.code, previous.number),
    )


def movers_of(session: Session, ranking: StoredRanking) -> tuple[Mover, ...]:
    """Return who moved against the ranking that a restated one replaces; nobody in number 1."""
    if ranking.number == 1:
        return ()
    before = ranking_of(session, ranking.wave_id, ranking.number - 1)
    return movers(stored_ranking_as_values(session, before), stored_ranking_as_values(session, ranking))


def export_of(session: Session, ranking: StoredRanking) -> Export:
    """Return all that the numbers of a ranking can be recomputed from, with the revisions that it used."""
    rows = session.execute(
        select(VisitResult, Target.branch_code, Revision)
        .join(Target, Target.id == VisitResult.target_id)
        .join(Revision, Revision.id == VisitResult.revision_id)
        .where(VisitResult.ranking_id == ranking.id)
    )
    previous = previous_of(session, ranking)
    return Export(
        head=ExportedWave(
            wave=wave_as_value(session, ranking.wave),
            ranking=ranking.number,
            previous=None if previous is None else Pinned(previous.wave.code, previous.number),
            fingerprint=ranking.fingerprint,
            pars=pars_of(ranking),
        ),
        visits=tuple(_exported(session, *row) for row in rows),
    )


def report_of(
    session: Session,
    ranking: StoredRanking,
    language: str,
    region: str | None,
    timezone: tzinfo,
    *,
    state_words: Mapping[DeficiencyState, str] = NO_WORDS,
) -> Report:
    """Return all that the workbook of a ranking is written from.

    Args:
        language: of the handbook's texts; its own where it lacks this one.
        region: the code of the region that the rows are limited to; None for all.
        timezone: the zone of printed times.
        state_words: what has become of a deficiency, in the reader's language; without them nothing says it.

    Raises:
        NotFoundError: the wave has no such region.
    """
    values = stored_ranking_as_values(session, ranking)
    if region is not None and region not in {known.code for known in values.wave.regions}:
        raise NotFoundError(f"region {region} of wave {ranking.wave.code}")
    checklists = [checklist_of(session, one.checklist_hash) for one in variants_of(session, ranking.wave)]
    caps = {checklist.veto_cap for checklist in checklists}
    anchor = anchor_of(session, ranking)
    return Report(
        ranking=values,
        roles=_named_roles(checklists, language),
        details=tuple(
            _detail(one, language, state_words) for one in shortcomings_of(session, ranking, region)
        ),
        fingerprint=ranking.fingerprint,
        rules_version=ranking.rules_version,
        edition="、".join(sorted({checklist.edition for checklist in checklists})) or None,
        veto_cap=caps.pop() if len(caps) == 1 else None,
        published_at=ranking.published_at.astimezone(timezone),
        restated_because=ranking.reason or "",
        region=region,
        journal_head=None if anchor is None else anchor.shown,
    )


def shortcomings_of(
    session: Session, ranking: StoredRanking, region: str | None = None
) -> Iterator[Shortcoming]:
    """Yield the deficiencies of the revisions that a ranking used, of one region or of all.

    What a later ranking no longer counts stays in the ranking that did; its state says what became of it.
    """
    conditions: list[ColumnElement[bool]] = [is_wanting_in(ranking)]
    if region is not None:
        # Not LIKE: a code may hold one of its signs, and SQLite's takes no notice of case.
        conditions.append(func.replace(Target.region_path, f"/{region}/", "") != Target.region_path)
    yield from shortcomings(session, *conditions)


def waves_with_rankings(session: Session) -> Sequence[tuple[Wave, tuple[int, ...]]]:
    """Return every wave with the numbers of its rankings, oldest first."""
    numbers: dict[uuid.UUID, list[int]] = {}
    rows = session.execute(select(StoredRanking.wave_id, StoredRanking.number).order_by(StoredRanking.number))
    for wave_id, number in rows:
        numbers.setdefault(wave_id, []).append(number)
    waves = session.scalars(select(Wave).order_by(Wave.opens_on, Wave.code))
    return [(wave, tuple(numbers.get(wave.id, ()))) for wave in waves]


def published_waves(session: Session) -> Sequence[Wave]:
    """Return the published waves, the newest first."""
    return session.scalars(
        select(Wave)
        .where(Wave.state == WaveState.PUBLISHED)
        .order_by(Wave.closes_on.desc(), Wave.code.desc())
    ).all()


def _exported(session: Session, result: VisitResult, branch_code: str, revision: Revision) -> ExportedVisit:
    scores = replace(parse_scores(revision.scores or ""), par=result.par)
    return ExportedVisit(
        visit=str(result.visit_id),
        branch=branch_code,
        revision=revision.number,
        rules_version=revision.rules_version,
        inspection=credited_inspection_of(session, revision),
        scores=state(scores),
    )


def _named_roles(checklists: Sequence[Checklist], language: str) -> tuple[NamedRole, ...]:
    """Return the staff roles of a wave's editions in their order, each once."""
    names = {role.code: role.name for checklist in checklists for role in checklist.roles}
    return tuple(NamedRole(code, name.in_language(language)) for code, name in names.items())


def _detail(shortcoming: Shortcoming, language: str, state_words: Mapping[DeficiencyState, str]) -> DetailRow:
    return DetailRow(
        branch_code=shortcoming.branch_code,
        branch_name=shortcoming.branch_name,
        flow=shortcoming.section.flow_name.in_language(language),
        clause=shortcoming.item.code,
        demand=shortcoming.item.standard.in_language(language),
        kind=shortcoming.item.kind,
        credit=shortcoming.credit,
        points_lost=shortcoming.points_lost,
        role=shortcoming.role,
        seen=_seen(shortcoming, language),
        state=state_words.get(shortcoming.state, ""),
        due=shortcoming.due_on,
    )


def _seen(shortcoming: Shortcoming, language: str) -> str:
    """Return what was ticked, then the words that may be shown."""
    answer = shortcoming.answer
    ticked = () if answer is None else (shortcoming.item.shortfalls[place] for place in answer.shortfalls)
    texts = (*(text.in_language(language) for text in ticked), shortcoming.words)
    return " · ".join(text for text in texts if text)
