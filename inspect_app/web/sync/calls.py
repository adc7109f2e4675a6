"""One call of a phone: its token and its bytes, checked before anything is made of them."""

import hashlib
from dataclasses import dataclass

from flask import request

from inspect_app.services.visit_tokens import Claim, TokenFault, VisitTokenError, read
from inspect_app.web.access import current_settings
from inspect_app.web.clock import utc_now

SCHEME = "Visit "
DIGEST = "X-Content-SHA256"
PHONE_TIME = "X-Phone-Time"


class CredentialsError(Exception):
    """The call carries what a browser adds by itself, so that another page may have made it."""


class HashMismatchError(Exception):
    """The bytes are not those that were sent; `sha256` is what came of them."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose token holds and whose bytes are those that were sent."""

    claim: Claim
    payload: bytes
    sha256: str


def open_call() -> Call:
    """Return the call at hand.

    Raises:
        CredentialsError: it brings a cookie.
        VisitTokenError: its token is none of ours, or has run out.
        HashMismatchError: its bytes are not those that it names.
    """
    if "Cookie" in request.headers:
        raise CredentialsError
    claim = _claim(request.headers.get("Authorization", ""))
    payload = request.get_data(cache=False)
    sha256 = hashlib.sha256(payload).hexdigest()
    if not payload or request.headers.get(DIGEST) != sha256:
        raise HashMismatchError(sha256)
    return Call(claim, payload, sha256)


def _claim(said: str) -> Claim:
    if not said.startswith(SCHEME):
        raise VisitTokenError(TokenFault.INVALID)
    claim = read(said.removeprefix(SCHEME), current_settings().secret_key)
    if claim.expires_at <= utc_now():
        raise VisitTokenError(TokenFault.EXPIRED)
    return claim
