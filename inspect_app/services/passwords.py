"""Passwords: kept as argon2id hashes, checked at the same cost whether the name exists or not."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST_PASSWORD = 10

_HASHER = PasswordHasher()
# Each check takes 64 MiB: more than a few at once would take the machine's memory.
_AT_ONCE = threading.BoundedSemaphore(4)
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$wekDAMaCj/pl2cQ6W1dcug$IMenHHde2QqnMUp2y/zwERzTC+TAXEkN7zOZwnprxbk"


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Say whether a password is the one that was kept.

    Args:
        kept: None for a name that nobody has, empty for an account without a password yet.
    """
    try:
        with _AT_ONCE:
            _HASHER.verify(kept or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)
