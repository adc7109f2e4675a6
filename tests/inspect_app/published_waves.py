"""Waves of the made-up bank brought through review, disclosure and publication, for tests."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.inspections import Revision
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Wave
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.services import disclosures, rankings, reviews, waves
from inspect_app.services.journal import Actor
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, send

CLOSED = NOW + timedelta(days=50)
DISCLOSED = NOW + timedelta(days=51)
PUBLISHED = NOW + timedelta(days=67)

SEEDS: Mapping[str, int] = {"0101": 1, "0102": 2, "0201": 3}


def wave_of(session: Session, bank: Bank) -> Wave:
    """Return the bank's wave."""
    return session.scalars(select(Wave).where(Wave.id == bank.wave_id)).one()


def visit_of(session: Session, bank: Bank, branch_code: str) -> Visit:
    """Return the wave's visit to a branch."""
    return session.scalars(select(Visit).where(Visit.id == bank.visits[branch_code])).one()


def administrator(bank: Bank) -> Actor:
    """Return the administrator as an actor."""
    return Actor.user(bank.user("administrator"))


def reviewer(bank: Bank) -> Actor:
    """Return the reviewer as an actor."""
    return Actor.user(bank.user("reviewer"))


def submitted(session: Session, bank: Bank, branch_code: str, seed: int, now: datetime = NOW) -> Revision:
    """Send an inspection of a branch; return its revision."""
    send(session, bank, branch_code, body_of(bank, branch_code, seed), now=now)
    revision = newest_revision_of_visit(session, visit_of(session, bank, branch_code))
    assert revision is not None
    return revision


def approved(
    session: Session, bank: Bank, branch_code: str, seed: int, released: frozenset[str] = frozenset()
) -> Revision:
    """Send an inspection of a branch and approve it; return its revision."""
    revision = submitted(session, bank, branch_code, seed)
    reviews.approve(session, reviewer(bank), revision, released, now=NOW)
    return revision


def disclosed(session: Session, bank: Bank, released: frozenset[str] = frozenset()) -> Wave:
    """Inspect, review, close and disclose the wave."""
    for branch_code, seed in SEEDS.items():
        approved(session, bank, branch_code, seed, released)
    wave = waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)
    return disclosures.disclose_wave(session, administrator(bank), wave, now=DISCLOSED)


def published(session: Session, bank: Bank, released: frozenset[str] = frozenset()) -> StoredRanking:
    """Bring the wave to its first ranking."""
    wave = disclosed(session, bank, released)
    return rankings.publish_wave(session, administrator(bank), wave, now=PUBLISHED)
