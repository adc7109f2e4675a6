"""A reviewer approves an inspection, returns it or sets it aside: once, and the newest one."""

import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import transaction
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.inspections import Review, ReviewOutcome, Revision
from inspect_app.models.visits import SettingAside, VisitState
from inspect_app.services import reviews
from inspect_app.services.journal import Actor
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, count, journal_of, send
from tests.inspect_app.published_waves import reviewer, submitted, visit_of

ITEM = "S05.A6"
QUESTIONS = {ITEM: "看到的是哪一位？"}


def decided(session: Session, revision: Revision) -> Review:
    """Return the decision on a revision."""
    return session.scalars(select(Review).where(Review.revision_id == revision.id)).one()


def test_a_submitted_visit_is_taken_into_review(bank: Bank) -> None:
    with transaction(bank.database) as session:
        submitted(session, bank, "0101", 1)
        submitted(session, bank, "0102", 2)

        reviews.begin(session, reviewer(bank), visit_of(session, bank, "0101"), now=NOW)

        assert visit_of(session, bank, "0101").state is VisitState.IN_REVIEW
        assert visit_of(session, bank, "0102").state is VisitState.SUBMITTED


def test_a_visit_that_is_not_submitted_is_not_taken_into_review(bank: Bank) -> None:
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="assigned"):
        reviews.begin(session, reviewer(bank), visit_of(session, bank, "0101"), now=NOW)


def test_approving_keeps_who_decided_and_which_words_others_may_read(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)

        reviews.approve(session, reviewer(bank), revision, frozenset({ITEM}), now=NOW)

        review = decided(session, revision)
        assert visit_of(session, bank, "0101").state is VisitState.APPROVED
        assert review.outcome is ReviewOutcome.APPROVED
        assert review.reviewer_id == bank.user("reviewer").id
        assert json.loads(review.released) == [ITEM]


def test_a_visit_in_review_is_approved_and_the_journal_tells_each_step(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)
        visit = visit_of(session, bank, "0101")
        reviews.begin(session, reviewer(bank), visit, now=NOW)

        reviews.approve(session, reviewer(bank), revision, frozenset(), now=NOW)

        steps = {(one.action, one.from_state, one.to_state) for one in journal_of(session, visit.id)}
        assert ("begin_review", "submitted", "in_review") in steps
        assert ("approve", "in_review", "approved") in steps


def test_words_of_an_unknown_item_are_not_released(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)

        with pytest.raises(NotFoundError, match=r"S99\.A1"):
            reviews.approve(session, reviewer(bank), revision, frozenset({"S99.A1"}), now=NOW)

        assert visit_of(session, bank, "0101").state is VisitState.SUBMITTED


def test_what_is_returned_is_to_be_answered_within_three_days(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)
        review = reviews.return_to_inspector(session, reviewer(bank), revision, QUESTIONS, now=NOW)

        assert review.answer_by == NOW + timedelta(days=3)


