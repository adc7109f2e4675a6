"""The user's downloads: asked for once, made in the background, handed to nobody else."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select, update

from inspect_app.db import Database, open_database, reading, transaction
from inspect_app.jobs.background import TASKS
from inspect_app.jobs.runner import Runner
from inspect_app.models.jobs import Job, JobFailure, JobState
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.people import User
from inspect_app.services import jobs
from inspect_app.web.access import current_settings
from inspect_app.web.clock import utc_now
from inspect_app.web.region import ranking as ranking_pages
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.published_bank import SUMMER

pytestmark = pytest.mark.sqlite
"""What these pages ask of the database is tried on both kinds beside the services."""

ASK = f"/downloads/new/{SUMMER.code}"
PAGE = re.compile(r"^/downloads/[0-9a-f-]{36}$")


@pytest.fixture
def app(ranked: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank with two published waves."""
    return app_on(ranked.database, tmp_path)


@pytest.fixture
def worker(app: Flask, ranked: Bank) -> Iterator[Runner]:
    """Return a worker on the same database and storage, with connections of its own."""
    with app.app_context():
        settings = current_settings()
    database = open_database(ranked.url)
    yield Runner(database, settings, TASKS, "worker")
    database.writing.dispose()


def browser_of(app: Flask, name: str) -> Browser:
    """Return the browser of somebody who is signed in and has seen a form."""
    browser = Browser(app)
    assert browser.sign_in(name, PASSWORD).status_code == 303
    browser.get(f"/rankings/{SUMMER.code}")
    return browser


def ask(browser: Browser, query: str = "") -> str:
    """Ask for the workbook and return the address of its page."""
    response = browser.post(ASK + query)
    address = response.headers["Location"]
    assert response.status_code == 303
    assert PAGE.match(address)
    return address


def all_jobs(database: Database) -> list[Job]:
    """Return every job as it is now."""
    with reading(database) as session:
        return list(session.scalars(select(Job).order_by(Job.asked_at)))


def codes_in(workbook: bytes) -> set[str]:
    """Return the codes of the branches in a workbook."""
    sheet = load_workbook(BytesIO(workbook))["网点排名"]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    return {cell for cell in cells if re.fullmatch(r"\d{4}", cell)}


def test_a_workbook_is_asked_for_made_and_handed_out(app: Flask, worker: Runner) -> None:
    browser = browser_of(app, "region01")
    page = ask(browser)
    waiting = browser.get(page)
    assert "排队中" in waiting.text
    assert '<noscript><meta http-equiv="refresh"' in waiting.text
    assert browser.get(f"{page}/progress").get_json() == {"state": "queued", "done": 0, "of": 0}
    assert browser.get(f"{page}/file").status_code == 404

    assert worker.run_next()

    made = browser.get(page)
    assert "下载 Excel 工作簿" in made.text
    assert "refresh" not in made.text
    told = browser.get(f"{page}/progress").get_json()
    assert told["state"] == "done"
    assert told["done"] == told["of"] > 1
    file = browser.get(f"{page}/file")
    assert (file.mimetype or "").endswith("sheet")
    assert codes_in(file.data) == {"0101", "0102", "0103", "0104"}
    assert f'href="{page}"' in browser.get("/downloads").text


def test_the_file_is_the_one_that_a_small_ranking_gives_at_once(app: Flask, worker: Runner) -> None:
    browser = browser_of(app, "region01")
    page = ask(browser)
    worker.run_next()

    at_once = browser.get(f"/rankings/{SUMMER.code}.xlsx")

    later = browser.get(f"{page}/file")
    assert later.data == at_once.data
    assert later.headers["Content-Disposition"] == at_once.headers["Content-Disposition"]


def test_a_large_ranking_is_not_made_while_its_reader_waits(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking_pages, "MOST_ROWS_IN_REQUEST", 3)
    browser = browser_of(app, "region01")

    page = browser.get(f"/rankings/{SUMMER.code}?region=R01")
    old_link = browser.get(f"/rankings/{SUMMER.code}.xlsx?region=R01")

    assert f'action="{ASK}?region=R01"' in page.text
    assert ".xlsx" not in page.text
    assert (old_link.status_code, old_link.headers["Location"]) == (303, f"{ASK}?region=R01")
    assert f'action="{ASK}?region=R01"' in browser.get(f"{ASK}?region=R01").text


def test_the_same_is_made_once_and_anew_only_when_something_changed(
    app: Flask, ranked: Bank, worker: Runner
) -> None:
    browser = browser_of(app, "region01")
    first = ask(browser)
    assert ask(browser) == first
    worker.run_next()
    assert ask(browser) == first
    browser.post("/language", {"language": "en"})
    english = ask(browser)
    assert english != first
    browser.post("/language", {"language": "zh-Hans"})
    with transaction(ranked.database) as session:
        branch = session.scalars(select(Branch).where(Branch.code == "0101")).one()
        branch.region_id = session.scalars(select(Region.id).where(Region.code == "R02")).one()

    changed = ask(browser)

    assert changed not in (first, english)


