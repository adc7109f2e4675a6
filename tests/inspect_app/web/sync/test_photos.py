"""Photos that phones send: kept once, complete by content, seen by others only if they were released."""

import io
import json
import os
import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event, select
from sqlalchemy.engine import Connection

from inspect_app.backups.making import make_backup
from inspect_app.backups.restoring import Target, restore_backup
from inspect_app.config import Settings
from inspect_app.db import open_database, reading, transaction
from inspect_app.jobs.duties import sweep_photos
from inspect_app.models.inspections import Submission
from inspect_app.models.photos import Photo, PhotoCopy
from inspect_app.models.visits import VisitState
from inspect_app.photos import limits
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.visits import visit_of_office
from inspect_app.queries.waves import wave_with_id
from inspect_app.services import reviews
from inspect_app.services.disclosures import disclose_wave
from inspect_app.services.journal import Actor
from inspect_app.services.originals import erase_originals
from inspect_app.services.waves import close_wave
from inspect_app.storage import open_store
from inspect_app.verification import Check, Fault, Stored, Verdict, verify
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import NOW, PASSWORD, Bank, count
from tests.inspect_app.web.browsing import SECRET, Browser
from tests.inspect_app.web.sync.phones import Phone, digest, jpeg

MakePhone = Callable[..., Phone]
CANARY = "CNRY-camera-07"


def field_of(bank: Bank, place: int = 0) -> str:
    """Return the photo field of an item of the checklist."""
    return f"{bank.checklist.sections[0].items[place].code}.photos"


def state_of(bank: Bank, branch_code: str = "0101") -> VisitState:
    """Return the state of the visit to a branch."""
    with reading(bank.database) as session:
        return visit_of_office(session, bank.visits[branch_code]).state


def photos_of(bank: Bank) -> list[Photo]:
    """Return every photo."""
    with reading(bank.database) as session:
        return list(session.scalars(select(Photo).order_by(Photo.sent_sha256)))


def files_of(folder: Path) -> list[Path]:
    """Return every file of the store."""
    return [place for place in (folder / "files").rglob("*") if place.is_file()]


def signed_in(app: Flask, username: str) -> Browser:
    """Return the browser of one of the bank's users."""
    browser = Browser(app)
    assert browser.sign_in(username, PASSWORD).status_code == 303
    return browser


