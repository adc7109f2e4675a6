"""Starts the child process that reads a photo, and reads what it says; nothing it does harms this one."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from checklists.json_values import DocumentError, Json, Member, compact_json
from inspect_app.photos import limits
from inspect_app.photos.refusals import PhotoRefusal, PhotoRefusedError, PhotosBusyError

HOME = Path(__file__).parents[2]
PROGRAM = f"import sys; sys.path.append({str(HOME)!r}); from inspect_app.photos.child import main; main()"
KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP")
TURN = threading.BoundedSemaphore(limits.CHILDREN)


def read_photo(data: bytes, boxes: Sequence[Json]) -> tuple[Member, bytes]:
    """Return what the child says of a photo, and the bytes that follow.

    Raises:
        PhotoRefusedError: it is no photo that is kept, or reading it costs too much.
        PhotosBusyError: others are being read, and this one did not get its turn.
    """
    if not TURN.acquire(timeout=limits.QUEUE_SECONDS):
        raise PhotosBusyError
    try:
        answer = _run(compact_json({"boxes": list(boxes)}).encode() + b"\n" + data)
    finally:
        TURN.release()
    head, _line, rest = answer.partition(b"\n")
    try:
        said = Member(json.loads(head))
    except ValueError as error:
        # It ended without a word: the decoder took it down.
        raise PhotoRefusedError(PhotoRefusal.DAMAGED) from error
    if not said["refused"].is_absent:
        raise PhotoRefusedError(_reason(said["refused"]))
    return said, rest


def _run(given: bytes) -> bytes:
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, with a program of our own
            [sys.executable, "-I", "-c", PROGRAM],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=limits.PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PhotoRefusedError(PhotoRefusal.TOO_DEMANDING) from error
    return done.stdout


def _reason(said: Member) -> PhotoRefusal:
    try:
        return said.choice(PhotoRefusal)
    except DocumentError:
        return PhotoRefusal.DAMAGED
