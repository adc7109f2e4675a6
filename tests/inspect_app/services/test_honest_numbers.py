"""Numbers stay honest through every dispute: random histories, held against a second program at each step."""

import json
from collections import Counter
from fractions import Fraction
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import Database, transaction
from inspect_app.models.appeals import AppealOutcome, AppealState
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.inspections import Revision, RevisionKind
from inspect_app.models.rankings import StoredRanking, VisitResult
from inspect_app.models.waves import Target, WaveState
from inspect_app.queries.helps import what_helps_most
from inspect_app.queries.inspections import credited_inspection_of
from inspect_app.queries.people import user_named
from inspect_app.queries.ranked_deficiencies import is_wanting_in
from inspect_app.queries.ranking_scope import ranking_in_scope
from inspect_app.queries.ranking_summary import MOST_MOVERS, findings_of, movers_in
from inspect_app.queries.rankings import (
    export_of,
    latest_ranking,
    movers_of,
    rankings_of_wave,
    stored_ranking_as_values,
)
from reports.export import ExportedVisit, export_lines, visit_line
from reports.fingerprint import fingerprint
from reports.rankings import Ranking
from tests.inspect_app.disputed_waves import GONE, DisputedWave, stated_score
from tests.reports import independent
from tests.reports.test_independent import as_printed

SEEDS = (1, 2)
STEPS = 18
MORE_SEEDS = range(100, 140)
MORE_STEPS = 60
LONG = (pytest.mark.volume, pytest.mark.slow)


class Witness:
    """Remembers what was published, and holds each new state against the second program."""

    def __init__(self, history: DisputedWave) -> None:
        """Begin with what was disclosed."""
        self.history = history
        self.published: dict[int, tuple[str, Ranking]] = {}
        self.wanting: dict[str, set[str]] = {}
        self.known: dict[str, dict[str, object]] = {}
        self.counted: dict[str, str] = {}
        self.checked: set[int] = set()

    def look(self) -> None:
        """Hold everything against what it must be.

        Raises:
            AssertionError: a number changed without a revision, or is another than the second program's.
        """
        session, wave = self.history.session, self.history.wave
        for visit in self.history.shown():
            self.look_at(newest(session, visit.id))
        self.look_at_deficiencies()
        for ranking in rankings_of_wave(session, wave.id):
            self.look_at_ranking(ranking)
        if wave.state is WaveState.PUBLISHED:
            self.look_whether_current()

    def look_at(self, revision: Revision) -> None:
        """Hold a revision's scores against its answers, and its items against those of the one before."""
        visit = str(revision.inspection.visit_id)
        before = self.counted.get(visit)
        if before == str(revision.id):
            return
        line = cast("independent.VisitLine", json.loads(line_of(self.history.session, revision)))
        assert independent.scores_of(line) == stated_score(revision)
        items: dict[str, object] = {
            item["code"]: item["credit"] for section in line["sections"] for item in section["items"]
        }
        if before is not None:
            assert revision.kind is RevisionKind.CORRECTED
            assert revision.reason
            changed = {code for code in items if items[code] != self.known[visit][code]}
            assert changed <= self.history.named, "a correction touches only the items it names"
        self.known[visit], self.counted[visit] = items, str(revision.id)
        self.wanting[visit] = {
            code for code, credit in items.items() if credit is not None and Fraction(str(credit)) < 1
        }

    def look_at_deficiencies(self) -> None:
        """What stands against a branch is what its newest revisions find wanting, each by one answer."""
        session = self.history.session
        rows = session.scalars(select(Deficiency).where(Deficiency.wave_id == self.history.wave.id)).all()
        standing: dict[str, list[str]] = {}
        for row in rows:
            if row.state not in GONE:
                standing.setdefault(str(row.visit_id), []).append(row.item_code)
        for visit in self.history.shown():
            assert sorted(standing.get(str(visit.id), [])) == sorted(self.wanting[str(visit.id)])

    def look_at_ranking(self, ranking: StoredRanking) -> None:
        """A ranking never changes; a new one is what the second program makes of its lines."""
        session = self.history.session
        values = stored_ranking_as_values(session, ranking)
        assert fingerprint(values) == ranking.fingerprint
        before = self.published.setdefault(ranking.number, (ranking.fingerprint, values))
        assert before == (ranking.fingerprint, values)
        if ranking.number == len(self.published) and ranking.number not in self.checked:
            self.checked.add(ranking.number)
            self.compare(ranking, values)

    def compare(self, ranking: StoredRanking, values: Ranking) -> None:
        """Hold a new ranking and its movers against the second program."""
        expected = computed(self.history.session, ranking)
        assert {
            name: {row.unit: as_printed(row) for row in rows} for name, rows in values.tables().items()
        } == expected.tables
        if ranking.number == 1:
            assert ranking.reason is None
            return
        assert ranking.reason
        earlier = rankings_of_wave(self.history.session, ranking.wave_id)[ranking.number - 2]
        before = computed(self.history.session, earlier).tables
        assert {(one.table, one.unit) for one in movers_of(self.history.session, ranking)} == {
            (table, unit)
            for table in {*before, *expected.tables}
            for unit in {*before.get(table, {}), *expected.tables.get(table, {})}
            if figures(before, table, unit) != figures(expected.tables, table, unit)
        }
        self.compare_page(ranking)

    def compare_page(self, ranking: StoredRanking) -> None:
        """What a page says in short is what the whole rankings say: who moved, and what cost most."""
        session = self.history.session
        user = user_named(session, "administrator")
        assert user is not None
        ranking, scope = ranking_in_scope(session, user, ranking.wave.code, ranking.number)
        moved = movers_of(session, ranking)
        for table in {one.table for one in moved}:
            shown = movers_in(session, user, ranking, scope, scope.top, table)
            assert [one.mover for one in shown] == [one for one in moved if one.table == table][:MOST_MOVERS]
        counted = session.scalars(select(VisitResult.visit_id).where(VisitResult.ranking_id == ranking.id))
        wanting = select(Deficiency).where(is_wanting_in(ranking), Deficiency.visit_id.in_(counted.all()))
        lost: Counter[int] = Counter()
        for one in session.scalars(wanting):
            lost[one.situation] += one.points_lost
        findings = findings_of(session, ranking, scope.top)
        dearest = min(lost, key=lambda situation: (-lost[situation], situation))
        assert (findings.dearest, findings.share) == (dearest, Fraction(lost[dearest], lost.total()))

    def look_whether_current(self) -> None:
        """The latest ranking counts the newest revisions, and nothing else."""
        session = self.history.session
        latest = latest_ranking(session, self.history.wave.id)
        assert latest is not None
        counted = set(
            session.scalars(select(VisitResult.revision_id).where(VisitResult.ranking_id == latest.id))
        )
        assert counted == {
            revision.id
            for revision in (newest(session, visit.id) for visit in self.history.shown())
            if stated_score(revision)["visit"] is not None
        }


