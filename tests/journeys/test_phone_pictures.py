"""Pictures on the phone: made small and upright, kept sealed; what cannot be read is said in a sentence."""

import io
import random
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from checklists.handbook import Kind
from tests.journeys.phones import Served, new_visit, open_page, stored, tap

TURNED_RIGHT = 6
"""The orientation that cameras write when they are held upright."""
TWENTY, MEGAPIXELS = 20, (4000, 3000)
FIFTY_MEGABYTES = 50_000_000
RED, BLUE = (220, 20, 20), (20, 20, 220)
UNREADABLE = "这张照片手机读不出来。换成 JPEG 的再试，答案不受影响。"


def picture(number: int, size: tuple[int, int] = MEGAPIXELS, orientation: int = TURNED_RIGHT) -> bytes:
    """Return a detailed picture with a place in it, red above and blue below as it lies on the sensor."""
    chance = random.Random(number)  # noqa: S311 - the same number must give the same picture
    noise = Image.frombytes("RGB", (400, 300), chance.randbytes(400 * 300 * 3)).resize(size)
    width, height = size
    noise.paste(RED, (0, 0, width, height // 4))
    noise.paste(BLUE, (0, height - height // 4, width, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CNRY-device"
    exif.get_ifd(0x8825)[2] = (29.0, 33.0, 52.0)
    written = io.BytesIO()
    noise.save(written, "JPEG", quality=88, exif=exif)
    return written.getvalue()


class Shots:
    """The photos of one question of a new visit."""

    def __init__(self, phone: Page, served: Served) -> None:
        """Open the question, and say that what it asks was not met, since photos are taken of that."""
        checklist, self.visit = new_visit(served, "mystery")
        section = checklist.sections[0]
        items = (one for one in section.items if one.kind is Kind.ACTION and one.counted is None)
        self.code = next(items).code
        self.phone = phone
        open_page(phone, f"{served.address}/m/v/{self.visit}/{section.code}")
        tap(phone, f"{section.code}.gate", "occurred")
        tap(phone, self.code, "not")

    def take(self, *files: Path) -> None:
        """Choose files, as from a gallery."""
        self.phone.set_input_files(f'[data-photos="{self.code}"]', files)

    @property
    def shown(self) -> Locator:
        """The small pictures beside the question."""
        return self.phone.locator(f'[id="{self.code}"] .shot img')

    @property
    def told(self) -> Locator:
        """What is said beside the question."""
        return self.phone.locator(f'[data-told="{self.code}"]')


OPENED = """async () => {
  const modules = document.querySelector('script[type="module"]').src.replace(/[^/]+$/, "")
  const { all, get } = await import(modules + "db.js")
  const { openBytes } = await import(modules + "vault.js")
  const { key } = await get("meta", "key")
  const found = []
  for (const row of await all("photos")) {
    const bytes = await openBytes(key, row, row.sha256)
    const picture = await createImageBitmap(new Blob([bytes]), { imageOrientation: "none" })
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    const pen = canvas.getContext("2d")
    pen.drawImage(picture, 0, 0)
    const at = (x, y) => [...pen.getImageData(picture.width * x, picture.height * y, 1, 1).data].slice(0, 3)
    found.push({
      kept: Object.prototype.toString.call(row.ct),
      size: bytes.byteLength,
      width: picture.width,
      height: picture.height,
      left: at(0.1, 0.5),
      right: at(0.9, 0.5),
      top: at(0.5, 0.1),
      bottom: at(0.5, 0.9),
      text: new TextDecoder("latin1").decode(bytes),
    })
    picture.close()
  }
  return found
}"""
"""What lies on the phone, opened with its key: how it is kept, and what the picture shows."""


def is_near(found: list[int], wanted: tuple[int, int, int]) -> bool:
    """Say whether a colour is one that was painted, but for what compression does to it."""
    return all(abs(one - other) < 60 for one, other in zip(found, wanted, strict=True))


@pytest.mark.fault("C10")
def test_twenty_pictures_of_twelve_megapixels_are_made_small_upright_and_nameless(
    phone: Page, served: Served, tmp_path: Path
) -> None:
    shots = Shots(phone, served)
    phone.context.set_offline(True)
    files = [tmp_path / f"IMG_{number:04}.jpg" for number in range(TWENTY)]
    for number, file in enumerate(files):
        file.write_bytes(picture(number))

    shots.take(*files)

    expect(shots.shown).to_have_count(TWENTY, timeout=120_000)
    expect(shots.told).to_have_text("20 张，已存手机")
    kept = phone.evaluate(OPENED)
    assert len(kept) == TWENTY
    for one in kept:
        assert one["kept"] == "[object ArrayBuffer]"
        assert (one["width"], one["height"]) == (1200, 1600)
        assert one["size"] <= 400_000
        # Turned to the right, what was above is at the right.
        assert is_near(one["right"], RED)
        assert is_near(one["left"], BLUE)
        assert "CNRY" not in one["text"]
        assert "Exif" not in one["text"]
    phone.reload()
    expect(shots.shown).to_have_count(TWENTY)
    phone.context.set_offline(False)


@pytest.mark.fault("C10")
@pytest.mark.parametrize(
    ("orientation", "red_at", "blue_at", "size"),
    [
        (1, "top", "bottom", (1000, 600)),
        (3, "bottom", "top", (1000, 600)),
        (6, "right", "left", (600, 1000)),
        (8, "left", "right", (600, 1000)),
    ],
)
def test_each_way_of_holding_a_camera_gives_an_upright_picture(
    phone: Page,
    served: Served,
    tmp_path: Path,
    orientation: int,
    red_at: str,
    blue_at: str,
    size: tuple[int, int],
) -> None:
    shots = Shots(phone, served)
    file = tmp_path / "IMG.jpg"
    file.write_bytes(picture(1, (1000, 600), orientation))

    shots.take(file)

    expect(shots.shown).to_have_count(1)
    (kept,) = phone.evaluate(OPENED)
    assert (kept["width"], kept["height"]) == size
    assert is_near(kept[red_at], RED)
    assert is_near(kept[blue_at], BLUE)


@pytest.mark.fault("C10")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("IMG_0001.HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(2000)),
        ("IMG_0002.jpg", b""),
        ("IMG_0003.jpg", b"\xff\xd8\xff\xe0" + bytes(FIFTY_MEGABYTES)),
        ("IMG_0004.jpg", b"<html>not a picture</html>"),
    ],
    ids=["heic", "empty", "fifty megabytes of nothing", "html"],
)
def test_what_the_phone_cannot_read_is_said_and_the_answer_stays(
    phone: Page, served: Served, tmp_path: Path, name: str, content: bytes
) -> None:
    shots = Shots(phone, served)
    file = tmp_path / name
    file.write_bytes(content)
    before = stored(phone, "photos")

    shots.take(file)

    expect(shots.told).to_have_text(UNREADABLE)
    expect(phone.locator(f'[name="{shots.code}"][value=not]')).to_be_checked()
    expect(shots.shown).to_have_count(0)
    assert stored(phone, "photos") == before
    good = tmp_path / "good.jpg"
    good.write_bytes(picture(2, (800, 600)))
    shots.take(good)
    expect(shots.shown).to_have_count(1)
    expect(shots.told).to_have_text("1 张，已存手机")


@pytest.mark.fault("C10")
def test_among_several_the_one_that_cannot_be_read_is_told_of_and_the_others_are_kept(
    phone: Page, served: Served, tmp_path: Path
) -> None:
    shots = Shots(phone, served)
    first, broken, last = (tmp_path / name for name in ("1.jpg", "2.heic", "3.jpg"))
    first.write_bytes(picture(3, (800, 600)))
    broken.write_bytes(b"ftypheic")
    last.write_bytes(picture(4, (800, 600)))

    shots.take(first, broken, last)

    expect(shots.shown).to_have_count(2)
    expect(shots.told).to_contain_text(UNREADABLE)


@pytest.mark.fault("C10")
def test_a_picture_of_fifty_megabytes_is_kept_as_a_small_one(
    phone: Page, served: Served, tmp_path: Path
) -> None:
    shots = Shots(phone, served)
    file = tmp_path / "IMG.jpg"
    file.write_bytes(picture(5) + bytes(FIFTY_MEGABYTES))

    shots.take(file)

    expect(shots.shown).to_have_count(1, timeout=30_000)
    (kept,) = phone.evaluate(OPENED)
    assert kept["size"] <= 400_000
    assert (kept["width"], kept["height"]) == (1200, 1600)
