"""The two ways in which the demonstration is made: by the services, or in bulk; both leave the same rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from inspect_app.demo.bank import Bank, build_bank
from inspect_app.demo.bulk.bank import build_bank_in_bulk
from inspect_app.demo.bulk.walking import processes_at_hand, walk_in_bulk
from inspect_app.demo.scales import Scale
from inspect_app.demo.waves import Opened, walk_by_services


@dataclass(frozen=True, slots=True)
class Making:
    """How the bank is built, and how the visits of a wave are made."""

    build: Callable[[Session, Bank, datetime], None]
    walk: Callable[[Opened], None]


BY_SERVICES = Making(lambda session, bank, now: build_bank(session, bank, now=now), walk_by_services)
"""As people do it, one thing after the other: what the tests of the whole demonstration rely on."""


def in_bulk(processes: int) -> Making:
    """Return the way for large banks, which as many processes share."""
    return Making(
        lambda session, bank, now: build_bank_in_bulk(session, bank, now=now),
        partial(walk_in_bulk, processes=processes),
    )


def making_of(scale: Scale) -> Making:
    """Return the way in which a bank of this size is made."""
    return BY_SERVICES if scale is Scale.SMALL else in_bulk(processes_at_hand())
