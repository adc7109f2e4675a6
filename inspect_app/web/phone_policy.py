"""What the pages on an inspector's phone may load: stricter than elsewhere, with their style sheet inside."""

import base64
import hashlib
import re
from functools import cache

from inspect_app.web.statics import PLACE

SHEETS = ("tokens", "base", "phone", "inspector")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s+")
AROUND = re.compile(r"\s*([{};,])\s*")

SCOPE = ("/m/", "/visits/")
"""Where the pages for phones lie: those that a phone opens without a network, and what they ask for."""


@cache
def phone_style() -> str:
    """Return the style sheets of the phone as one text, that the first page carries inside.

    So it is drawn as soon as it has come, without a second way to the server.
    """
    sheets = [(PLACE / "css" / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS]
    return AROUND.sub(r"\1", SPACE.sub(" ", COMMENT.sub("", "\n".join(sheets)))).replace(";}", "}").strip()


@cache
def phone_content_policy() -> str:
    """Return the content policy of the phone's pages: no script may make markup but by the policy `form`."""
    style = base64.b64encode(hashlib.sha256(phone_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{style}'; img-src 'self' blob:; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types form"
    )
