"""The ranking that `--wave` and `--ranking` name."""

import click
from sqlalchemy.orm import Session

from inspect_app.cli.speech import Refusal, said
from inspect_app.errors import NotFoundError
from inspect_app.labels.catalogues import msgid as _
from inspect_app.models.rankings import StoredRanking
from inspect_app.queries.rankings import ranking_of
from inspect_app.queries.waves import wave_coded

wave_option = click.option("--wave", "code", required=True, metavar="CODE", help=said(_("期次代码。")))
ranking_option = click.option(
    "--ranking", "number", type=click.IntRange(1), help=said(_("第几次排名，默认最近一次。"))
)


def ranking_chosen(session: Session, code: str, number: int | None) -> StoredRanking:
    """Return a wave's ranking, the latest where no number is given.

    Raises:
        Refusal: there is no such wave or no such ranking.
    """
    try:
        wave = wave_coded(session, code)
    except NotFoundError as error:
        raise Refusal(_("没有期次 %(code)s。"), code=code) from error
    try:
        return ranking_of(session, wave.id, number)
    except NotFoundError as error:
        if number is None:
            raise Refusal(_("期次 %(code)s 还没有发布排名。"), code=code) from error
        raise Refusal(_("期次 %(code)s 没有第 %(number)s 次排名。"), code=code, number=number) from error
