"""Answers are kept while they are filled in, for the inspector who makes the visit."""

import json
import uuid
from datetime import timedelta

import pytest

from inspect_app.db import reading, transaction
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.inspections import Draft, Inspection
from inspect_app.models.visits import VisitState
from inspect_app.queries.inspections import (
    Fields,
    draft_of_visit,
    fields_of_draft,
    fields_of_visit,
    inspections_of,
)
from inspect_app.queries.visits import identity_of, visit_of_office
from inspect_app.services.drafts import FILLABLE, Filling, save_draft
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, count, fill, journal_of, own_visit, send

FIRST = Filling(
    uuid.UUID("11111111-1111-4111-8111-111111111111"),
    uuid.UUID("22222222-2222-4222-8222-222222222222"),
    (("S01.gate", "occurred"), ("S01.A1.why", ("0", "2")), ("S01.A1.words", "还没有写完")),
)
LATER = NOW + timedelta(minutes=5)


def with_fields(fields: Fields, sequence: int | None = None) -> Filling:
    return Filling(FIRST.inspection_id, FIRST.submission_id, fields, sequence)


def test_the_first_answer_begins_the_inspection(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")

        save_draft(session, bank.user("inspector"), visit, FIRST, now=NOW)

    with reading(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        draft = draft_of_visit(session, visit)
        assert draft is not None
        assert (visit.state, visit.counting_inspection_id) == (VisitState.IN_PROGRESS, None)
        assert fields_of_draft(draft) == FIRST.fields
        assert (draft.inspection_id, draft.submission_id) == (FIRST.inspection_id, FIRST.submission_id)
        assert [one.is_conflict for one in inspections_of(session, visit)] == [False]
        assert draft_of_visit(session, own_visit(session, bank, "0102")) is None


def test_beginning_is_journalled_once_and_saving_again_is_not(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        for _ in range(3):
            save_draft(session, bank.user("inspector"), visit, FIRST, now=NOW)

        begun = [entry for entry in journal_of(session, visit.id) if entry.action == "begin_inspection"]
        assert [(entry.from_state, entry.to_state) for entry in begun] == [("assigned", "in_progress")]


def test_a_later_save_replaces_the_whole(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        save_draft(session, bank.user("inspector"), visit, FIRST, now=NOW)

        save_draft(session, bank.user("inspector"), visit, with_fields((("S01.gate", ""),)), now=LATER)

        draft = draft_of_visit(session, visit)
        assert draft is not None
        assert (fields_of_draft(draft), draft.sequence, draft.saved_at) == ((("S01.gate", ""),), 2, LATER)


def test_a_save_that_was_overtaken_changes_nothing(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        for fields, sequence in (("7", 7), ("5", 5), ("7 again", 7)):
            filling = with_fields((("S01.A1.words", fields),), sequence)
            draft = save_draft(session, bank.user("inspector"), visit, filling, now=NOW)
            assert (fields_of_draft(draft), draft.sequence) == ((("S01.A1.words", "7"),), 7)


def test_half_a_pair_of_signs_is_kept_as_it_came(bank: Bank) -> None:
    fields = (("S01.A1.words", "\ud83d 好"), ("\x00", "\x00"))
    with transaction(bank.database) as session:
        save_draft(
            session, bank.user("inspector"), own_visit(session, bank, "0101"), with_fields(fields), now=NOW
        )

    with reading(bank.database) as session:
        draft = draft_of_visit(session, own_visit(session, bank, "0101"))
        assert draft is not None
        assert fields_of_draft(draft) == fields


def test_someone_elses_visit_is_not_found(bank: Bank) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        for name in ("inspector2", "reviewer", "administrator", "branch0101"):
            with pytest.raises(NotFoundError):
                save_draft(session, bank.user(name), visit, FIRST, now=NOW)
        assert count(session, Inspection) == 0


def test_an_inspection_of_another_visit_is_not_found(bank: Bank) -> None:
    with transaction(bank.database) as session:
        save_draft(session, bank.user("inspector"), own_visit(session, bank, "0101"), FIRST, now=NOW)
        with pytest.raises(NotFoundError):
            save_draft(session, bank.user("inspector"), own_visit(session, bank, "0102"), FIRST, now=NOW)


@pytest.mark.parametrize("state", sorted(set(VisitState) - FILLABLE - {VisitState.SET_ASIDE}))
def test_a_visit_that_is_not_being_filled_in_takes_no_draft(bank: Bank, state: VisitState) -> None:
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        visit.state = state
        with pytest.raises(ConflictError, match=state.value):
            save_draft(session, bank.user("inspector"), visit, FIRST, now=NOW)
        assert count(session, Draft) == 0


def test_a_second_inspection_of_the_visit_is_flagged_and_the_first_is_gone_on_with(bank: Bank) -> None:
    second = Filling(uuid.uuid4(), uuid.uuid4(), (("S01.gate", "did_not_occur"),))
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        save_draft(session, bank.user("inspector"), visit, FIRST, now=NOW)

        save_draft(session, bank.user("inspector"), visit, second, now=LATER)

        flags = {one.id: one.is_conflict for one in inspections_of(session, visit)}
        assert flags == {FIRST.inspection_id: False, second.inspection_id: True}
        assert fields_of_visit(session, visit) == FIRST.fields


def test_a_returned_visit_is_opened_with_what_was_sent_and_taken_up_again(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=3)
    with transaction(bank.database) as session:
        send(session, bank, "0101", body)
        visit = visit_of_office(session, bank.visits["0101"])
        visit.state = VisitState.RETURNED
        shown = dict(fields_of_visit(session, visit))
        assert shown
        assert shown.items() <= dict(fill(bank.checklist, 3)).items()

        again = Filling(body.inspection_id, uuid.uuid4(), tuple(shown.items()))
        save_draft(session, bank.user("inspector"), visit, again, now=LATER)

        assert visit.state is VisitState.IN_PROGRESS
        assert [one.is_conflict for one in inspections_of(session, visit)] == [False]


def test_device_and_times_stand_with_the_identity_alone(bank: Bank) -> None:
    filling = Filling(FIRST.inspection_id, FIRST.submission_id, FIRST.fields, device="Chrome 156 on HUAWEI")
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        save_draft(session, bank.user("inspector"), visit, filling, now=NOW)

        identity = identity_of(session, visit)
        assert identity is not None
        assert identity.device == "Chrome 156 on HUAWEI"
        assert json.loads(identity.times) == {"begun": ["2026-08-03T02:30:00+00:00"]}
