"""What is to become of each visit of a wave, drawn before anything of it happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from checklists.checklist import Checklist
from inspect_app.demo.answers import fill_in
from inspect_app.demo.calendar import WORKING_DAYS, Season, at
from inspect_app.demo.chance import chance
from inspect_app.demo.fates import RECENT, Fate, fates_of_past, fates_of_running
from inspect_app.demo.levels import Levels
from inspect_app.queries.inspections import Fields


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit leads: the branch as the wave froze it, and the branch's first, second … visit of it."""

    branch_code: str
    branch_kind: str
    region_path: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class Plot:
    """What is to become of one visit.

    Attributes:
        inspector, reviewer: their places in the cast.
        assigned_at: when it is given to its inspector.
        day: on which it is made.
        late_on: the day after the wave's end on which a late one arrives; None for all others.
    """

    place: Place
    season: int
    fate: Fate
    inspector: int
    reviewer: int
    assigned_at: datetime
    day: date
    late_on: date | None


def draw_plots(
    places: Sequence[Place], season: Season, seed: int, inspectors: int, reviewers: int
) -> list[Plot]:
    """Return what is to become of the visits of a wave, in the order given."""
    takers = [(number + season.number) % inspectors for number in range(len(places))]
    random = chance(seed, season.number, "fates")
    fates = fates_of_running(takers) if season.ending is None else fates_of_past(len(places), random)
    days = season.days()
    dated = [days[number * len(days) // len(places)] for number in range(len(places))]
    random.shuffle(dated)
    late_on = None if season.ending is None else WORKING_DAYS.after(season.ending.closed_on)
    return [
        Plot(
            place=place,
            season=season.number,
            fate=fates[number],
            inspector=takers[number],
            reviewer=number % reviewers,
            assigned_at=at(season.opens_on, -20),
            day=_day(season, fates[number], dated[number]),
            late_on=late_on if fates[number] is Fate.LATE else None,
        )
        for number, place in enumerate(places)
    ]


def own_chance(plot: Plot, seed: int) -> Random:
    """Return what everything of one visit is drawn from."""
    return chance(seed, plot.season, plot.place.branch_code, plot.place.ordinal)


def filled_form(plot: Plot, checklist: Checklist, seed: int, random: Random) -> Fields:
    """Return the form as the inspector fills it in."""
    place = plot.place
    luck = 0.02 * chance(seed, "luck", plot.season, place.branch_code, place.ordinal).gauss(0, 1)
    region = place.region_path.strip("/").rpartition("/")[2]
    levels = Levels(seed, place.branch_code, place.branch_kind, region, plot.season, luck)
    return fill_in(checklist, levels, random)


def _day(season: Season, fate: Fate, usual: date) -> date:
    """Return the day on which a visit is made: one that waits for somebody has not waited for long."""
    if fate not in RECENT:
        return usual
    first, second = season.recent_days()
    return second if fate is Fate.RETURNED or usual.day % 2 else first
