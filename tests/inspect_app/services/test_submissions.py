"""What an inspector sends is accepted exactly once, whatever the state of visit and wave."""

import hashlib
import json
import re
import threading
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, insert
from sqlalchemy.orm import Session

from checklists.answers import parse
from checklists.crediting import credit
from checklists.scoring import RULES_VERSION, score
from inspect_app.db import reading, transaction
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.inspections import (
    Draft,
    Inspection,
    Revision,
    RevisionKind,
    Submission,
    SubmissionConflict,
)
from inspect_app.models.visits import SettingAside, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.inspections import (
    answers_of,
    conflicts_of,
    credited_inspection_of,
    inspections_of,
    newest_revision,
    newest_revision_of_visit,
    newest_submission_of,
    revisions_of,
    submission_with_id,
    submissions_of,
)
from inspect_app.queries.visits import identity_of, visit_of_office
from inspect_app.queries.waves import wave_with_id
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.services.journal import Actor
from inspect_app.services.submissions import AWAITED, Body, ConflictKept, accept_submission
from inspect_app.services.waves import close_wave
from reports.stated_scores import parse_scores
from tests.inspect_app.made_up_bank import (
    NOW,
    SECRET,
    Bank,
    body_of,
    count,
    fill,
    journal_of,
    own_visit,
    send,
)

LATER = NOW + timedelta(hours=1)
NOT_AWAITED = sorted(set(VisitState) - AWAITED - {VisitState.PLANNED})


def set_state(session: Session, bank: Bank, code: str, state: VisitState) -> None:
    visit = visit_of_office(session, bank.visits[code])
    visit.state = state
    visit.setting_aside = SettingAside.OTHER if state is VisitState.SET_ASIDE else None
    session.flush()


def again(body: Body, bank: Bank, seed: int) -> Body:
    """Return a further body of the same inspection."""
    return replace(
        body,
        submission_id=uuid.uuid4(),
        payload=f"further {seed}".encode(),
        fields=fill(bank.checklist, seed),
    )


