"""What the page of a wave says: the headline, when it will be full, what keeps it waiting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from inspect_app.models.visits import VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.counting import Undecided
from inspect_app.queries.progress import Progress, RegionProgress, Returns
from inspect_app.web.formatting import day

BAR = 400
"""The length of a full bar, in units of its drawing."""

GAP = 2
FEWEST_DAYS = 3
"""A wave younger than this has no speed yet."""

WIDTH, HEIGHT, TOP, FOOT = 380, 170, 24, 24
"""The drawing of what came in day by day."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a bar; `kind` names its fill."""

    kind: str
    start: float
    width: float
    count: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """When everything will have come in at the speed so far; `late` how many days after the wave closes."""

    on: date
    late: int


@dataclass(frozen=True, slots=True)
class RegionLine:
    """One region of the table."""

    region: RegionProgress
    bar: tuple[Segment, ...]
    forecast: Forecast | None


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to see to today, with the page where that is done."""

    title: str
    sentence: str
    address: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What came in by each day, drawn; all places in units of the drawing."""

    line: str
    today: tuple[float, float]
    goal: tuple[float, float]
    base: float


def total_of(regions: Sequence[RegionProgress]) -> Progress:
    """Return how far all regions are together."""
    each = [region.progress for region in regions]
    return Progress(
        passed=sum(one.passed for one in each),
        in_review=sum(one.in_review for one in each),
        begun=sum(one.begun for one in each),
        assigned=sum(one.assigned for one in each),
        nobody=sum(one.nobody for one in each),
    )


def lines_of(wave: Wave, regions: Sequence[RegionProgress], today: date) -> tuple[RegionLine, ...]:
    """Return the table of a wave's regions."""
    return tuple(
        RegionLine(one, bar_of(one.progress), forecast(wave, one.progress, today)) for one in regions
    )


def bar_of(progress: Progress) -> tuple[Segment, ...]:
    """Return the pieces of a bar, in the order of a visit's life; what nobody is in has none."""
    counts = (
        ("passed", progress.passed),
        ("in-review", progress.in_review),
        ("begun", progress.begun),
        ("assigned", progress.assigned),
        ("nobody", progress.nobody),
    )
    pieces, start = [], 0.0
    for kind, count in counts:
        if count:
            length = BAR * count / progress.planned
            pieces.append(Segment(kind, round(start, 1), round(max(2.0, length - GAP), 1), count))
            start += length
    return tuple(pieces)


