"""What a reviewer sees: the queue, and one inspection whole."""

import uuid
from datetime import timedelta

import pytest

from checklists.scoring import break_down, score
from inspect_app.db import transaction
from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import ReviewOutcome
from inspect_app.models.visits import VisitState
from inspect_app.queries.reviews import visit_for_review, waiting_count, waiting_visits, whole_inspection
from inspect_app.services import reviews, waves
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, send
from tests.inspect_app.published_waves import (
    CLOSED,
    administrator,
    approved,
    reviewer,
    submitted,
    visit_of,
    wave_of,
)

QUESTIONS = {"S05.A6": "看到的是哪一位？"}


def test_the_longest_waiting_comes_first_and_what_is_decided_not_at_all(bank: Bank) -> None:
    with transaction(bank.database) as session:
        submitted(session, bank, "0201", 3, now=NOW + timedelta(hours=1))
        submitted(session, bank, "0102", 2)
        approved(session, bank, "0101", 1)
        reviews.begin(session, reviewer(bank), visit_of(session, bank, "0201"), now=NOW)

        waiting = waiting_visits(session, bank.user("reviewer"))

        assert [(one.branch_code, one.ordinal, one.state) for one in waiting] == [
            ("0102", 1, VisitState.SUBMITTED),
            ("0201", 1, VisitState.IN_REVIEW),
        ]
        assert waiting_count(session, bank.user("reviewer")) == 2
        assert waiting[1].received_at == NOW + timedelta(hours=1)
        assert (waiting[0].wave_code, waiting[0].branch_name) == ("2026Q3", "江北支行")
        assert not waiting[0].is_late
        assert not waiting[0].has_conflict


def test_the_queue_shows_the_provisional_score_of_the_newest_revision(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first = submitted(session, bank, "0101", 1)
        reviews.return_to_inspector(session, reviewer(bank), first, QUESTIONS, now=NOW)
        body = body_of(bank, "0101", 7, inspection_id=first.inspection_id)
        send(session, bank, "0101", body, now=NOW + timedelta(days=1))

        (waiting,) = waiting_visits(session, bank.user("reviewer"))

        whole = whole_inspection(session, bank.user("reviewer"), bank.visits["0101"])
        assert waiting.revision_number == 2
        assert waiting.received_at == NOW + timedelta(days=1)
        assert waiting.provisional_score == score(whole.current.credited).visit


def test_the_queue_marks_what_is_late_and_what_was_sent_twice(bank: Bank) -> None:
    with transaction(bank.database) as session:
        submitted(session, bank, "0101", 1)
        send(session, bank, "0101", body_of(bank, "0101", 5, inspection_id=uuid.uuid4()))
        waves.close_wave(session, administrator(bank), wave_of(session, bank), now=CLOSED)
        submitted(session, bank, "0102", 2, now=CLOSED)

        waiting = waiting_visits(session, bank.user("reviewer"))

        marks = [(one.branch_code, one.is_late, one.has_conflict) for one in waiting]
        assert marks == [("0101", False, True), ("0102", True, False)]


@pytest.mark.parametrize("name", ["inspector", "region01", "branch0101"])
def test_only_head_office_reviews(bank: Bank, name: str) -> None:
    with transaction(bank.database) as session:
        submitted(session, bank, "0101", 1)

        assert waiting_visits(session, bank.user(name)) == ()
        assert waiting_count(session, bank.user(name)) == 0
        with pytest.raises(NotFoundError):
            whole_inspection(session, bank.user(name), bank.visits["0101"])


def test_before_anything_came_in_there_is_nothing_to_review(bank: Bank) -> None:
    with transaction(bank.database) as session:
        with pytest.raises(NotFoundError):
            visit_for_review(session, bank.user("reviewer"), bank.visits["0101"])
        with pytest.raises(NotFoundError):
            visit_for_review(session, bank.user("reviewer"), uuid.uuid4())


def test_an_inspection_is_seen_whole_with_its_breakdown_and_what_came_before(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first = submitted(session, bank, "0101", 1)
        submitted(session, bank, "0102", 2)
        reviews.return_to_inspector(session, reviewer(bank), first, QUESTIONS, now=NOW)
        send(session, bank, "0101", body_of(bank, "0101", 7, inspection_id=first.inspection_id))
        other = uuid.uuid4()
        send(session, bank, "0101", body_of(bank, "0101", 5, inspection_id=other))

        whole = whole_inspection(session, bank.user("reviewer"), bank.visits["0101"])

        assert whole.visit.target.branch_code == "0101"
        assert whole.current.revision.number == 2
        assert whole.current.checklist == bank.checklist
        assert whole.current.review is None
        assert whole.current.breakdown == break_down(whole.current.credited)
        (earlier,) = whole.earlier
        assert earlier.revision is first
        assert earlier.review is not None
        assert (earlier.review.outcome, earlier.questions) == (ReviewOutcome.RETURNED, QUESTIONS)
        assert [one.id for one in whole.other_inspections] == [other]


def test_a_decided_inspection_shows_which_words_were_released(bank: Bank) -> None:
    with transaction(bank.database) as session:
        approved(session, bank, "0101", 1, frozenset({"S05.A6"}))

        whole = whole_inspection(session, bank.user("administrator"), bank.visits["0101"])

        assert whole.current.released == {"S05.A6"}
