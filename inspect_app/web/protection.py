"""What every answer carries: what a browser may load, keep and send on."""

import gzip

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from inspect_app.config import Settings
from inspect_app.web.phone_policy import SCOPE, phone_content_policy

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NUL = "\0"
SMALLEST_PACKED = 1024

csrf = CSRFProtect()


def protect(app: Flask, settings: Settings) -> None:
    """Refuse requests that other sites made, and send every answer with its rules."""
    csrf.init_app(app)
    app.before_request(refuse_other_sites)
    app.before_request(refuse_unfit_text)
    app.after_request(pack)
    app.after_request(put_rules)
    if settings.is_secure:
        app.after_request(ask_for_https)


def refuse_other_sites() -> None:
    """Refuse what changes something and comes, as the browser itself says, from another site."""
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "same-origin",
        "none",
    ):
        raise BadRequest("the request comes from another site")


def refuse_unfit_text() -> None:
    """Refuse what no database and no file can hold: the character NUL, in an address or in a field."""
    sent = (request.args, request.form)
    texts = [text for fields in sent for pair in fields.items(multi=True) for text in pair]
    if any(NUL in text for text in (request.path, *texts)):
        raise BadRequest("the request holds the character NUL")


def put_rules(response: Response) -> Response:
    """Set the headers of an answer; one that may be kept says so itself."""
    headers = response.headers
    is_on_phone = request.path.startswith(SCOPE)
    policy = phone_content_policy() if is_on_phone else CONTENT_POLICY
    headers.setdefault("Content-Security-Policy", policy)
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
    response.vary.add("Cookie")
    return response


def ask_for_https(response: Response) -> Response:
    """Tell the browser to come by https only, for a year."""
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def pack(response: Response) -> Response:
    """Compress a page that is worth it for a browser that takes it."""
    if (
        response.direct_passthrough
        or response.content_encoding
        or response.mimetype not in ("text/html", "application/json", "application/x-ndjson")
        or not request.accept_encodings["gzip"]
        or (response.content_length or 0) < SMALLEST_PACKED
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), compresslevel=6, mtime=0))
    response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response