def forecast(wave: Wave, progress: Progress, today: date) -> Forecast | None:
    """Say when everything will be in at the speed so far; None without a speed, or where all is in."""
    passed = (min(today, wave.closes_on) - wave.opens_on).days
    left = progress.planned - progress.received
    if wave.state is not WaveState.OPEN or not left or not progress.received or passed < FEWEST_DAYS:
        return None
    full = today + timedelta(days=-(-left * passed // progress.received))
    return Forecast(full, max(0, (full - wave.closes_on).days))


def headline(
    wave: Wave, progress: Progress, undecided: int, published: int, first_day: date | None, today: date
) -> str:
    """Return the sentence that says how a wave stands.

    Args:
        undecided, published: how many visits keep it from being disclosed, and how many are published.
        first_day: of a disclosed wave, when it can be published.
    """
    if wave.state is WaveState.PLANNED:
        return _("%(name)s 还没有开始", name=wave.name)
    if wave.state is WaveState.OPEN:
        return _headline_open(progress, forecast(wave, progress, today))
    if wave.state is WaveState.CLOSED:
        return _headline_closed(undecided)
    if wave.state is WaveState.DISCLOSED and first_day is not None:
        return _headline_disclosed(first_day, today)
    return ngettext("已经发布，共 %(num)d 次检查", "已经发布，共 %(num)d 次检查", published)


def _headline_closed(undecided: int) -> str:
    if undecided:
        return ngettext("收口了，还有 %(num)d 份没有定", "收口了，还有 %(num)d 份没有定", undecided)
    return _("收口了，都定了，可以公示")


def _headline_disclosed(first_day: date, today: date) -> str:
    if today < first_day:
        return _("正在公示，%(day)s 起可以发布", day=day(first_day))
    return _("公示期满，可以发布")


def _headline_open(progress: Progress, expected: Forecast | None) -> str:
    counts = {"received": progress.received, "planned": progress.planned}
    if expected is None:
        return _("收了 %(received)d / %(planned)d 份", **counts)
    if not expected.late:
        return _("收了 %(received)d / %(planned)d 份，照现在的速度能按期收齐", **counts)
    return _(
        "收了 %(received)d / %(planned)d 份，照现在的速度 %(day)s收齐，晚 %(late)d 天",
        day=day(expected.on),
        late=expected.late,
        **counts,
    )


def explanation(wave: Wave) -> str:
    """Return the sentence below the headline: until when, and who is ranked."""
    closes = _(
        "%(opens)s–%(closes)s检查；公示 %(days)d 个工作日；",
        opens=day(wave.opens_on),
        closes=day(wave.closes_on),
        days=wave.disclosure_days,
    )
    if not wave.disclosure_days:
        closes = _("%(opens)s–%(closes)s检查；", opens=day(wave.opens_on), closes=day(wave.closes_on))
    ranked = ngettext(
        "计入不足 %(num)d 次检查的网点不排名。", "计入不足 %(num)d 次检查的网点不排名。", wave.min_visits
    )
    return closes + ranked


def todos(
    wave: Wave, regions: Sequence[RegionProgress], undecided: Undecided, returns: Returns, doubled: int
) -> tuple[Todo, ...]:
    """Return what there is to see to, in the order in which it presses."""
    return (
        *_waiting(wave, undecided),
        *_returned(wave, returns),
        *_doubled(wave, doubled),
        *_unassigned(wave, regions),
    )


def chart_of(wave: Wave, by_day: Sequence[tuple[date, int]], planned: int, today: date) -> Chart | None:
    """Return the drawing of what came in day by day; None before anything did."""
    if not by_day or not planned:
        return None
    running_until = today if wave.state is WaveState.OPEN else by_day[-1][0]
    last = max(wave.closes_on, running_until, by_day[-1][0])
    first = min(wave.opens_on, by_day[0][0])
    span = max(1, (last - first).days)

    def place(on: date, count: int) -> tuple[float, float]:
        across = WIDTH * (on - first).days / span
        return round(across, 1), round(HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * count / planned, 1)

    until = min(running_until, last)
    points = [place(first, 0), *(place(*one) for one in by_day)]
    if until > by_day[-1][0]:
        points.append(place(until, by_day[-1][1]))
    return Chart(
        line=" ".join(f"{x},{y}" for x, y in points),
        today=points[-1],
        goal=place(wave.closes_on, planned),
        base=place(first, 0)[1],
    )


def _waiting(wave: Wave, undecided: Undecided) -> Iterator[Todo]:
    if undecided.waiting:
        yield Todo(
            ngettext("%(num)d 份等着复核", "%(num)d 份等着复核", undecided.waiting),
            _("没有定的，公示以前都要定。"),
            url_for("office.visits_page", code=wave.code, state=VisitState.SUBMITTED.value),
        )


def _returned(wave: Wave, returns: Returns) -> Iterator[Todo]:
    if returns.count and returns.oldest is not None:
        yield Todo(
            ngettext("%(num)d 份退回超过 3 天", "%(num)d 份退回超过 3 天", returns.count),
            _("最早 %(day)s退回。", day=day(returns.oldest)),
            url_for("office.visits_page", code=wave.code, state=VisitState.RETURNED.value),
        )


def _doubled(wave: Wave, doubled: int) -> Iterator[Todo]:
    if doubled:
        yield Todo(
            ngettext("%(num)d 次检查有两份记录", "%(num)d 次检查有两份记录", doubled),
            _("先送到的计入，另一份留着。"),
            url_for("office.visits_page", code=wave.code),
        )


def _unassigned(wave: Wave, regions: Sequence[RegionProgress]) -> Iterator[Todo]:
    if wave.state is not WaveState.OPEN:
        return
    for region in sorted(regions, key=lambda one: -one.progress.nobody):
        if region.progress.nobody:
            yield Todo(
                ngettext(
                    "%(name)s：%(num)d 份还没有人接",
                    "%(name)s：%(num)d 份还没有人接",
                    region.progress.nobody,
                    name=region.name,
                ),
                _("派给有空的检查人。"),
                url_for(
                    "office.visits_page",
                    code=wave.code,
                    region=region.code,
                    state=VisitState.PLANNED.value,
                ),
            )
