"""An inspector's whole way where the phone keeps nothing: in a private window, and without a script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from checklists.checklist import Section
from checklists.handbook import Kind
from tests.inspect_app.made_up_bank import PASSWORD
from tests.journeys.phones import PHONE, Served, serving

NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a bank in which `inspector` has a visit by each shipped recipe."""
    with serving(tmp_path_factory.mktemp("bank")) as bank:
        yield bank


def signed_in(
    browser: Browser, served: Served, *, scripts: bool = True, size: dict[str, int] = PHONE
) -> Page:
    """Return the phone of `inspector` in a private window, where a browser keeps nothing, on the list."""
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]  # playwright has a type of its own for it
        device_scale_factor=2,
        locale="zh-CN",
        has_touch=True,
        java_script_enabled=scripts,
        service_workers="block",
    )
    context.add_init_script("delete globalThis.indexedDB; delete Window.prototype.indexedDB")
    phone = context.new_page()
    phone.goto(f"{served.address}/login")
    phone.fill("[name=username]", "inspector")
    phone.fill("[name=password]", PASSWORD)
    phone.click("main form .btn.pri, main form button.btn")
    expect(phone).to_have_url(f"{served.address}/m/")
    return phone


def answer(phone: Page, section: Section) -> None:
    """Answer a situation: one part of each phrase was said, the others in other words; all else was met."""
    phone.check(f'[name="{section.code}.gate"][value=occurred]')
    if len(section.roles) > 1:
        phone.check(f'[name="{section.code}.role"][value={section.lead}]')
    for item in section.items:
        if item.kind is Kind.PHRASE:
            for place in range(len(item.elements)):
                phone.check(f'[name="{item.code}.el{place}"][value={"changed" if place else "heard"}]')
        elif item.counted is not None:
            phone.fill(f'[name="{item.code}.of"]', "3")
            phone.fill(f'[name="{item.code}.met"]', "3")
        else:
            phone.check(f'[name="{item.code}"][value=met]')


