"""The sentences that stand over a ranking and over a branch: the answer first, then the tables."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from checklists.handbook import Mode, Text
from inspect_app.queries.drilldown import BranchSeen
from inspect_app.queries.ranking_pages import PageRow
from inspect_app.web.formatting import points, signed_points
from inspect_app.web.languages import current_language
from inspect_app.web.words import word


def headline(row: PageRow) -> str:
    """Return how a region did, against the ranking that changes are taken from where there is one."""
    if row.score is None:
        return _("%(unit)s还没有网点参加这次排名", unit=row.name)
    score, change = points(row.score), row.score_change
    if change is None:
        return ngettext(
            "%(unit)s %(num)d 个网点平均 %(score)s 分",
            "%(unit)s %(num)d 个网点平均 %(score)s 分",
            row.branches,
            unit=row.name,
            score=score,
        )
    if change > 0:
        return ngettext(
            "%(unit)s %(num)d 个网点平均 %(score)s 分，比上期高 %(points)s 分",
            "%(unit)s %(num)d 个网点平均 %(score)s 分，比上期高 %(points)s 分",
            row.branches,
            unit=row.name,
            score=score,
            points=points(change),
        )
    if change < 0:
        return ngettext(
            "%(unit)s %(num)d 个网点平均 %(score)s 分，比上期低 %(points)s 分",
            "%(unit)s %(num)d 个网点平均 %(score)s 分，比上期低 %(points)s 分",
            row.branches,
            unit=row.name,
            score=score,
            points=points(-change),
        )
    return ngettext(
        "%(unit)s %(num)d 个网点平均 %(score)s 分，与上期相同",
        "%(unit)s %(num)d 个网点平均 %(score)s 分，与上期相同",
        row.branches,
        unit=row.name,
        score=score,
    )


def branch_headline(seen: BranchSeen, lost: Sequence[tuple[Text, Fraction]]) -> str:
    """Return how a branch did, and where it lost most."""
    row = seen.row
    if row.rank is None or row.score is None:
        return _("%(branch)s没有参加这次排名：%(reason)s", branch=row.name, reason=word(row.unranked))
    score, flows = points(row.score), [name.in_language(current_language()) for name, _lost in lost[:2]]
    if len(flows) > 1:
        return _(
            "%(branch)s %(score)s 分，第 %(rank)s 名；失分主要在%(first)s和%(second)s",
            branch=row.name,
            score=score,
            rank=row.rank,
            first=flows[0],
            second=flows[1],
        )
    if flows:
        return _(
            "%(branch)s %(score)s 分，第 %(rank)s 名；失分都在%(flow)s",
            branch=row.name,
            score=score,
            rank=row.rank,
            flow=flows[0],
        )
    return _("%(branch)s %(score)s 分，第 %(rank)s 名；没有失分", branch=row.name, score=score, rank=row.rank)


def branch_facts(seen: BranchSeen, mode: Mode) -> Iterator[str]:
    """Yield what stands under a branch's headline."""
    row = seen.row
    if row.rank is not None:
        yield _("共 %(ranked)s 个网点排名", ranked=seen.ranked)
    if row.rank_in_kind is not None:
        yield _("%(kind)s类第 %(rank)s 名", kind=row.kind, rank=row.rank_in_kind)
    if row.score_change is not None:
        yield _("较上期 %(points)s", points=signed_points(row.score_change))
    yield ngettext("%(num)d 次%(mode)s", "%(num)d 次%(mode)s", row.visits, mode=word(mode))
    yield (
        ngettext("%(num)d 次一票否决", "%(num)d 次一票否决", row.vetoes) if row.vetoes else _("没有一票否决")
    )
