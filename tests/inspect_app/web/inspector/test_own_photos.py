"""Photos without a script: added to a question as plain files, shown, taken out, and sent with the rest."""

import io
import json
import re
from collections import Counter

import pytest
from sqlalchemy import select

from inspect_app.db import reading
from inspect_app.models.inspections import Draft, Submission
from inspect_app.models.journal import JournalEntry
from inspect_app.models.photos import Photo
from tests.inspect_app.made_up_bank import Bank, count, fill
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.inspector.test_sending import fill_in, send_in
from tests.inspect_app.web.sync.phones import digest, jpeg

HIDDEN = re.compile(r'name="(inspection_id|submission_id)" value="([^"]+)"')


def files(*contents: bytes) -> dict[str, object]:
    """Return a form with files, each named as a camera names them."""
    return {"photos": [(io.BytesIO(data), f"IMG_{place}.jpg") for place, data in enumerate(contents)]}


def draft_of(bank: Bank) -> dict[str, object]:
    """Return what the only draft holds."""
    with reading(bank.database) as session:
        found: dict[str, object] = json.loads(session.scalars(select(Draft.fields)).one())
        return found


def test_photos_are_added_shown_and_taken_out(bank: Bank, phone: Browser) -> None:
    item = bank.checklist.sections[0].items[0].code
    address = f"/visits/{bank.visits['0101']}/photos/{item}"
    page = phone.get(address)
    ids = dict(HIDDEN.findall(page.text))

    assert phone.post(address, {**ids, **files(jpeg(1), jpeg(2))}).status_code == 303

    assert draft_of(bank)[f"{item}.photos"] == [digest(jpeg(1)), digest(jpeg(2))]
    shown = re.findall(r'src="(/visits/[^"]+\.jpg)"', phone.get(address).text)
    assert len(shown) == 2
    assert phone.get(shown[0]).mimetype == "image/jpeg"
    assert phone.post(f"{address}/remove", {"photo": digest(jpeg(1))}).status_code == 303
    assert draft_of(bank)[f"{item}.photos"] == [digest(jpeg(2))]
    with reading(bank.database) as session:
        rows = Counter(session.scalars(select(JournalEntry.action)))
        assert (rows["keep_photo"], rows["begin_inspection"], count(session, Photo)) == (2, 1, 2)


@pytest.mark.sqlite
def test_what_is_no_photo_is_told_and_the_others_are_kept(bank: Bank, phone: Browser) -> None:
    item = bank.checklist.sections[0].items[0].code
    address = f"/visits/{bank.visits['0101']}/photos/{item}"
    phone.get(address)

    answer = phone.post(address, files(b"<script>", jpeg(1)))

    assert (answer.status_code, answer.text.count('role="alert"')) == (200, 1)
    assert draft_of(bank)[f"{item}.photos"] == [digest(jpeg(1))]
    assert phone.get(f"/visits/{bank.visits['0101']}/photos/S99.A1").status_code == 404
    assert phone.get(f"/visits/{bank.visits['0201']}/photos/{item}").status_code == 404


@pytest.mark.sqlite
def test_photos_of_the_plain_form_are_sent_with_it(bank: Bank, phone: Browser) -> None:
    item = bank.checklist.sections[0].items[0].code
    fill_in(phone, bank.checklist, bank.visits["0101"], fill(bank.checklist, 3))
    address = f"/visits/{bank.visits['0101']}/photos/{item}"
    phone.get(address)
    phone.post(address, files(jpeg(1)))

    assert send_in(phone, bank.visits["0101"]).status_code == 303

    with reading(bank.database) as session:
        submission = session.scalars(select(Submission)).one()
        assert json.loads(submission.receipt)["photos"] == 1
