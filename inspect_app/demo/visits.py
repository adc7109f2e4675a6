"""One made-up visit: given to an inspector, begun, sent, reviewed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from checklists.checklist import Checklist
from inspect_app.demo import words
from inspect_app.demo.answers import asked_again, first_part
from inspect_app.demo.calendar import WORKING_DAYS, at
from inspect_app.demo.chance import id_from
from inspect_app.demo.desks import Desk
from inspect_app.demo.fates import NOT_SENT, Fate
from inspect_app.demo.plots import Plot, filled_form, own_chance
from inspect_app.demo.timeline import Timeline
from inspect_app.models.visits import SettingAside
from inspect_app.queries.inspections import Fields
from inspect_app.services.drafts import Filling

RELEASED = 0.85
"""How often a reviewer lets the branch read an inspector's words."""

SECTIONS_BEGUN = 2


@dataclass(frozen=True, slots=True)
class Story:
    """A visit as it happens.

    Attributes:
        fields: the form as it is filled in.
        random: what the rest of it is drawn from.
        desk: who takes it down.
    """

    plot: Plot
    checklist: Checklist
    fields: Fields
    random: Random
    desk: Desk


def story_of(plot: Plot, checklist: Checklist, seed: int, desk: Desk) -> Story:
    """Return a visit that is to happen as it was drawn."""
    random = own_chance(plot, seed)
    return Story(plot, checklist, filled_form(plot, checklist, seed, random), random, desk)


def note_story(timeline: Timeline, story: Story, done: Callable[[], None]) -> None:
    """Note everything that happens on a visit.

    Args:
        done: called once the last thing of it has happened.
    """
    plot, random = story.plot, story.random
    if plot.fate is Fate.UNASSIGNED:
        done()
        return
    timeline.note(plot.assigned_at, story.desk.assign)
    filling = _Filling(story, Filling(id_from(random), id_from(random), story.fields))
    begins, takes = random.randint(20, 380), random.randint(25, 100)
    begun = at(plot.day, begins)
    if plot.fate is Fate.CANCELLED:
        timeline.note(begun, filling.cancel)
    elif plot.fate is Fate.BEGUN:
        timeline.note(begun, filling.begin_only)
    elif plot.fate not in NOT_SENT:
        timeline.note(begun, filling.begin)
        sent = at(plot.late_on or plot.day, begins + takes)
        timeline.note(sent, filling.send)
        _note_review(timeline, story, filling)
    timeline.note(at(plot.late_on or plot.day, 900), lambda _now: done())


def _note_review(timeline: Timeline, story: Story, filling: "_Filling") -> None:
    random = story.random
    first = WORKING_DAYS.after(story.plot.late_on or story.plot.day)
    moment = at(first, random.randint(10, 450))
    match story.plot.fate:
        case Fate.APPROVED | Fate.LATE:
            timeline.note(moment, filling.approve)
        case Fate.SET_ASIDE:
            timeline.note(moment, filling.set_aside)
        case Fate.IN_REVIEW:
            timeline.note(moment, story.desk.begin_review)
        case Fate.RETURNED:
            timeline.note(moment, filling.give_back)
        case Fate.SENT_AGAIN:
            timeline.note(moment, filling.give_back)
            second = WORKING_DAYS.after(first)
            timeline.note(at(second, random.randint(600, 700)), filling.send_again)
            third = WORKING_DAYS.after(second)
            timeline.note(at(third, random.randint(10, 450)), filling.approve)


@dataclass(frozen=True, slots=True)
class _Filling:
    """The recording of a visit, and the steps of its life."""

    story: Story
    first: Filling

    def begin(self, now: datetime) -> None:
        self.story.desk.save(self.first, now)

    def begin_only(self, now: datetime) -> None:
        part = first_part(self.story.checklist, self.story.fields, SECTIONS_BEGUN)
        self.story.desk.save(Filling(self.first.inspection_id, self.first.submission_id, part), now)

    def cancel(self, now: datetime) -> None:
        self.story.desk.cancel(words.CANCELLED, now)

    def send(self, now: datetime) -> None:
        self.story.desk.send(self.first, now)

    def send_again(self, now: datetime) -> None:
        item = asked_again(self.story.checklist, self.story.fields)
        fields = tuple({**dict(self.story.fields), f"{item.code}.words": words.ANSWERED}.items())
        again = Filling(self.first.inspection_id, id_from(self.story.random), fields)
        self.story.desk.save(again, now)
        self.story.desk.send(again, now)

    def approve(self, now: datetime) -> None:
        random = self.story.random
        written = (name.removesuffix(".words") for name, _ in self.story.fields if name.endswith(".words"))
        released = {code.removeprefix("deduction.") for code in written if random.random() < RELEASED}
        self.story.desk.approve(frozenset(released), now)

    def give_back(self, now: datetime) -> None:
        item = asked_again(self.story.checklist, self.story.fields)
        self.story.desk.give_back({item.code: words.question(self.story.random, item)}, now)

    def set_aside(self, now: datetime) -> None:
        self.story.desk.set_aside(SettingAside.EXPOSED, words.EXPOSED, now)
