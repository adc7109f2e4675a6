"""Workbooks that take too long for a request: asked for once, and made in the background."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.json_values import Json, Member
from inspect_app.models.jobs import Job, JobKind
from inspect_app.models.people import User
from inspect_app.models.rankings import StoredRanking
from inspect_app.queries.jobs import same_job_of
from inspect_app.queries.ranking_scope import Scope, Unit
from inspect_app.queries.workbooks import fingerprint_of_workbook, scope_of_workbook
from inspect_app.services import jobs
from inspect_app.services.journal import Actor

MOST_ROWS_IN_REQUEST = 5_000
"""Rows of a workbook that is made while its reader waits; more of them are made in the background.

Measured: 4,000 take a second of a processor to write, and as long to read; a request may take ten at most.
"""


@dataclass(frozen=True, slots=True)
class AskedWorkbook:
    """Which workbook is to be made.

    Attributes:
        wave, ranking: the code of the wave, the number of its ranking.
        unit: the code of the region.
        scope: of whose rows it is made, as `scope_of_workbook` says it at the moment of asking.
    """

    wave: str
    ranking: int
    unit: str
    language: str
    scope: str

    @classmethod
    def read(cls, arguments: str) -> "AskedWorkbook":
        """Return what a job's arguments say."""
        told = Member(json.loads(arguments))
        return cls(
            wave=told["wave"].text(),
            ranking=told["ranking"].number(),
            unit=told["unit"].text(),
            language=told["language"].text(),
            scope=told["scope"].text(),
        )

    def as_arguments(self) -> dict[str, Json]:
        """Return it as a job keeps it: codes and numbers, no names."""
        return {
            "wave": self.wave,
            "ranking": self.ranking,
            "unit": self.unit,
            "language": self.language,
            "scope": self.scope,
        }


def ask_workbook(
    session: Session,
    user: User,
    ranking: StoredRanking,
    scope: Scope,
    unit: Unit,
    language: str,
    *,
    now: datetime,
    has_file: Callable[[str], bool],
) -> Job:
    """Have a workbook made; where this user has the same one already, or it is being made, return that.

    Args:
        has_file: says whether the storage has a file: what a backup brought back has none of these.
    """
    seen = scope_of_workbook(session, user, ranking, scope, unit)
    fingerprint = fingerprint_of_workbook(session, ranking, unit, seen, language)
    same = same_job_of(session, user, JobKind.RANKING_WORKBOOK, fingerprint)
    if same is not None and (same.file is None or has_file(same.file)):
        return same
    if same is not None:
        same.file = same.file_size = None
    asked = AskedWorkbook(ranking.wave.code, ranking.number, unit.code, language, seen)
    return jobs.enqueue(
        session,
        Actor.user(user),
        JobKind.RANKING_WORKBOOK,
        asked.as_arguments(),
        now=now,
        user=user,
        fingerprint=fingerprint,
    )
