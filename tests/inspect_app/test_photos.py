"""Photos: whatever is hidden in a file, only upright pixels come out of it, and no file harms its reader."""

import io
import random
import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from itertools import pairwise

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inspect_app.photos import (
    Box,
    Cover,
    PhotoRefusal,
    PhotoRefusedError,
    cover,
    limits,
    normalise,
)
from inspect_app.photos.running import PROGRAM
from tests.inspect_app.web.sync.phones import jpeg

CANARY = b"CNRY-owner-07"
SPEAKING = CANARY.decode()
MOST_MEMORY = 300 * 1024
"""Kilobytes of memory that one photo may take."""


def written(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def picture(width: int = 60, height: int = 40) -> Image.Image:
    """Return a picture whose left half is blue and whose right half is red."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (0, 0, width // 2, height))
    return image


def tags() -> Image.Exif:
    """Return EXIF that tells who, where, when and with what, and that the camera was held upright."""
    exif = Image.Exif()
    exif[0x010F] = exif[0x0110] = exif[0x013B] = exif[0x8298] = SPEAKING
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = SPEAKING
    exif.get_ifd(0x8769)[0xA431] = SPEAKING
    return exif


def with_hidden_words() -> dict[str, bytes]:
    """Return files that carry the canary in every place that a picture has for words."""
    notes = PngInfo()
    notes.add_text("Author", SPEAKING)
    notes.add_itxt("XML:com.adobe.xmp", SPEAKING)
    plain = picture()
    segment = b"\xff\xed" + struct.pack(">H", 2 + len(CANARY) + 14) + b"Photoshop 3.0\x00" + CANARY
    commented = written(plain, "JPEG", comment=CANARY)
    two = io.BytesIO()
    plain.save(two, "MPO", save_all=True, append_images=[picture(20, 20)], exif=tags())
    return {
        "exif, xmp and profile": written(plain, "JPEG", exif=tags(), xmp=CANARY, icc_profile=CANARY * 20),
        "comment": commented,
        "iptc": commented[:2] + segment + commented[2:],
        "png": written(plain, "PNG", pnginfo=notes, exif=tags()),
        "webp": written(plain, "WEBP", exif=tags(), xmp=CANARY, icc_profile=CANARY * 20),
        "tail": written(plain, "JPEG") + b"<script>" + CANARY,
        "two pictures in one": two.getvalue() + CANARY,
    }


@pytest.mark.fault("U01")
@pytest.mark.parametrize("name", with_hidden_words())
def test_nothing_but_pixels_comes_out_of_a_photo(name: str) -> None:
    hidden = with_hidden_words()[name]
    assert CANARY in hidden

    photo = normalise(hidden)

    for kept in (photo.jpeg, photo.thumbnail):
        assert b"CNRY" not in kept
        with Image.open(io.BytesIO(kept)) as read:
            assert read.format == "JPEG"
            assert not read.getexif()
            assert set(read.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.fault("N03")
def test_photos_of_different_cameras_are_written_alike() -> None:
    one = normalise(written(picture(), "JPEG", quality=60, exif=tags()))
    other = normalise(written(picture(), "PNG"))

    heads = []
    for photo in (one, other):
        with Image.open(io.BytesIO(photo.jpeg)) as read:
            heads.append((read.quantization, read.layers, read.info))  # type: ignore[attr-defined]
    assert heads[0] == heads[1]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_was_taken_upright_stands_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    photo = normalise(written(picture(), kind, exif=exif))

    assert (photo.width, photo.height) == (40, 60)
    with Image.open(io.BytesIO(photo.jpeg)) as read:
        top, bottom = read.getpixel((20, 10)), read.getpixel((20, 50))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[2] > 200 > bottom[2]


def test_a_large_photo_is_kept_small_and_a_see_through_one_on_white() -> None:
    large = normalise(written(picture(3000, 2000), "JPEG"))
    clear = normalise(written(Image.new("RGBA", (30, 20), (0, 0, 0, 0)), "PNG"))

    assert (large.width, large.height) == (limits.KEPT_EDGE, 1067)
    with Image.open(io.BytesIO(large.thumbnail)) as read:
        assert max(read.size) == limits.THUMBNAIL_EDGE
    with Image.open(io.BytesIO(clear.jpeg)) as read:
        assert read.getpixel((5, 5)) == (255, 255, 255)


def png_head(width: int, height: int) -> bytes:
    """Return a picture that says it is of this size; of its pixels there is next to nothing."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def many_scans() -> bytes:
    """Return a photo that would be gone over again and again."""
    whole = written(picture(200, 200), "JPEG", progressive=True)
    scan = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + scan * 100 + whole[-2:]


REFUSED = {
    "nothing": (b"", PhotoRefusal.EMPTY),
    "13,000 squared": (png_head(13_000, 13_000), PhotoRefusal.TOO_MANY_PIXELS),
    "14,000 squared": (png_head(14_000, 14_000), PhotoRefusal.TOO_MANY_PIXELS),
    "65,500 by one": (png_head(65_500, 1), PhotoRefusal.TOO_MANY_PIXELS),
    "many pictures that move": (
        written(Image.new("P", (9, 9)), "GIF", save_all=True, append_images=[Image.new("P", (9, 9))] * 300),
        PhotoRefusal.NOT_A_PICTURE,
    ),
    "many scans": (many_scans(), PhotoRefusal.TOO_DEMANDING),
    "half": (jpeg(1, 400, 300)[:900], PhotoRefusal.DAMAGED),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200, PhotoRefusal.HEIC),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", PhotoRefusal.NOT_A_PICTURE),
    "html": (b"<!doctype html><script>alert(1)</script>", PhotoRefusal.NOT_A_PICTURE),
    "pdf": (b"%PDF-1.7\n1 0 obj", PhotoRefusal.NOT_A_PICTURE),
    "zip": (b"PK\x03\x04" + b"\0" * 60, PhotoRefusal.NOT_A_PICTURE),
    "text in place of a head": (b"GIF89a/*" + b"\xff\xd8\xff" + b"x" * 90, PhotoRefusal.NOT_A_PICTURE),
}


