"""A wave from its plan to its second ranking, on the pages."""

import json
import uuid

from inspect_app.db import reading, transaction
from inspect_app.models.people import User
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import Visit, VisitState
from inspect_app.queries.rankings import movers_of, rankings_of_wave
from inspect_app.queries.visits import visit_of_inspector, visit_of_office, visits_of_wave
from inspect_app.queries.waves import wave_coded
from inspect_app.services.submissions import Body, accept_submission
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import SECRET, Bank, fill
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.conftest import SignIn
from tests.inspect_app.web.office.test_planning import PAGE, PLAN

WAVE = "/office/waves/2026Q4"


def step(administrator: Browser, name: str) -> None:
    """Take one step of the wave's life."""
    administrator.get(WAVE)
    assert administrator.post(f"{WAVE}/{name}").status_code == 303


def visits(bank: Bank) -> list[Visit]:
    """Return the visits of the wave, by branch."""
    with reading(bank.database) as session:
        return list(visits_of_wave(session, wave_coded(session, "2026Q4")))


def rankings(bank: Bank) -> list[StoredRanking]:
    """Return the rankings of the wave."""
    with reading(bank.database) as session:
        return list(rankings_of_wave(session, wave_coded(session, "2026Q4").id))


def assign(administrator: Browser, visit: Visit, inspector: User) -> None:
    """Give a visit to an inspector."""
    administrator.get(f"/office/visits/{visit.id}")
    fields = {"inspector": str(inspector.id)}
    assert administrator.post(f"/office/visits/{visit.id}/assign", fields).status_code == 303


def fill_in(bank: Bank, inspector: User, visit_id: uuid.UUID, seed: int) -> None:
    """Send one visit in, as its inspector."""
    fields = fill(bank.checklist, seed)
    body = Body(uuid.uuid4(), uuid.uuid4(), json.dumps(fields).encode(), fields)
    with transaction(bank.database) as session:
        visit = visit_of_inspector(session, inspector, visit_id)
        accept_submission(session, inspector, visit, body, SECRET, now=utc_now())


def approve(reviewer: Browser) -> None:
    """Approve the inspection that has waited longest."""
    queue = reviewer.get("/office/reviews").text
    address = "/office/reviews/" + queue.partition('href="/office/reviews/')[2].partition('"')[0]
    page = reviewer.get(address).text
    revision = page.partition('name="revision" value="')[2].partition('"')[0]
    assert reviewer.post(f"{address}/approve", {"revision": revision}).status_code == 303


def publish(bank: Bank, administrator: Browser, reviewer: Browser) -> list[Visit]:
    """Take a wave from its plan to its publication; return its visits."""
    administrator.get(PAGE)
    plan = {**PLAN, "recipe": "phone", "visits_wanted": "1", "min_visits": "1"}
    assert administrator.post(PAGE, plan).status_code == 303
    step(administrator, "open")
    made = visits(bank)
    for seed, visit in enumerate(made):
        assign(administrator, visit, bank.user("inspector"))
        fill_in(bank, bank.user("inspector"), visit.id, seed)
    for _visit in made:
        approve(reviewer)
    for name in ("close", "disclose", "publish"):
        step(administrator, name)
    return made


def test_a_wave_goes_from_its_plan_to_ranking_1_on_the_pages(
    bank: Bank, administrator: Browser, reviewer: Browser
) -> None:
    made = publish(bank, administrator, reviewer)

    (ranking,) = rankings(bank)
    page = administrator.get(WAVE).text
    assert ranking.number == 1
    assert len(made) == 3
    assert "已经发布，共 3 次检查" in page
    assert ranking.fingerprint[:4] in page


def test_voiding_a_published_visit_writes_ranking_2_with_the_reason(
    bank: Bank, administrator: Browser, sign_in: SignIn
) -> None:
    first, *_others = publish(bank, administrator, sign_in("reviewer"))
    address = f"/office/visits/{first.id}"
    assert "另出第 2 次" in administrator.get(address).text

    refused = administrator.post(f"{address}/void", {"reason": " "})
    answer = administrator.post(f"{address}/void", {"reason": "检查人走错了网点"})

    assert (refused.status_code, answer.status_code) == (422, 303)
    with reading(bank.database) as session:
        assert visit_of_office(session, first.id).state is VisitState.VOIDED
        restated = rankings_of_wave(session, first.wave_id)[-1]
        assert restated.number == 2
        assert restated.reason == "检查人走错了网点"
        assert movers_of(session, restated)
    page = administrator.get(WAVE).text
    assert "第 2 次排名" in page
    assert "检查人走错了网点" in page
