"""The phone in WebKit, the engine nearest to Safari: filled in without a network, and sent once."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from inspect_app.db import reading
from inspect_app.models.inspections import Submission
from tests.inspect_app.made_up_bank import PASSWORD
from tests.inspect_app.web.browsing import app_on
from tests.journeys.phones import running, serving
from tests.journeys.webkit import opened

SIGN_IN = """document.querySelector("[name=username]").value = "inspector"
document.querySelector("[name=password]").value = "%s"
document.querySelector("main form .btn.pri, main form button.btn").click()"""
READY = "return document.body.dataset.ready !== undefined"
PICTURE = """const canvas = document.createElement("canvas")
canvas.width = 2400
canvas.height = 1200
canvas.getContext("2d").fillRect(0, 0, 900, 900)
const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"))
const box = new DataTransfer()
box.items.add(new File([blob], "a.jpg", {type: "image/jpeg"}))
const input = document.querySelector(`[data-photos="${arguments[0]}"]`)
input.files = box.files
input.dispatchEvent(new Event("change", {bubbles: true}))"""


def tapping(name: str, value: str) -> str:
    """Return the script that taps an answer, and says whether it is shown as stored."""
    place = f'document.querySelector(`[name="{name}"][value="{value}"]`)'
    return f"if (!{place}.checked) {place}.click(); return {place}.checked"


@pytest.mark.slow
def test_webkit_fills_a_visit_in_without_a_network_and_sends_it_once(tmp_path: Path) -> None:
    with serving(tmp_path, ("mystery",)) as served, opened() as phone:
        port = int(served.address.rpartition(":")[2])
        visit, sections = served.visit("mystery"), served.checklists["mystery"].sections
        phone.open(f"{served.address}/login")
        phone.ask(SIGN_IN % PASSWORD)
        phone.wait_until("return document.body.innerText.includes('都已存在手机里')")
        item = next(one for one in sections[0].items if not one.elements and one.counted is None)
        served.stop()

        phone.open(f"{visit}/{sections[0].code}")
        phone.wait_until(READY)
        phone.wait_until(tapping(f"{sections[0].code}.gate", "occurred"))
        phone.wait_until(tapping(item.code, "not"))
        phone.ask(PICTURE.replace("arguments[0]", f"'{item.code}'"))
        phone.wait_until("return document.querySelectorAll('.shot img').length === 1")
        phone.open(f"{visit}/{sections[0].code}")
        phone.wait_until(READY)
        phone.wait_until(f"return document.querySelector(`[name='{item.code}'][value=not]`).checked")
        phone.wait_until(tapping(f"{sections[0].code}.gate", "nobody_acted"))
        for section in sections[1:]:
            phone.open(f"{visit}/{section.code}")
            phone.wait_until(READY)
            phone.wait_until(tapping(f"{section.code}.gate", "nobody_acted"))
        phone.open(f"{visit}/check")
        phone.wait_until(READY)
        phone.ask("document.querySelector('.dock .pri').click()")
        phone.wait_until("return document.body.innerText.includes('还没送完')")
        with running(app_on(served.bank.database, served.folder), port):
            phone.ask("dispatchEvent(new Event('online'))")
            phone.wait_until("return document.body.innerText.includes('都送到了')")
            number = phone.ask("return document.querySelector('.receipt-number').textContent")

        with reading(served.bank.database) as session:
            (submission,) = session.scalars(select(Submission)).all()
            assert submission.receipt_number == number
            (photo,) = json.loads(submission.body)["photos"]
            assert photo["name"] == f"{item.code}.photos"