@pytest.mark.fault("C11")
def test_a_shopper_goes_the_whole_way_in_a_private_window(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    phone, checklist = signed_in(browser, served), served.checklists["mystery"]
    visit = f"{served.address}/m/v/{served.visits['mystery']}"
    problems: list[str] = []
    phone.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    phone.on("pageerror", lambda error: problems.append(str(error)))
    phone.screenshot(path=tmp_path / "visits.png")
    expect(phone.locator("#private")).to_be_visible()
    phone.goto(visit)
    phone.screenshot(path=tmp_path / "card.png")
    phone.click("text=开始填写")

    first, *rest = checklist.sections
    answer(phone, first)
    action = next(item for item in first.items if item.kind is Kind.ACTION)
    phone.check(f'[name="{action.code}"][value=not]')
    phone.check(f'[name="{action.code}.why"][value="0"]')
    with phone.expect_response(lambda answer: "A1.words=%E5" in (answer.request.post_data or "")):
        phone.fill(f'[name="{action.code}.words"]', "在柜台后面，没有过来。")
    expect(phone.locator("#sync")).to_contain_text("服务器已存")
    expect(phone.locator("#segments span").first).to_have_class("done")
    phone.screenshot(path=tmp_path / "question.png")
    phone.reload()
    expect(phone.locator(f'[name="{action.code}.words"]')).to_have_value("在柜台后面，没有过来。")
    phone.click("#undo")
    expect(phone.locator(f'[name="{action.code}.words"]')).to_have_value("")
    expect(phone.locator(f'[name="{action.code}"][value=not]')).to_be_checked()

    for section in rest:
        phone.click(".dock .pri")
        expect(phone.locator("h1")).to_have_text(section.name.own)
        answer(phone, section)
    phone.click(".dock .pri")
    phone.click(".dock .pri")
    expect(phone.locator("h1")).to_have_text("都齐了，可以交了")
    phone.screenshot(path=tmp_path / "check.png")
    phone.click("text=交上去")
    expect(phone.locator("h1")).to_have_text("都送到了")
    phone.screenshot(path=tmp_path / "receipt.png")
    number = phone.locator(".receipt-number").inner_text()
    phone.goto(f"{served.address}/m/")
    expect(phone.locator("main")).to_contain_text(number)
    assert problems == []


def test_a_shopper_goes_the_whole_way_without_a_script(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    phone, checklist = signed_in(browser, served, scripts=False), served.checklists["phone"]
    phone.goto(f"{served.address}/m/v/{served.visits['phone']}")
    phone.click("text=开始填写")

    for section in checklist.sections:
        expect(phone.locator("h1")).to_have_text(section.name.own)
        answer(phone, section)
        phone.screenshot(path=tmp_path / f"{section.code}.png")
        phone.click(".dock .pri")
    phone.click(".dock .pri")
    phone.click("text=交上去")

    expect(phone.locator("h1")).to_have_text("都送到了")


def test_proof_opens_below_and_moves_nothing_under_the_finger(browser: Browser, served: Served) -> None:
    phone, checklist = signed_in(browser, served), served.checklists["open"]
    section, action = next(
        (section, item)
        for section in reversed(checklist.sections)
        for item in section.items
        if item.kind is Kind.ACTION and item.counted is None
    )
    phone.goto(f"{served.address}/m/v/{served.visits['open']}/{section.code}")
    answer(phone, section)
    tapped = phone.locator(f'[name="{action.code}"][value=not]')
    tapped.scroll_into_view_if_needed()
    before = tapped.bounding_box()

    tapped.check()

    expect(phone.locator(f'[name="{action.code}.words"]')).to_be_visible()
    assert tapped.bounding_box() == before


def test_people_are_counted_with_one_thumb(browser: Browser, served: Served) -> None:
    phone, checklist = signed_in(browser, served), served.checklists["open"]
    section, item = next((s, i) for s in checklist.sections for i in s.items if i.counted is not None)
    phone.goto(f"{served.address}/m/v/{served.visits['open']}/{section.code}")
    phone.check(f'[name="{section.code}.gate"][value=occurred]')

    for part, taps in (("of", 4), ("met", 3)):
        more = phone.locator(f'[id="{item.code}.{part}-row"] .more-one')
        for _tap in range(taps):
            more.click()
    phone.locator(f'[id="{item.code}.of-row"] .less').click()

    expect(phone.locator(f'[name="{item.code}.of"]')).to_have_value("3")
    expect(phone.locator(f'[id="{item.code}"] .said')).to_have_text("3 位里做到 3 位")
    expect(phone.locator("#sync")).to_contain_text("服务器已存")
    phone.reload()
    expect(phone.locator(f'[name="{item.code}.met"]')).to_have_value("3")


def test_what_did_not_reach_the_server_is_said_and_keeps_the_page(browser: Browser, served: Served) -> None:
    phone, section = signed_in(browser, served), served.checklists["open"].sections[3]
    address = f"{served.address}/m/v/{served.visits['open']}/{section.code}"
    phone.goto(address)
    phone.route("**/m/v/**", lambda route: route.abort())
    phone.check(f'[name="{section.code}.gate"][value=nobody_acted]')
    expect(phone.locator("#sync")).to_have_text("没存上，请先别关这一页")

    phone.click(".dock .pri")
    expect(phone.locator("#sync")).to_have_text("没存上，请先别关这一页")
    assert phone.url == address
    phone.unroute_all()
    phone.click(".dock .pri")
    phone.wait_for_url(lambda url: url != address)
    phone.goto(address)

    expect(phone.locator(f'[name="{section.code}.gate"][value=nobody_acted]')).to_be_checked()


def test_two_pages_of_one_situation_do_not_undo_each_other(browser: Browser, served: Served) -> None:
    phone, section = signed_in(browser, served), served.checklists["open"].sections[4]
    action = next(item for item in section.items if item.kind is Kind.ACTION and item.counted is None)
    address = f"{served.address}/m/v/{served.visits['open']}/{section.code}"
    other = phone.context.new_page()
    other.goto(address)
    phone.goto(address)
    phone.check(f'[name="{section.code}.gate"][value=occurred]')
    phone.check(f'[name="{action.code}"][value=met]')
    expect(phone.locator("#sync")).to_contain_text("服务器已存")
    phone.click(".dock .pri")
    phone.wait_for_url(lambda url: url != address)

    other.check(f'[name="{section.code}.gate"][value=occurred]')
    other.check(f'[name="{section.code}.role"][value={section.lead}]')
    other.click(".dock .pri")
    other.wait_for_url(lambda url: url != address)
    phone.goto(address)

    expect(phone.locator(f'[name="{action.code}"][value=met]')).to_be_checked()
    expect(phone.locator(f'[name="{section.code}.role"][value={section.lead}]')).to_be_checked()


@pytest.mark.parametrize("size", [NARROW, {"width": 195, "height": 422}], ids=["320 px", "200 % text"])
def test_nothing_stands_out_of_a_narrow_phone(browser: Browser, served: Served, size: dict[str, int]) -> None:
    phone = signed_in(browser, served, size=size)
    visit = f"/m/v/{served.visits['open']}"
    codes = [section.code for section in served.checklists["open"].sections]

    for path in ("/m/", f"{visit}/card", f"{visit}/list", f"{visit}/check", f"{visit}/deduction"):
        phone.goto(served.address + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    for code in codes:
        phone.goto(f"{served.address}{visit}/{code}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= size["width"], code


def test_everything_to_be_tapped_is_large_enough(browser: Browser, served: Served) -> None:
    phone = signed_in(browser, served)
    section = served.checklists["open"].sections[1]
    phone.goto(f"{served.address}/m/v/{served.visits['open']}/{section.code}")
    phone.check(f'[name="{section.code}.gate"][value=occurred]')

    boxes = [
        box
        for target in phone.locator(".opt, .chip, .ra, .btn, summary, .pm button, header .link").all()
        if target.is_visible() and (box := target.bounding_box())
    ]

    assert len(boxes) > 20
    assert min(box["height"] for box in boxes) >= 47.9
