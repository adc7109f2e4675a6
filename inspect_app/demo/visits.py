"""One made-up visit: begun, sent, reviewed, by the services that the pages use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from sqlalchemy.orm import Session

from checklists.checklist import Checklist
from checklists.json_values import Json, compact_json
from inspect_app.demo import words
from inspect_app.demo.answers import asked_again, first_part
from inspect_app.demo.calendar import WORKING_DAYS, at
from inspect_app.demo.chance import id_from
from inspect_app.demo.fates import NOT_SENT, Fate
from inspect_app.demo.timeline import Timeline
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.visits import SettingAside, Visit
from inspect_app.queries.inspections import Fields, newest_revision_of_visit
from inspect_app.services import reviews
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.services.journal import Actor
from inspect_app.services.submissions import Body, accept_submission
from inspect_app.services.visits import cancel_visit

RELEASED = 0.85
"""How often a reviewer lets the branch read an inspector's words."""

SECTIONS_BEGUN = 2


@dataclass(frozen=True, slots=True)
class Story:
    """What is to become of a visit.

    Attributes:
        fields: the form as it is filled in.
        late_on: the day after the wave's end on which a late one arrives.
        done: called once the last thing of it has happened.
    """

    session: Session
    visit: Visit
    inspector: User
    reviewer: User
    office: Actor
    fate: Fate
    checklist: Checklist
    fields: Fields
    day: date
    late_on: date | None
    secret: str
    random: Random
    done: Callable[[], None]


def note_story(timeline: Timeline, story: Story) -> None:
    """Note everything that happens on a visit after it was assigned."""
    filling = _Filling(story, Filling(id_from(story.random), id_from(story.random), story.fields))
    begins, takes = story.random.randint(20, 380), story.random.randint(25, 100)
    begun = at(story.day, begins)
    if story.fate is Fate.CANCELLED:
        timeline.note(begun, filling.cancel)
    elif story.fate is Fate.BEGUN:
        timeline.note(begun, filling.begin_only)
    elif story.fate not in NOT_SENT:
        timeline.note(begun, filling.begin)
        sent = at(story.late_on or story.day, begins + takes)
        timeline.note(sent, filling.send)
        _note_review(timeline, story, filling)
    timeline.note(at(story.late_on or story.day, 900), lambda _now: story.done())


def _note_review(timeline: Timeline, story: Story, filling: "_Filling") -> None:
    first = WORKING_DAYS.after(story.late_on or story.day)
    moment = at(first, story.random.randint(10, 450))
    match story.fate:
        case Fate.APPROVED | Fate.LATE:
            timeline.note(moment, filling.approve)
        case Fate.SET_ASIDE:
            timeline.note(moment, filling.set_aside)
        case Fate.IN_REVIEW:
            timeline.note(
                moment, lambda now: reviews.begin(story.session, filling.reviewer, story.visit, now=now)
            )
        case Fate.RETURNED:
            timeline.note(moment, filling.give_back)
        case Fate.SENT_AGAIN:
            timeline.note(moment, filling.give_back)
            second = WORKING_DAYS.after(first)
            timeline.note(at(second, story.random.randint(600, 700)), filling.send_again)
            third = WORKING_DAYS.after(second)
            timeline.note(at(third, story.random.randint(10, 450)), filling.approve)


@dataclass(frozen=True, slots=True)
class _Filling:
    """The recording of a visit, and the steps of its life."""

    story: Story
    first: Filling

    @property
    def reviewer(self) -> Actor:
        return Actor.user(self.story.reviewer)

    def begin(self, now: datetime) -> None:
        self._save(self.story.fields, now)

    def begin_only(self, now: datetime) -> None:
        self._save(first_part(self.story.checklist, self.story.fields, SECTIONS_BEGUN), now)

    def cancel(self, now: datetime) -> None:
        cancel_visit(self.story.session, self.story.office, self.story.visit, words.CANCELLED, now=now)

    def send(self, now: datetime) -> None:
        self._send(self.first, now)

    def send_again(self, now: datetime) -> None:
        item = asked_again(self.story.checklist, self.story.fields)
        fields = tuple({**dict(self.story.fields), f"{item.code}.words": words.ANSWERED}.items())
        again = Filling(self.first.inspection_id, id_from(self.story.random), fields)
        save_draft(self.story.session, self.story.inspector, self.story.visit, again, now=now)
        self._send(again, now)

    def approve(self, now: datetime) -> None:
        random = self.story.random
        written = (name.removesuffix(".words") for name, _ in self.story.fields if name.endswith(".words"))
        released = {code.removeprefix("deduction.") for code in written if random.random() < RELEASED}
        reviews.approve(self.story.session, self.reviewer, self._revision(), frozenset(released), now=now)

    def give_back(self, now: datetime) -> None:
        item = asked_again(self.story.checklist, self.story.fields)
        questions = {item.code: words.question(self.story.random, item)}
        reviews.return_to_inspector(self.story.session, self.reviewer, self._revision(), questions, now=now)

    def set_aside(self, now: datetime) -> None:
        why, reason = SettingAside.EXPOSED, words.EXPOSED
        reviews.set_aside(self.story.session, self.reviewer, self._revision(), why, reason, now=now)

    def _save(self, fields: Fields, now: datetime) -> None:
        story = self.story
        filling = Filling(self.first.inspection_id, self.first.submission_id, fields)
        save_draft(story.session, story.inspector, story.visit, filling, now=now)

    def _send(self, filling: Filling, now: datetime) -> None:
        story, form = self.story, filling.fields
        document: dict[str, Json] = {
            "submission": str(filling.submission_id),
            "inspection": str(filling.inspection_id),
            "fields": [[name, value if isinstance(value, str) else list(value)] for name, value in form],
        }
        payload = compact_json(document).encode()
        body = Body(filling.submission_id, filling.inspection_id, payload, form)
        accept_submission(story.session, story.inspector, story.visit, body, story.secret, now=now)

    def _revision(self) -> Revision:
        revision = newest_revision_of_visit(self.story.session, self.story.visit)
        if revision is None:
            raise LookupError(f"nothing was sent for visit {self.story.visit.id}")
        return revision
