"""What a phone says of how an inspection came about: its clock, its stopwatch, how old each memory was.

For reviewers alone: none of it reaches a branch or a region.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from checklists.json_values import DocumentError, Member
from inspect_app.models.inspections import Submission
from inspect_app.models.visits import VisitIdentity
from inspect_app.queries.photos import ReviewedPhoto
from inspect_app.queries.reviews import ReadRevision
from inspect_app.services.arrivals import SKEW
from inspect_app.services.phone_bodies import BodyError, Mark, PhoneBody, read_body
from inspect_app.services.phone_places import Place, stored_place
from inspect_app.web.office.review_flags import Flag

TRUSTED = timedelta(minutes=2)
"""How far a clock may be off without a word about it."""

FRESH = timedelta(hours=2)
"""How old a memory is before it is told of."""


@dataclass(frozen=True, slots=True)
class Step:
    """A moment in the branch, and how long it was since the one before; None where no clock can say."""

    mark: Mark
    since: timedelta | None


@dataclass(frozen=True, slots=True)
class PhoneTold:
    """What the phone says.

    Attributes:
        skew: how far its clock was ahead when it sent; None where it did not say.
        frozen_at, left_at: by its own clock.
        ages: by item code, how long after leaving the branch it was answered.
        steps: the stopwatch in the branch.
        place: where its owner wanted to say that it was; None also where that was erased since.
    """

    skew: timedelta | None
    frozen_at: datetime | None
    received_at: datetime
    left_at: datetime | None
    ages: Mapping[str, timedelta]
    steps: tuple[Step, ...]
    place: Place | None


def told_by_phone(submission: Submission | None, identity: VisitIdentity | None) -> PhoneTold | None:
    """Return what the phone said beside its answers; None where it was no phone that sent them."""
    if submission is None:
        return None
    try:
        body = read_body(submission.body)
    except BodyError:
        return None
    return PhoneTold(
        skew=_skew(submission, identity),
        frozen_at=body.phone_time,
        received_at=submission.received_at,
        left_at=body.left_at,
        ages=_ages(body),
        steps=tuple(_steps(body.marks)),
        place=None if identity is None else stored_place(identity.place),
    )


def clock_flags(told: PhoneTold | None) -> Iterator[Flag]:
    """Tell where a phone's clock cannot be trusted, and where memories were old."""
    if told is None:
        return
    ahead = told.skew
    if ahead is None and told.frozen_at is not None and told.frozen_at > told.received_at + TRUSTED:
        ahead = told.frozen_at - told.received_at
    if ahead is not None and abs(ahead) > TRUSTED:
        words = _("手机的钟快 %(span)s。") if ahead > timedelta(0) else _("手机的钟慢 %(span)s。")
        sentence = words % {"span": span(abs(ahead))}
        yield Flag(_("手机的钟不准"), sentence + _("先后以服务器收到的时间为准。"))
    old = [code for code, age in told.ages.items() if age > FRESH]
    if old:
        longest = max(told.ages.values())
        sentence = _(
            "%(count)s 题是离开两个多小时以后答的，最久 %(span)s。", count=len(old), span=span(longest)
        )
        yield Flag(_("隔了很久才答"), sentence, old[0])


def span(length: timedelta) -> str:
    """Return a length of time in words, in the two largest units that it has."""
    seconds = int(length.total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return _("%(days)s 天 %(hours)s 小时", days=days, hours=hours)
    if hours:
        return _("%(hours)s 小时 %(minutes)s 分", hours=hours, minutes=minutes)
    if minutes:
        return _("%(minutes)s 分 %(seconds)s 秒", minutes=minutes, seconds=seconds % 60)
    return _("%(seconds)s 秒", seconds=seconds)


def photos_by_item(
    read: ReadRevision, kept: Mapping[str, ReviewedPhoto]
) -> Mapping[str, Sequence[ReviewedPhoto | None]]:
    """Return the photos of each item that has some, in the order of the answer; None for one not come yet."""
    return {
        answer.item: [kept.get(sha256) for sha256 in answer.photos]
        for section in read.answers.sections
        for answer in section.answers
        if answer.photos
    }


def _skew(submission: Submission, identity: VisitIdentity | None) -> timedelta | None:
    if identity is None:
        return None
    noted = Member(json.loads(identity.times))[SKEW]
    try:
        seconds = None if noted.is_absent else noted[str(submission.id)]
        return None if seconds is None or seconds.is_absent else timedelta(seconds=seconds.number())
    except (DocumentError, OverflowError):
        return None


def _ages(body: PhoneBody) -> Mapping[str, timedelta]:
    ages: dict[str, timedelta] = {}
    if body.left_at is None:
        return ages
    for name, answered in body.answered.items():
        item = ".".join(name.split(".")[:2])
        if answered > body.left_at:
            ages[item] = max(ages.get(item, timedelta(0)), answered - body.left_at)
    return ages


def _steps(marks: Sequence[Mark]) -> Iterator[Step]:
    for before, mark in zip((None, *marks), marks, strict=False):
        yield Step(mark, None if before is None else _between(before, mark))


def _between(before: Mark, mark: Mark) -> timedelta | None:
    """Return the time between two marks: by the clock that nobody can turn where both were on one page."""
    if before.page == mark.page and before.monotonic is not None and mark.monotonic is not None:
        length = timedelta(milliseconds=mark.monotonic - before.monotonic)
    elif before.wall is not None and mark.wall is not None:
        length = mark.wall - before.wall
    else:
        return None
    return length if length >= timedelta(0) else None
