"""Head office's page of the background: what goes on, what failed, cancelled and done again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import reading, transaction
from inspect_app.models.jobs import Job, JobFailure, JobKind, JobState, Mail, MailFailure, MailState
from inspect_app.queries.people import user_named
from inspect_app.services import jobs, mails
from inspect_app.services.journal import Actor
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.inspect_app.web.browsing import Browser

pytestmark = pytest.mark.sqlite
"""What these pages ask of the database is tried on both kinds beside the services."""

PAGE = "/office/background"
TEXT = "打开这个链接"


def failed_job(session: Session) -> Job:
    """Leave a job that failed."""
    job = jobs.enqueue(session, Actor.system(), JobKind.REHEARSAL, {"steps": 0}, now=NOW)
    claimed = jobs.claim(session, "machine 7 abc", list(JobKind), now=NOW)
    assert claimed is not None
    jobs.fail(session, claimed.lease, JobFailure.STORAGE, now=NOW)
    return job


def mail_to(session: Session, name: str) -> Mail:
    """Leave a mail that waits."""
    user = user_named(session, name)
    assert user is not None
    user.email = f"{name}@bank.example"
    mail = mails.queue(session, user, "主题", TEXT, key=name, now=NOW)
    assert mail is not None
    return mail


def failed_mail(session: Session, name: str) -> Mail:
    """Leave a mail that failed."""
    mail = mail_to(session, name)
    letter = mails.claim(session, "machine 7 abc", now=NOW)
    assert letter is not None
    mails.give_up(session, letter.lease, MailFailure.REFUSED, now=NOW)
    return mail


def test_the_page_says_that_all_is_well_and_that_no_mail_goes_out_without_a_server(
    administrator: Browser,
) -> None:
    page = administrator.get(PAGE)

    assert "后台一切正常" in page.text
    assert "没有设 INSPECT_SMTP_URL" in page.text


def test_what_failed_stands_first_with_its_reason_and_no_mail_is_quoted(
    bank: Bank, administrator: Browser
) -> None:
    with transaction(bank.database) as session:
        failed_job(session)
        failed_mail(session, "region01")
        jobs.enqueue(session, Actor.system(), JobKind.RANKING_WORKBOOK, now=NOW + timedelta(hours=1))

    page = administrator.get(PAGE).text

    assert "后台有没做成的事" in page
    assert page.index("文件存不下来") < page.index("排名工作簿")
    assert "邮件服务器拒收" in page
    assert "region01@bank.example" in page
    assert TEXT not in page


def test_a_rehearsal_is_asked_for_by_a_press(bank: Bank, administrator: Browser) -> None:
    administrator.get(PAGE)

    assert administrator.post(f"{PAGE}/rehearse").status_code == 303

    with reading(bank.database) as session:
        (job,) = session.scalars(select(Job))
        assert (job.kind, job.state) == (JobKind.REHEARSAL, JobState.QUEUED)
    assert "试运行" in administrator.get(PAGE).text


@pytest.mark.parametrize(("press", "state"), [("cancel", JobState.CANCELLED), ("again", JobState.QUEUED)])
def test_a_job_is_cancelled_and_done_again(
    bank: Bank, administrator: Browser, press: str, state: JobState
) -> None:
    with transaction(bank.database) as session:
        job = failed_job(session)
        if press == "cancel":
            jobs.try_again(session, Actor.system(), job, now=NOW)
    administrator.get(PAGE)

    first = administrator.post(f"{PAGE}/jobs/{job.id}/{press}")
    second = administrator.post(f"{PAGE}/jobs/{job.id}/{press}")

    assert (first.status_code, second.status_code) == (303, 409)
    with reading(bank.database) as session:
        assert session.scalars(select(Job)).one().state is state


def test_a_mail_is_called_off_and_sent_again(bank: Bank, administrator: Browser) -> None:
    with transaction(bank.database) as session:
        failed = failed_mail(session, "region01")
        waiting = mail_to(session, "region02")
    administrator.get(PAGE)

    assert administrator.post(f"{PAGE}/mails/{failed.id}/again").status_code == 303
    assert administrator.post(f"{PAGE}/mails/{waiting.id}/cancel").status_code == 303
    assert administrator.post(f"{PAGE}/mails/{waiting.id}/again").status_code == 409

    with reading(bank.database) as session:
        states = dict(session.execute(select(Mail.key, Mail.state)).all())
    assert states == {"region01": MailState.QUEUED, "region02": MailState.CANCELLED}


def test_the_page_is_head_offices_alone(reviewer: Browser) -> None:
    assert reviewer.get(PAGE).status_code == 404
    assert reviewer.post(f"{PAGE}/rehearse").status_code == 404
