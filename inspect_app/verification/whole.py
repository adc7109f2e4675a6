"""All checks in their order."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat

from sqlalchemy.orm import Session

from inspect_app.queries.chain_checks import check_chain
from inspect_app.queries.tables import let_read_for_long
from inspect_app.queries.verification import dangling_keys, faults_of_file
from inspect_app.storage import Store
from inspect_app.verification import photos, rankings, records
from inspect_app.verification.verdicts import Check, Fault, Found, Verdict, verdict

LookAt = Callable[[Session], Iterable[Found | None]]


@dataclass(frozen=True, slots=True)
class Stored:
    """The photos in the store at a moment: what was put there just before need not have a row yet."""

    store: Store
    now: datetime


def verify(session: Session, secret: str, stored: Stored | None = None) -> Iterator[Verdict]:
    """Hold the whole database against itself, from one unchanging view of it; yield each verdict as it falls.

    Args:
        secret: what the numbers of receipts were made with.
        stored: the photos, held against their rows too; None leaves them alone, where they come later.
    """
    let_read_for_long(session)
    for check, look_at in (*_checks(secret), *_checks_of_store(stored)):
        yield verdict(check, look_at(session))
        session.expunge_all()


def _checks(secret: str) -> tuple[tuple[Check, LookAt], ...]:
    return (
        (Check.FILE, _file),
        (Check.KEYS, _keys),
        (Check.CHECKLISTS, records.checklists),
        (Check.SUBMISSIONS, records.submissions),
        (Check.RECEIPTS, lambda session: records.receipts(session, secret)),
        (Check.REVISIONS, records.revisions),
        (Check.FINGERPRINTS, rankings.fingerprints),
        (Check.RANKINGS, rankings.rankings),
        (Check.FIGURES, rankings.figures),
        (Check.JOURNAL, _journal),
    )


def _checks_of_store(stored: Stored | None) -> tuple[tuple[Check, LookAt], ...]:
    if stored is None:
        return ()
    return ((Check.PHOTOS, lambda session: photos.photos(session, stored.store, stored.now)),)


def _file(session: Session) -> list[Found | None]:
    return [Found(line, Fault.DAMAGED) for line in faults_of_file(session)] or [None]


def _keys(session: Session) -> list[Found | None]:
    return [Found(line, Fault.DANGLING) for line in dangling_keys(session)] or [None]


def _journal(session: Session) -> Iterator[Found | None]:
    checked = check_chain(lambda: nullcontext(session))
    yield from repeat(None, checked.held)
    if checked.broken is not None:
        entry = checked.broken.entry_id or "–"
        yield Found(f"journal_seal {checked.broken.sequence}, journal_entry {entry}", Fault.BROKEN_CHAIN)
