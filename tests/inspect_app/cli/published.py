"""The made-up bank with its wave published, by the same services as everywhere."""

from datetime import timedelta

from inspect_app.db import transaction
from inspect_app.models.rankings import StoredRanking
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.visits import visits_of_wave
from inspect_app.queries.waves import wave_with_id
from inspect_app.services.disclosures import disclose_wave
from inspect_app.services.journal import Actor
from inspect_app.services.rankings import publish_wave, void_visit
from inspect_app.services.reviews import approve
from inspect_app.services.waves import close_wave
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, own_visit, send

CLOSING = NOW + timedelta(days=50)


def publish(bank: Bank, *branches: str) -> StoredRanking:
    """Inspect these branches, approve what came in, and publish the wave."""
    office, reviewer = Actor.user(bank.user("administrator")), Actor.user(bank.user("reviewer"))
    with transaction(bank.database) as session:
        wave = wave_with_id(session, bank.wave_id)
        wave.disclosure_days = 0
        for seed, branch in enumerate(branches):
            send(session, bank, branch, body_of(bank, branch, seed))
        for visit in visits_of_wave(session, wave):
            revision = newest_revision_of_visit(session, visit)
            if revision is not None:
                approve(session, reviewer, revision, frozenset(), now=NOW)
        close_wave(session, office, wave, now=CLOSING)
        disclose_wave(session, office, wave, now=CLOSING)
        return publish_wave(session, office, wave, now=CLOSING)


def restate_without(bank: Bank, branch: str) -> None:
    """Void a branch's published visit, which writes the next ranking."""
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, branch)
        void_visit(session, Actor.user(bank.user("administrator")), visit, "走错了网点", now=CLOSING)
