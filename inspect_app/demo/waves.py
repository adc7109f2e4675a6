"""The made-up waves: planned, walked, reviewed, and two of them published."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.checklist import Checklist
from checklists.handbook import Mode
from inspect_app.db import Database, transaction
from inspect_app.demo import words
from inspect_app.demo.answering import aftermath_of, named_user, note_answers
from inspect_app.demo.calendar import Ending, Season, at
from inspect_app.demo.desks import ServiceDesk
from inspect_app.demo.disputing import OUTCOMES, Court, Dispute, note_appeals
from inspect_app.demo.plots import Place, draw_plots
from inspect_app.demo.timeline import Timeline
from inspect_app.demo.visits import note_story, story_of
from inspect_app.jobs import seal_all
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Wave
from inspect_app.queries.counting import counting_visits
from inspect_app.queries.visits import visit_of_office, visits_of_wave
from inspect_app.queries.waves import targets_of, wave_with_id
from inspect_app.services.disclosures import disclose_wave
from inspect_app.services.journal import Actor
from inspect_app.services.rankings import publish_wave, void_visit
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

    @property
    def office(self) -> Actor:
        """Head office, which plans, closes and publishes."""
        return Actor.user(self.administrator)


@dataclass(frozen=True, slots=True)
class Opened:
    """A wave that was opened, to be walked by a cast."""

    database: Database
    cast: Cast
    season: Season
    wave_id: uuid.UUID
    progress: Progress


def play_wave(
    database: Database,
    cast: Cast,
    season: Season,
    progress: Progress,
    walk: Callable[[Opened], None],
) -> None:
    """Let a wave happen, from its plan to where it stands on the day given.

    Args:
        walk: makes the visits, and ends the field work where the season has an ending.
    """
    with transaction(database) as session:
        wave_id = _open(session, cast, season)
    walk(Opened(database, cast, season, wave_id, progress))
    # As a serving process does each second: so the ranking of the wave can name the journal's head.
    seal_all(database)
    if season.ending is not None:
        with transaction(database) as session:
            timeline = Timeline()
            _note_aftermath(session, timeline, cast, wave_with_id(session, wave_id), season.ending)
            timeline.run()


def walk_by_services(opened: Opened) -> None:
    """Make every visit by the services that the pages use."""
    with transaction(opened.database) as session:
        timeline = Timeline()
        _note_visits(session, timeline, opened)
        note_end_of_field_work(session, timeline, opened)
        timeline.run()


def note_end_of_field_work(session: Session, timeline: Timeline, opened: Opened) -> None:
    """Note that the wave is closed and disclosed, where it is over."""
    office, ending = opened.cast.office, opened.season.ending
    if ending is not None:
        wave = wave_with_id(session, opened.wave_id)
        timeline.note(at(ending.closed_on, 0), lambda now: close_wave(session, office, wave, now=now))
        timeline.note(at(ending.disclosed_on, 60), lambda now: disclose_wave(session, office, wave, now=now))


class Steps:
    """How many visits of a wave are done; told to whoever watches."""

    def __init__(self, opened: Opened, total: int) -> None:
        """Begin with none of them done."""
        self._code, self._total, self._progress = opened.season.code, total, opened.progress
        self._done = 0

    def take(self, visits: int = 1) -> None:
        """Tell that so many more visits are done."""
        self._done += visits
        self._progress(self._code, self._done, self._total)


def _open(session: Session, cast: Cast, season: Season) -> uuid.UUID:
    plan = WavePlan(
        code=season.code,
        name=season.name,
        mode=Mode.MYSTERY,
        opens_on=season.opens_on,
        closes_on=season.closes_on,
        checklists=(cast.checklist.hash,),
        visits_wanted=cast.visits_wanted,
    )
    wave = plan_wave(session, cast.office, plan, now=at(season.opens_on, -600))
    return open_wave(session, cast.office, wave, now=at(season.opens_on, -30)).id


def _note_visits(session: Session, timeline: Timeline, opened: Opened) -> None:
    cast = opened.cast
    visits = visits_of_wave(session, wave_with_id(session, opened.wave_id))
    plots = draw_plots(
        [_place(visit) for visit in visits],
        opened.season,
        cast.seed,
        len(cast.inspectors),
        len(cast.reviewers),
    )
    steps = Steps(opened, len(visits))
    for visit, plot in zip(visits, plots, strict=True):
        desk = ServiceDesk(
            session=session,
            visit=visit,
            inspector=cast.inspectors[plot.inspector],
            reviewer=Actor.user(cast.reviewers[plot.reviewer]),
            office=cast.office,
            secret=cast.secret,
        )
        note_story(timeline, story_of(plot, cast.checklist, cast.seed, desk), steps.take)


def _place(visit: Visit) -> Place:
    target = visit.target
    return Place(target.branch_code, target.branch_kind, target.region_path, visit.ordinal)


def _note_aftermath(session: Session, timeline: Timeline, cast: Cast, wave: Wave, ending: Ending) -> None:
    """Note what happens to a wave after it was disclosed."""
    office = cast.office
    _note_answers(session, timeline, cast, wave, ending)
    timeline.note(at(ending.published_on, 120), lambda now: publish_wave(session, office, wave, now=now))
    if ending.voided_on is not None:
        timeline.note(at(ending.voided_on, 380), lambda now: _void_one(session, cast, wave, now))


def _note_answers(session: Session, timeline: Timeline, cast: Cast, wave: Wave, ending: Ending) -> None:
    """Note what branches do about what was found; those of the wave published last dispute some of it."""
    is_recent = ending.voided_on is not None
    if is_recent:
        court = Court(session, wave, cast.reviewers, cast.administrator)
        disputes = [
            Dispute(named_user(session, f"branch-{target.branch_code}"), target, place, outcome)
            for place, (target, outcome) in enumerate(zip(targets_of(session, wave), OUTCOMES, strict=False))
        ]
        note_appeals(timeline, court, disputes, ending)
    note_answers(timeline, aftermath_of(session, wave, ending, cast.seed, is_recent=is_recent))


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
    void_visit(session, cast.office, wrong, words.WRONG_BRANCH, now=now)
