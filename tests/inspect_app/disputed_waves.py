"""A random wave in dispute: appeals, decisions, answers, corrections and rankings, one step at a time."""

import json
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from checklists.amending import Amendment, AmendmentError, amend, offered, stands_together
from inspect_app.errors import ConflictError
from inspect_app.models.appeals import (
    Appeal,
    AppealItem,
    AppealOutcome,
    AppealState,
    Ground,
    InspectorFinding,
)
from inspect_app.models.corrective_actions import Cause, Measure
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.consequences import Consequence, consequences
from inspect_app.queries.counting import counting_visits
from inspect_app.queries.disputes import appeal_to_decide
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import answers_of, credited_inspection_of, newest_revision_of_visit
from inspect_app.queries.ranking_values import wave_as_value
from inspect_app.queries.rankings import export_of, latest_ranking
from inspect_app.queries.visits import visits_of_wave
from inspect_app.services import rankings, verifications
from inspect_app.services.appeals import AppealPlan, file_appeal, withdraw
from inspect_app.services.corrective_actions import ActionPlan, send_action
from inspect_app.services.deciding import ItemDecision, decide
from inspect_app.services.journal import Actor
from inspect_app.services.reopening import reopen
from inspect_app.services.rescoring import CorrectionPlan, correct_visit
from reports.export import Export, ExportedVisit, ExportedWave, export_lines
from reports.stated_scores import parse_scores
from tests.inspect_app.random_waves import disclose_wave, found_bank
from tests.reports.independent import recompute as recompute_independently

GONE = (DeficiencyState.UPHELD, DeficiencyState.VOIDED)


