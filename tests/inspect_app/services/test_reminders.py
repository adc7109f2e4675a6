"""Reminders and digests: to whom they concern, on working days, once, in the reader's language."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import transaction
from inspect_app.labels.mails import due_mail, week_mail
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.jobs import Mail
from inspect_app.queries.people import user_named
from inspect_app.services.reminders import remind, tell_week
from inspect_app.working_days import BANK_TIME, day_of
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.published_waves import DISCLOSED, disclosed

WEDNESDAY = datetime(2026, 10, 21, 1, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 24, 1, 0, tzinfo=UTC)
HOLIDAY = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)


def address(session: Session, *names: str) -> None:
    """Give some users addresses."""
    for name in names:
        user = user_named(session, name)
        assert user is not None
        user.email = f"{name}@bank.example"
    session.flush()


def due_on(session: Session, moment: datetime, days: int) -> None:
    """Let everything be due so many days after a moment."""
    for one in session.scalars(select(Deficiency)):
        one.due_on = day_of(moment, BANK_TIME) + timedelta(days=days)
    session.flush()


def mails_of(session: Session) -> Sequence[Mail]:
    """Return the mails that wait, by address."""
    return session.scalars(select(Mail).order_by(Mail.address)).all()


def remind_at(session: Session, moment: datetime) -> int:
    """Remind at a moment."""
    return remind(session, lambda user, counts: due_mail(user, counts, ""), now=moment, timezone=BANK_TIME)


def prepare(session: Session, bank: Bank, days: int, moment: datetime = WEDNESDAY) -> None:
    """Disclose the wave, give two branches and a region an address, and let all be due."""
    disclosed(session, bank)
    address(session, "branch0101", "branch0201", "region01")
    due_on(session, moment, days)


@pytest.mark.parametrize(("days", "written"), [(-1, 2), (0, 2), (2, 2), (6, 0)])
def test_who_is_late_or_soon_will_be_is_reminded(bank: Bank, days: int, written: int) -> None:
    with transaction(bank.database) as session:
        prepare(session, bank, days)

        assert remind_at(session, WEDNESDAY) == written
        assert len(mails_of(session)) == written
        word = "已过期" if days < 0 else "快到期"
        assert all(word in mail.subject for mail in mails_of(session))


def test_nobody_is_reminded_twice_a_day_and_everybody_again_the_next(bank: Bank) -> None:
    with transaction(bank.database) as session:
        prepare(session, bank, -1)
        remind_at(session, WEDNESDAY)

        assert remind_at(session, WEDNESDAY + timedelta(hours=5)) == 0
        assert remind_at(session, WEDNESDAY + timedelta(days=1)) == 2


@pytest.mark.parametrize("moment", [SATURDAY, HOLIDAY])
def test_days_off_are_left_alone(bank: Bank, moment: datetime) -> None:
    with transaction(bank.database) as session:
        prepare(session, bank, -3, moment)

        assert remind_at(session, moment) == 0


def test_a_reminder_speaks_the_readers_language_and_counts_the_own_branch_alone(bank: Bank) -> None:
    with transaction(bank.database) as session:
        prepare(session, bank, -1)
        user = user_named(session, "branch0101")
        assert user is not None
        user.language = "en"
        own = len(session.scalars(select(Deficiency).where(Deficiency.branch_id == user.branch_id)).all())
        remind_at(session, WEDNESDAY)
        mail = mails_of(session)[0]

    assert mail.address == "branch0101@bank.example"
    assert mail.subject == "Corrective actions are overdue: please answer"
    assert str(own) in (mail.text or "")


def test_a_region_gets_its_digest_once_a_week(bank: Bank) -> None:
    with transaction(bank.database) as session:
        prepare(session, bank, -1)

        def say(session: Session, moment: datetime) -> int:
            return tell_week(
                session,
                lambda user, week: week_mail(user, week, "https://x.example/mending"),
                now=moment,
                timezone=BANK_TIME,
            )

        assert say(session, WEDNESDAY) == 1
        assert say(session, WEDNESDAY + timedelta(days=2)) == 0
        mail = mails_of(session)[0]
        assert mail.address == "region01@bank.example"
        assert "https://x.example/mending" in (mail.text or "")
        assert "过期最多的网点" in (mail.text or "")
        assert say(session, WEDNESDAY + timedelta(days=7)) == 1


def test_before_anything_is_disclosed_nobody_is_written_to(bank: Bank) -> None:
    with transaction(bank.database) as session:
        address(session, "branch0101", "region01")

        assert remind_at(session, DISCLOSED) == 0
        assert (
            tell_week(
                session, lambda user, week: week_mail(user, week, ""), now=DISCLOSED, timezone=BANK_TIME
            )
            == 0
        )
