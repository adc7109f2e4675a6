"""Where somebody else was faster: what happened, and everything that was typed, so that it is not lost."""

from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import reading, the_database
from inspect_app.queries.journal import events_of
from inspect_app.web.formatting import moment

Written = tuple[str, str]
"""The label of a field, and what was typed into it."""


def show_kept(sentence: str, written: Iterable[Written], back: str) -> ResponseReturnValue:
    """Return the page of a step that somebody else took first; nothing of the request is kept but its text.

    Args:
        written: shown again, where it is not empty.
        back: where the present state can be seen.
    """
    kept = tuple((label, text) for label, text in written if text.strip())
    return render_template("kept.html", sentence=sentence, written=kept, back=back), 409


def who_was_faster(subject: str, subject_id: str) -> str:
    """Return who changed something last, and when: for head office alone, which reads the journal's names.

    Asked of a session of its own: that of the request has failed.
    """
    with reading(the_database()) as reader:
        event = next(iter(events_of(reader, subject, subject_id)), None)
    if event is None or event.actor_name is None:
        return _("情况已经变了，可能有人先做了。")
    return _(
        "%(name)s在 %(moment)s 先改了。这一页打开的时候，还不是现在的样子。",
        name=event.actor_name,
        moment=moment(event.at),
    )
