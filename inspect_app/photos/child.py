"""The child process that reads one photo: whatever the bytes do to the decoder, they do it here alone."""

import io
import json
import os
import sys
import warnings
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageDraw, ImageFile, ImageOps, UnidentifiedImageError

from inspect_app.photos import limits
from inspect_app.photos.refusals import PhotoRefusal, PhotoRefusedError

KINDS = ("JPEG", "PNG", "WEBP")
SHRINKABLE = ("RGB", "RGBA", "L", "LA", "CMYK")
"""How pixels may be kept that can be shrunk as they are."""

QUALITY = 84
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
START_OF_SCAN = b"\xff\xda"
BLACK = (0, 0, 0)
WHITE = (255, 255, 255)
BLOCKS = 12
"""How many blocks the longer edge of a pixelated box is made of: too few to tell a face by."""


def main() -> None:
    """Read one order and one photo from the input, write what became of it, and end."""
    _limit_itself()
    order = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        image = _read(data)
        _cover(image, order["boxes"])
        _answer(image)
    except PhotoRefusedError as refused:
        _write({"refused": refused.reason.value})
    except MemoryError:
        _write({"refused": PhotoRefusal.TOO_DEMANDING.value})
    # Without the interpreter's own farewell: a decoder may have left something that it would trip over.
    sys.stdout.flush()
    os._exit(0)


def _limit_itself() -> None:
    """Take from this process what it does not need, where the platform lets one."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # macOS knows the name of one of them, but not how to keep it
            continue


def _read(data: bytes) -> Image.Image:
    """Return the upright picture as bare pixels, at the size that is kept."""
    _refuse_unseen(data)
    warnings.simplefilter("error")
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = limits.MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as opened:
            _refuse_size(opened)
            opened.draft("RGB", (limits.KEPT_EDGE, limits.KEPT_EDGE))
            return _bare(opened)
    except (PhotoRefusedError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefusedError(PhotoRefusal.TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise PhotoRefusedError(PhotoRefusal.NOT_A_PICTURE) from error
    except Exception as error:
        raise PhotoRefusedError(PhotoRefusal.DAMAGED) from error


def _refuse_unseen(data: bytes) -> None:
    """Refuse by the bytes alone, before a decoder sees them."""
    if not data:
        raise PhotoRefusedError(PhotoRefusal.EMPTY)
    if len(data) > limits.LARGEST_FILE:
        raise PhotoRefusedError(PhotoRefusal.TOO_LARGE)
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise PhotoRefusedError(PhotoRefusal.HEIC)
    if data.startswith(b"\xff\xd8") and data.count(START_OF_SCAN) > limits.MOST_SCANS:
        raise PhotoRefusedError(PhotoRefusal.TOO_DEMANDING)


def _refuse_size(opened: Image.Image) -> None:
    """Refuse by what the file's head says, before its pixels are unpacked."""
    most = limits.MOST_PIXELS if opened.format == "JPEG" else limits.MOST_PIXELS_WHOLE
    if opened.width * opened.height > most or max(opened.size) > limits.LONGEST_EDGE:
        raise PhotoRefusedError(PhotoRefusal.TOO_MANY_PIXELS)


def _bare(opened: Image.Image) -> Image.Image:
    """Return a picture, upright, that is nothing but pixels: no tag, no comment, no profile came along."""
    image = opened
    if image.mode not in SHRINKABLE:
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    # First of all, so that no more than one large copy is ever held.
    image.thumbnail((limits.KEPT_EDGE, limits.KEPT_EDGE))
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode in ("RGBA", "LA"):
        seen = image.convert("RGBA")
        image = Image.new("RGB", seen.size, WHITE)
        image.paste(seen, mask=seen)
    image = image.convert("RGB")
    return Image.frombytes("RGB", image.size, image.tobytes())


def _cover(image: Image.Image, boxes: list[Mapping[str, Any]]) -> None:
    """Make what lies in each box unreadable for ever: black, or so few blocks that nothing is left."""
    for box in boxes:
        left, top = int(box["left"]), int(box["top"])
        right, bottom = left + int(box["width"]), top + int(box["height"])
        place = (max(left, 0), max(top, 0), min(right, image.width), min(bottom, image.height))
        if place[0] >= place[2] or place[1] >= place[3]:
            continue
        if box["how"] == "black":
            ImageDraw.Draw(image).rectangle((place[0], place[1], place[2] - 1, place[3] - 1), fill=BLACK)
        else:
            image.paste(_blocks(image.crop(place)), place)


def _blocks(part: Image.Image) -> Image.Image:
    step = max(max(part.size) / BLOCKS, 1)
    few = part.resize(
        (max(round(part.width / step), 1), max(round(part.height / step), 1)), Image.Resampling.BOX
    )
    return few.resize(part.size, Image.Resampling.NEAREST)


def _answer(image: Image.Image) -> None:
    photo = _jpeg(image)
    small = image.copy()
    small.thumbnail((limits.THUMBNAIL_EDGE, limits.THUMBNAIL_EDGE))
    thumbnail = _jpeg(small)
    _write({"width": image.width, "height": image.height, "photo": len(photo), "thumbnail": len(thumbnail)})
    sys.stdout.buffer.write(photo + thumbnail)
    sys.stdout.buffer.flush()


def _jpeg(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _write(said: Mapping[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
    sys.stdout.buffer.flush()