@pytest.mark.fault("A08")
def test_two_users_in_turn_never_see_each_others_files(app: Flask, worker: Runner) -> None:
    first, second = browser_of(app, "region01"), browser_of(app, "region02")
    pages = [ask(first), ask(second)]
    worker.run_next()
    mixed = [ask(first), ask(second)]
    worker.run_next()
    assert mixed == pages

    files = [one.get(f"{page}/file").data for one, page in ((first, pages[0]), (second, pages[1]))]

    assert [codes_in(file) for file in files] == [{"0101", "0102", "0103", "0104"}, {"0201", "0202"}]
    for stranger, page in (
        (first, pages[1]),
        (second, pages[0]),
        (browser_of(app, "administrator"), pages[0]),
    ):
        for address in (page, f"{page}/file", f"{page}/progress"):
            assert stranger.get(address).status_code == 404
        assert stranger.post(f"{page}/cancel").status_code == 404
        assert page not in stranger.get("/downloads").text


def test_two_of_the_same_reach_get_jobs_of_their_own(app: Flask) -> None:
    assert ask(browser_of(app, "administrator")) != ask(browser_of(app, "reviewer"))


@pytest.mark.fault("A08")
def test_a_file_made_for_another_reach_is_handed_out_no_more(
    app: Flask, ranked: Bank, worker: Runner
) -> None:
    browser = browser_of(app, "region01")
    page = ask(browser)
    worker.run_next()
    with transaction(ranked.database) as session:
        branch = session.scalars(select(Branch).where(Branch.code == "0101")).one()
        branch.region_id = session.scalars(select(Region.id).where(Region.code == "R02")).one()

    assert browser.get(f"{page}/file").status_code == 404
    assert "请按现在的范围重新生成" in browser.get(page).text
    assert "范围变了" in browser.get("/downloads").text


def test_who_moves_away_loses_the_files_of_the_old_place(app: Flask, ranked: Bank, worker: Runner) -> None:
    browser = browser_of(app, "region01")
    page = ask(browser, "?region=R01")
    worker.run_next()
    with transaction(ranked.database) as session:
        other = session.scalars(select(Region.id).where(Region.code == "R02")).one()
        session.execute(update(User).where(User.username == "region01").values(region_id=other))

    assert browser.get(f"{page}/file").status_code == 404
    assert "现在不在您的范围里" in browser.get(page).text
    assert ask_again(browser, "?region=R01") == 404


def ask_again(browser: Browser, query: str) -> int:
    """Ask and return how that was answered."""
    return browser.post(ASK + query).status_code


def test_what_may_not_be_seen_when_it_is_made_is_not_made(app: Flask, ranked: Bank, worker: Runner) -> None:
    browser = browser_of(app, "region01")
    ask(browser, "?region=R01")
    with transaction(ranked.database) as session:
        other = session.scalars(select(Region.id).where(Region.code == "R02")).one()
        session.execute(update(User).where(User.username == "region01").values(region_id=other))

    worker.run_next()

    (job,) = all_jobs(ranked.database)
    assert (job.state, job.failure) == (JobState.FAILED, JobFailure.GONE)


def test_a_workbook_can_be_called_off_and_asked_for_again(app: Flask, worker: Runner) -> None:
    browser = browser_of(app, "region01")
    page = ask(browser)

    assert browser.post(f"{page}/cancel").status_code == 303

    assert not worker.run_next()
    assert "已按您的意思停下" in browser.get(page).text
    assert browser.post(f"{page}/cancel").status_code == 409
    assert ask(browser) != page


def test_an_erased_file_is_said_to_be_gone_and_made_anew(app: Flask, ranked: Bank, worker: Runner) -> None:
    browser = browser_of(app, "region01")
    page = ask(browser)
    worker.run_next()
    with transaction(ranked.database) as session:
        jobs.forget_files(session, utc_now() + timedelta(days=1))

    assert browser.get(f"{page}/file").status_code == 404
    assert "已过期清除" in browser.get(page).text
    assert ask(browser) != page


def test_a_file_that_a_backup_did_not_bring_back_is_made_anew(
    app: Flask, worker: Runner, tmp_path: Path
) -> None:
    browser = browser_of(app, "region01")
    page = ask(browser)
    worker.run_next()
    shutil.rmtree(tmp_path / "files")

    assert "已过期清除" in browser.get(page).text
    assert browser.get(f"{page}/file").status_code == 404
    assert ask(browser) != page


@pytest.mark.parametrize("query", ["?region=R02", "?region=HO", "?ranking=9"])
def test_what_is_not_mine_is_not_made(app: Flask, ranked: Bank, query: str) -> None:
    browser = browser_of(app, "region01")

    assert browser.get(ASK + query).status_code == 404
    assert browser.post(ASK + query).status_code == 404
    assert all_jobs(ranked.database) == []


@pytest.mark.parametrize("name", ["branch0101", "inspector"])
def test_who_reads_no_rankings_has_no_downloads(app: Flask, name: str) -> None:
    browser = Browser(app)
    browser.sign_in(name, PASSWORD)
    browser.get("/handbook")

    assert browser.get("/downloads").status_code == 404
    assert browser.post(ASK).status_code == 404
