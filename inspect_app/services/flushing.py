"""Flushing where two people can act at once: whoever comes second is told so."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from inspect_app.errors import ConflictError


def flush_or_conflict(session: Session, sentence: str) -> None:
    """Flush what a service changed.

    Only for changes whose rows are sound by themselves, so that nothing but someone else's can refuse them.

    Raises:
        ConflictError: someone else changed or decided the same a moment ago; the sentence says what.
    """
    with conflict_if_stale(sentence):
        session.flush()


@contextmanager
def conflict_if_stale(sentence: str) -> Iterator[None]:
    """Write inside, with the same promise as `flush_or_conflict`."""
    try:
        yield
    except (StaleDataError, IntegrityError) as error:
        raise ConflictError(f"{sentence}: someone else was faster") from error
