"""The whole bank at once: every branch and every account, with their entries in the journal."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from inspect_app.demo.bank import Bank
from inspect_app.demo.bulk.rows import Row
from inspect_app.models.base import new_id
from inspect_app.models.journal import JournalEntry
from inspect_app.models.organisation import Branch
from inspect_app.models.people import User, UserKind
from inspect_app.services.journal import Actor, Change, entry_columns
from inspect_app.services.name_keys import name_key
from inspect_app.services.organisation import BranchPlan, add_region
from inspect_app.services.people import UserPlan
from inspect_app.services.writing import write_rows


def build_bank_in_bulk(session: Session, bank: Bank, *, now: datetime) -> None:
    """Build a bank as `build_bank` does: its few regions by the service, all else in a few statements."""
    regions = {plan.code: add_region(session, Actor.system(), plan, now=now).id for plan in bank.regions}
    branches = {plan.code: new_id() for plan in bank.branches}
    write_rows(session, Branch, [_branch(plan, branches, regions) for plan in bank.branches])
    people = [(new_id(), plan) for plan in bank.people]
    write_rows(session, User, [_user(one, plan, branches, regions, now) for one, plan in people])
    write_rows(session, JournalEntry, list(_entries(branches, people, now)))


def _branch(plan: BranchPlan, ids: Mapping[str, uuid.UUID], regions: Mapping[str, uuid.UUID]) -> Row:
    return {
        "id": ids[plan.code],
        "code": plan.code,
        "name": plan.name,
        "name_key": name_key(plan.name),
        "kind": plan.kind,
        "address": plan.address,
        "region_id": regions[plan.region_code],
    }


def _user(
    user_id: uuid.UUID,
    plan: UserPlan,
    branches: Mapping[str, uuid.UUID],
    regions: Mapping[str, uuid.UUID],
    now: datetime,
) -> Row:
    return {
        "id": user_id,
        "username": plan.username,
        "display_name": plan.display_name,
        "kind": plan.kind,
        "password_hash": plan.password_hash,
        "region_id": None if plan.region_code is None else regions[plan.region_code],
        "branch_id": None if plan.branch_code is None else branches[plan.branch_code],
        "language": plan.language,
        "email": plan.email,
        "created_at": now,
    }


def _entries(
    branches: Mapping[str, uuid.UUID], people: list[tuple[uuid.UUID, UserPlan]], now: datetime
) -> Iterator[Row]:
    for branch_id in branches.values():
        yield entry_columns(Actor.system(), "add_branch", "branch", str(branch_id), now, Change())
    for user_id, plan in people:
        # As `subject_of` names an account: an inspector's by its kind alone.
        subject = plan.kind.value if plan.kind is UserKind.INSPECTOR else str(user_id)
        change = Change(details={"kind": plan.kind.value})
        yield entry_columns(Actor.system(), "add_user", "user_account", subject, now, change)
