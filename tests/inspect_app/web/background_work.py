"""What was asked of the background of a bank with published waves: downloads of several users, a mail."""

import uuid
from collections.abc import Mapping
from pathlib import Path

from inspect_app.db import transaction
from inspect_app.models.jobs import JobKind
from inspect_app.queries.accounts import user_with_id
from inspect_app.queries.ranking_scope import ranking_in_scope
from inspect_app.services import jobs, mails
from inspect_app.services.jobs import Made
from inspect_app.services.workbooks import ask_workbook
from inspect_app.storage import open_store
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.inspect_app.web.published_bank import SUMMER

READERS = ("administrator", "reviewer", "region01", "region02")


def add_downloads(bank: Bank, folder: Path) -> Mapping[str, uuid.UUID]:
    """Let everybody who reads rankings have a download that is made; return the jobs by user name."""
    store = open_store(f"{(folder / 'files').absolute().as_uri()}/downloads")
    made: dict[str, uuid.UUID] = {}
    for name in READERS:
        with transaction(bank.database) as session:
            user = user_with_id(session, bank.user(name).id)
            ranking, scope = ranking_in_scope(session, user, SUMMER.code, None)
            job = ask_workbook(
                session, user, ranking, scope, scope.top, "zh-Hans", now=NOW, has_file=store.has
            )
            claimed = jobs.claim(session, "worker", [JobKind.RANKING_WORKBOOK], now=NOW)
            assert claimed is not None
            content = f"workbook of {name}".encode()
            jobs.finish(session, claimed.lease, Made(store.put(content), len(content)), now=NOW)
            made[name] = job.id
    return made


def add_mail(bank: Bank) -> uuid.UUID:
    """Let a mail wait, and return its id."""
    with transaction(bank.database) as session:
        user = user_with_id(session, bank.user("reviewer2").id)
        user.email = "reviewer2@bank.example"
        mail = mails.queue(session, user, "主题", "正文", key="mail", now=NOW)
        assert mail is not None
        return mail.id
