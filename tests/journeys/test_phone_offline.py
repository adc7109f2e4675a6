"""The promise of the phone: nothing that was tapped is lost, nothing counts twice, with no network at all."""

import hashlib
import io
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, FilePayload, Page, Playwright, expect
from sqlalchemy import select

from checklists.checklist import Checklist
from inspect_app.db import reading
from inspect_app.models.inspections import Inspection, Revision, Submission
from inspect_app.models.photos import Photo
from inspect_app.models.visits import Visit, VisitState
from tests.journeys.phones import (
    PHONE,
    Served,
    answer,
    expected_fields,
    open_page,
    serving,
    sign_in,
    stored,
    tap,
    wait_for_arrival,
)
from tests.parts import BROWSER_FLAGS, chromium_of

PHOTOS = 5


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Serve a bank of its own."""
    with serving(tmp_path, ("open",)) as bank:
        yield bank


def started(player: Playwright, profile: Path) -> BrowserContext:
    """Start the browser on a profile, also after it was killed."""
    for left in profile.glob("Singleton*"):
        left.unlink(missing_ok=True)
    return player.chromium.launch_persistent_context(
        str(profile),
        executable_path=chromium_of(player),
        args=list(BROWSER_FLAGS),
        viewport=PHONE,  # type: ignore[arg-type]  # playwright has a type of its own for it
        locale="zh-CN",
        has_touch=True,
    )


def kill(profile: Path) -> None:
    """Kill the browser on this profile at once, as a dead battery would; its other processes end with it."""
    process = (profile / "SingletonLock").readlink().name.rpartition("-")[2]
    os.kill(int(process), signal.SIGKILL)
    while subprocess.run(
        ["pgrep", "-f", f"--user-data-dir={profile}"], capture_output=True, check=False
    ).stdout:
        time.sleep(0.05)


def photo(number: int) -> bytes:
    """Return a picture as a camera makes it: large, lying on its side, with a place in it."""
    image = Image.new("RGB", (1800 + number, 1200), (40 * number % 255, 120, 90))
    ImageDraw.Draw(image).ellipse((200, 200, 900, 900), fill=(250, 200, 10 * number))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "CNRY-device"
    written = io.BytesIO()
    image.save(written, "JPEG", exif=exif)
    return written.getvalue()


def sent_of(served: Served) -> list[Submission]:
    """Return everything that arrived for the open visit."""
    with reading(served.bank.database) as session:
        return list(session.scalars(select(Submission).where(Submission.visit_id == visit_of(served).id)))


def visit_of(served: Served) -> Visit:
    """Return the open visit as the server has it."""
    with reading(served.bank.database) as session:
        (visit,) = [one for one in session.scalars(select(Visit)) if str(one.id) == served.visits["open"]]
        return visit


def answer_everything(phone: Page, checklist: Checklist) -> list[str]:
    """Answer a whole form, and give each of the first five steps a photo; return the steps' codes."""
    codes: list[str] = []
    for section in checklist.sections:
        expect(phone.locator("#filling h1")).to_have_text(section.name.own)
        answer(phone, section)
        steps = [
            one.code for one in section.items if phone.locator(f'[name="{one.code}"][value=not]').count()
        ]
        for code in steps[:1] if len(codes) < PHOTOS else []:
            tap(phone, code, "not")
            taken = FilePayload(name=f"IMG_{len(codes)}.jpg", mimeType="image/jpeg", buffer=photo(len(codes)))
            phone.set_input_files(f'[data-photos="{code}"]', taken)
            expect(phone.locator(f'[id="{code}"] .shot img')).to_have_count(1)
            codes.append(code)
        phone.click(".dock .pri")
    return codes


