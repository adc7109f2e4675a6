"""A people list is taken in: accounts are made, invited and changed, all of it or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from inspect_app.errors import IncompleteError
from inspect_app.importers.people_lists import PersonColumn, PersonRead
from inspect_app.models.accounts import AccountLink, LinkPurpose
from inspect_app.models.base import new_id
from inspect_app.models.journal import JournalEntry
from inspect_app.models.people import User, UserKind
from inspect_app.queries.accounts import user_with_id
from inspect_app.queries.people_changes import PeopleChanges, PersonChange
from inspect_app.services import accounts, journal
from inspect_app.services.accounts import INVITE_LASTS, HandedOut
from inspect_app.services.flushing import conflict_if_stale
from inspect_app.services.journal import Actor, Change, entry_columns
from inspect_app.services.people import Post
from inspect_app.services.tokens import hash_of, new_token
from inspect_app.services.writing import write_rows

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who got an account, with the link into it at the only moment at which it is known."""

    person: PersonRead
    link: HandedOut


def take_in_people(
    session: Session, actor: Actor, changes: PeopleChanges, language: str, *, digest: str, now: datetime
) -> tuple[Invited, ...]:
    """Make and change the accounts that a people list adds and changes; each new one is invited.

    Args:
        language: what new accounts are spoken to in, until they choose.
        digest: the SHA-256 of the file, by which the journal names it.

    Raises:
        IncompleteError: something in the list is wrong.
        ConflictError: somebody else made one of these accounts at this very moment.
    """
    if changes.faults:
        raise IncompleteError("the people list has faults", tuple(one.address for one in changes.faults))
    if not changes.changes:
        return ()
    with conflict_if_stale("the accounts were changed"):
        invited = _add(session, actor, changes, language, now)
        for change in changes.changed:
            _change(session, actor, change, now)
    details = {"added": len(changes.new), "changed": len(changes.changed)}
    journal.record(session, actor, "take_in_people", "people_list", digest, now=now, details=details)
    return invited


def _add(
    session: Session, actor: Actor, changes: PeopleChanges, language: str, now: datetime
) -> tuple[Invited, ...]:
    rows = [_user(one.read, changes, language, now) for one in changes.new]
    invited = tuple(
        Invited(one.read, HandedOut(new_token(), LinkPurpose.INVITE, now + INVITE_LASTS))
        for one in changes.new
    )
    write_rows(session, User, rows)
    write_rows(session, AccountLink, [_link(row, one, now) for row, one in zip(rows, invited, strict=True)])
    write_rows(session, JournalEntry, list(_entries(actor, rows, now)))
    return invited


def _user(read: PersonRead, changes: PeopleChanges, language: str, now: datetime) -> Row:
    return {
        "id": new_id(),
        "username": read.username,
        "display_name": read.name,
        "kind": read.kind,
        "password_hash": "",
        "region_id": changes.regions[read.unit] if read.kind is UserKind.REGIONAL_MANAGER else None,
        "branch_id": changes.branches[read.unit] if read.kind is UserKind.BRANCH_MANAGER else None,
        "language": language,
        "email": read.email or None,
        "created_at": now,
    }


def _link(user: Row, invited: Invited, now: datetime) -> Row:
    return {
        "token_hash": hash_of(invited.link.token),
        "purpose": invited.link.purpose,
        "user_id": user["id"],
        "created_at": now,
        "expires_at": invited.link.expires_at,
    }


def _entries(actor: Actor, users: Sequence[Row], now: datetime) -> Iterator[Row]:
    """Yield what `add_user` and `hand_out_link` would write: an inspector is named by the kind alone."""
    for user in users:
        kind = UserKind(str(user["kind"]))
        subject = kind.value if kind is UserKind.INSPECTOR else str(user["id"])
        for action, change in (
            ("add_user", Change(details={"kind": kind.value})),
            ("hand_out_link", Change(to_state=LinkPurpose.INVITE.value)),
        ):
            columns = entry_columns(actor, action, "user_account", subject, now, change)
            yield columns | {"id": new_id()}


def _change(session: Session, actor: Actor, change: PersonChange, now: datetime) -> None:
    if change.known is None:
        return
    user, read = user_with_id(session, change.known.id), change.read
    if PersonColumn.NAME in change.before:
        accounts.change_name(session, actor, user, read.name, now=now)
    if PersonColumn.EMAIL in change.before:
        accounts.change_email(session, actor, user, read.email or None, now=now)
    if change.before.keys() & {PersonColumn.KIND, PersonColumn.UNIT}:
        accounts.change_post(session, actor, user, _post(read), now=now)


def _post(read: PersonRead) -> Post:
    region = read.unit if read.kind is UserKind.REGIONAL_MANAGER else None
    return Post(read.kind, region, read.unit if read.kind is UserKind.BRANCH_MANAGER else None)
