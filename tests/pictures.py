"""Draws the pictures of the README from the demonstration: `python -m tests.pictures`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from inspect_app.demo import Scale, prepare_demo
from tests.demo_bank import AS_OF, SEED, opened, silent
from tests.parts import BROWSER_FLAGS, chromium_of

PLACE = Path(__file__).parents[1] / "docs" / "pictures"
PHONE, DESK = (390, 844), (1280, 800)
COLOURS = 128


def main() -> None:
    """Draw one picture for each kind of user, and one of the first page."""
    PLACE.mkdir(exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_of(playwright), args=list(BROWSER_FLAGS)
        )
        draw(open_page(browser, address, DESK), "demo")
        for role, size in (
            ("inspector", PHONE),
            ("branch_manager", PHONE),
            ("regional_manager", DESK),
            ("reviewer", DESK),
            ("administrator", DESK),
        ):
            page = open_page(browser, address, size)
            page.locator(f"button[name=role][value={role}]").click()
            lead_on(page, role)
            draw(page, role.replace("_", "-"))
        browser.close()


def lead_on(page: Page, role: str) -> None:
    """Go from a user's first page to the one that shows best what they do."""
    if role == "inspector":
        page.locator("a[href*='/m/v/']").nth(1).click()
        page.wait_for_selector("#filling")
        for answer in (
            "input[value=occurred]",
            ".opts input[value=heard]",
            ".opts input[value=changed] >> nth=1",
        ):
            page.locator(answer).first.click()
            page.wait_for_timeout(300)
        page.evaluate("document.activeElement.blur()")
    if role == "reviewer":
        page.locator("a[href*='/office/reviews/']").first.click()
    if role == "administrator":
        page.locator("main a[href*='/office/waves/']").first.click()
    if role == "regional_manager":
        page.locator("a[href*='/branches/']").first.click()
        page.locator("a[href*='why=flow']").last.click()
    page.wait_for_timeout(300)


def open_page(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    """Return the demonstration's first page in a window of this size."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, device_scale_factor=2, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(address)
    return page


def draw(page: Page, name: str) -> None:
    """Keep what the window shows, in few enough colours to be small."""
    with Image.open(BytesIO(page.screenshot())) as shown:
        few = shown.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(PLACE / f"{name}.png", optimize=True)
    page.context.close()


@contextmanager
def served() -> Iterator[str]:
    """Serve a fresh demonstration until the block ends."""
    with TemporaryDirectory() as folder:
        prepare_demo(Path(folder), Scale.SMALL, SEED, silent, as_of=AS_OF)
        bank = opened(Path(folder))
        server = make_server("127.0.0.1", 0, bank.app(), threaded=True)
        running = threading.Thread(target=server.serve_forever, daemon=True)
        running.start()
        yield f"http://127.0.0.1:{server.server_port}/demo"
        server.shutdown()
        running.join()
        server.server_close()
        bank.database.writing.dispose()


if __name__ == "__main__":
    main()