class DisputedWave:
    """A random wave and what can happen to it.

    Attributes:
        previews: each decision's consequence as it was shown before, with what came of it.
    """

    def __init__(self, session: Session, seed: int) -> None:
        """Found a random bank and disclose a random wave of it."""
        self.session = session
        self.chance = random.Random(seed)  # noqa: S311 - the same seed must make the same history
        self.staff = found_bank(session, self.chance)
        self.wave, self.now = disclose_wave(session, self.staff, self.chance, date(2026, 1, 5))
        self.office = session.get_one(User, self.staff.administrator.user_id)
        self.branch = Actor.system()
        self.named: frozenset[str] = frozenset()
        self.days_left = self.chance.randint(6, 12)
        visits = visits_of_wave(session, self.wave)
        self.places = {visit.id: place for place, visit in enumerate(visits)}
        self.previews: list[tuple[Consequence, dict[str, tuple[int | None, int | None]]]] = []

    def take_step(self) -> str:
        """Take a random step that is possible; return what it was. After a while the wave is published."""
        self.named = frozenset()
        self.days_left -= 1
        if not self.days_left:
            self.publish()
            return "publish"
        steps: list[Callable[[], bool]] = [
            self.file,
            self.file,
            self.decide,
            self.decide,
            self.withdraw,
            self.answer,
            self.verify,
            self.correct,
            self.reopen,
            self.reopen,
            self.void,
        ]
        self.chance.shuffle(steps)
        for step in steps:
            if step():
                return step.__name__
        return "nothing"

    def file(self) -> bool:
        """Dispute items of a visit."""
        found = self._standing(DeficiencyState.OPEN)
        if self.wave.state is not WaveState.DISCLOSED or not found:
            return False
        first = self.chance.choice(found)
        own = {one.item_code: one for one in found if one.visit_id == first.visit_id}
        wanted = {first.item_code, *self.chance.sample(sorted(own), min(len(own), 2))}
        revision = self._newest(first.visit_id)
        checklist = checklist_of(self.session, revision.checklist_hash)
        codes = {
            code for one in wanted for code in stands_together(checklist, answers_of(revision), one)
        } - self._disputed(first.visit_id)
        if not codes or not codes <= set(own):
            return False
        whole = {code for one in codes for code in stands_together(checklist, answers_of(revision), one)}
        if whole != codes:
            return False
        rows = [own[code] for code in sorted(codes)]
        plan = AppealPlan(self.chance.choice(list(Ground)), "有值守签到")
        file_appeal(self.session, self.branch, rows, plan, seen(rows), now=self.now)
        return True

    def decide(self) -> bool:
        """Decide some waiting items of an appeal, as the preview said."""
        waiting = self._items(AppealItem.is_waiting.is_(True))
        if not waiting:
            return False
        item = self.chance.choice(waiting)
        opened = appeal_to_decide(self.session, self.office, item.appeal_id)
        outcomes: dict[uuid.UUID, AppealOutcome] = {}
        for one in opened.items:
            if one.row.is_waiting and (one.row.id == item.id or self.chance.random() < 0.5):
                outcome = self.chance.choice(one.offered)
                for other in opened.items:
                    if other.row.item_code in one.together:
                        outcomes[other.row.id] = outcome
        if not all(one.row.is_waiting for one in opened.items if one.row.id in outcomes):
            return False
        try:
            expected = consequences(self.session, self.office, outcomes)
        except ConflictError:
            return False
        self.decide_as(outcomes)
        self.previews.append((expected, self.scores()))
        return True

    def withdraw(self) -> bool:
        """Take an appeal back."""
        found = [
            one
            for one in self._appeals(AppealState.OPEN)
            if all(item.outcome is None for item in self._items(AppealItem.appeal_id == one.id))
        ]
        if self.wave.state is not WaveState.DISCLOSED or not found or self.chance.random() < 0.5:
            return False
        appeal = self.chance.choice(found)
        withdraw(self.session, self.branch, appeal, appeal.version, now=self.now)
        return True

    def answer(self) -> bool:
        """Answer one or two deficiencies of a branch."""
        found = self._standing(DeficiencyState.OPEN)
        if not found:
            return False
        first = self.chance.choice(found)
        rows = [one for one in found if one.branch_id == first.branch_id][: self.chance.randint(1, 2)]
        plan = ActionPlan(
            cause=self.chance.choice([one for one in Cause if one is not Cause.OTHER]),
            measure=self.chance.choice(list(Measure)),
            measure_words="班前会练两遍",
            owner_role="lobby_manager",
            done_by=date(2026, 12, 31),
        )
        send_action(self.session, self.branch, rows, plan, seen(rows), now=self.now)
        return True

    def verify(self) -> bool:
        """Accept an answer, or send it back."""
        found = self._standing(DeficiencyState.ANSWERED)
        if not found:
            return False
        row = self.chance.choice(found)
        actor = self.staff.reviewer
        if self.chance.random() < 0.5:
            verifications.accept(self.session, actor, row, row.version, now=self.now)
        else:
            verifications.send_back(self.session, actor, row, "写细些", row.version, now=self.now)
        return True

    def correct(self) -> bool:
        """Correct an item of a visit without an appeal."""
        visits = self.shown()
        if not visits:
            return False
        visit = self.chance.choice(visits)
        revision = self._newest(visit.id)
        checklist, answers = checklist_of(self.session, revision.checklist_hash), answers_of(revision)
        codes = [item.code for section in checklist.sections for item in section.items]
        together = stands_together(checklist, answers, self.chance.choice(codes))
        amendment = self.chance.choice((*offered(checklist, answers, answers, together), Amendment.NONE))
        disputed = {
            one.item_code for one in self._standing(DeficiencyState.DISPUTED) if one.visit_id == visit.id
        }
        try:
            amended = amend(checklist, answers, answers, dict.fromkeys(together, amendment))
        except AmendmentError:
            return False
        if amended.answers == answers or disputed & set(together):
            return False
        plan = CorrectionPlan(dict.fromkeys(together, amendment), "对过录像")
        self.named = frozenset(together)
        correct_visit(self.session, self.staff.administrator, visit, plan, now=self.now)
        return True

    def publish(self) -> None:
        """Publish the wave, and close what is still disputed."""
        closing = {one.id: "超过时限" for one in self._appeals(AppealState.OPEN)}
        rankings.publish_wave(
            self.session, self.staff.administrator, self.wave, now=self.now, closing=closing
        )

    def take_up(self, appeal: Appeal) -> list[AppealItem]:
        """Reopen an appeal, whole; return its items."""
        items = self._items(AppealItem.appeal_id == appeal.id)
        ids = [one.id for one in items]
        actor = self.staff.administrator
        reopen(self.session, actor, appeal, ids, "又有新证据", appeal.version, now=self.now)
        return items

    def ended(self) -> list[Appeal]:
        """Return the appeals that can be reopened."""
        ended = self._appeals(AppealState.DECIDED) + self._appeals(AppealState.CLOSED)
        published = VisitState.PUBLISHED
        return [one for one in ended if self.session.get_one(Visit, one.visit_id).state is published]

    def decide_as(self, outcomes: Mapping[uuid.UUID, AppealOutcome]) -> None:
        """Decide items at once."""
        rows = {one.id: one for one in self._items(AppealItem.id.in_(outcomes))}
        self.named = frozenset(rows[one].item_code for one in outcomes)
        decisions = [
            ItemDecision(
                one, outcome, "复核了录像", self.chance.choice(list(InspectorFinding)), rows[one].version
            )
            for one, outcome in outcomes.items()
        ]
        decide(self.session, self.staff.administrator, decisions, now=self.now)

    def reopen(self) -> bool:
        """Take an appeal up again, whole."""
        found = self.ended()
        if self.wave.state is not WaveState.PUBLISHED or not found:
            return False
        self.take_up(self.chance.choice(found))
        return True

    def void(self) -> bool:
        """Void a visit, seldom."""
        visits = self.shown()
        if not visits or self.chance.random() < 0.8:
            return False
        visit = self.chance.choice(visits)
        rankings.void_visit(self.session, self.staff.administrator, visit, "走错网点", now=self.now)
        return True

    def shown(self) -> list[Visit]:
        """Return the visits that their branches can read."""
        shown = (VisitState.DISCLOSED, VisitState.PUBLISHED)
        return [one for one in visits_of_wave(self.session, self.wave) if one.state in shown]

    def scores(self) -> dict[str, tuple[int | None, int | None]]:
        """Return rank and score of every branch and region, as an independent program has them now."""
        tables = recompute_independently(self.lines()).tables
        return {
            f"{table} {code}": (row.rank, row.score)
            for table in ("branch", "region")
            for code, row in tables[table].items()
        }

    def lines(self) -> list[str]:
        """Return the lines that all numbers come from as they stand, published or not."""
        latest = latest_ranking(self.session, self.wave.id)
        if latest is not None:
            return list(export_lines(export_of(self.session, latest)))
        visits = counting_visits(self.session, self.wave, VisitState.DISCLOSED)
        head = ExportedWave(wave_as_value(self.session, self.wave), 1, None, None, None)
        return list(
            export_lines(
                Export(
                    head,
                    tuple(
                        ExportedVisit(
                            str(one.visit_id),
                            one.branch_code,
                            one.revision.number,
                            one.revision.rules_version,
                            credited_inspection_of(self.session, one.revision),
                            None,
                        )
                        for one in visits
                    ),
                )
            )
        )

    def _standing(self, state: DeficiencyState) -> list[Deficiency]:
        rows = self.session.scalars(
            select(Deficiency).where(Deficiency.wave_id == self.wave.id, Deficiency.state == state)
        )
        return sorted(rows, key=lambda one: (one.item_code, self.places[one.visit_id]))

    def _appeals(self, state: AppealState) -> list[Appeal]:
        first = {one.appeal_id: place for place, one in enumerate(self._items(AppealItem.id.is_not(None)))}
        rows = self.session.scalars(select(Appeal).where(Appeal.state == state))
        return sorted(rows, key=lambda one: first[one.id])

    def _items(self, condition: ColumnElement[bool]) -> list[AppealItem]:
        rows = self.session.scalars(select(AppealItem).where(condition))
        return sorted(
            rows, key=lambda one: (one.item_code, self.places[one.visit_id], one.is_withdrawn, one.is_waiting)
        )

    def _disputed(self, visit_id: uuid.UUID) -> set[str]:
        return {one.item_code for one in self._items(AppealItem.visit_id == visit_id) if not one.is_withdrawn}

    def _newest(self, visit_id: uuid.UUID) -> Revision:
        revision = newest_revision_of_visit(self.session, self.session.get_one(Visit, visit_id))
        assert revision is not None
        return revision


def seen(rows: Sequence[Deficiency]) -> dict[uuid.UUID, int]:
    """Return the versions that a form would carry."""
    return {one.id: one.version for one in rows}


def stated_score(revision: Revision) -> dict[str, object]:
    """Return the stored scores of a revision as plain JSON."""
    assert revision.scores is not None
    parse_scores(revision.scores)
    stated: dict[str, object] = json.loads(revision.scores)
    return stated
