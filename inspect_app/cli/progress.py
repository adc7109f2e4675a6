"""How far something long has come: a bar on a terminal, nothing on a pipe."""

import sys

import click

WIDTH = 24
WHOLE_LINE = "\r\033[K"


def show_progress(step: str, done: int, total: int) -> None:
    """Draw the bar of a named step again; a finished one makes room for what comes next."""
    if not sys.stderr.isatty():
        return
    filled = WIDTH * done // max(total, 1)
    bar = "█" * filled + "░" * (WIDTH - filled)
    click.echo(f"{WHOLE_LINE}{step}  {bar}  {done} / {total}", err=True, nl=False)
    if done >= total:
        click.echo(WHOLE_LINE, err=True, nl=False)
