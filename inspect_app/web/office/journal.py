"""The journal, for head office: who did what when, filtered by the address, and as lines to keep."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.models.journal import ActorKind
from inspect_app.permissions import Action
from inspect_app.queries.journal_chain import head_of_journal
from inspect_app.queries.journal_listing import (
    JournalFilter,
    count_unsealed,
    lines_of_journal,
    page_of_journal,
)
from inspect_app.web.access import current_settings, requires
from inspect_app.web.downloads import download_lines
from inspect_app.web.office import pages
from inspect_app.web.office.journal_words import ACTORS, SENTENCES, SUBJECTS


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the journal, checked; empty texts ask for all."""

    subject: str
    action: str
    actor: str
    day: date | None
    before: uuid.UUID | None

    @property
    def is_filtered(self) -> bool:
        """Some entries are left out."""
        return bool(self.subject or self.action or self.actor or self.day)

    @property
    def kept(self) -> dict[str, str]:
        """What a link to another page of the same entries keeps."""
        day = "" if self.day is None else self.day.isoformat()
        parts = {"subject": self.subject, "action": self.action, "actor": self.actor, "day": day}
        return {name: value for name, value in parts.items() if value}

    def filter(self) -> JournalFilter:
        """Return it as the query takes it; a day begins and ends where the bank is."""
        begins = None if self.day is None else _midnight(self.day)
        return JournalFilter(
            subject=self.subject or None,
            action=self.action or None,
            actor_kind=ActorKind(self.actor) if self.actor else None,
            begins=begins,
            ends=None if self.day is None else _midnight(self.day + timedelta(days=1)),
            before=self.before,
        )


@pages.get("/office/journal")
@requires(Action.READ_JOURNAL)
def journal_page() -> ResponseReturnValue:
    """Show a page of the journal, and how far its chain goes."""
    asked = _asked()
    page = page_of_journal(session, asked.filter())
    return render_template(
        "office/journal.html",
        asked=asked,
        page=page,
        head=head_of_journal(session),
        unsealed=count_unsealed(session),
        subjects=SUBJECTS,
        actions=list(SENTENCES),
        actors=ACTORS,
        link=_links(asked),
    )


@pages.get("/office/journal.jsonl")
@requires(Action.READ_JOURNAL)
def download_journal() -> ResponseReturnValue:
    """Hand out all the entries that the page's filters leave, as lines of JSON with their seals."""
    wanted = replace(_asked().filter(), before=None)
    return download_lines(_("日志.jsonl"), lines_of_journal(session, wanted))


def _asked() -> Asked:
    """Return what the address at hand asks.

    Raises:
        NotFoundError: it asks for what there cannot be.
    """
    found = request.args
    asked = {name: found.get(name, "") for name in ("subject", "action", "actor")}
    known = {"subject": SUBJECTS, "action": SENTENCES, "actor": set(ActorKind)}
    wrong = [name for name, value in asked.items() if value and value not in known[name]]
    try:
        day = date.fromisoformat(found["day"]) if found.get("day") else None
        before = uuid.UUID(found["before"]) if found.get("before") else None
    except ValueError as error:
        raise NotFoundError(f"page {request.full_path}") from error
    if wrong or day == date.max:
        raise NotFoundError(f"page {request.full_path}")
    return Asked(asked["subject"], asked["action"], asked["actor"], day, before)


def _links(asked: Asked) -> Callable[..., str]:
    """Return what makes the addresses of the journal's pages, with the filters of the one at hand."""

    def link(endpoint: str, **more: object) -> str:
        query = urlencode({**asked.kept, **more})
        return url_for(endpoint) + (f"?{query}" if query else "")

    return link


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), current_settings().timezone)