def figures(
    tables: dict[str, dict[str, independent.Row]], table: str, unit: str
) -> tuple[int | None, int | None, int | None]:
    """Return what a mover would have moved in."""
    row = tables.get(table, {}).get(unit)
    return (None, None, None) if row is None else (row.rank, row.score, row.over_par)


def computed(session: Session, ranking: StoredRanking) -> independent.Result:
    """Return what the second program makes of a ranking's lines."""
    return independent.recompute(list(export_lines(export_of(session, ranking))))


def newest(session: Session, visit_id: object) -> Revision:
    """Return the newest revision of a visit."""
    from_visit = select(Revision).join(Revision.inspection).where(Revision.inspection.has(visit_id=visit_id))
    return session.scalars(from_visit.order_by(Revision.number.desc()).limit(1)).one()


def line_of(session: Session, revision: Revision) -> str:
    """Return the line of a data export for a revision."""
    return visit_line(
        "W",
        ExportedVisit(
            str(revision.inspection.visit_id),
            "0001",
            revision.number,
            revision.rules_version,
            credited_inspection_of(session, revision),
            None,
        ),
    )


def run(session: Session, seed: int, steps: int) -> tuple[DisputedWave, Counter[str]]:
    """Take random steps, and look at everything after each of them."""
    history = DisputedWave(session, seed)
    witness = Witness(history)
    taken: Counter[str] = Counter()
    witness.look()
    for _ in range(steps):
        taken[history.take_step()] += 1
        session.expire_all()
        witness.look()
    return history, taken


def assert_previews_hold(history: DisputedWave) -> None:
    """Hold each preview against what an independent program made of the decision."""
    for expected, scores in history.previews:
        for kind, effects in (("branch", expected.branches), ("region", expected.regions)):
            for effect in effects:
                assert (effect.after.rank, effect.after.score) == scores[f"{kind} {effect.code}"]


