"""A branch answers what was found wanting; region or head office accepts it or sends it back."""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from inspect_app.db import transaction
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.corrective_actions import (
    ActionPhoto,
    AnsweredDeficiency,
    Cause,
    CorrectiveAction,
    CorrectiveDraft,
    Measure,
    Verification,
    VerificationOutcome,
)
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.photos import NormalisedPhoto
from inspect_app.queries.branch_photos import photo_seen_by
from inspect_app.queries.corrective_actions import (
    answers_to_verify,
    deficiency_to_verify,
    draft_of,
    history_of,
)
from inspect_app.services import verifications
from inspect_app.services.branch_photos import PhotoUsedError, keep_photo
from inspect_app.services.corrective_actions import ActionPlan, DraftPlan, save_draft, send_action
from inspect_app.services.journal import Actor
from inspect_app.services.verifications import OwnAnswerError
from inspect_app.services.versions import StaleError
from inspect_app.storage import open_store
from tests.databases import Databases
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import Bank, count, journal_of
from tests.inspect_app.published_waves import DISCLOSED

NEXT_DAY = DISCLOSED + timedelta(days=1)
PLAN = ActionPlan(
    cause=Cause.FORGOTTEN,
    measure=Measure.REMINDER,
    measure_words="班前会由大堂经理带着练一遍",
    owner_role="lobby_manager",
    done_by=date(2026, 9, 30),
)


@pytest.fixture
def bank(databases: Databases, disclosed_bank: Bank) -> Iterator[Bank]:
    """Return the bank with a disclosed wave in a database of its own."""
    copied = made_up_bank.at(disclosed_bank, databases.copy_of(disclosed_bank.url))
    yield copied
    copied.database.writing.dispose()
    databases.drop(copied.url)


def manager(bank: Bank, code: str = "0101") -> Actor:
    """Return the manager of a branch as an actor."""
    return Actor.user(bank.user(f"branch{code}"))


def found(session: Session, bank: Bank, code: str = "0101") -> list[Deficiency]:
    """Return the deficiencies of a branch."""
    return list(
        session.scalars(
            select(Deficiency).where(Deficiency.visit_id == bank.visits[code]).order_by(Deficiency.item_code)
        )
    )


def send(
    session: Session,
    bank: Bank,
    deficiencies: Sequence[Deficiency],
    plan: ActionPlan = PLAN,
    now: datetime = NEXT_DAY,
) -> CorrectiveAction:
    """Answer deficiencies of branch 0101, as the page showed them."""
    seen = {one.id: one.version for one in deficiencies}
    return send_action(session, manager(bank), deficiencies, plan, seen, now=now)


def keep(session: Session, bank: Bank, folder: Path, content: bytes) -> uuid.UUID:
    """Keep a photo of branch 0101; return its id."""
    photo = keep_photo(
        session,
        manager(bank),
        bank.user("branch0101").branch_id or uuid.UUID(int=0),
        NormalisedPhoto(jpeg=content, thumbnail=content + b" small", width=4, height=3),
        open_store(folder.as_uri()),
        now=NEXT_DAY,
    )
    return photo.id


def test_one_answer_goes_to_several_deficiencies_with_the_same_cause(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first, second, other = found(session, bank)[:3]

        action = send(session, bank, [first, second])

        assert {first.state, second.state} == {DeficiencyState.ANSWERED}
        assert other.state is DeficiencyState.OPEN
        assert count(session, AnsweredDeficiency) == 2
        for one in (first, second):
            last = journal_of(session, one.id)[-1]
            assert (last.action, last.from_state, last.to_state) == ("answer_deficiency", "open", "answered")
            (answer,) = history_of(session, bank.user("branch0101"), one.id)
            assert (answer.number, answer.action.id, answer.action.together) == (1, action.id, 2)
            assert answer.verification is None


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (replace(PLAN, cause=None), "cause"),
        (replace(PLAN, cause=Cause.OTHER, cause_words=" "), "cause_words"),
        (replace(PLAN, measure=None), "measure"),
        (replace(PLAN, measure_words=" "), "measure_words"),
        (replace(PLAN, owner_role="nobody"), "owner_role"),
        (replace(PLAN, done_by=None), "done_by"),
        (replace(PLAN, done_by=date(2026, 9, 23)), "done_by"),
    ],
)
def test_an_answer_that_lacks_something_is_not_sent(bank: Bank, change: ActionPlan, missing: str) -> None:
    with transaction(bank.database) as session:
        with pytest.raises(IncompleteError) as refused:
            send(session, bank, found(session, bank)[:1], change)

        assert refused.value.missing == (missing,)
        assert count(session, CorrectiveAction) == 0


