"""The made-up waves: planned, walked, reviewed, and two of them published."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from checklists.checklist import Checklist
from checklists.handbook import Mode
from inspect_app.demo import words
from inspect_app.demo.answers import fill_in
from inspect_app.demo.calendar import WORKING_DAYS, Ending, Season, at
from inspect_app.demo.chance import chance
from inspect_app.demo.fates import RECENT, Fate, fates_of_past, fates_of_running
from inspect_app.demo.levels import Levels
from inspect_app.demo.timeline import Timeline
from inspect_app.demo.visits import Story, note_story
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Wave
from inspect_app.queries.counting import counting_visits
from inspect_app.queries.visits import visit_of_office, visits_of_wave
from inspect_app.services.disclosures import disclose_wave
from inspect_app.services.journal import Actor
from inspect_app.services.rankings import publish_wave, void_visit
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import WavePlan, close_wave, open_wave, plan_wave

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in a wave, and by which checklist.

    Attributes:
        secret: what receipts are made with.
    """

    administrator: User
    reviewers: Sequence[User]
    inspectors: Sequence[User]
    checklist: Checklist
    secret: str
    seed: int
    visits_wanted: int


def play_wave(session: Session, cast: Cast, season: Season, progress: Progress) -> None:
    """Let a wave happen, from its plan to where it stands on the day given."""
    office = Actor.user(cast.administrator)
    plan = WavePlan(
        code=season.code,
        name=season.name,
        mode=Mode.MYSTERY,
        opens_on=season.opens_on,
        closes_on=season.closes_on,
        checklists=(cast.checklist.hash,),
        visits_wanted=cast.visits_wanted,
    )
    wave = plan_wave(session, office, plan, now=at(season.opens_on, -600))
    open_wave(session, office, wave, now=at(season.opens_on, -30))
    visits = visits_of_wave(session, wave)
    timeline = Timeline()
    _note_visits(session, timeline, cast, season, visits, progress)
    if season.ending is not None:
        _note_ending(session, timeline, cast, wave, season.ending)
    timeline.run()


def _note_visits(
    session: Session,
    timeline: Timeline,
    cast: Cast,
    season: Season,
    visits: Sequence[Visit],
    progress: Progress,
) -> None:
    takers = [(place + season.number) % len(cast.inspectors) for place in range(len(visits))]
    random = chance(cast.seed, season.number, "fates")
    fates = fates_of_running(takers) if season.ending is None else fates_of_past(len(visits), random)
    days = season.days()
    dated = [days[place * len(days) // len(visits)] for place in range(len(visits))]
    random.shuffle(dated)
    steps = _Steps(season.code, len(visits), progress)
    late_on = None if season.ending is None else WORKING_DAYS.after(season.ending.closed_on)
    for place, (visit, fate) in enumerate(zip(visits, fates, strict=True)):
        if fate is Fate.UNASSIGNED:
            steps.take()
            continue
        inspector = cast.inspectors[takers[place]]
        own = chance(cast.seed, season.number, visit.target.branch_code, visit.ordinal)
        office = Actor.user(cast.administrator)
        story = Story(
            session=session,
            visit=visit,
            inspector=inspector,
            reviewer=cast.reviewers[place % len(cast.reviewers)],
            office=office,
            fate=fate,
            checklist=cast.checklist,
            fields=fill_in(cast.checklist, _levels(cast, season, visit), own),
            day=_day(season, fate, dated[place]),
            late_on=late_on if fate is Fate.LATE else None,
            secret=cast.secret,
            random=own,
            done=steps.take,
        )
        timeline.note(at(season.opens_on, -20), partial(_assign, session, office, visit, inspector))
        note_story(timeline, story)


def _day(season: Season, fate: Fate, usual: date) -> date:
    """Return the day on which a visit is made: one that waits for somebody has not waited for long."""
    if fate not in RECENT:
        return usual
    first, second = season.recent_days()
    return second if fate is Fate.RETURNED or usual.day % 2 else first


class _Steps:
    """How many visits of a wave are done; told to whoever watches."""

    def __init__(self, code: str, total: int, progress: Progress) -> None:
        self._code, self._total, self._progress = code, total, progress
        self._done = 0

    def take(self) -> None:
        self._done += 1
        self._progress(self._code, self._done, self._total)


def _assign(session: Session, office: Actor, visit: Visit, inspector: User, now: datetime) -> None:
    assign_visit(session, office, visit, inspector, now=now)


def _levels(cast: Cast, season: Season, visit: Visit) -> Levels:
    target = visit.target
    luck = 0.02 * chance(cast.seed, "luck", season.number, target.branch_code, visit.ordinal).gauss(0, 1)
    region = target.region_path.strip("/").rpartition("/")[2]
    return Levels(cast.seed, target.branch_code, target.branch_kind, region, season.number, luck)


def _note_ending(session: Session, timeline: Timeline, cast: Cast, wave: Wave, ending: Ending) -> None:
    office = Actor.user(cast.administrator)
    timeline.note(at(ending.closed_on, 0), lambda now: close_wave(session, office, wave, now=now))
    timeline.note(at(ending.disclosed_on, 60), lambda now: disclose_wave(session, office, wave, now=now))
    timeline.note(at(ending.published_on, 120), lambda now: publish_wave(session, office, wave, now=now))
    if ending.voided_on is not None:
        timeline.note(at(ending.voided_on, 380), lambda now: _void_one(session, cast, wave, now))


def _void_one(session: Session, cast: Cast, wave: Wave, now: datetime) -> None:
    """Void the published visit that is least like the other one of its branch."""
    scores: dict[str, list[int]] = {}
    counting = counting_visits(session, wave, VisitState.PUBLISHED)
    for visit in counting:
        scores.setdefault(visit.branch_code, []).append(visit.scores.visit or 0)
    widest = max(scores, key=lambda code: (max(scores[code]) - min(scores[code]), code))
    lowest = min(scores[widest])
    found = next(visit for visit in counting if visit.branch_code == widest and visit.scores.visit == lowest)
    wrong = visit_of_office(session, found.visit_id)
    void_visit(session, Actor.user(cast.administrator), wrong, words.WRONG_BRANCH, now=now)
