"""The user's downloads: workbooks too large for a request, made in the background and found again here."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.models.jobs import Job, JobKind
from inspect_app.models.rankings import StoredRanking
from inspect_app.permissions import Action
from inspect_app.queries.jobs import job_of, jobs_of
from inspect_app.queries.ranking_scope import Scope, Unit, ranking_in_scope
from inspect_app.queries.workbooks import scope_of_workbook
from inspect_app.services import jobs
from inspect_app.services.workbooks import AskedWorkbook, ask_workbook
from inspect_app.storage import Store, open_store
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.background import is_live, progress_of, ring_after_commit
from inspect_app.web.clock import utc_now
from inspect_app.web.downloads import download
from inspect_app.web.languages import current_language
from inspect_app.web.region import pages
from inspect_app.web.region.asked import asked

KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Download:
    """A workbook that was asked for, as its page and the list show it.

    Attributes:
        ranking, unit: what it is of; None where the user may not see it any more.
        can_be_had: it is made, not erased, and still of what the user may see.
        is_lost: it was made, but the storage does not have it, as after a backup was taken back.
    """

    job: Job
    asked: AskedWorkbook
    ranking: StoredRanking | None
    unit: Unit | None
    can_be_had: bool
    is_lost: bool = False

    @property
    def is_live(self) -> bool:
        """It waits or is being made."""
        return is_live(self.job)

    @property
    def kept_until(self) -> datetime | None:
        """When its file is erased."""
        return None if self.job.ended_at is None else self.job.ended_at + timedelta(days=kept_days())


@pages.app_template_filter("file_size")
def file_size(size: int) -> str:
    """Return the size of a file as people read it, as in `48 KB` or `1.3 MB`."""
    kilobytes = size / KILOBYTE
    return f"{kilobytes:.0f} KB" if kilobytes < KILOBYTE else f"{kilobytes / KILOBYTE:.1f} MB"


@pages.get("/downloads")
@requires(Action.READ_RANKING)
def downloads_page() -> ResponseReturnValue:
    """List what the user has asked for."""
    found = [described(job) for job in jobs_of(session, current_user(), JobKind.RANKING_WORKBOOK)]
    return render_template("region/downloads.html", downloads=found, kept_days=kept_days())


def kept_days() -> int:
    """Return for how many days a file can be fetched."""
    return current_settings().keeping.downloads


@pages.get("/downloads/new/<wave_code>")
@requires(Action.READ_RANKING)
def new_download_page(wave_code: str) -> ResponseReturnValue:
    """Say that a workbook is made in the background, and ask whether it is wanted."""
    question = asked()
    ranking, scope = ranking_in_scope(session, current_user(), wave_code, question.ranking)
    return render_template(
        "region/new_download.html", ranking=ranking, unit=scope.unit(question.region), asked=question
    )


@pages.post("/downloads/new/<wave_code>")
@requires(Action.READ_RANKING)
def ask_download(wave_code: str) -> ResponseReturnValue:
    """Have a workbook made, or show the same one where it is there already."""
    question, user = asked(), current_user()
    ranking, scope = ranking_in_scope(session, user, wave_code, question.ranking)
    unit = scope.unit(question.region)
    language, has_file = current_language(), the_store().has
    job = ask_workbook(session, user, ranking, scope, unit, language, now=utc_now(), has_file=has_file)
    ring_after_commit()
    return redirect(url_for(".download_page", job_id=job.id), code=303)


@pages.get("/downloads/<uuid:job_id>")
@requires(Action.READ_RANKING)
def download_page(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show how far a workbook is, and hand it out when it is made."""
    one = described(own_job(job_id))
    if one.can_be_had and not the_store().has(one.job.file or ""):
        one = replace(one, can_be_had=False, is_lost=True)
    return render_template("region/download.html", one=one)


@pages.get("/downloads/<uuid:job_id>/progress")
@requires(Action.READ_RANKING)
def download_progress(job_id: uuid.UUID) -> ResponseReturnValue:
    """Tell a page's script how far a workbook is."""
    return jsonify(progress_of(own_job(job_id)))


@pages.get("/downloads/<uuid:job_id>/file")
@requires(Action.READ_RANKING)
def download_file(job_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out a workbook to who asked for it, as long as it holds nothing that they may not see any more."""
    one = described(own_job(job_id))
    if not one.can_be_had or one.job.file is None or one.ranking is None or one.unit is None:
        raise NotFoundError(f"file of job {job_id}")
    try:
        content = the_store().read(one.job.file)
    except FileNotFoundError as error:
        raise NotFoundError(f"file of job {job_id}") from error
    return download(name_of_workbook(one.ranking, one.unit), content)


@pages.post("/downloads/<uuid:job_id>/cancel")
@requires(Action.READ_RANKING)
def cancel_download(job_id: uuid.UUID) -> ResponseReturnValue:
    """Stop a workbook from being made."""
    jobs.cancel(session, current_actor(), own_job(job_id), now=utc_now())
    return redirect(url_for(".download_page", job_id=job_id), code=303)


def own_job(job_id: uuid.UUID) -> Job:
    """Return a workbook that the user at hand asked for.

    Raises:
        NotFoundError: there is none, or it is somebody else's, or of another kind.
    """
    job = job_of(session, current_user(), job_id)
    if job.kind != JobKind.RANKING_WORKBOOK:
        raise NotFoundError(f"workbook {job_id}")
    return job


def described(job: Job) -> Download:
    """Return a job with what it is of, as far as the user at hand may see that today."""
    wanted = AskedWorkbook.read(job.arguments)
    try:
        ranking, scope = ranking_in_scope(session, current_user(), wanted.wave, wanted.ranking)
        unit = scope.unit(wanted.unit)
    except NotFoundError:
        return Download(job, wanted, None, None, can_be_had=False)
    return Download(job, wanted, ranking, unit, can_be_had=_is_still_seen(job, wanted, ranking, scope, unit))


def the_store() -> Store:
    """Return the storage of what was made in the background."""
    return open_store(current_settings().downloads_url)


def name_of_workbook(ranking: StoredRanking, unit: Unit) -> str:
    """Return the name of a workbook's file, in the language of the page."""
    return _(
        "%(wave)s 网点服务排名 %(unit)s 第 %(number)s 次.xlsx",
        wave=ranking.wave.name,
        unit=unit.name,
        number=ranking.number,
    )


def _is_still_seen(job: Job, wanted: AskedWorkbook, ranking: StoredRanking, scope: Scope, unit: Unit) -> bool:
    if job.file is None:
        return False
    return scope_of_workbook(session, current_user(), ranking, scope, unit) == wanted.scope