def test_what_was_answered_from_another_page_is_not_answered_again(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first, second = found(session, bank)[:2]
        send(session, bank, [first])

        with pytest.raises(ConflictError, match="answered"):
            send(session, bank, [first, second])
        with pytest.raises(StaleError):
            send_action(session, manager(bank), [second], PLAN, {second.id: 7}, now=NEXT_DAY)

        assert second.state is DeficiencyState.OPEN


def test_an_answer_is_about_one_branch(bank: Bank) -> None:
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="one branch"):
        send(session, bank, [found(session, bank)[0], found(session, bank, "0102")[0]])


def test_a_draft_is_kept_for_its_branch_and_gone_once_it_is_sent(bank: Bank) -> None:
    with transaction(bank.database) as session:
        deficiency = found(session, bank)[0]
        plan = DraftPlan(cause=Cause.OTHER, cause_words="新人", done_by=date(2026, 9, 30))
        draft = save_draft(session, manager(bank), deficiency, plan, None, now=NEXT_DAY)
        first = draft.version
        save_draft(
            session, manager(bank), deficiency, replace(plan, cause_words="新人多"), first, now=NEXT_DAY
        )

        with pytest.raises(StaleError):
            save_draft(session, manager(bank), deficiency, plan, first, now=NEXT_DAY)

        kept = draft_of(session, bank.user("branch0101"), deficiency.id)
        assert kept is not None
        assert kept.plan == replace(plan, cause_words="新人多")
        assert draft_of(session, bank.user("branch0102"), deficiency.id) is None
        send(session, bank, [deficiency])
        assert count(session, CorrectiveDraft) == 0


def test_an_answer_is_accepted_once(bank: Bank) -> None:
    with transaction(bank.database) as session:
        deficiency = found(session, bank)[0]
        send(session, bank, [deficiency])
        region = bank.user("region01")
        (waiting,) = answers_to_verify(session, region)
        row = deficiency_to_verify(session, region, deficiency.id)

        verifications.accept(session, Actor.user(region), row, waiting.version, now=NEXT_DAY)

        assert deficiency.state is DeficiencyState.VERIFIED
        with pytest.raises(ConflictError, match="verified"):
            verifications.accept(session, Actor.user(region), row, row.version, now=NEXT_DAY)
        assert answers_to_verify(session, region) == ()


def test_an_answer_sent_back_is_open_again_with_time_for_a_better_one(bank: Bank) -> None:
    with transaction(bank.database) as session:
        deficiency = found(session, bank)[0]
        send(session, bank, [deficiency])
        deficiency.due_on = date(2026, 9, 24)
        session.flush()
        actor = Actor.user(bank.user("reviewer"))

        with pytest.raises(IncompleteError):
            verifications.send_back(session, actor, deficiency, " ", deficiency.version, now=NEXT_DAY)
        verifications.send_back(session, actor, deficiency, "没写由谁来盯", deficiency.version, now=NEXT_DAY)

        # Thursday the 24th; Friday to Sunday are holidays, so that three working days end on Wednesday.
        assert (deficiency.state, deficiency.due_on) == (DeficiencyState.OPEN, date(2026, 9, 30))
        send(session, bank, [deficiency])
        first, second = history_of(session, bank.user("branch0101"), deficiency.id)
        assert first.verification is not None
        assert (first.verification.outcome, first.verification.reason) == (
            VerificationOutcome.SENT_BACK,
            "没写由谁来盯",
        )
        assert (second.number, second.verification) == (2, None)


def test_nobody_verifies_what_they_have_answered_themselves_and_others_do(bank: Bank) -> None:
    with transaction(bank.database) as session:
        own, branchs = found(session, bank)[:2]
        region, office = bank.user("region01"), bank.user("administrator")
        actor = Actor.user(region)
        send(session, bank, [own, branchs])
        verifications.send_back(session, actor, own, "没写由谁来盯", own.version, now=NEXT_DAY)
        send_action(session, actor, [own], PLAN, {own.id: own.version}, now=NEXT_DAY)

        with pytest.raises(OwnAnswerError):
            verifications.accept(session, actor, own, own.version, now=NEXT_DAY)
        with pytest.raises(OwnAnswerError):
            verifications.send_back(session, actor, own, "再写细些", own.version, now=NEXT_DAY)
        told = {one.shortcoming.deficiency_id: one.is_own for one in answers_to_verify(session, region)}
        verifications.accept(session, actor, branchs, branchs.version, now=NEXT_DAY)
        verifications.accept(session, Actor.user(office), own, own.version, now=NEXT_DAY)

        assert told == {own.id: True, branchs.id: False}
        assert {own.state, branchs.state} == {DeficiencyState.VERIFIED}
        assert count(session, Verification) == 3


