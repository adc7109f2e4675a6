"""One history in a real browser: real pages, real IndexedDB, a second page, kills of the whole browser."""

import asyncio
import json
import os
import random
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Error, Page, Playwright, Route

from checklists.checklist import Checklist, Item
from checklists.handbook import Kind
from tests.faults.phone.circumstances import Circumstances
from tests.faults.phone.faults import Injection, RandomFaults
from tests.faults.phone.field_work import PlannedVisit, end_field_work
from tests.faults.phone.ground import Ground
from tests.faults.phone.history import Told, plan_history
from tests.faults.phone.messages import Request
from tests.faults.phone.proxy import FaultProxy
from tests.faults.phone.witness import Witness
from tests.inspect_app.made_up_bank import PASSWORD
from tests.journeys.phones import PHONE, READY, open_page, stored
from tests.parts import BROWSER_FLAGS, chromium_of

INSPECTOR = "inspector2"
PHOTOS = 2
LONGEST_SENDING_SECONDS = 90
CALM_AFTER_SECONDS = 12

TAP = """([name, value]) => new Promise((resolve) => {
  const find = () => document.querySelector(`[name="${name}"][value="${value}"]`)
  if (!find()) return resolve("absent")
  find().click()
  const look = (times) => {
    if (find()?.checked) resolve("shown")
    else if (!times) resolve("stuck")
    else setTimeout(() => look(times - 1), 4)
  }
  look(2000)
})"""
"""Taps an answer and waits until the page shows it, which it does when it is stored."""

HURRY = "() => void dispatchEvent(new Event('online'))"
"""Tells a page that there is a network: it sends at once what waits."""


class Killed(Exception):  # noqa: N818 - it is no error that a phone's battery dies
    """The browser was killed."""


class Network:
    """Runs proxies beside a test that is not asynchronous."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def start(self, proxy: FaultProxy) -> int:
        """Let a proxy listen, and return on which port."""
        return asyncio.run_coroutine_threadsafe(proxy.start(), self._loop).result()

    def stop(self, proxy: FaultProxy) -> None:
        """Let it end, once its late copies have arrived."""
        asyncio.run_coroutine_threadsafe(proxy.stop(), self._loop).result()

    def end(self) -> None:
        """End with all of it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        """Run what is given to the loop; all of it ends in the thread that ran it."""
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()


