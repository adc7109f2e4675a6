"""What made-up branches do about what was found: they answer it, and region or head office answers them."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random

from sqlalchemy.orm import Session

from checklists.scoring import BRANCH
from inspect_app.demo import answering_words as words
from inspect_app.demo.calendar import WORKING_DAYS, Ending, at
from inspect_app.demo.chance import chance
from inspect_app.demo.timeline import Timeline
from inspect_app.errors import NotFoundError
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.people import User
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.corrective_actions import DraftPlan
from inspect_app.queries.deficiencies import deficiencies_in
from inspect_app.queries.people import user_named
from inspect_app.queries.ranking_values import region_codes
from inspect_app.queries.visits import visit_ordinals
from inspect_app.queries.waves import targets_of
from inspect_app.services import verifications
from inspect_app.services.corrective_actions import ActionPlan, save_draft, send_action
from inspect_app.services.journal import Actor

MOST_BRANCHES = 24
"""How many branches do anything; a large bank would be no livelier for more."""

TOGETHER = 2
"""How many deficiencies of one post are answered at once, at most."""

HEAD = "branch_head"
"""The post that sees to what is nobody's."""

SOON, LATER = 5, 10
"""Working days that a measure takes."""


class Becomes(StrEnum):
    """How far the answer to a deficiency comes."""

    LEFT = "left"
    DRAFTED = "drafted"
    ANSWERED = "answered"
    SENT_BACK = "sent_back"
    ANSWERED_AGAIN = "answered_again"
    VERIFIED = "verified"


