"""Secrets that are handed out once: random text of which only the digest is kept."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return a random token of 256 bits that can stand in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return what the database keeps of a token; a fast digest is enough for one that cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
