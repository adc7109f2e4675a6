"""A process that submits without a pause, and writes down each submission once its commit is acknowledged."""

import itertools
import os
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.json_values import canonical_json
from inspect_app.config import kept_secret
from inspect_app.db import open_database, transaction
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitIdentity, VisitState
from inspect_app.queries.handbooks import checklist_of
from inspect_app.services.submissions import Body, accept_submission
from tests.inspect_app.made_up_bank import fill


def write(folder: Path, acknowledged: Path) -> None:
    """Submit until killed: one inspection after the other of the same visit, all of which are kept."""
    database = open_database(f"sqlite:///{folder / 'inspect.sqlite3'}")
    secret = kept_secret(folder)
    with acknowledged.open("a", encoding="ascii") as written_down:
        for seed in itertools.count():
            with transaction(database) as session:
                number = submit(session, secret, seed)
            written_down.write(f"{number.hex}\n")
            written_down.flush()
            os.fsync(written_down.fileno())


def submit(session: Session, secret: str, seed: int) -> uuid.UUID:
    """Send another inspection of the first visit that somebody was assigned to; return its number."""
    visit, inspector = (
        session.execute(
            select(Visit, User)
            .join(VisitIdentity, VisitIdentity.visit_id == Visit.id)
            .join(User, User.id == VisitIdentity.inspector_id)
            .where(Visit.state.in_((VisitState.ASSIGNED, VisitState.SUBMITTED)))
            .order_by(Visit.id)
            .limit(1)
        )
        .one()
        ._tuple()
    )
    fields = fill(checklist_of(session, visit.variant.checklist_hash), seed)
    payload = canonical_json({"fields": [[name, value] for name, value in fields]})
    body = Body(uuid.uuid4(), uuid.uuid4(), payload, fields)
    return accept_submission(session, inspector, visit, body, secret, now=datetime.now(UTC)).submission.id


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
