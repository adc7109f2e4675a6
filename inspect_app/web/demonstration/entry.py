"""The pages of the demonstration: its entry, its accounts, its commands; and stepping in with one press."""

import shlex

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.models.people import User, UserKind
from inspect_app.models.waves import WaveState
from inspect_app.queries.demonstration import people_named, size_of_whole
from inspect_app.queries.waves import all_waves
from inspect_app.web.access import current_settings, home_of, open_to_all
from inspect_app.web.demonstration import pages
from inspect_app.web.demonstration.accounts import written_accounts
from inspect_app.web.demonstration.cards import cards_of
from inspect_app.web.sessions import sign_in

ORDER = (
    UserKind.INSPECTOR,
    UserKind.REGIONAL_MANAGER,
    UserKind.BRANCH_MANAGER,
    UserKind.REVIEWER,
    UserKind.ADMINISTRATOR,
)
"""The five kinds of user, from the one who looks to the one who runs it all."""


@pages.get("")
@open_to_all
def entry_page() -> ResponseReturnValue:
    """Show whom a visitor can step into, and what there is to see."""
    whole = size_of_whole(session)
    return render_template(
        "demonstration/entry.html", cards=cards_of(session, _first_of_each_kind(), whole), whole=whole
    )


@pages.post("/enter")
@open_to_all
def enter() -> ResponseReturnValue:
    """Sign a visitor in as the first user of the kind chosen, whoever was signed in before."""
    chosen = request.form.get("role", "")
    user = next((user for user in _first_of_each_kind() if user.kind.value == chosen), None)
    if user is None:
        raise NotFoundError(f"nobody of the kind {chosen!r} is written down")
    sign_in(session, user)
    return redirect(home_of(user), code=303)


@pages.get("/accounts")
@open_to_all
def accounts_page() -> ResponseReturnValue:
    """Show names and passwords, for signing in by hand."""
    accounts = written_accounts(current_settings().data_dir)
    people = people_named(session, [account.username for account in accounts])
    rows = [(account, people[account.username]) for account in accounts if account.username in people]
    return render_template("demonstration/accounts.html", rows=rows)


@pages.get("/commands")
@open_to_all
def commands_page() -> ResponseReturnValue:
    """Show what can be asked on the command line, and how to begin again."""
    folder = current_settings().data_dir.absolute()
    published = [wave.code for wave in all_waves(session) if wave.state is WaveState.PUBLISHED]
    return render_template(
        "demonstration/commands.html",
        folder=folder,
        variable=f"export INSPECT_DATA_DIR={shlex.quote(str(folder))}",
        wave=next(reversed(published), None),
    )


def _first_of_each_kind() -> list[User]:
    """Return the users that can be stepped into, in the order of the page."""
    accounts = written_accounts(current_settings().data_dir)
    people = people_named(session, [account.username for account in accounts])
    named = [people[account.username] for account in accounts if account.username in people]
    return [user for kind in ORDER for user in [one for one in named if one.kind is kind][:1]]