def shot(seed: int) -> bytes:
    """Return a photo that says where it was taken, and with what."""
    exif = Image.Exif()
    exif[0x010F] = CANARY
    written = io.BytesIO()
    Image.new("RGB", (400, 300), (seed * 40 % 256, 90, 30)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def send_all(phone: Phone) -> None:
    """Send what a phone has, photos first."""
    for photo in phone.all_photos:
        assert phone.send_photo(photo).status_code == 201
    assert phone.send().status_code == 201


def disclose(bank: Bank) -> None:
    """Approve what came in for branch 0101, call the rest off, and disclose the wave."""
    with transaction(bank.database) as session:
        administrator, wave = Actor.user(bank.user("administrator")), wave_with_id(session, bank.wave_id)
        visit = visit_of_office(session, bank.visits["0101"])
        revision = newest_revision_of_visit(session, visit)
        assert revision is not None
        reviews.approve(session, Actor.user(bank.user("reviewer")), revision, frozenset(), now=NOW)
        close_wave(session, administrator, wave, now=NOW)
        disclose_wave(session, administrator, wave, now=NOW)


@pytest.mark.fault("R17")
@pytest.mark.parametrize("order", ["photos first", "record first", "between"])
def test_an_inspection_is_whole_once_every_photo_that_it_names_is_there(
    bank: Bank, phone_to: MakePhone, order: str
) -> None:
    phone = phone_to(photos={field_of(bank): [jpeg(1), jpeg(2)], field_of(bank, 1): [jpeg(3)]})
    first = {"photos first": phone.all_photos, "record first": [], "between": phone.all_photos[:1]}[order]
    for photo in first:
        assert phone.send_photo(photo).status_code == 201

    answer = phone.send()

    assert answer.json is not None
    assert answer.json["photos"] == sorted(map(digest, first))
    left = [photo for photo in phone.all_photos if photo not in first]
    assert answer.json["missing_photos"] == sorted(map(digest, left))
    for photo in left:
        assert state_of(bank) is VisitState.AWAITING_PHOTOS
        phone.send_photo(photo)
    assert state_of(bank) is VisitState.SUBMITTED
    again = phone.send().json
    assert again is not None
    assert (again["missing_photos"], again["photos"]) == ([], sorted(map(digest, phone.all_photos)))


@pytest.mark.fault("R17")
@pytest.mark.sqlite
def test_nobody_reviews_an_inspection_while_a_photo_is_missing(
    app: Flask, bank: Bank, phone_to: MakePhone
) -> None:
    phone = phone_to(photos={field_of(bank): [jpeg(1)]})
    phone.send()
    reviewer = signed_in(app, "reviewer")

    assert "0101" not in reviewer.get("/office/reviews").text
    phone.send_photo(jpeg(1))
    assert "0101" in reviewer.get("/office/reviews").text


@pytest.mark.fault("R18")
def test_a_photo_that_is_sent_again_is_one_photo_and_one_file(
    bank: Bank, phone_to: MakePhone, tmp_path: Path
) -> None:
    phone, photo = phone_to(photos={field_of(bank): [shot(1)]}), shot(1)

    answers = [phone.send_photo(photo) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert answers[0].json == {"api": 1, "sha256": digest(photo), "size": len(photo)}
    assert len(photos_of(bank)) == 1
    assert len(files_of(tmp_path)) == 2


@pytest.mark.fault("R19")
@pytest.mark.sqlite
def test_a_photo_that_was_emptied_or_cut_off_is_asked_for_again(bank: Bank, phone_to: MakePhone) -> None:
    phone = phone_to(photos={field_of(bank): [jpeg(1)]})
    whole = jpeg(1)
    path = f"inspections/{phone.inspection}/photos/{digest(whole)}"

    for damaged in (b"", whole[:-9], whole + b"x"):
        answer = phone.put(path, damaged, **{"X-Content-SHA256": digest(whole)})
        assert answer.json is not None
        assert (answer.status_code, answer.json["error"]) == (422, "hash_mismatch")
        mislabelled = phone.put(path, damaged)
        assert (mislabelled.status_code, mislabelled.json and mislabelled.json["error"]) == (
            422,
            "hash_mismatch",
        )
    assert photos_of(bank) == []
    assert phone.send_photo(whole).status_code == 201


@pytest.mark.fault("U03")
@pytest.mark.sqlite
def test_what_is_no_photo_is_refused_with_its_reason_and_the_answers_are_kept(phone: Phone) -> None:
    refused = phone.send_photo(b"<script>alert(1)</script>")
    heavy = phone.send_photo(b"\xff\xd8\xff" + bytes(limits.LARGEST_FILE))

    assert (refused.status_code, refused.json) == (
        422,
        {"api": 1, "error": "photo", "fields": ["photo"], "reason": "not_a_picture"},
    )
    assert (heavy.status_code, heavy.json and heavy.json["api"]) == (413, 1)
    assert phone.send().status_code == 201


@pytest.mark.fault("U04")
@pytest.mark.sqlite
def test_no_name_from_outside_becomes_a_path(bank: Bank, phone: Phone, tmp_path: Path) -> None:
    for name in ("..%2f..%2fsecret.key", "a" * 63, "A" * 64, f"{'a' * 64}%00", "%2e%2e"):
        answer = phone.put(f"inspections/{phone.inspection}/photos/{name}", jpeg(1))
        assert answer.status_code in (400, 404, 422), name

    assert files_of(tmp_path) == []
    assert photos_of(bank) == []


@pytest.mark.fault("R14")
def test_a_photo_for_another_visits_inspection_is_refused(bank: Bank, phone_to: MakePhone) -> None:
    mine = phone_to("0101", photos={field_of(bank): [jpeg(1)]})
    mine.send()
    theirs = phone_to("0201", inspection=mine.inspection)

    assert theirs.send_photo(jpeg(1)).json == {"api": 1, "error": "visit"}
    assert theirs.save(1).json == {"api": 1, "error": "visit"}
    assert photos_of(bank) == []
    mine.send_photo(jpeg(1))
    assert theirs.send_photo(jpeg(1)).json == {"api": 1, "error": "visit"}


@pytest.mark.fault("U01")
@pytest.mark.fault("U05")
def test_others_see_a_photo_only_released_covered_and_without_a_trace(
    app: Flask, bank: Bank, phone_to: MakePhone, tmp_path: Path
) -> None:
    phone = phone_to(photos={field_of(bank): [shot(1), shot(2)]})
    send_all(phone)
    reviewer, branch = signed_in(app, "reviewer"), signed_in(app, "branch0101")
    first, second = photos_of(bank)
    page = reviewer.get(f"/office/reviews/{bank.visits['0101']}").text
    assert f"/office/photos/{first.id}" in page
    assert reviewer.get(f"/office/photos/{first.id}/copy.jpg").status_code == 404

    reviewer.get(f"/office/photos/{first.id}")
    boxed = {"left": "10", "top": "20", "width": "100", "height": "60", "how": "black"}
    assert reviewer.post(f"/office/photos/{first.id}/release", boxed).status_code == 303

    with reading(bank.database) as session:
        copy = session.scalars(select(PhotoCopy)).one()
    address = f"/branch/visit-photos/{copy.id}.jpg"
    assert copy.id != first.id
    assert branch.get(address).status_code == 404
    disclose(bank)
    seen = branch.get(address)
    with Image.open(io.BytesIO(seen.data)) as read:
        assert read.getpixel((50, 50)) == (0, 0, 0)
        assert read.getpixel((200, 150)) != (0, 0, 0)
    assert (seen.status_code, seen.mimetype) == (200, "image/jpeg")
    assert seen.headers["Cache-Control"] == "private, no-store"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert seen.headers["Content-Disposition"] == "inline; filename=photo.jpg"
    assert not {"ETag", "Last-Modified", "Accept-Ranges"} & set(seen.headers.keys())
    assert branch.get(f"{address}?small=1").data != seen.data
    region = signed_in(app, "region01")
    assert region.get(f"/region/visit-photos/{copy.id}.jpg").data == seen.data
    assert CANARY.encode() not in b"".join(place.read_bytes() for place in files_of(tmp_path))

    absent = branch.get(f"/branch/visit-photos/{uuid.uuid4()}.jpg")
    forbidden = {
        "branch0102": [address],
        "branch0201": [address],
        "region02": [f"/region/visit-photos/{copy.id}.jpg"],
        "branch0101": [
            f"/branch/visit-photos/{first.id}.jpg",
            f"/branch/visit-photos/{second.id}.jpg",
            f"/office/photos/{first.id}",
            f"/office/photos/{first.id}/original.jpg",
            f"/office/photos/{first.id}/copy.jpg",
        ],
        "inspector2": [f"/visits/{bank.visits['0101']}/photo/{first.id}.jpg"],
        "administrator": [f"/office/photos/{first.id}/original.jpg"],
    }
    for name, addresses in forbidden.items():
        browser = signed_in(app, name)
        for one in addresses:
            answer = browser.get(one, Range="bytes=0-1", **{"If-None-Match": '"x"'})
            assert (name, one, answer.status_code) == (name, one, 404)
            assert answer.text == absent.text or name not in ("branch0101", "branch0102", "branch0201")
    assert Browser(app).get(address).status_code == 303

    reviewer.get(f"/office/photos/{first.id}")
    assert reviewer.post(f"/office/photos/{first.id}/withdraw").status_code == 303
    assert branch.get(address).status_code == 404


@pytest.mark.fault("N02")
@pytest.mark.sqlite
def test_no_statement_for_a_photo_that_others_see_tells_who_or_when(
    app: Flask, bank: Bank, phone_to: MakePhone
) -> None:
    phone = phone_to(photos={field_of(bank): [shot(1)]})
    send_all(phone)
    reviewer, branch = signed_in(app, "reviewer"), signed_in(app, "branch0101")
    photo = photos_of(bank)[0]
    reviewer.get(f"/office/photos/{photo.id}")
    reviewer.post(f"/office/photos/{photo.id}/release", {"nothing": "yes"})
    disclose(bank)
    with reading(bank.database) as session:
        copy_id = session.scalars(select(PhotoCopy.id)).one()
    asked: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(bank.database.reading, "before_cursor_execute", note)
    answer = branch.get(f"/branch/visit-photos/{copy_id}.jpg")
    event.remove(bank.database.reading, "before_cursor_execute", note)

    assert answer.status_code == 200
    about = " ".join(statement for statement in asked if "photo" in statement)
    assert "photo_copy" in about
    for word in ("visit_identity", "received_at", "made_at", "made_by", "sent_size", "times", "device"):
        assert word not in about, word


@pytest.mark.sqlite
def test_boxes_outside_the_photo_and_none_at_all_are_refused(
    app: Flask, bank: Bank, phone_to: MakePhone
) -> None:
    phone = phone_to(photos={field_of(bank): [shot(1)]})
    send_all(phone)
    reviewer, photo = signed_in(app, "reviewer"), photos_of(bank)[0]
    page = f"/office/photos/{photo.id}"
    reviewer.get(page)
    box = {"left": "0", "top": "0", "width": "10", "height": "10", "how": "black"}
    changes = ({"width": "9999"}, {"left": "-1"}, {"how": "drawn"}, {"top": "１"})
    wrong = [{}, *({**box, **change} for change in changes)]

    for fields in wrong:
        answer = reviewer.post(f"{page}/release", fields)
        assert (fields, answer.status_code) == (fields, 422)
        assert 'role="alert"' in answer.text
    assert reviewer.post(f"{page}/withdraw").status_code == 409
    with reading(bank.database) as session:
        assert count(session, PhotoCopy) == 0
    assert reviewer.post(f"{page}/release", {"nothing": "yes"}).status_code == 303


def test_originals_are_erased_in_time_and_what_was_released_stays(
    app: Flask, bank: Bank, phone_to: MakePhone
) -> None:
    phone = phone_to(photos={field_of(bank): [shot(1), shot(2)]})
    send_all(phone)
    reviewer, photo = signed_in(app, "reviewer"), photos_of(bank)[0]
    reviewer.get(f"/office/photos/{photo.id}")
    reviewer.post(f"/office/photos/{photo.id}/release", {"nothing": "yes"})

    with transaction(bank.database) as session:
        assert erase_originals(session, 180, now=utc_now()) == 0
        assert erase_originals(session, 180, now=utc_now().replace(year=utc_now().year + 1)) == 2

    assert reviewer.get(f"/office/photos/{photo.id}/original.jpg").status_code == 404
    assert reviewer.get(f"/office/photos/{photo.id}/copy.jpg").status_code == 200
    assert reviewer.get(f"/office/photos/{photo.id}").status_code == 200
    assert reviewer.post(f"/office/photos/{photo.id}/release", {"nothing": "yes"}).status_code == 409
    again = phone.send().json
    assert again is not None
    assert again["missing_photos"] == []


@pytest.mark.sqlite
def test_files_that_no_row_speaks_of_are_swept_after_a_week(
    app: Flask, bank: Bank, phone_to: MakePhone, tmp_path: Path
) -> None:
    phone = phone_to(photos={field_of(bank): [shot(1)]})
    send_all(phone)
    reviewer, photo = signed_in(app, "reviewer"), photos_of(bank)[0]
    reviewer.get(f"/office/photos/{photo.id}")
    box = {"left": "1", "top": "1", "width": "9", "height": "9", "how": "black"}
    reviewer.post(f"/office/photos/{photo.id}/release", box)
    with transaction(bank.database) as session:
        erase_originals(session, 180, now=utc_now().replace(year=utc_now().year + 1))
    settings = settings_in(tmp_path, bank.url)

    sweep_photos(bank.database, settings)
    assert len(files_of(tmp_path)) == 4
    long_ago = (utc_now() - timedelta(days=8)).timestamp()
    for place in files_of(tmp_path):
        os.utime(place, (long_ago, long_ago))
    sweep_photos(bank.database, settings)

    assert len(files_of(tmp_path)) == 2
    assert reviewer.get(f"/office/photos/{photo.id}/copy.jpg").status_code == 200


@pytest.mark.fault("D09")
@pytest.mark.sqlite
def test_the_check_of_everything_finds_photos_that_are_gone_changed_or_nobodys(
    bank: Bank, phone_to: MakePhone, tmp_path: Path
) -> None:
    phone = phone_to(photos={field_of(bank): [shot(1), shot(2)]})
    send_all(phone)
    store = open_store((tmp_path / "files").absolute().as_uri())
    stray = store.put(b"nobody's")
    first, second = photos_of(bank)
    assert first.sha256
    assert second.sha256

    def faults(days: int) -> dict[Fault, int]:
        late = utc_now().replace(year=utc_now().year + days)
        with reading(bank.database) as session:
            verdicts = {one.check: one for one in verify(session, SECRET, Stored(store, late))}
        found = verdicts[Check.PHOTOS].found
        assert all(one.check is Check.PHOTOS or not one.faults for one in verdicts.values())
        return {fault: sum(one.fault is fault for one in found) for fault in {one.fault for one in found}}

    assert faults(0) == {}
    assert faults(1) == {Fault.STRAY_FILE: 1}
    store.delete(stray)
    place = tmp_path / "files" / first.sha256[:2] / first.sha256
    place.write_bytes(place.read_bytes()[:-1])
    store.delete(second.sha256)
    assert faults(0) == {Fault.OTHER_HASH: 1, Fault.NO_FILE: 1}


@pytest.mark.sqlite
def test_what_a_body_names_twice_or_beside_its_answers_is_one_manifest(
    bank: Bank, phone_to: MakePhone
) -> None:
    phone = phone_to(photos={field_of(bank): [jpeg(1)], field_of(bank, 1): [jpeg(1)]})
    listed = json.loads(phone.body())["photos"]
    phone.changes = {"photos": [*listed, {"sha256": digest(jpeg(9)), "size": 1, "name": "gone"}]}

    answer = phone.send()

    assert answer.json is not None
    assert answer.json["missing_photos"] == sorted([digest(jpeg(1)), digest(jpeg(9))])
    with reading(bank.database) as session:
        assert json.loads(session.scalars(select(Submission.receipt)).one())["photos"] == 2


@pytest.mark.fault("D09")
@pytest.mark.sqlite
def test_a_backup_that_is_restored_elsewhere_has_every_photo_with_its_hash(
    bank: Bank, phone_to: MakePhone, tmp_path: Path
) -> None:
    phone = phone_to(photos={field_of(bank): [shot(1), shot(2)]})
    send_all(phone)
    here, there = tmp_path, tmp_path / "elsewhere"
    make_backup(settings_in(here, bank.url), bank.database, tmp_path / "backup", now=NOW)

    settings = settings_in(there, f"sqlite:///{there / 'inspect.sqlite3'}")
    there.mkdir()
    restore_backup(settings, tmp_path / "backup", Target.EMPTY, find_no_fault, now=NOW)

    restored = open_database(settings.database_url)
    stored = Stored(open_store(settings.storage_url), utc_now())
    with reading(restored) as session:
        verdicts = {one.check: one for one in verify(session, SECRET, stored)}
    assert (verdicts[Check.PHOTOS].count, verdicts[Check.PHOTOS].faults) == (4, 0)
    restored.writing.dispose()


def find_no_fault(verdicts: Iterable[Verdict]) -> None:
    """Judge a restored database that is as it must be."""
    assert not any(verdict.faults for verdict in verdicts)


def settings_in(folder: Path, url: str) -> Settings:
    """Return the settings of an installation in a folder."""
    storage = (folder / "files").absolute().as_uri()
    return Settings(data_dir=folder, database_url=url, secret_key=SECRET, storage_url=storage)
