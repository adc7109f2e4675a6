"""What was recorded on a visit, as it is asked for."""

from datetime import timedelta

from checklists.answers import parse
from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Review, ReviewOutcome
from inspect_app.queries.inspections import (
    draft_of_visit,
    fields_of_visit,
    newest_revision_of_visit,
    newest_submission_of,
    review_of,
)
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, own_visit, send


def test_before_anything_was_recorded_there_is_nothing(bank: Bank) -> None:
    with transaction(bank.database) as session:
        send(session, bank, "0102", body_of(bank, "0102", seed=1))

    with reading(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        assert draft_of_visit(session, visit) is None
        assert fields_of_visit(session, visit) == ()
        assert newest_revision_of_visit(session, visit) is None
        assert newest_submission_of(session, visit) is None


def test_what_was_sent_opens_the_form_again_with_the_same_answers(bank: Bank) -> None:
    for seed in range(20):
        body = body_of(bank, "0101", seed)
        with transaction(bank.database) as session:
            send(session, bank, "0101", body)
            shown = fields_of_visit(session, own_visit(session, bank, "0101"))

            assert parse(bank.checklist, shown) == (parse(bank.checklist, body.fields)[0], ())
            session.rollback()


def test_a_second_inspection_is_never_the_newest_revision_of_the_visit(bank: Bank) -> None:
    first, second = body_of(bank, "0101", seed=1), body_of(bank, "0101", seed=2)
    with transaction(bank.database) as session:
        send(session, bank, "0101", first)
        send(session, bank, "0101", second, now=NOW + timedelta(hours=1))

        newest = newest_revision_of_visit(session, own_visit(session, bank, "0101"))

        assert newest is not None
        assert newest.inspection_id == first.inspection_id


def test_a_decision_belongs_to_one_revision(bank: Bank) -> None:
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", seed=1))
        send(session, bank, "0102", body_of(bank, "0102", seed=1))
        decided = newest_revision_of_visit(session, own_visit(session, bank, "0101"))
        other = newest_revision_of_visit(session, own_visit(session, bank, "0102"))
        assert decided is not None
        assert other is not None
        review = Review(
            revision_id=decided.id,
            reviewer_id=bank.user("reviewer").id,
            outcome=ReviewOutcome.APPROVED,
            decided_at=NOW,
        )
        session.add(review)
        session.flush()

        assert review_of(session, decided) is review
        assert review_of(session, other) is None