@pytest.mark.fault("W02")
@pytest.mark.parametrize(
    ("seed", "steps"),
    [
        *((seed, STEPS) for seed in SEEDS),
        *(pytest.param(seed, MORE_STEPS, marks=LONG) for seed in MORE_SEEDS),
    ],
)
def test_numbers_stay_honest_through_a_random_history(database: Database, seed: int, steps: int) -> None:
    with transaction(database) as session:
        history, taken = run(session, seed, steps)

        assert_previews_hold(history)
        assert taken["publish"]
        if seed in SEEDS:
            assert set(taken) >= {"file", "decide", "answer", "correct", "reopen"}
            assert len(rankings_of_wave(session, history.wave.id)) > 1


@pytest.mark.parametrize(
    ("seed", "wanted"),
    [(7, 6), *(pytest.param(seed, 50, marks=LONG) for seed in range(300, 310))],
)
def test_what_is_decided_otherwise_and_taken_back_restores_every_figure(
    database: Database, seed: int, wanted: int
) -> None:
    with transaction(database) as session:
        history = DisputedWave(session, seed)
        for _ in range(6):
            history.file()
        history.publish()
        done = 0
        while done < wanted:
            first = latest_ranking(session, history.wave.id)
            assert first is not None
            appeal = history.chance.choice(history.ended())
            items = history.take_up(appeal)
            before = {one.id: one.outcome or AppealOutcome.DISMISSED for one in items}
            while appeal.state is AppealState.REOPENED:
                history.decide()
            history.take_up(appeal)
            history.decide_as(before)
            last = latest_ranking(session, history.wave.id)

            assert last is not None
            assert last.fingerprint == first.fingerprint
            assert stored_ranking_as_values(session, last).tables() == (
                stored_ranking_as_values(session, first).tables()
            )
            done += 1
        assert len(history.previews) >= wanted
        assert_previews_hold(history)


def repaired_lines(lines: list[str], branch: str, code: str) -> list[str]:
    """Return the lines with one item met in full on every visit of a branch where it was wanting."""
    head = json.loads(lines[0])
    head["ranking"] = head["ranking"] + 1
    visits = [json.loads(line) for line in lines[1:]]
    for visit in visits:
        if visit["branch"] != branch:
            continue
        for section in visit["sections"]:
            for item in section["items"]:
                if item["code"] == code and item["credit"] is not None and Fraction(item["credit"]) < 1:
                    item["credit"] = "1"
                    if section["gate"] == "nobody_acted":
                        section["gate"] = "occurred"
    return [json.dumps(head), *(json.dumps(visit) for visit in visits)]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("seed", "branches"), [(4, 1), *(pytest.param(seed, 3, marks=LONG) for seed in range(200, 230))]
)
def test_what_helps_most_is_what_a_brute_force_search_finds(
    database: Database, seed: int, branches: int
) -> None:
    with transaction(database) as session:
        history = DisputedWave(session, seed)
        history.publish()
        lines = history.lines()
        main = "over_par" if json.loads(lines[0])["rank_by"] == "over_par" else "score"
        now = independent.recompute(repaired_lines(lines, "nowhere", "")).tables["branch"]
        codes = sorted(
            {item["code"] for line in lines[1:] for s in json.loads(line)["sections"] for item in s["items"]}
        )
        for target in list(session.scalars(select(Target).where(Target.wave_id == history.wave.id)))[
            :branches
        ]:
            before = now[target.branch_code]
            found = what_helps_most(session, history.office, target.branch_id, history.wave.id)
            if before.score is None:
                assert found == ()
                continue
            tried = {
                code: independent.recompute(repaired_lines(lines, target.branch_code, code)).tables["branch"][
                    target.branch_code
                ]
                for code in codes
            }
            best = max(getattr(row, main) for row in tried.values())
            if not found:
                assert best == getattr(before, main)
                continue
            first = tried[found[0].item.code]
            assert getattr(first, main) == best
            for one in found:
                row = tried[one.item.code]
                assert (one.rank_now, one.rank_then) == (before.rank, row.rank)
                assert one.points == (row.score or 0) - before.score
            if first.rank is not None:
                assert first.rank == min(row.rank for row in tried.values() if row.rank is not None)
