"""The loop on a phone: what was found is answered until it is verified, or disputed and ranked anew."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from checklists.scoring import Gate
from inspect_app.db import open_database, reading, transaction
from inspect_app.migrations import upgrade
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.queries.rankings import rankings_of_wave
from inspect_app.queries.shortcomings import Shortcoming, shortcomings
from inspect_app.queries.waves import wave_coded
from inspect_app.web.formatting import points
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.services.test_published_numbers import recomputed
from tests.inspect_app.web.browsing import app_on
from tests.inspect_app.web.disclosed_bank import AUTUMN, disclose_today
from tests.inspect_app.web.published_bank import publish_two_waves
from tests.journeys.test_main_job import DESK, PHONE, Person

REASON = "没写由谁来盯"
GROUNDS = "当天有签到表和值班记录，附上截图"
VERDICT = "核对了监控，当时做到了"


@dataclass(frozen=True, slots=True)
class Served:
    """The product being served, and the bank that it serves."""

    address: str
    bank: Bank


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a bank with two published waves and one that was disclosed today."""
    folder = tmp_path_factory.mktemp("bank")
    url = f"sqlite:///{folder / 'inspect.sqlite3'}"
    database = open_database(url)
    upgrade(database)
    bank = made_up_bank.build(database, url)
    publish_two_waves(bank)
    disclose_today(bank)
    server = make_server("127.0.0.1", 0, app_on(database, folder), threaded=True)
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    yield Served(f"http://127.0.0.1:{server.server_port}", bank)
    server.shutdown()
    running.join()
    server.server_close()
    database.writing.dispose()


def found(bank: Bank, code: str) -> list[Shortcoming]:
    """Return what the disclosed wave found at a branch where somebody acted, the dearest first."""
    with reading(bank.database) as session:
        acted = [
            one
            for one in shortcomings(session, Deficiency.state == DeficiencyState.OPEN)
            if one.gate is Gate.OCCURRED and one.wave_code == AUTUMN and one.branch_code == code
        ]
    return sorted(acted, key=lambda one: (-one.points_lost, one.item.code))


def state_of(bank: Bank, one: Shortcoming) -> DeficiencyState:
    """Return what has become of a deficiency."""
    with reading(bank.database) as session:
        return session.scalars(select(Deficiency.state).where(Deficiency.id == one.deficiency_id)).one()


def photo(shade: int) -> bytes:
    """Return a photo as a phone takes it."""
    data = BytesIO()
    Image.new("RGB", (320, 240), (shade, 90, 120)).save(data, "JPEG")
    return data.getvalue()


def write_answer(page: Page, words: str) -> None:
    """Fill in what a branch answers: cause, measure, words and the day on which it is done."""
    form = page.locator("#answer")
    form.get_by_text("忘了做", exact=True).click()
    form.get_by_text("培训演练", exact=True).click()
    page.fill("[name=measure_words]", words)
    page.fill("[name=done_by]", "2099-12-30")
    page.locator("[data-saved]", has_text="自动保存").wait_for()


