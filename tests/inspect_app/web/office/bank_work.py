"""What tests of head office do to the made-up bank: visits come in, are decided on, and are looked up."""

import uuid
from datetime import datetime

from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Review, Revision
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.inspections import newest_revision_of_visit, review_of
from inspect_app.queries.visits import visit_of_office
from inspect_app.queries.waves import wave_with_id
from inspect_app.services import reviews, waves
from inspect_app.services.journal import Actor
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, send


def receive(bank: Bank, *branches: str, now: datetime = NOW) -> None:
    """Let the visits to some branches come in, each with answers of its own."""
    for branch in branches:
        with transaction(bank.database) as session:
            send(session, bank, branch, body_of(bank, branch, seed=int(branch)), now)


def approve(bank: Bank, *branches: str) -> None:
    """Approve what came in for some branches."""
    for branch in branches:
        with transaction(bank.database) as session:
            revision = newest_revision_of_visit(session, visit_of_office(session, bank.visits[branch]))
            assert revision is not None
            reviews.approve(session, Actor.user(bank.user("reviewer")), revision, frozenset(), now=NOW)


def close(bank: Bank) -> None:
    """End the wave's field work."""
    with transaction(bank.database) as session:
        waves.close_wave(session, Actor.system(), wave_with_id(session, bank.wave_id), now=NOW)


def visit_at(bank: Bank, branch: str) -> Visit:
    """Return the visit to a branch as it is now."""
    with reading(bank.database) as session:
        return visit_of_office(session, bank.visits[branch])


def state_of(bank: Bank, branch: str) -> VisitState:
    """Return the state of the visit to a branch."""
    return visit_at(bank, branch).state


def wave_of(bank: Bank) -> Wave:
    """Return the bank's wave as it is now."""
    with reading(bank.database) as session:
        return wave_with_id(session, bank.wave_id)


def wave_state(bank: Bank) -> WaveState:
    """Return the state of the bank's wave."""
    return wave_of(bank).state


def revision_at(bank: Bank, branch: str) -> Revision:
    """Return the newest revision of the visit to a branch."""
    with reading(bank.database) as session:
        revision = newest_revision_of_visit(session, visit_of_office(session, bank.visits[branch]))
        assert revision is not None
        return revision


def decision_at(bank: Bank, branch: str) -> Review | None:
    """Return what was decided on the newest revision of the visit to a branch."""
    with reading(bank.database) as session:
        return review_of(session, revision_at(bank, branch))


def page_of(bank: Bank, branch: str, step: str = "") -> str:
    """Return the address of a branch's review, or of one of its decisions."""
    return f"/office/reviews/{bank.visits[branch]}" + (f"/{step}" if step else "")


def deciding(bank: Bank, branch: str, **fields: object) -> dict[str, object]:
    """Return the fields of a decision on what came in for a branch."""
    return {"revision": str(revision_at(bank, branch).id), **fields}


NOBODYS = uuid.UUID("00000000-0000-4000-8000-000000000000")
"""An id that nothing has."""
