"""Makes the demonstration, once for each folder."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from checklists.checklist import Checklist
from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.recipe_loading import shipped_recipe, shipped_recipe_names
from inspect_app.config import kept_secret
from inspect_app.db import Database, open_database, transaction
from inspect_app.demo.accounts import write_accounts
from inspect_app.demo.bank import Bank, draw_bank
from inspect_app.demo.calendar import at, seasons, today
from inspect_app.demo.folder import DATABASE, built_whole, is_there
from inspect_app.demo.making import Making, making_of
from inspect_app.demo.scales import MEASURES, Measures, Scale
from inspect_app.demo.waves import Cast, Progress, play_wave
from inspect_app.jobs import seal_all
from inspect_app.migrations import is_current, upgrade
from inspect_app.models.people import User, UserKind
from inspect_app.queries.people import user_named
from inspect_app.services.handbooks import store_checklist, store_edition
from inspect_app.services.passwords import hash_password

PASSWORD = "kankan-demo"  # noqa: S105 - printed at the start and shown on the entry page: it guards nothing
RECIPE = "mystery"
BANK_STEP = "HO"


def prepare_demo(
    data_dir: Path,
    scale: Scale,
    seed: int,
    progress: Progress,
    *,
    as_of: date | None = None,
    making: Making | None = None,
) -> bool:
    """Make the demonstration in a folder, or keep the one that is there; say whether it was made.

    Args:
        seed: the same one makes the same bank with the same results; only identifiers differ.
        progress: told the step at hand (`HO` for the bank, then each wave's code), how much of it is
            done, and of how much.
        as_of: the day on which the third wave is running; today at the bank by default.
        making: how it is made; by default as fits the scale, which leaves the same rows.

    Raises:
        FolderInUseError: the folder holds something else.
    """
    if is_there(data_dir):
        _bring_up_to_date(data_dir)
        return False
    with built_whole(data_dir) as place:
        database = open_database(f"sqlite:///{place / DATABASE}")
        try:
            upgrade(database)
            plan = _Plan(MEASURES[scale], seed, as_of or today(), making or making_of(scale))
            _build(database, place, plan, progress, kept_secret(data_dir))
        finally:
            database.writing.dispose()
    return True


def _bring_up_to_date(data_dir: Path) -> None:
    database = open_database(f"sqlite:///{data_dir / DATABASE}")
    try:
        if not is_current(database):
            upgrade(database, kept_secret(data_dir))
    finally:
        database.writing.dispose()


@dataclass(frozen=True, slots=True)
class _Plan:
    measures: Measures
    seed: int
    as_of: date
    making: Making


def _build(database: Database, place: Path, plan: _Plan, progress: Progress, secret: str) -> None:
    waves = seasons(plan.as_of)
    progress(BANK_STEP, 0, 1)
    bank = draw_bank(plan.measures, plan.seed, hash_password(PASSWORD))
    checklists = _checklists()
    with transaction(database) as session:
        now = _put_into_use(session, checklists, waves[0].opens_on)
        plan.making.build(session, bank, now)
    progress(BANK_STEP, 1, 1)
    checklist = next(checklist for checklist in checklists if checklist.recipe == RECIPE)
    with transaction(database) as session:
        cast = _cast(session, bank, checklist, plan, secret)
    for season in waves:
        play_wave(database, cast, season, progress, plan.making.walk)
    seal_all(database)
    write_accounts(place, bank, PASSWORD)


def _checklists() -> tuple[Checklist, ...]:
    edition = shipped_edition()
    return tuple(generate(edition, shipped_recipe(name)) for name in shipped_recipe_names())


def _put_into_use(session: Session, checklists: tuple[Checklist, ...], first_day: date) -> datetime:
    """Store the handbook and its checklists, some days before the first wave; return the moment."""
    now = at(first_day, -10_000)
    store_edition(session, shipped_edition(), now=now)
    for checklist in checklists:
        store_checklist(session, checklist, now=now)
    return now


def _cast(session: Session, bank: Bank, checklist: Checklist, plan: _Plan, secret: str) -> Cast:
    return Cast(
        administrator=_users(session, bank, UserKind.ADMINISTRATOR)[0],
        reviewers=_users(session, bank, UserKind.REVIEWER),
        inspectors=_users(session, bank, UserKind.INSPECTOR),
        checklist=checklist,
        secret=secret,
        seed=plan.seed,
        visits_wanted=plan.measures.visits_wanted,
    )


def _users(session: Session, bank: Bank, kind: UserKind) -> list[User]:
    found = [user_named(session, username) for username in bank.usernames(kind)]
    return [user for user in found if user is not None]
