"""The background, for head office: jobs and mails with what became of them; cancelled or tried again here."""

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.labels.words import WORDS
from inspect_app.models.jobs import Job, JobKind, JobState, MailState
from inspect_app.permissions import Action
from inspect_app.queries.jobs import count_jobs, job_with_id, jobs_listed
from inspect_app.queries.mails import count_mails, mail_with_id, mails_listed
from inspect_app.services import jobs, mails
from inspect_app.web.access import current_actor, current_settings, requires
from inspect_app.web.background import ring_after_commit
from inspect_app.web.clock import utc_now
from inspect_app.web.office import pages
from inspect_app.web.words import word

REHEARSAL_STEPS = 3
"""Seconds that a rehearsal takes: long enough to be seen under way."""


@pages.get("/office/background")
@requires(Action.RUN_BACKGROUND)
def background_page() -> ResponseReturnValue:
    """Show what waits, what is under way and what failed."""
    return render_template(
        "office/background.html",
        jobs=jobs_listed(session),
        job_counts=count_jobs(session),
        job_states=tuple(JobState),
        mails=mails_listed(session),
        mail_counts=count_mails(session),
        mail_states=tuple(MailState),
        sends_mails=current_settings().smtp_url is not None,
        has_workers=current_settings().queue_url is not None,
    )


@pages.post("/office/background/rehearse")
@requires(Action.RUN_BACKGROUND)
def rehearse() -> ResponseReturnValue:
    """Ask for a rehearsal, to see that background work is done at all."""
    jobs.enqueue(session, current_actor(), JobKind.REHEARSAL, {"steps": REHEARSAL_STEPS}, now=utc_now())
    ring_after_commit()
    return _back()


@pages.post("/office/background/jobs/<uuid:job_id>/cancel")
@requires(Action.RUN_BACKGROUND)
def cancel_job(job_id: uuid.UUID) -> ResponseReturnValue:
    """End a job that is not over."""
    jobs.cancel(session, current_actor(), job_with_id(session, job_id), now=utc_now())
    return _back()


@pages.post("/office/background/jobs/<uuid:job_id>/again")
@requires(Action.RUN_BACKGROUND)
def retry_job(job_id: uuid.UUID) -> ResponseReturnValue:
    """Let a job be done after all."""
    jobs.try_again(session, current_actor(), job_with_id(session, job_id), now=utc_now())
    ring_after_commit()
    return _back()


@pages.post("/office/background/mails/<uuid:mail_id>/cancel")
@requires(Action.RUN_BACKGROUND)
def cancel_mail(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a mail from going out."""
    mails.cancel(session, current_actor(), mail_with_id(session, mail_id), now=utc_now())
    return _back()


@pages.post("/office/background/mails/<uuid:mail_id>/again")
@requires(Action.RUN_BACKGROUND)
def retry_mail(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Send a mail after all."""
    mails.try_again(session, current_actor(), mail_with_id(session, mail_id), now=utc_now())
    ring_after_commit()
    return _back()


@pages.app_template_filter("job_word")
def job_word(job: Job) -> str:
    """Return what a job does, in words; where this version does not know it, its code."""
    return word(JobKind(job.kind)) if job.kind in WORDS[JobKind] else job.kind


def _back() -> ResponseReturnValue:
    return redirect(url_for("office.background_page"), code=303)
