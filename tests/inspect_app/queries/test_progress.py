"""How far waves are, who could go, and what happened."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from checklists.handbook import Kind
from inspect_app.db import reading, transaction
from inspect_app.models.inspections import ReviewOutcome
from inspect_app.models.journal import ActorKind
from inspect_app.models.visits import Visit
from inspect_app.queries.directory import branches_in, branches_matching, region_tree
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.journal import events_of
from inspect_app.queries.organisation import region_coded
from inspect_app.queries.progress import (
    decisions_since,
    highest_region,
    mean_unobserved,
    progress_by_region,
    received_by_day,
    returned_before,
    visits_with_two_inspections,
)
from inspect_app.queries.visit_listing import VisitFilter, available_inspectors, list_visits
from inspect_app.queries.visits import visit_of_office
from inspect_app.queries.waves import wave_with_id
from inspect_app.services import reviews
from inspect_app.services.journal import Actor
from inspect_app.services.submissions import Body
from inspect_app.services.visits import cancel_visit
from tests.checklists.filling import full_fields
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, send

LATER = NOW + timedelta(days=1)


def receive(bank: Bank, branch: str, now: datetime = NOW) -> None:
    """Let the visit to a branch come in."""
    with transaction(bank.database) as session:
        send(session, bank, branch, body_of(bank, branch, seed=int(branch)), now)


def give_back(bank: Bank, branch: str, now: datetime = NOW) -> None:
    """Return what came in for a branch with one question."""
    with transaction(bank.database) as session:
        revision = newest_revision_of_visit(session, visit_of_office(session, bank.visits[branch]))
        assert revision is not None
        code = bank.checklist.sections[0].items[0].code
        actor = Actor.user(bank.user("reviewer"))
        reviews.return_to_inspector(session, actor, revision, {code: "几位？"}, now=now)


def test_each_region_below_head_office_has_its_own_progress(bank: Bank) -> None:
    receive(bank, "0101")

    with reading(bank.database) as session:
        first, second = progress_by_region(session, wave_with_id(session, bank.wave_id))

    assert (first.code, first.name, first.progress.received, first.progress.planned) == (
        "R01",
        "重庆分行",
        1,
        2,
    )
    assert (second.code, second.progress.received, second.progress.assigned) == ("R02", 0, 1)


def test_a_cancelled_visit_is_not_waited_for(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = visit_of_office(session, bank.visits["0102"])
        cancel_visit(session, Actor.system(), visit, "停业", now=NOW)

    with reading(bank.database) as session:
        first, _second = progress_by_region(session, wave_with_id(session, bank.wave_id))

    assert first.progress.planned == 1


def test_the_highest_region_of_a_branch_at_head_office_is_head_office() -> None:
    assert highest_region("/HO/R01/R0102/") == "R01"
    assert highest_region("/HO/") == "HO"


def test_a_visit_is_counted_on_the_day_on_which_it_first_came_in(bank: Bank) -> None:
    receive(bank, "0101")
    receive(bank, "0102", LATER)
    give_back(bank, "0101")
    with transaction(bank.database) as session:
        visit: Visit = visit_of_office(session, bank.visits["0101"])
        assert visit.counting_inspection_id is not None
        again = body_of(bank, "0101", seed=9, inspection_id=visit.counting_inspection_id)
        send(session, bank, "0101", again, LATER)

    with reading(bank.database) as session:
        by_day = received_by_day(session, wave_with_id(session, bank.wave_id), UTC)

    assert by_day == ((NOW.date(), 1), (LATER.date(), 2))


def test_only_what_was_returned_long_ago_and_is_not_back_is_named(bank: Bank) -> None:
    for branch in ("0101", "0102", "0201"):
        receive(bank, branch)
    give_back(bank, "0101")
    give_back(bank, "0102", LATER)

    with reading(bank.database) as session:
        returns = returned_before(session, wave_with_id(session, bank.wave_id), LATER)

    assert (returns.count, returns.oldest) == (1, NOW)


def test_a_visit_with_two_inspections_is_counted_once(bank: Bank) -> None:
    for seed in (1, 2, 3):
        with transaction(bank.database) as session:
            send(session, bank, "0101", body_of(bank, "0101", seed))
    receive(bank, "0102")

    with reading(bank.database) as session:
        assert visits_with_two_inspections(session, wave_with_id(session, bank.wave_id)) == 1


def test_decisions_are_listed_from_a_moment_on(bank: Bank) -> None:
    receive(bank, "0101")
    receive(bank, "0102")
    give_back(bank, "0101")
    give_back(bank, "0102", LATER)

    with reading(bank.database) as session:
        (decision,) = decisions_since(session, LATER)

    assert (decision.branch_code, decision.outcome, decision.reviewer) == (
        "0102",
        ReviewOutcome.RETURNED,
        "孙复核",
    )


def test_what_nobody_could_observe_is_counted_per_visit(bank: Bank) -> None:
    send_left_out(bank, "0101", "could_not_see_or_hear", "would_have_given_me_away", "not_this_branch")
    send_left_out(bank, "0102", "other")

    with reading(bank.database) as session:
        assert mean_unobserved(session, wave_with_id(session, bank.wave_id)) == Fraction(3, 2)


def send_left_out(bank: Bank, branch: str, *reasons: str) -> None:
    """Let a visit come in with everything met, but one action left out for each reason."""
    fields = full_fields(bank.checklist)
    actions = [
        item.code for section in bank.checklist.sections for item in section.items if item.kind is Kind.ACTION
    ]
    for code, reason in zip(actions, reasons, strict=False):
        fields |= {code: "left_out", f"{code}.left": reason, f"{code}.words": "有人挡着"}
    kept = tuple((name, value) for name, value in fields.items() if isinstance(value, str))
    whole = body_of(bank, branch, seed=1)
    with transaction(bank.database) as session:
        send(session, bank, branch, Body(whole.submission_id, whole.inspection_id, repr(kept).encode(), kept))


def test_a_wave_that_nothing_came_in_for_has_no_mean(bank: Bank) -> None:
    with reading(bank.database) as session:
        assert mean_unobserved(session, wave_with_id(session, bank.wave_id)) is None


def test_inspectors_with_the_fewest_visits_come_first(bank: Bank) -> None:
    with reading(bank.database) as session:
        available = available_inspectors(session, wave_with_id(session, bank.wave_id))

    assert [(one.user.username, one.visits) for one in available] == [("inspector2", 1), ("inspector", 2)]


def test_a_listing_counts_beyond_its_page(bank: Bank) -> None:
    with reading(bank.database) as session:
        listing = list_visits(session, wave_with_id(session, bank.wave_id), VisitFilter(), page=2)

    assert (list(listing.visits), listing.total, listing.pages) == ([], 3, 1)


def test_the_journal_tells_of_inspectors_only_that_it_was_one(bank: Bank) -> None:
    receive(bank, "0101")
    receive(bank, "0102")

    with reading(bank.database) as session:
        events = events_of(session, "visit", str(bank.visits["0101"]))

    told = {(event.action, event.actor_kind, event.actor_name) for event in events}
    assert ("submit_inspection", ActorKind.INSPECTOR, None) in told
    assert ("assign_visit", ActorKind.USER, "钱管理") in told


def test_a_region_counts_what_stands_in_it_and_below(bank: Bank) -> None:
    with reading(bank.database) as session:
        nodes = {node.region.code: node for node in region_tree(session)}
        own = [branch.code for branch in branches_in(session, region_coded(session, "R01"))]

    assert (nodes["HO"].depth, nodes["HO"].branches, nodes["HO"].below) == (0, 0, 3)
    assert (nodes["R01"].depth, nodes["R01"].branches, nodes["R01"].below) == (1, 2, 2)
    assert own == ["0101", "0102"]


def test_signs_of_a_search_mean_themselves(bank: Bank) -> None:
    with reading(bank.database) as session:
        assert list(branches_matching(session, "%")) == []
        assert [branch.code for branch in branches_matching(session, "江北")] == ["0102"]
