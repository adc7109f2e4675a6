"""Fast thumbs on links: the last tap's page is the one that stays, however slow an earlier one was."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.phones import Served, new_visit, open_page, stored, tap

SLOW_READS = """() => {
  const real = crypto.subtle.decrypt
  let slow = true
  crypto.subtle.decrypt = async function (...asked) {
    if (slow) await new Promise((resolve) => setTimeout(resolve, 600))
    return real.apply(this, asked)
  }
  window.hurry = () => { slow = false }
}"""
"""What is opened from now on takes its time, until `hurry()`; what was begun before that stays slow."""

SETTLED = 1500
"""Milliseconds after which also what was slow would have been drawn."""


def press(phone: Page, *addresses: str) -> None:
    """Tap links quickly, each while what the one before leads to is still read; the last one is fast."""
    phone.evaluate(
        """async (addresses) => {
          for (const [place, address] of addresses.entries()) {
            if (place) await new Promise((resolve) => setTimeout(resolve, 150))
            if (place === addresses.length - 1) hurry()
            const link = document.createElement("a")
            link.href = address
            document.body.append(link)
            link.click()
            link.remove()
          }
        }""",
        list(addresses),
    )


@pytest.mark.parametrize("round_", range(3))
def test_of_two_quick_taps_the_last_one_is_shown_and_stays(phone: Page, served: Served, round_: int) -> None:
    checklist, visit = new_visit(served, "mystery")
    first, second, third = checklist.sections[round_ : round_ + 3]
    address = f"/m/v/{visit}"
    open_page(phone, f"{served.address}{address}/{first.code}")
    phone.evaluate(SLOW_READS)

    press(phone, f"{address}/{second.code}", f"{address}/{third.code}")

    expect(phone.locator("#filling h1")).to_have_text(third.name.own)
    phone.wait_for_timeout(SETTLED)
    expect(phone.locator("#filling h1")).to_have_text(third.name.own)
    assert phone.url.endswith(f"/{third.code}")
    tap(phone, f"{third.code}.gate", "nobody_acted")
    assert [row["name"] for row in stored(phone, "answers")] == [f"{third.code}.gate"]


def test_a_tap_from_one_visit_to_another_and_back_leaves_the_one_that_was_asked_for(
    phone: Page, served: Served
) -> None:
    checklist, one = new_visit(served, "mystery")
    other = new_visit(served, "mystery")[1]
    code = checklist.sections[0].code
    open_page(phone, f"{served.address}/m/v/{other}/{code}")
    open_page(phone, f"{served.address}/m/v/{one}/{code}")
    phone.evaluate(SLOW_READS)

    press(phone, f"/m/v/{other}/{code}", f"/m/v/{one}/{code}", "/m/", f"/m/v/{other}/{code}")

    expect(phone.locator("#filling h1")).to_have_text(checklist.sections[0].name.own)
    phone.wait_for_timeout(SETTLED)
    tap(phone, f"{code}.gate", "nobody_acted")
    assert [row["visit"] for row in stored(phone, "drafts")] == [other]


def test_a_visit_that_does_not_come_keeps_nobody_from_going_elsewhere(phone: Page, served: Served) -> None:
    visit = new_visit(served, "mystery")[1]
    held: list[Route] = []
    phone.route("**/bundle", lambda route: held.append(route))  # noqa: PLW0108 - it looks at its signature
    phone.evaluate("window.hurry = () => undefined")
    press(phone, f"/m/v/{visit}")
    while not held:
        phone.wait_for_timeout(50)

    press(phone, "/m/sync")

    expect(phone.locator("h1")).to_have_text("都送到了，没有等着的")
    for route in held:
        route.continue_()
    phone.wait_for_timeout(500)
    expect(phone.locator("h1")).to_have_text("都送到了，没有等着的")
    phone.unroute_all()


def test_back_and_forward_faster_than_pages_are_drawn_end_where_they_lead(
    phone: Page, served: Served
) -> None:
    checklist, visit = new_visit(served, "mystery")
    open_page(phone, f"{served.address}/m/v/{visit}/list")
    for section in checklist.sections[:3]:
        open_page_by_link(phone, f"/m/v/{visit}/{section.code}")
        expect(phone.locator("#filling h1")).to_have_text(section.name.own)
    phone.evaluate(SLOW_READS)

    phone.evaluate("history.back(); history.back(); setTimeout(() => { hurry(); history.forward() }, 150)")

    expect(phone.locator("#filling h1")).to_have_text(checklist.sections[1].name.own)
    phone.wait_for_timeout(SETTLED)
    expect(phone.locator("#filling h1")).to_have_text(checklist.sections[1].name.own)
    assert phone.url.endswith(f"/{checklist.sections[1].code}")


def open_page_by_link(phone: Page, address: str) -> None:
    """Tap one link."""
    phone.evaluate("window.hurry = () => undefined")
    press(phone, address)
