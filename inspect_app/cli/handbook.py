"""`inspect-app handbook`: the editions of the service handbook."""

import json

import click

from checklists.edition_loading import shipped_edition
from checklists.files.handbook_json import edition_as_json
from checklists.files.handbook_text import edition_as_text
from inspect_app.cli.speech import language_option, said
from inspect_app.labels.catalogues import msgid as _

command = click.Group(name="handbook", help=said(_("服务手册的版本。")))


@command.command(help=said(_("显示随产品提供的手册版本。")))
@click.option("--json", "form", flag_value="json", default="text", help=said(_("以 JSON 输出。")))
@language_option
def show(form: str, language: str) -> None:
    """Print the shipped edition, to be read or as JSON."""
    edition = shipped_edition()
    if form == "json":
        click.echo(json.dumps(edition_as_json(edition, language), ensure_ascii=False, indent=2))
    else:
        click.echo(edition_as_text(edition, language), nl=False)