def test_an_answer_elsewhere_is_not_there_to_be_verified(bank: Bank) -> None:
    with transaction(bank.database) as session:
        answered, unanswered = found(session, bank)[:2]
        send(session, bank, [answered])

        with pytest.raises(NotFoundError):
            deficiency_to_verify(session, bank.user("region02"), answered.id)
        with pytest.raises(NotFoundError):
            deficiency_to_verify(session, bank.user("region01"), unanswered.id)
        assert answers_to_verify(session, bank.user("region02")) == ()


def test_a_photo_that_was_used_before_closes_nothing(bank: Bank, tmp_path: Path) -> None:
    with transaction(bank.database) as session:
        first, second = found(session, bank)[:2]
        photo = keep(session, bank, tmp_path, b"roster")
        send(session, bank, [first], replace(PLAN, photos=(photo,)))
        again = keep(session, bank, tmp_path, b"roster")
        assert again == photo

        with pytest.raises(PhotoUsedError) as refused:
            send(session, bank, [second], replace(PLAN, photos=(again, keep(session, bank, tmp_path, b"x"))))

        assert refused.value.missing == (str(photo),)
        assert second.state is DeficiencyState.OPEN
        verifications.send_back(
            session, Actor.user(bank.user("reviewer")), first, "再拍一张", first.version, now=NEXT_DAY
        )
        send(session, bank, [first], replace(PLAN, photos=(photo,)))
        assert count(session, ActionPhoto) == 2


def test_a_photo_is_seen_by_its_branch_and_those_above_it(bank: Bank, tmp_path: Path) -> None:
    with transaction(bank.database) as session:
        photo = keep(session, bank, tmp_path, b"roster")

        for name in ("branch0101", "region01", "reviewer", "administrator"):
            assert photo_seen_by(session, bank.user(name), photo).width == 4
        for name in ("branch0102", "region02", "inspector"):
            with pytest.raises(NotFoundError):
                photo_seen_by(session, bank.user(name), photo)
        with pytest.raises(NotFoundError):
            photo_seen_by(session, bank.user("branch0101"), uuid.uuid4())


@pytest.mark.parametrize("table", ["corrective_action", "answered_deficiency", "verification"])
def test_what_was_answered_and_decided_is_never_changed(bank: Bank, table: str) -> None:
    with transaction(bank.database) as session:
        deficiency = found(session, bank)[0]
        send(session, bank, [deficiency])
        verifications.accept(
            session, Actor.user(bank.user("reviewer")), deficiency, deficiency.version, now=NEXT_DAY
        )

    with transaction(bank.database) as session, pytest.raises(DBAPIError, match="never changed"):
        session.connection().exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - a name of this file


def at_once(*acts: Callable[[], None]) -> list[BaseException | None]:
    """Do things at the same moment; return what each of them raised."""
    barrier = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def act(place: int, what: Callable[[], None]) -> None:
        barrier.wait()
        try:
            what()
        except ConflictError as error:
            raised[place] = error

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.fault("W01")
def test_of_two_who_verify_at_once_one_decides_and_the_journal_shows_it(bank: Bank) -> None:
    with transaction(bank.database) as session:
        deficiency = found(session, bank)[0]
        send(session, bank, [deficiency])
        deficiency_id, version = deficiency.id, deficiency.version

    def accept() -> None:
        with transaction(bank.database) as session:
            row = deficiency_to_verify(session, bank.user("region01"), deficiency_id)
            verifications.accept(session, Actor.user(bank.user("region01")), row, version, now=NEXT_DAY)

    def send_back() -> None:
        with transaction(bank.database) as session:
            row = deficiency_to_verify(session, bank.user("reviewer"), deficiency_id)
            actor = Actor.user(bank.user("reviewer"))
            verifications.send_back(session, actor, row, "再写细些", version, now=NEXT_DAY)

    raised = at_once(accept, send_back)

    assert sum(error is not None for error in raised) == 1
    with transaction(bank.database) as session:
        assert count(session, Verification) == 1
        decided = [one.action for one in journal_of(session, deficiency_id)][-1]
        assert decided == ("send_back_answer" if raised[0] else "accept_answer")