class BrowserHistory:
    """One browser with a profile of its own, on one visit."""

    def __init__(
        self, ground: Ground, circumstances: Circumstances, folder: Path, player: Playwright, network: Network
    ) -> None:
        """Prepare it; the folder is its own."""
        self.ground, self.circumstances = ground, circumstances
        self.player, self.network, self.profile = player, network, folder / "profile"
        self.chance = random.Random(circumstances.seed)  # noqa: S311 - a seed must give the same taps again
        self.told = Told(circumstances.seed)
        self.planned: PlannedVisit = plan_history(ground, circumstances.seed, INSPECTOR)
        self.witness = Witness(ground, self.planned)
        self.faults = RandomFaults(circumstances.seed, 0)
        self.answers = tappable_answers(ground.bank.checklist, self.chance)
        self.shown: dict[str, str] = {}
        self.kills = circumstances.kills

    def run(self) -> Told:
        """Let it happen, and return what did."""
        witness, told = self.witness, self.told
        proxy = FaultProxy(
            self.ground.served.address, self.faults, self._look, witness.note_sent, witness.note_answer
        )
        address = f"http://127.0.0.1:{self.network.start(proxy)}"
        context = self._begin(address)
        try:
            while True:
                told.lives += 1
                try:
                    self._live(context, address)
                    break
                except Killed:
                    told.kills += 1
                    with suppress(Error):
                        context.close()
                    context = self._opened()
            self._conclude(context, address)
        finally:
            with suppress(Error):
                context.close()
            self.network.stop(proxy)
        told.faults, told.looks, told.violations = proxy.counts, witness.looks, witness.violations
        return told

    def _begin(self, address: str) -> BrowserContext:
        """Sign in and open the visit, with a network on which nothing happens yet."""
        context = self._opened()
        page = context.new_page()
        if self.circumstances.is_expired:
            page.route("**/bundle", self._make_old)
        self._sign_in(page, address)
        open_page(page, f"{address}/m/v/{self.planned.visit_id}")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => 1)")
        page.close()
        self.faults.rate = self.circumstances.rate
        return context

    def _make_old(self, route: Route) -> None:
        """Hand the phone a token that has run out, as a bundle of long ago has it."""
        answer = route.fetch()
        told = answer.json()
        if told.get("visit") == str(self.planned.visit_id):
            told["token"] = self.planned.expired_token()
        route.fulfill(response=answer, body=json.dumps(told))

    def _opened(self) -> BrowserContext:
        for left in self.profile.glob("Singleton*"):
            left.unlink(missing_ok=True)
        return self.player.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=chromium_of(self.player),
            args=list(BROWSER_FLAGS),
            viewport=PHONE,  # type: ignore[arg-type]  # playwright has a type of its own for it
            locale="zh-CN",
            has_touch=True,
        )

    def _may_die(self, likely: float) -> None:
        """Let the battery die now, perhaps: between two calls, since a call into a dead browser waits."""
        if self.kills and self.chance.random() < likely:
            self.kills -= 1
            time.sleep(self.chance.random() * 0.02)
            process = (self.profile / "SingletonLock").readlink().name.rpartition("-")[2]
            os.kill(int(process), signal.SIGKILL)
            time.sleep(0.1)
            raise Killed

    def _new_page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.witness.violations.append(f"a page fails: {error}"))
        return page

    def _live(self, context: BrowserContext, address: str) -> None:
        page = self._new_page(context)
        visit = f"{address}/m/v/{self.planned.visit_id}"
        open_page(page, visit)
        states = [row["state"] for row in self._rows(page, "drafts")]
        if not self._rows(page, "tombs") and states in ([], ["draft"]):
            self._fill_in(page, visit)
            if self.circumstances.closes_after is not None:
                end_field_work(self.ground.database, self.planned)
            self._hand_in(page, visit)
        self._send(page, context, address)

    def _rows(self, page: Page, store: str) -> list[dict[str, object]]:
        """Return this visit's rows of a store."""
        own = str(self.planned.visit_id)
        return [row for row in stored(page, store) if row.get("visit") == own]

    def _fill_in(self, page: Page, visit: str) -> None:
        for code, answers in self.answers.items():
            open_page(page, f"{visit}/{code}")
            for name, value in answers.items():
                if name in self.shown:
                    self._require_shown(page, name)
                    continue
                self._may_die(0.02)
                found = page.evaluate(TAP, [name, value])
                if found != "shown":
                    self.witness.violations.append(f"{name} is {found}")
                self.shown[name] = value
        self._take_photos(page, visit)

    def _require_shown(self, page: Page, name: str) -> None:
        if not page.locator(f'[name="{name}"][value="{self.shown[name]}"]').is_checked():
            self.witness.violations.append(f"an answer that was shown is lost: {name}")

    def _take_photos(self, page: Page, visit: str) -> None:
        section = next(iter(self.answers))
        question = next(name for name in self.answers[section] if name.count(".") == 1 and ".A" in name)
        open_page(page, f"{visit}/{section}")
        shots = page.locator(f'[data-shots="{question}"] .shot')
        page.wait_for_timeout(100)
        for number in range(shots.count(), PHOTOS):
            file = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": a_photo(self.chance)}
            page.set_input_files(f'[data-photos="{question}"]', file)  # type: ignore[arg-type]  # the same
            page.wait_for_selector(f'[data-shots="{question}"] .shot >> nth={number}', state="attached")
            self._may_die(0.1)

    def _hand_in(self, page: Page, visit: str) -> None:
        open_page(page, f"{visit}/check")
        page.click("text=交上去", no_wait_after=True)
        self._may_die(0.4)
        page.wait_for_selector("h1:has-text('送')")

    def _send(self, page: Page, context: BrowserContext, address: str) -> None:
        """Send from two pages at once, until the phone holds the receipt."""
        other = self._new_page(context)
        open_page(other, f"{address}/m/sync")
        begun = time.monotonic()
        while not self._rows(page, "tombs"):
            if time.monotonic() - begun > CALM_AFTER_SECONDS:
                self.faults.rate = 0
            if time.monotonic() - begun > LONGEST_SENDING_SECONDS:
                return
            page.evaluate(HURRY)
            other.evaluate(HURRY)
            self._sign_in_again(page, address)
            page.wait_for_timeout(60)
            self._may_die(0.1)

    def _sign_in_again(self, page: Page, address: str) -> None:
        """Sign in where the phone asks for it; then it fetches anew what the server no longer took."""
        if any(row.get("note") == "sign_in" for row in self._rows(page, "frozen")):
            self.told.sign_ins += 1
            self._sign_in(page, address)
            page.wait_for_timeout(300)

    def _sign_in(self, page: Page, address: str) -> None:
        """Sign in, unless the browser still is: a killed one may have forgotten."""
        page.goto(f"{address}/login")
        if page.locator("[name=password]").count():
            page.fill("[name=username]", INSPECTOR)
            page.fill("[name=password]", PASSWORD)
            page.click("main form button.btn")
        page.wait_for_selector(READY)

    async def _look(self, _request: Request, injection: Injection) -> None:
        if injection.point:
            self.told.crashes[injection.point] += 1
        await asyncio.to_thread(self.witness.look)

    def _conclude(self, context: BrowserContext, address: str) -> None:
        page = self._new_page(context)
        open_page(page, f"{address}/m/")
        tombs, frozen = self._rows(page, "tombs"), self._rows(page, "frozen")
        if not tombs or frozen or stored(page, "answers") or stored(page, "photos"):
            self.witness.violations.append(f"the phone holds {len(tombs)} receipts, and still {frozen}")
            return
        self.witness.conclude(
            {str(row["submission"]): str(row["receipt"]) for row in tombs}, self.shown, None
        )


def tappable_answers(checklist: Checklist, chance: random.Random) -> Mapping[str, Mapping[str, str]]:
    """Return a complete filling that needs nothing but taps, by the section that they are on."""
    filled: dict[str, dict[str, str]] = {}
    for section in checklist.sections:
        answers = {f"{section.code}.gate": "occurred"}
        if len(section.roles) > 1:
            answers[f"{section.code}.role"] = chance.choice(section.roles)
        for item in section.items:
            answers |= _taps_on(item, chance)
        filled[section.code] = answers
    return filled


def _taps_on(item: Item, chance: random.Random) -> dict[str, str]:
    if item.kind is Kind.PHRASE:
        heard = ("heard", "changed")
        return {f"{item.code}.el{place}": chance.choice(heard) for place in range(len(item.elements))}
    return {item.code: chance.choice(("met", "met", "partly", "not"))}


def a_photo(chance: random.Random) -> bytes:
    """Return a JPEG as a camera makes it, in one colour that no other has."""
    written = BytesIO()
    Image.new("RGB", (320, 240), tuple(chance.randbytes(3))).save(written, "JPEG")
    return written.getvalue()