def test_a_submission_is_kept_whole_and_scored(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        accepted = send(session, bank, "0101", body)
        assert accepted.is_new

    with reading(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        revision = newest_revision_of_visit(session, visit)
        stored = submission_with_id(session, body.submission_id)
        assert revision is not None
        assert stored is not None
        assert (visit.state, visit.counting_inspection_id) == (VisitState.SUBMITTED, body.inspection_id)
        assert (stored.body, stored.received_at) == (body.payload, NOW)
        assert (revision.number, revision.kind) == (1, RevisionKind.SUBMITTED)
        assert (revision.submission_id, revision.rules_version) == (body.submission_id, RULES_VERSION)
        answers = parse(bank.checklist, body.fields)[0]
        assert answers_of(revision) == answers
        assert credited_inspection_of(session, revision) == credit(bank.checklist, answers)
        assert parse_scores(revision.scores or "") == score(credit(bank.checklist, answers))


def test_the_receipt_names_what_was_received(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        submission = send(session, bank, "0101", body).submission

    receipt = json.loads(submission.receipt)
    assert receipt == {
        "receipt": submission.receipt_number,
        "submission": str(body.submission_id),
        "inspection": str(body.inspection_id),
        "visit": str(bank.visits["0101"]),
        "payload_sha256": hashlib.sha256(body.payload).hexdigest(),
        "photos": 0,
        "received_at": "2026-08-03T02:30:00Z",
    }
    assert re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", submission.receipt_number)


def test_receipt_numbers_depend_on_the_secret(bank: Bank) -> None:
    numbers = set()
    body = body_of(bank, "0101", seed=1)
    for secret in ("one secret", "another secret"):
        with Session(bank.database.writing) as session:
            visit = own_visit(session, bank, "0101")
            accepted = accept_submission(session, bank.user("inspector"), visit, body, secret, now=NOW)
            numbers.add(accepted.submission.receipt_number)
            session.rollback()
    assert len(numbers) == 2


def test_a_receipt_number_that_is_taken_is_not_given_twice(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    with Session(bank.database.writing) as session:
        number = send(session, bank, "0101", body).submission.receipt_number
        session.rollback()
    with transaction(bank.database) as session:
        send(session, bank, "0102", body_of(bank, "0102", seed=2)).submission.receipt_number = number

        given = send(session, bank, "0101", body).submission.receipt_number

        assert given != number


def test_the_same_bytes_again_get_the_same_receipt_and_write_nothing(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        receipt = send(session, bank, "0101", body).submission.receipt

    with transaction(bank.database) as session:
        repeated = send(session, bank, "0101", body, now=LATER)

        assert (repeated.is_new, repeated.submission.receipt) == (False, receipt)
        assert [count(session, table) for table in (Inspection, Submission, Revision)] == [1, 1, 1]
        assert not session.dirty


def test_other_bytes_under_the_same_id_are_kept_and_refused(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    other = replace(body, payload=b"other bytes", fields=fill(bank.checklist, 2))
    with transaction(bank.database) as session:
        send(session, bank, "0101", body)
        before = newest_revision_of_visit(session, own_visit(session, bank, "0101"))
        for _ in range(2):
            with pytest.raises(ConflictKept):
                send(session, bank, "0101", other, now=LATER)

    with reading(bank.database) as session:
        stored = submission_with_id(session, body.submission_id)
        assert stored is not None
        assert [(one.body, one.received_at) for one in conflicts_of(session, stored)] == [
            (b"other bytes", LATER)
        ]
        assert stored.body == body.payload
        after = newest_revision_of_visit(session, own_visit(session, bank, "0101"))
        assert before is not None
        assert after is not None
        assert (after.id, after.answers) == (before.id, before.answers)
        told = [entry.action for entry in journal_of(session, bank.visits["0101"])]
        assert told.count("keep_conflict") == 1


def test_a_submission_of_another_visit_is_not_given_away(bank: Bank) -> None:
    body = body_of(bank, "0201", seed=1)
    with transaction(bank.database) as session:
        receipt = send(session, bank, "0201", body).submission.receipt
        with pytest.raises(ConflictKept) as refused:
            send(session, bank, "0101", body)
        assert json.loads(receipt)["receipt"] not in str(refused.value)
        assert own_visit(session, bank, "0101").state is VisitState.ASSIGNED


def test_what_is_missing_is_named_and_nothing_is_written(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    gate = next(name for name, _ in body.fields if name.endswith(".gate"))
    holed = tuple((name, value) for name, value in body.fields if name != gate)
    with transaction(bank.database) as session:
        with pytest.raises(IncompleteError) as refused:
            send(session, bank, "0101", replace(body, fields=holed))

        assert refused.value.missing == (gate,)
        assert [count(session, table) for table in (Inspection, Submission, Revision)] == [0, 0, 0]
        assert own_visit(session, bank, "0101").state is VisitState.ASSIGNED


def test_someone_elses_visit_is_not_found(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        for name in ("inspector2", "reviewer", "administrator", "branch0101"):
            with pytest.raises(NotFoundError):
                accept_submission(session, bank.user(name), visit, body, SECRET, now=NOW)
        assert count(session, Submission) == 0


def test_an_inspection_of_another_visit_is_not_found(bank: Bank) -> None:
    body = body_of(bank, "0102", seed=1)
    with transaction(bank.database) as session:
        send(session, bank, "0102", body)
        with pytest.raises(NotFoundError):
            send(session, bank, "0101", again(body, bank, 2))
        assert count(session, Submission) == 1


def test_sending_ends_the_draft_of_this_inspection_alone(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        for code, inspection in (("0101", body.inspection_id), ("0102", uuid.uuid4())):
            filling = Filling(inspection, uuid.uuid4(), body.fields[:3])
            save_draft(session, bank.user("inspector"), own_visit(session, bank, code), filling, now=NOW)

        send(session, bank, "0101", body)

        assert count(session, Draft) == 1


def test_what_arrives_after_the_wave_closed_is_kept_and_flagged_late(bank: Bank) -> None:
    with transaction(bank.database) as session:
        send(session, bank, "0102", body_of(bank, "0102", seed=2))
        close_wave(session, Actor.system(), wave_with_id(session, bank.wave_id), now=NOW)

        send(session, bank, "0101", body_of(bank, "0101", seed=1), now=LATER)

        late, in_time = own_visit(session, bank, "0101"), own_visit(session, bank, "0102")
        assert late.state is VisitState.SUBMITTED
        assert [one.is_late for one in inspections_of(session, late)] == [True]
        assert [one.is_late for one in inspections_of(session, in_time)] == [False]


def test_what_was_sent_in_time_is_not_late_when_it_is_mended(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        send(session, bank, "0101", body)
        close_wave(session, Actor.system(), wave_with_id(session, bank.wave_id), now=NOW)
        set_state(session, bank, "0101", VisitState.RETURNED)

        send(session, bank, "0101", again(body, bank, 5), now=LATER)

        visit = own_visit(session, bank, "0101")
        assert visit.wave.state is WaveState.CLOSED
        assert [one.is_late for one in inspections_of(session, visit)] == [False]


@pytest.mark.parametrize("with_draft", ["", "draft"])
def test_a_returned_visit_is_sent_again_as_the_next_revision(bank: Bank, with_draft: str) -> None:
    body = body_of(bank, "0101", seed=1)
    mended = again(body, bank, 5)
    with transaction(bank.database) as session:
        send(session, bank, "0101", body)
        set_state(session, bank, "0101", VisitState.RETURNED)
        visit = own_visit(session, bank, "0101")
        if with_draft:
            filling = Filling(body.inspection_id, mended.submission_id, mended.fields[:5])
            save_draft(session, bank.user("inspector"), visit, filling, now=NOW)

        send(session, bank, "0101", mended, now=LATER)

        revisions = revisions_of(session, body.inspection_id)
        assert [(one.number, one.submission_id) for one in revisions] == [
            (1, body.submission_id),
            (2, mended.submission_id),
        ]
        assert newest_revision(session, body.inspection_id) is revisions[1]
        newest = newest_submission_of(session, visit)
        assert newest is not None
        assert newest.id == mended.submission_id
        assert visit.state is VisitState.SUBMITTED


def test_a_second_inspection_is_kept_and_the_first_one_counts(bank: Bank) -> None:
    first, second = body_of(bank, "0101", seed=1), body_of(bank, "0101", seed=2)
    with transaction(bank.database) as session:
        send(session, bank, "0101", first)

        assert send(session, bank, "0101", second, now=LATER).is_new

        visit = own_visit(session, bank, "0101")
        flags = {one.id: one.is_conflict for one in inspections_of(session, visit)}
        assert flags == {first.inspection_id: False, second.inspection_id: True}
        assert visit.counting_inspection_id == first.inspection_id
        kept = newest_revision(session, second.inspection_id)
        assert kept is not None
        assert answers_of(kept) == parse(bank.checklist, second.fields)[0]
        assert len(submissions_of(session, visit)) == 2


def test_of_two_inspections_begun_the_one_sent_first_counts(bank: Bank) -> None:
    begun = Filling(uuid.uuid4(), uuid.uuid4(), (("S01.gate", "occurred"),))
    sent = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        save_draft(session, bank.user("inspector"), own_visit(session, bank, "0101"), begun, now=NOW)
        filling = Filling(sent.inspection_id, sent.submission_id, sent.fields)
        save_draft(session, bank.user("inspector"), own_visit(session, bank, "0101"), filling, now=NOW)

        send(session, bank, "0101", sent)
        late = replace(again(sent, bank, 2), inspection_id=begun.inspection_id)
        send(session, bank, "0101", late)

        visit = own_visit(session, bank, "0101")
        flags = {one.id: one.is_conflict for one in inspections_of(session, visit)}
        assert flags == {sent.inspection_id: False, begun.inspection_id: True}
        assert visit.counting_inspection_id == sent.inspection_id


@pytest.mark.parametrize("state", NOT_AWAITED)
def test_what_nobody_waits_for_any_more_is_kept_without_changing_what_counts(
    bank: Bank, state: VisitState
) -> None:
    body = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        send(session, bank, "0101", body)
        set_state(session, bank, "0101", state)

        accepted = send(session, bank, "0101", again(body, bank, 5), now=LATER)

        assert accepted.is_new
        assert own_visit(session, bank, "0101").state is state
        assert [one.number for one in revisions_of(session, body.inspection_id)] == [1]
        last = journal_of(session, bank.visits["0101"])[-1]
        assert (last.action, last.from_state, last.to_state) == ("keep_submission", None, None)


@pytest.mark.parametrize("state", NOT_AWAITED)
def test_a_first_submission_is_never_refused_for_the_state_of_its_visit(
    bank: Bank, state: VisitState
) -> None:
    with transaction(bank.database) as session:
        set_state(session, bank, "0101", state)

        accepted = send(session, bank, "0101", body_of(bank, "0101", seed=1))

        assert accepted.submission.receipt_number
        assert own_visit(session, bank, "0101").state is state
        assert newest_revision(session, accepted.submission.inspection_id) is not None


def test_each_submission_is_one_entry_of_the_journal(bank: Bank) -> None:
    with transaction(bank.database) as session:
        body = body_of(bank, "0101", seed=1)
        before = len(journal_of(session, bank.visits["0101"]))
        send(session, bank, "0101", body)
        send(session, bank, "0101", body)

        entries = journal_of(session, bank.visits["0101"])
        assert len(entries) == before + 1
        told = next(entry for entry in entries if entry.action == "submit_inspection")
        assert (told.from_state, told.to_state, told.actor_id) == ("assigned", "submitted", None)
        assert json.loads(told.details) == {
            "inspection": str(body.inspection_id),
            "submission": str(body.submission_id),
            "late": False,
            "conflict": False,
        }


def test_device_and_times_stand_with_the_identity_alone(bank: Bank) -> None:
    body = replace(body_of(bank, "0101", seed=1), device="Chrome 156 on HUAWEI")
    with transaction(bank.database) as session:
        send(session, bank, "0101", body)
        set_state(session, bank, "0101", VisitState.RETURNED)
        send(session, bank, "0101", again(body, bank, 2), now=LATER)

        identity = identity_of(session, own_visit(session, bank, "0101"))
        assert identity is not None
        assert identity.device == "Chrome 156 on HUAWEI"
        assert json.loads(identity.times) == {
            "begun": ["2026-08-03T02:30:00+00:00"],
            "submitted": ["2026-08-03T02:30:00+00:00", "2026-08-03T03:30:00+00:00"],
        }


def be_faster(session: Session, visit_id: uuid.UUID, body: Body, times: int) -> list[bool]:
    """Write an inspection a moment before it is written, so often, as a second server would."""
    met: list[bool] = []
    writing = threading.Lock()

    @event.listens_for(session.connection(), "before_cursor_execute")
    def _write(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        is_own = statement.startswith("INSERT INTO inspection") and not writing.locked()
        if is_own and len(met) < times:
            met.append(True)
            row = {"id": body.inspection_id, "visit_id": visit_id, "is_late": False, "is_conflict": False}
            with writing:
                connection.execute(insert(Inspection), row)

    return met


def test_a_submission_that_meets_another_is_tried_again(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        met = be_faster(session, bank.visits["0101"], body, times=1)

        accepted = send(session, bank, "0101", body)

        assert met
        assert accepted.is_new
        assert [count(session, table) for table in (Inspection, Submission, Revision)] == [1, 1, 1]


def test_a_submission_that_always_meets_others_can_be_sent_again(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    with transaction(bank.database) as session:
        be_faster(session, bank.visits["0101"], body, times=100)

        with pytest.raises(ConflictError, match="sent again"):
            send(session, bank, "0101", body)
        assert [count(session, table) for table in (Submission, SubmissionConflict, Revision)] == [0, 0, 0]
