"""`inspect-app wave`: the waves of the configured database."""

import json

import click

from checklists.json_values import Json
from inspect_app.cli.database import one_view, settings_of
from inspect_app.cli.speech import said
from inspect_app.labels.catalogues import msgid as _
from inspect_app.labels.words import word_of
from inspect_app.models.waves import Wave
from inspect_app.queries.rankings import waves_with_rankings

command = click.Group(name="wave", help=said(_("期次。")))


@command.command("list", help=said(_("列出所有期次，最早的在前。")))
@click.option("--json", "form", flag_value="json", default="text", help=said(_("以 JSON 输出。")))
def show(form: str) -> None:
    """Print every wave, oldest first."""
    with one_view(settings_of()) as session:
        waves = waves_with_rankings(session)
    if form == "json":
        listed = [_as_json(wave, numbers) for wave, numbers in waves]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for wave, numbers in waves:
        rankings = ", ".join(map(str, numbers)) or "–"
        days = f"{wave.opens_on} – {wave.closes_on}"
        words = (said(word_of(wave.mode)), said(word_of(wave.state)))
        click.echo("  ".join([wave.code, *words, days, said(_("排名：%(numbers)s")) % {"numbers": rankings}]))


def _as_json(wave: Wave, numbers: tuple[int, ...]) -> Json:
    return {
        "code": wave.code,
        "mode": wave.mode,
        "state": wave.state,
        "opens_on": wave.opens_on.isoformat(),
        "closes_on": wave.closes_on.isoformat(),
        "rankings": numbers,
    }