def test_a_returned_inspection_comes_back_as_a_new_revision_to_be_decided(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first = submitted(session, bank, "0101", 1)
        reviews.return_to_inspector(session, reviewer(bank), first, QUESTIONS, now=NOW)
        assert visit_of(session, bank, "0101").state is VisitState.RETURNED
        assert json.loads(decided(session, first).questions) == QUESTIONS
        send(session, bank, "0101", body_of(bank, "0101", 7, inspection_id=first.inspection_id))
        second = session.scalars(select(Revision).where(Revision.number == 2)).one()

        reviews.approve(session, reviewer(bank), second, frozenset(), now=NOW)

        assert visit_of(session, bank, "0101").state is VisitState.APPROVED
        assert decided(session, second).outcome is ReviewOutcome.APPROVED


def test_a_superseded_revision_is_not_decided(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first = submitted(session, bank, "0101", 1)
        reviews.return_to_inspector(session, reviewer(bank), first, QUESTIONS, now=NOW)
        send(session, bank, "0101", body_of(bank, "0101", 7, inspection_id=first.inspection_id))

        with pytest.raises(ConflictError, match="not the newest"):
            reviews.approve(session, reviewer(bank), first, frozenset(), now=NOW)


def test_a_second_inspection_of_a_visit_is_not_decided(bank: Bank) -> None:
    with transaction(bank.database) as session:
        submitted(session, bank, "0101", 1)
        send(session, bank, "0101", body_of(bank, "0101", 5, inspection_id=uuid.uuid4()))
        counting = visit_of(session, bank, "0101").counting_inspection_id
        other = session.scalars(select(Revision).where(Revision.inspection_id != counting)).one()

        with pytest.raises(ConflictError, match="the inspection that counts"):
            reviews.approve(session, reviewer(bank), other, frozenset(), now=NOW)


def test_a_return_asks_a_question_for_each_item(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)
        with pytest.raises(IncompleteError):
            reviews.return_to_inspector(session, reviewer(bank), revision, {}, now=NOW)
        with pytest.raises(IncompleteError) as refused:
            reviews.return_to_inspector(session, reviewer(bank), revision, {ITEM: " "}, now=NOW)

    assert refused.value.missing == (ITEM,)


def test_what_is_set_aside_keeps_why(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)

        reviews.set_aside(session, reviewer(bank), revision, SettingAside.EXPOSED, "店员认出来了", now=NOW)

        visit = visit_of(session, bank, "0101")
        assert (visit.state, visit.setting_aside) == (VisitState.SET_ASIDE, SettingAside.EXPOSED)
        assert visit.reason == "店员认出来了"
        assert decided(session, revision).outcome is ReviewOutcome.SET_ASIDE
        assert journal_of(session, visit.id)[-1].reason == "exposed: 店员认出来了"


def test_what_is_set_aside_needs_a_reason_in_words(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)
        with pytest.raises(IncompleteError) as refused:
            reviews.set_aside(session, reviewer(bank), revision, SettingAside.OTHER, "  ", now=NOW)

    assert refused.value.missing == ("reason",)


@pytest.mark.parametrize("outcome", [ReviewOutcome.APPROVED, ReviewOutcome.RETURNED])
def test_what_was_approved_or_returned_can_still_be_set_aside(bank: Bank, outcome: ReviewOutcome) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)
        if outcome is ReviewOutcome.APPROVED:
            reviews.approve(session, reviewer(bank), revision, frozenset(), now=NOW)
        else:
            reviews.return_to_inspector(session, reviewer(bank), revision, QUESTIONS, now=NOW)

        reviews.set_aside(session, reviewer(bank), revision, SettingAside.FRAUD, "照片是旧的", now=NOW)

        assert visit_of(session, bank, "0101").state is VisitState.SET_ASIDE
        assert decided(session, revision).outcome is outcome


def test_nothing_is_decided_twice(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)
        reviews.approve(session, reviewer(bank), revision, frozenset(), now=NOW)

        with pytest.raises(ConflictError):
            reviews.return_to_inspector(session, reviewer(bank), revision, QUESTIONS, now=NOW)

        assert count(session, Review) == 1


def test_only_a_user_decides(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision = submitted(session, bank, "0101", 1)
        with pytest.raises(ConflictError, match="by a user"):
            reviews.approve(session, Actor.system(), revision, frozenset(), now=NOW)


def test_of_two_reviewers_at_once_one_decides_and_the_other_is_told(bank: Bank) -> None:
    with transaction(bank.database) as session:
        revision_id = submitted(session, bank, "0101", 1).id
    with Session(bank.database.writing, expire_on_commit=False) as slow:
        seen = slow.get_one(Revision, revision_id)
        assert seen.inspection.visit.state is VisitState.SUBMITTED
        slow.commit()
        with transaction(bank.database) as quick:
            reviews.approve(quick, reviewer(bank), quick.get_one(Revision, revision_id), frozenset(), now=NOW)

        with pytest.raises(ConflictError, match="faster"):
            reviews.set_aside(
                slow, Actor.user(bank.user("reviewer2")), seen, SettingAside.FRAUD, "照片是旧的", now=NOW
            )

    with transaction(bank.database) as session:
        assert visit_of(session, bank, "0101").state is VisitState.APPROVED
        assert count(session, Review) == 1