PAST = (Becomes.LEFT, Becomes.SENT_BACK, Becomes.ANSWERED_AGAIN, *[Becomes.VERIFIED] * 7)
RECENT = (
    *[Becomes.LEFT] * 3,
    Becomes.DRAFTED,
    *[Becomes.ANSWERED] * 3,
    Becomes.SENT_BACK,
    *[Becomes.VERIFIED] * 3,
)
"""How the answers to a wave stand: to one long past, and to the one published last."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """A disclosed wave whose branches set about what was found.

    Attributes:
        is_recent: it is the one published last.
        targets: the branches that do something.
        ordinals: which visit of its branch each is, to tell two of them apart whatever their ids.
    """

    session: Session
    wave: Wave
    ending: Ending
    seed: int
    is_recent: bool
    targets: Sequence[Target]
    ordinals: Mapping[uuid.UUID, int]


def aftermath_of(session: Session, wave: Wave, ending: Ending, seed: int, *, is_recent: bool) -> Aftermath:
    """Return a disclosed wave for its branches to set about."""
    targets = targets_of(session, wave)[:MOST_BRANCHES]
    return Aftermath(session, wave, ending, seed, is_recent, targets, visit_ordinals(session, targets))


def note_answers(timeline: Timeline, aftermath: Aftermath) -> None:
    """Note what the branches of a disclosed wave answer, and what becomes of it."""
    for target in aftermath.targets:
        random = chance(aftermath.seed, aftermath.wave.code, "answers", target.branch_code)
        desk = _Desk(aftermath, target, random)
        timeline.note(at(desk.answering_day, random.randint(20, 110)), desk.answer)
        timeline.note(at(desk.verifying_day, random.randint(200, 330)), desk.verify)
        timeline.note(at(desk.verifying_day, 335), desk.answer_again)
        timeline.note(at(desk.verifying_day, 345), desk.verify_again)


def named_user(session: Session, name: str) -> User:
    """Return a user of the made-up bank.

    Raises:
        NotFoundError: there is none of this name.
    """
    user = user_named(session, name)
    if user is None:
        raise NotFoundError(f"user {name}")
    return user


class _Desk:
    """What one branch answers, and what its region makes of that."""

    def __init__(self, aftermath: Aftermath, target: Target, random: Random) -> None:
        self.aftermath, self.target, self.random = aftermath, target, random
        self.session = aftermath.session
        ending = aftermath.ending
        after = WORKING_DAYS.after(ending.published_on)
        self.answering_day = after if aftermath.is_recent else WORKING_DAYS.add(ending.disclosed_on, 3)
        self.verifying_day = after
        self.becomes: dict[str, Becomes] = {}

    @property
    def branch(self) -> User:
        """Who answers for the branch."""
        return named_user(self.session, f"branch-{self.target.branch_code}")

    @property
    def region(self) -> User:
        """Who looks after the branch at its first-level region."""
        return named_user(self.session, f"region-{region_codes(self.target.region_path)[1].lower()}")

    def answer(self, now: datetime) -> None:
        """Answer what the branch has come to, each post's shortcomings together; leave the rest."""
        fates = PAST if not self.aftermath.is_recent else RECENT
        for group in self._groups(self._open()):
            fate = self.random.choice(fates)
            if fate is Becomes.DRAFTED:
                self._draft(group[0], now)
            elif fate is not Becomes.LEFT:
                self._send(group, self._plan(group[0], now), now)
                self.becomes |= {str(one.id): fate for one in group}

    def verify(self, now: datetime) -> None:
        """Accept the answers or send them back, in the order in which the region comes to them."""
        for one in self._in(DeficiencyState.ANSWERED):
            fate = self.becomes[str(one.id)]
            if fate is Becomes.VERIFIED:
                verifications.accept(self.session, Actor.user(self.region), one, one.version, now=now)
            elif fate in (Becomes.SENT_BACK, Becomes.ANSWERED_AGAIN):
                reason = self.random.choice(words.SENT_BACK)
                region = Actor.user(self.region)
                verifications.send_back(self.session, region, one, reason, one.version, now=now)

    def answer_again(self, now: datetime) -> None:
        """Answer better what was sent back."""
        for one in self._open():
            if self.becomes.get(str(one.id)) is Becomes.ANSWERED_AGAIN:
                plan = self._plan(one, now)
                better = ActionPlan(
                    cause=plan.cause,
                    measure=plan.measure,
                    measure_words=words.SECOND_ANSWER,
                    owner_role=plan.owner_role,
                    done_by=plan.done_by,
                )
                self._send([one], better, now)

    def verify_again(self, now: datetime) -> None:
        """Accept the better answers of a wave long past; those of the last one still wait."""
        if self.aftermath.is_recent:
            return
        for one in self._in(DeficiencyState.ANSWERED):
            verifications.accept(self.session, Actor.user(self.region), one, one.version, now=now)

    def _open(self) -> list[Deficiency]:
        return self._in(DeficiencyState.OPEN)

    def _in(self, state: DeficiencyState) -> list[Deficiency]:
        """Return what is in a state, in an order that the seed alone decides."""
        found = deficiencies_in(self.session, self.branch, self.aftermath.wave, state)
        ordinals = self.aftermath.ordinals
        return sorted(found, key=lambda one: (one.staff_role, ordinals[one.visit_id], one.item_code))

    def _groups(self, found: Sequence[Deficiency]) -> Iterator[list[Deficiency]]:
        """Yield what is answered together: a few of one post."""
        for role in sorted({one.staff_role for one in found}):
            own = [one for one in found if one.staff_role == role]
            yield from (own[start : start + TOGETHER] for start in range(0, len(own), TOGETHER))

    def _plan(self, one: Deficiency, now: datetime) -> ActionPlan:
        cause, measure, measure_words = self.random.choice(words.ANSWERS)
        return ActionPlan(
            cause=cause,
            measure=measure,
            measure_words=measure_words,
            owner_role=HEAD if one.staff_role == BRANCH else one.staff_role,
            done_by=WORKING_DAYS.add(now.date(), self.random.choice((SOON, LATER))),
        )

    def _send(self, found: Sequence[Deficiency], plan: ActionPlan, now: datetime) -> None:
        seen = {one.id: one.version for one in found}
        send_action(self.session, Actor.user(self.branch), found, plan, seen, now=now)

    def _draft(self, one: Deficiency, now: datetime) -> None:
        plan = self._plan(one, now)
        draft = DraftPlan(cause=plan.cause, measure_words=words.DRAFTED, owner_role=plan.owner_role)
        save_draft(self.session, Actor.user(self.branch), one, draft, None, now=now)