@pytest.mark.slow
def test_a_deficiency_is_answered_with_a_photo_sent_back_answered_again_and_verified(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    one = found(served.bank, "0102")[0]
    phone = Person(browser, served.address, "branch0102", PHONE)
    page = phone.goto(f"/branch/deficiencies/{one.deficiency_id}")
    write_answer(page, "班前会两人一组练两遍，由大堂经理记在交接本上")
    page.set_input_files(
        "[name=photos]", {"name": "值班表.jpg", "mimeType": "image/jpeg", "buffer": photo(30)}
    )
    expect(page.locator(".kept-photo img")).to_have_count(1)
    expect(page.locator("[name=measure_words]")).to_have_value(re.compile("班前会两人一组"))
    page.screenshot(path=tmp_path / "answer.png", full_page=True)
    page.get_by_role("button", name="提交整改").click()
    expect(page.locator("main")).to_contain_text("等复查")
    assert page.locator(".shot img").first.evaluate("one => one.naturalWidth") > 0

    region = Person(browser, served.address, "region01", PHONE)
    page = region.goto(f"/mending/answers/{one.deficiency_id}")
    page.fill("[name=reason]", REASON)
    page.get_by_role("button", name="退回").click()
    expect(page.locator("main")).to_contain_text("退回了 1 项")

    page = phone.goto("/branch")
    expect(page.locator("main")).to_contain_text(REASON)
    page.get_by_role("link", name="重新答复").click()
    write_answer(page, "由大堂经理每天 9 点、14 点各巡一遍并签字，行长每周五抽查")
    page.get_by_role("button", name="提交整改").click()
    expect(page.locator("main")).to_contain_text("再次答复")

    page = region.goto("/mending/answers")
    page.locator("li", has_text=one.item.standard.own).locator("[name=chosen]").first.check()
    page.screenshot(path=tmp_path / "verify.png", full_page=True)
    page.get_by_role("button", name="认可").click()
    expect(page.locator("main")).to_contain_text("认可了 1 项")
    region.leave()

    page = phone.goto("/branch/answers")
    expect(page.locator("main")).to_contain_text("已整改")
    phone.leave()
    assert state_of(served.bank, one) is DeficiencyState.VERIFIED


def rows_of(page: Page, name: str) -> list[object]:
    """Return a branch's line in the workbook that a link of the page hands out."""
    with page.expect_download() as downloading:
        page.get_by_role("link", name=name).click()
    sheet = load_workbook(BytesIO(downloading.value.path().read_bytes()))["网点排名"]
    return next(
        [cell.value for cell in row] for row in sheet.iter_rows() if "0101" in [cell.value for cell in row]
    )


@pytest.mark.slow
def test_an_upheld_appeal_changes_score_rank_and_workbook_as_a_second_program_says(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    bank, one = served.bank, found(served.bank, "0101")[0]
    phone = Person(browser, served.address, "branch0101", PHONE)
    page = phone.goto(f"/branch/deficiencies/{one.deficiency_id}")
    page.get_by_role("link", name="申诉", exact=True).click()
    page.get_by_text("当时情况不是这样").click()
    page.fill("[name=words]", GROUNDS)
    page.screenshot(path=tmp_path / "appeal.png", full_page=True)
    page.get_by_role("button", name="提交申诉").click()
    expect(page.locator("main")).to_contain_text("申诉在审理")

    office = Person(browser, served.address, "administrator", DESK)
    with transaction(bank.database) as session:
        wave_coded(session, AUTUMN).disclosure_days = 0
    page = office.goto(f"/office/waves/{AUTUMN}")
    page.fill("[name^='closing.']", "等不及了")
    page.get_by_role("button", name="发布").click()
    expect(page.locator("main")).to_contain_text("已经发布")

    page = office.goto("/office/appeals")
    page.get_by_role("link", name="渝中支行").click()
    page.get_by_text("重新审理…").click()
    page.fill("#why-again", "补交了截图")
    page.get_by_role("button", name="重新审理").click()
    page.locator("label", has_text=re.compile("^\\s*成立")).first.click()
    page.fill("textarea[name^='reason.']", VERDICT)
    page.get_by_text("检查人疏忽").click()
    page.get_by_role("button", name="先看一共会变多少").click()
    foreseen = page.locator(".together-effect").inner_text()
    page.screenshot(path=tmp_path / "decide.png", full_page=True)
    page.get_by_role("button", name="裁定", exact=True).click()
    expect(page.locator("main")).to_contain_text("裁定了 1 条")

    with reading(bank.database) as session:
        first, second = (
            recomputed(session, ranking)
            for ranking in rankings_of_wave(session, wave_coded(session, AUTUMN).id)
        )
    before, after = (result.tables["branch"]["0101"] for result in (first, second))
    assert before.score is not None
    assert after.score is not None
    assert after.score > before.score
    assert f"{points(before.score)} → {points(after.score)} 分" in foreseen

    page = office.goto(f"/rankings/{AUTUMN}")
    page.screenshot(path=tmp_path / "restated.png", full_page=True)
    expect(page.locator("main")).to_contain_text(VERDICT)
    for number, row in ((1, before), (2, after)):
        printed = rows_of(page, f"第 {number} 次排名的工作簿")
        assert printed[0] == row.rank
        assert row.score / 100 in printed  # type: ignore[operator]  # asserted above
    office.leave()

    page = phone.goto("/branch/appeals")
    page.get_by_role("link", name=one.item.standard.own).first.click()
    expect(page.locator("main")).to_contain_text(VERDICT)
    page = phone.goto(f"/branch/result/{AUTUMN}")
    expect(page.locator("main")).to_contain_text(points(after.score))
    phone.leave()
    assert state_of(bank, one) is DeficiencyState.UPHELD
