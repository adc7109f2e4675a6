"""How fast the phone is on a slow network and a slow processor: measured, printed, asserted generously."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from checklists.checklist import Checklist
from checklists.content import content_hash
from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Kind
from checklists.recipe_loading import shipped_recipe
from tests.faults.phone.slow_line import SlowLine
from tests.journeys.phones import READY, new_phone, open_page, open_wave_with, serving, sign_in, tap

KILOBITS, LATENCY, SLOWER = 400, 0.4, 4
MANY = 300
PAINTED = """() => {
  const entry = performance.getEntriesByName("first-contentful-paint")[0]
  return entry ? entry.startTime : null
}"""


@contextmanager
def slow_line(address: str) -> Iterator[tuple[str, SlowLine]]:
    """Put a slow line before a server; the address is its end on this side."""
    place = urlsplit(address)
    line = SlowLine((str(place.hostname), int(place.port or 0)), KILOBITS, LATENCY)
    loop = asyncio.new_event_loop()
    running = threading.Thread(target=loop.run_forever, daemon=True)
    running.start()
    port = asyncio.run_coroutine_threadsafe(line.start(), loop).result()
    yield f"http://127.0.0.1:{port}", line
    asyncio.run_coroutine_threadsafe(line.stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    running.join()
    loop.close()


def slow_down(page: Page) -> None:
    """Make the processor four times slower."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def printed(words: str) -> None:
    """Print a measurement, also where tests keep what is printed to themselves."""
    sys.stderr.write(f"\n{words}\n")


@pytest.mark.volume
def test_the_first_question_is_there_in_two_seconds_and_later_in_half_a_second(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, ("open",)) as served, slow_line(served.address) as (address, line):
        signed = new_phone(browser)
        sign_in(signed, served.address)
        cookies = signed.cookies()
        signed.close()
        phone = new_phone(browser)
        phone.add_cookies(cookies)  # type: ignore[arg-type]  # what it gives it takes
        section = max(served.checklists["open"].sections, key=lambda one: len(one.items))
        question = f"{address}/m/v/{served.visits['open']}/{section.code}"
        page = phone.new_page()
        slow_down(page)
        carried = line.carried
        page.goto(question)
        first = page.evaluate(PAINTED)
        page.wait_for_selector("body[data-fresh]", state="attached", timeout=60_000)
        printed(f"first visit: question painted after {first:.0f} ms, {line.carried - carried} bytes in all")

        later = []
        for _visit in range(5):
            page = phone.new_page()
            slow_down(page)
            page.goto(question)
            page.wait_for_selector(READY)
            later.append(page.evaluate("performance.getEntriesByName('shown').at(-1).startTime"))
            page.close()
        printed(f"later visits: question filled in after {median(later):.0f} ms (median of {len(later)})")
        phone.close()

    assert first < 4_000
    assert median(later) < 2_000


def many_items(checklist: Checklist) -> Checklist:
    """Return a checklist whose sections are repeated until it has 300 items."""
    sections = list(checklist.sections)
    for number in range(60, 99):
        count = sum(len(section.items) for section in sections)
        if count >= MANY:
            break
        model = checklist.sections[number % len(checklist.sections)]
        code = f"S{number}"
        items = tuple(replace(item, code=f"{code}.{item.code.partition('.')[2]}") for item in model.items)
        sections.append(replace(model, code=code, situation=number, items=items))
    larger = replace(checklist, sections=tuple(sections))
    return replace(larger, hash=content_hash(larger))


@pytest.mark.volume
def test_a_tap_in_three_hundred_items_is_painted_in_a_tenth_of_a_second(
    browser: Browser, tmp_path: Path
) -> None:
    checklist = many_items(generate(shipped_edition(), shipped_recipe("open")))
    with serving(tmp_path, ()) as served:
        visit = open_wave_with(served.bank, checklist, "2026-many")
        context = new_phone(browser)
        page = sign_in(context, served.address)
        slow_down(page)
        for section in checklist.sections[:4]:
            open_page(page, f"{served.address}/m/v/{visit}/{section.code}")
            tap(page, f"{section.code}.gate", "occurred")
            for item in section.items:
                if item.counted is None and item.kind is not Kind.PHRASE:
                    tap(page, item.code, "met")
            expect(page.locator("#sync")).to_contain_text("手机已存")
        taken = "performance.getEntriesByName('painted').map((one) => one.duration)"
        times = sorted(page.evaluate(taken))
        context.close()

    items = sum(len(section.items) for section in checklist.sections)
    printed(f"{items} items: tap to paint {median(times):.0f} ms, slowest of {len(times)} {times[-1]:.0f} ms")
    assert median(times) < 200
