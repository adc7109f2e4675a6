"""The accounts that the demonstration names, written down for people and programs."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from inspect_app.demo.bank import HEAD_OFFICE, Bank, first_level
from inspect_app.demo.folder import ACCOUNTS
from inspect_app.models.people import UserKind
from inspect_app.services.people import UserPlan

USUAL_ADDRESS = "http://127.0.0.1:8000/"
SIGN_IN = "login"
OF_EACH_REGION = 2
INSPECTORS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is written down.

    Attributes:
        scope: the code of the region or branch that the user sees; of an inspector, who sees own visits
            alone, the name again.
        url: where to sign in.
    """

    role: str
    username: str
    password: str
    scope: str
    url: str


def write_accounts(folder: Path, bank: Bank, password: str) -> None:
    """Write down some accounts of each kind of user, in different regions and branches."""
    _write(folder, [_account(plan, password) for plan in _named(bank)])


def point_accounts(folder: Path, address: str) -> None:
    """Let the accounts that are written down lead to where the demonstration is served, such as `http://…:8000/`."""
    written = json.loads((folder / ACCOUNTS).read_text(encoding="utf-8"))
    _write(folder, [replace(Account(**account), url=f"{address}{SIGN_IN}") for account in written])


def _write(folder: Path, accounts: list[Account]) -> None:
    text = json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=1)
    (folder / ACCOUNTS).write_text(f"{text}\n", encoding="utf-8")


def _named(bank: Bank) -> Iterator[UserPlan]:
    """Yield who is written down: a few inspectors and branches of each region, all others."""
    regions_above = {region.code: region.parent_code for region in bank.regions}
    top = {region.code for region in first_level(bank)}
    region_of = {branch.code: branch.region_code for branch in bank.branches}
    named: dict[str, int] = {}
    for plan in bank.people:
        group, most = plan.kind.value, len(bank.people)
        if plan.kind is UserKind.INSPECTOR:
            most = INSPECTORS_NAMED
        elif plan.branch_code is not None:
            region = region_of[plan.branch_code]
            group, most = region if region in top else str(regions_above[region]), OF_EACH_REGION
        named[group] = named.get(group, 0) + 1
        if named[group] <= most:
            yield plan


def _account(plan: UserPlan, password: str) -> Account:
    own = plan.username if plan.kind is UserKind.INSPECTOR else HEAD_OFFICE.code
    scope = plan.branch_code or plan.region_code or own
    return Account(plan.kind.value, plan.username, password, scope, f"{USUAL_ADDRESS}{SIGN_IN}")
