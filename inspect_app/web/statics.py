"""Style sheets, scripts, icons: one digest of all in their address, so that they can be kept for ever."""

import atexit
import hashlib
import os
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

PLACE = Path(__file__).parents[1] / "static"
DIGITS = 12


def serve_statics(app: Flask) -> None:
    """Serve the static files, compressed beforehand; templates name them by `asset('css/base.css')`."""
    digest = digest_of(PLACE)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's own way of adding middleware
        app.wsgi_app,
        root=str(packed_copy(digest)),
        prefix=f"static/{digest}/",
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
    )
    app.jinja_env.globals["asset"] = lambda name: f"/static/{digest}/{name}"


@cache
def packed_copy(_digest: str) -> Path:
    """Return a folder that holds all static files beside their compressed forms, until this process ends."""
    root = Path(mkdtemp(prefix="inspect-static-"))
    atexit.register(forget, root, os.getpid())
    shutil.copytree(PLACE, root, dirs_exist_ok=True)
    compressor = Compressor(use_brotli=False, quiet=True)
    for place in sorted(root.rglob("*")):
        if place.is_file() and compressor.should_compress(place.name):
            list(compressor.compress(str(place)))
    return root


def forget(folder: Path, maker: int) -> None:
    """Delete a folder in the process that made it; one that was forked off it leaves it alone."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


def digest_of(folder: Path) -> str:
    """Return what stands for the content of all files in a folder."""
    digest = hashlib.sha256()
    for place in sorted(folder.rglob("*")):
        if place.is_file():
            digest.update(str(place.relative_to(folder)).encode() + b"\0" + place.read_bytes() + b"\0")
    return digest.hexdigest()[:DIGITS]