@pytest.mark.fault("C02")
def test_sixty_items_and_five_photos_filled_in_without_a_network_arrive_once_and_whole(
    player: Playwright, served: Served, tmp_path: Path
) -> None:
    checklist, profile = served.checklists["open"], tmp_path / "profile"
    context = started(player, profile)
    sign_in(context, served.address)
    context.close()

    context = started(player, profile)
    context.set_offline(True)
    phone = context.new_page()
    problems: list[str] = []
    phone.on("pageerror", lambda error: problems.append(str(error)))
    open_page(phone, f"{served.address}/m/")
    expect(phone.locator("main")).to_contain_text("都已存在手机里")
    open_page(phone, served.visit("open"))
    phone.click("text=开始填写")
    names = answer_everything(phone, checklist)
    phone.click(".dock .pri")
    expect(phone.locator("h1")).to_have_text("都齐了，可以交了")
    phone.click("text=交上去")
    expect(phone.locator("h1")).to_have_text("还没送完：答案")
    assert sent_of(served) == []
    (frozen,) = stored(phone, "frozen")

    context.set_offline(False)
    number = wait_for_arrival(phone)

    (submission,) = sent_of(served)
    assert submission.receipt_number == number
    assert submission.payload_sha256 == frozen["sha256"] == hashlib.sha256(submission.body).hexdigest()
    body = json.loads(submission.body)
    filled = {name: value for name, value, _at in body["fields"] if not name.endswith(".photos")}
    expected = {
        name: value for section in checklist.sections for name, value in expected_fields(section).items()
    }
    assert filled == {**expected, **dict.fromkeys(names, "not")}
    assert len(body["photos"]) == PHOTOS
    (tomb,) = stored(phone, "tombs")
    assert tomb["receipt"] == submission.receipt
    with reading(served.bank.database) as session:
        photos = session.scalars(select(Photo).where(Photo.visit_id == submission.visit_id)).all()
        assert {one.sent_sha256 for one in photos} == {one["sha256"] for one in body["photos"]}
        assert all(max(one.width, one.height) <= 1600 and one.height > one.width for one in photos)
        assert (
            len(session.scalars(select(Inspection).where(Inspection.visit_id == submission.visit_id)).all())
            == 1
        )
        assert len(session.scalars(select(Revision)).all()) == 1
    assert all(one["size"] <= 400_000 for one in body["photos"])
    assert stored(phone, "frozen") == stored(phone, "answers") == stored(phone, "photos") == []
    assert problems == []
    context.close()


@pytest.mark.fault("C12")
@pytest.mark.parametrize("life", range(1))
def test_what_the_phone_showed_as_saved_outlasts_a_killed_browser(
    player: Playwright, served: Served, tmp_path: Path, life: int
) -> None:
    section, profile = served.checklists["open"].sections[life], tmp_path / "profile"
    context = started(player, profile)
    phone = sign_in(context, served.address)
    open_page(phone, served.visit("open", section.code))
    context.set_offline(True)
    tap(phone, f"{section.code}.gate", "occurred")
    steps = [item for item in section.items if phone.locator(f'[name="{item.code}"][value=met]').count()]
    for step in steps:
        tap(phone, step.code, "met")

    kill(profile)
    assert visit_of(served).state is VisitState.ASSIGNED
    context = started(player, profile)
    phone = sign_in(context, served.address)
    open_page(phone, served.visit("open", section.code))

    for step in steps:
        expect(phone.locator(f'[name="{step.code}"][value=met]')).to_be_checked()
    context.close()


@pytest.mark.fault("R20")
def test_work_whose_sign_in_has_ended_is_kept_and_sent_all_the_same(
    player: Playwright, served: Served, tmp_path: Path
) -> None:
    context = started(player, tmp_path / "profile")
    phone = sign_in(context, served.address)
    context.clear_cookies()
    for section in served.checklists["open"].sections:
        open_page(phone, served.visit("open", section.code))
        tap(phone, f"{section.code}.gate", "nobody_acted")
    open_page(phone, served.visit("open", "check"))
    phone.click("text=交上去")

    number = wait_for_arrival(phone)

    (submission,) = sent_of(served)
    assert submission.receipt_number == number
    context.close()