@pytest.mark.fault("U02")
@pytest.mark.fault("U03")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_or_a_trap_is_refused_with_its_reason(name: str) -> None:
    data, reason = REFUSED[name]

    with pytest.raises(PhotoRefusedError) as refused:
        normalise(data)

    assert refused.value.reason is reason


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(PhotoRefusedError) as refused:
        normalise(b"\xff\xd8\xff" + b"\0" * limits.LARGEST_FILE)

    assert refused.value.reason is PhotoRefusal.TOO_LARGE


@pytest.mark.fault("U02")
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")
def test_the_largest_photo_that_is_read_takes_little_memory() -> None:
    largest = written(Image.new("RGBA", (6000, 3990)), "PNG")
    measuring = "\n".join(
        (
            f"{PROGRAM.removesuffix('; main()')}; import os, re, sys; exit = os._exit",
            "def told(_status):",
            "    said = open('/proc/self/status').read()",
            "    print(re.search(r'VmHWM:\\s+(\\d+)', said)[1], file=sys.stderr, flush=True)",
            "    exit(0)",
            "os._exit = told",
            "main()",
        )
    )

    done = subprocess.run(
        [sys.executable, "-I", "-c", measuring],
        input=b'{"boxes":[]}\n' + largest,
        capture_output=True,
        check=True,
    )

    assert int(done.stderr.split()[-1]) < MOST_MEMORY


@pytest.mark.fault("U03")
@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04" + b"\0" * 50, b"%PDF-1.7"])
def test_what_hangs_behind_a_photo_is_gone(tail: bytes) -> None:
    assert tail not in normalise(jpeg(1) + tail).jpeg


@pytest.mark.fault("U07")
@pytest.mark.parametrize("seed", range(4))
def test_a_broken_photo_harms_nobody_but_itself(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same seed must break the same bytes
    base = chance.choice([jpeg(2, 300, 200), written(picture(300, 200), "PNG"), written(picture(), "WEBP")])
    broken = bytearray(base)
    for _ in range(chance.randrange(1, 40)):
        broken[chance.randrange(len(broken))] = chance.randrange(256)

    with suppress(PhotoRefusedError):
        assert normalise(bytes(broken)).jpeg.startswith(b"\xff\xd8")

    assert normalise(jpeg(3)).width == 48


@pytest.mark.volume
@pytest.mark.fault("U07")
def test_a_thousand_broken_photos_harm_nobody() -> None:
    for seed in range(1_000):
        test_a_broken_photo_harms_nobody_but_itself(seed)


@pytest.mark.fault("U07")
def test_a_decoder_that_takes_its_process_down_is_a_damaged_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    killing = "import os, signal; os.kill(os.getpid(), signal.SIGKILL if os.name == 'posix' else 9)"
    monkeypatch.setattr("inspect_app.photos.running.PROGRAM", killing)

    with pytest.raises(PhotoRefusedError) as refused:
        normalise(jpeg(1))

    assert refused.value.reason is PhotoRefusal.DAMAGED


def test_a_photo_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspect_app.photos.running.PROGRAM", "import time; time.sleep(60)")
    monkeypatch.setattr(limits, "PATIENCE_SECONDS", 0.2)

    with pytest.raises(PhotoRefusedError) as refused:
        normalise(jpeg(1))

    assert refused.value.reason is PhotoRefusal.TOO_DEMANDING


@pytest.mark.parametrize("how", Cover)
def test_nothing_can_be_made_out_of_what_was_covered(how: Cover) -> None:
    stripes = Image.new("RGB", (200, 100), "white")
    for left in range(0, 200, 4):
        stripes.paste("black", (left, 0, left + 2, 100))
    photo = normalise(written(stripes, "PNG"))

    covered = cover(photo.jpeg, [Box(40, 20, 80, 60, how), Box(190, 90, 500, 500, how)])

    with Image.open(io.BytesIO(covered.jpeg)) as read:
        row = [read.getpixel((left, 50)) for left in range(44, 116)]
        outside = {read.getpixel((left, 50)) for left in range(4, 30)}
    lights = [pixel[0] for pixel in row if isinstance(pixel, tuple)]
    steps = sum(abs(one - other) > 60 for one, other in pairwise(lights))
    assert steps <= 12
    assert len(outside) > 2
    assert (covered.width, covered.height) == (photo.width, photo.height)
