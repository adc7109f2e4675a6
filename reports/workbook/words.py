"""Every word that a workbook prints, handed in by whoever knows the reader's language.

Sentences hold their values as `%(name)s`; which names each one may use stands beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from checklists.handbook import Mode
from reports.places import PlacedBy
from reports.rankings import Unranked


@dataclass(frozen=True, slots=True)
class Counted:
    """A sentence about a number of things, for one of them and for any other number; may use `count`."""

    one: str
    other: str

    def of(self, count: int) -> str:
        """Return the sentence for `count` things."""
        return (self.one if count == 1 else self.other) % {"count": count}


@dataclass(frozen=True, slots=True)
class Headings:
    """The heads of the columns."""

    rank: str
    rank_in_region: str
    code: str
    name: str
    parent: str
    level: str
    kind: str
    rank_in_kind: str
    score: str
    over_par: str
    rank_change: str
    score_change: str
    visits: str
    branches: str
    interval_low: str
    interval_high: str
    vetoes: str
    phrase: str
    action: str
    placed_by: str
    reason: str
    flow: str
    clause: str
    demand: str
    answer: str
    credit: str
    points_lost: str
    role: str
    seen: str
    state: str
    due: str


@dataclass(frozen=True, slots=True)
class Notes:
    """The small print below a sheet's title, put together from these parts, and why a sheet is empty.

    Attributes:
        separator: between the parts.
        ties: how equal scores are placed.
        par: what over par means; printed where it ranks.
        levels: regions are ranked within their level, heavy lines between them.
        region: which region is shown; may use `region`.
        region_ranks: what 名次 and 区内名次 mean there.
        bands: what the heavy lines between branches part.
        vetoes: what the column counts.
        role_title: the title of a role's sheet; may use `role`.
        role: what a role's score is made of; may use `role`.
        detail: what a row is and what the points are.
        apart: the heading of what was not ranked.
        no_regions, no_branches, no_role, no_detail: why there are no rows; `no_role` may use `role`.
    """

    separator: str
    ties: str
    par: str
    levels: str
    region: str
    region_ranks: str
    bands: str
    vetoes: str
    role_title: str
    role: str
    detail: str
    apart: Counted
    no_regions: str
    no_branches: str
    no_role: str
    no_detail: str


@dataclass(frozen=True, slots=True)
class CoverWords:
    """The cover's labels and sentences.

    Attributes:
        product: the product's name.
        title: may use `wave`.
        scope: may use `unit` and `ranked`; `unranked` is added where some were not.
        in_one_line: label of the sentence, made of `mean` (may use `score`) with `higher`, `lower` (may use
            `points`) or `unchanged` right behind it, `vetoes` and `most_lost` (may use `demand`), joined by
            `joiner`, ended by `stop`.
        period: may use `first`, `last`, `mode` and `visits`.
        visits_each: may use `count`; `visits_between` may use `least` and `most`.
        published: may use `when` and `number`; `not_published` stands where nothing was published.
        restated: may use `reason`.
        whole: the scope where no region was chosen; `region` may use `region` and `code`.
        how: may use `cap`, in points; `how_without_cap` stands where no cap is known.
        by_score, by_over_par: which rule ranks; `min_visits` says from how many visits on.
        check: may use `fingerprint` and `rules`; `edition` is added where it is known, may use `edition`.
        journal: printed where it is known how far the journal was sealed; may use `head`.
    """

    product: str
    title: str
    scope: str
    ranked: Counted
    unranked: Counted
    in_one_line: str
    mean: str
    higher: str
    lower: str
    unchanged: str
    vetoes: Counted
    most_lost: str
    joiner: str
    stop: str
    period_label: str
    period: str
    visits_each: Counted
    visits_between: str
    published_label: str
    published: str
    not_published: str
    restated_label: str
    restated: str
    region_label: str
    whole: str
    region: str
    how_label: str
    how: str
    how_without_cap: str
    rank_label: str
    by_score: str
    by_over_par: str
    min_visits: Counted
    check_label: str
    check: str
    edition: str
    journal_label: str
    journal: str
    sheets: str
    regions_hint: Counted
    branches_hint: Counted
    role_hint: Counted
    detail_hint: Counted


@dataclass(frozen=True, slots=True)
class Answers:
    """How an answer below full credit is called."""

    partly_met: str
    not_met: str
    said_alike: str
    not_said: str


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words for a whole workbook.

    Attributes:
        cover_sheet, regions_sheet, branches_sheet, detail_sheet: the sheets' names and titles.
        footer: left part of the footer; may use `wave` and `fingerprint`. `page` may use `page` and `pages`.
        day: a date in words. moment: a moment in words, its zone named.
    """

    cover_sheet: str
    regions_sheet: str
    branches_sheet: str
    detail_sheet: str
    footer: str
    page: str
    day: Callable[[date], str]
    moment: Callable[[datetime], str]
    headings: Headings
    notes: Notes
    cover: CoverWords
    answers: Answers
    modes: Mapping[Mode, str]
    placed_by: Mapping[PlacedBy, str]
    unranked: Mapping[Unranked, str]
