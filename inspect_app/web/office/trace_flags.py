"""What a reviewer is warned of before words are released: names and numbers that tell who was there."""

from collections.abc import Sequence

from flask_babel import gettext as _

from inspect_app.queries.traces import Trace, TraceKind
from inspect_app.web.formatting import listed
from inspect_app.web.office.review_flags import MOST_NAMED, Flag


def trace_flags(traces: Sequence[Trace]) -> tuple[Flag, ...]:
    """Return a flag for each kind of trace that the words of an inspection hold."""
    flags = []
    for kind in TraceKind:
        codes = tuple(dict.fromkeys(trace.code for trace in traces if trace.kind is kind))
        if codes:
            named = listed(codes[:MOST_NAMED]) + ("…" if len(codes) > MOST_NAMED else "")
            flags.append(Flag(_("原话里看得出是谁"), _sentence(kind, named), codes[0]))
    return tuple(flags)


def _sentence(kind: TraceKind, codes: str) -> str:
    if kind is TraceKind.OWN_NAME:
        return _("%(codes)s 里有这次检查人自己的名字，不能给网点看。", codes=codes)
    if kind is TraceKind.OTHER_NAME:
        return _("%(codes)s 里有和某位检查人相同的名字，想清楚再给网点看。", codes=codes)
    return _("%(codes)s 里有电话、卡号或证件号，不要给网点看。", codes=codes)
