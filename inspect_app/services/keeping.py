"""What has been kept long enough is erased; a wave under a hold keeps everything."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Delete, Update, delete, or_, update
from sqlalchemy.orm import Session

from inspect_app.config import Keeping
from inspect_app.errors import ConflictError
from inspect_app.models.accounts import AccountLink, PendingLogin
from inspect_app.models.inspections import Draft
from inspect_app.models.keeping import WaveHold
from inspect_app.models.list_uploads import ListUpload
from inspect_app.models.people import LoginFailure, LoginSession
from inspect_app.models.phones import PersonalEntry
from inspect_app.models.visits import VisitIdentity
from inspect_app.models.waves import Wave
from inspect_app.queries.keeping import hold_of, inspections_over, visits_published_before
from inspect_app.services import journal
from inspect_app.services.jobs import forget_files
from inspect_app.services.journal import Actor
from inspect_app.services.list_uploads import KEPT as LISTS_KEPT
from inspect_app.services.mails import forget_mails
from inspect_app.services.originals import erase_originals

LINKS_KEPT = timedelta(days=30)
"""How long a link that ran out can be told from one that never was."""
FAILURES_KEPT = timedelta(days=1)


class Kept(StrEnum):
    """Kinds of personal traces that have their time. Answers, scores, rankings and the journal have none."""

    ORIGINALS = "originals"
    DRAFTS = "drafts"
    TRACES = "traces"
    MAILS = "mails"
    DOWNLOADS = "downloads"
    SIGNING_IN = "signing_in"


Rule = Callable[[Session, Keeping, datetime], int]


def erase_expired(session: Session, keeping: Keeping, *, now: datetime) -> Mapping[Kept, int]:
    """Erase everything that is older than it may get; return of each kind how many there were.

    Files go after the commit, with the next sweep of the store: no row speaks of one that is not there.
    """
    erased = {kind: rule(session, keeping, now) for kind, rule in RULES.items()}
    told: dict[str, int] = {kind.value: number for kind, number in erased.items() if number}
    if told:
        journal.record(
            session, Actor.system(), "erase_expired", "keeping", "expired", now=now, details=dict(told)
        )
    return erased


def hold_traces(session: Session, wave: Wave, reason: str, *, now: datetime) -> WaveHold:
    """Keep everything of a wave from being erased for its age.

    Raises:
        ConflictError: that is so already.
    """
    if hold_of(session, wave) is not None:
        raise ConflictError(f"wave {wave.code} is held already")
    hold = WaveHold(wave_id=wave.id, reason=reason, placed_at=now)
    session.add(hold)
    session.flush()
    journal.record(session, Actor.system(), "hold_traces", "wave", str(wave.id), now=now, reason=reason)
    return hold


def release_traces(session: Session, wave: Wave, *, now: datetime) -> None:
    """Let what is kept of a wave have its time again.

    Raises:
        ConflictError: it has.
    """
    hold = hold_of(session, wave)
    if hold is None:
        raise ConflictError(f"wave {wave.code} is not held")
    session.delete(hold)
    session.flush()
    journal.record(session, Actor.system(), "release_traces", "wave", str(wave.id), now=now)


def _drafts(session: Session, keeping: Keeping, now: datetime) -> int:
    old = delete(Draft).where(
        Draft.saved_at < now - timedelta(days=keeping.drafts), Draft.inspection_id.in_(inspections_over())
    )
    return _done(session, old)


def _traces(session: Session, keeping: Keeping, now: datetime) -> int:
    over = visits_published_before(now - timedelta(days=keeping.traces))
    anything = or_(
        VisitIdentity.device.is_not(None), VisitIdentity.place.is_not(None), VisitIdentity.times != "{}"
    )
    old = update(VisitIdentity).where(VisitIdentity.visit_id.in_(over), anything)
    return _done(session, old.values(device=None, place=None, times="{}"))


def _signing_in(session: Session, _keeping: Keeping, now: datetime) -> int:
    old = (
        delete(LoginSession).where(LoginSession.expires_at < now),
        delete(PendingLogin).where(PendingLogin.expires_at < now),
        delete(LoginFailure).where(LoginFailure.at < now - FAILURES_KEPT),
        delete(AccountLink).where(AccountLink.expires_at < now - LINKS_KEPT),
        delete(ListUpload).where(ListUpload.uploaded_at < now - LISTS_KEPT),
        delete(PersonalEntry).where(PersonalEntry.expires_at < now - LINKS_KEPT),
    )
    return sum(_done(session, one) for one in old)


def _done(session: Session, change: Update | Delete) -> int:
    """Change rows and say how many; what the session knows of them is read anew."""
    session.flush()
    changed = session.connection().execute(change).rowcount
    session.expire_all()
    return changed


RULES: Mapping[Kept, Rule] = {
    Kept.ORIGINALS: lambda session, keeping, now: erase_originals(session, keeping.originals, now=now),
    Kept.DRAFTS: _drafts,
    Kept.TRACES: _traces,
    Kept.MAILS: lambda session, keeping, now: forget_mails(session, now - timedelta(days=keeping.mails)),
    Kept.DOWNLOADS: lambda session, keeping, now: forget_files(
        session, now - timedelta(days=keeping.downloads)
    ),
    Kept.SIGNING_IN: _signing_in,
}
"""How each kind is erased."""
