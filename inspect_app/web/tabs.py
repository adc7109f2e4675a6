"""The desktop's main menu: the tabs that a user's kind has."""

from dataclasses import dataclass

from flask import Flask, current_app, url_for
from flask_babel import gettext as _

from inspect_app.permissions import Action, is_allowed
from inspect_app.web.access import current_user, is_signed_in


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the menu."""

    endpoint: str
    name: str
    address: str


def show_tabs(app: Flask) -> None:
    """Let templates ask for the tabs of the user at hand."""
    app.jinja_env.globals["tabs"] = tabs_of_user


def tabs_of_user() -> list[Tab]:
    """Return the tabs of the pages that the user may see, in the menu's order."""
    if not is_signed_in():
        return []
    kind = current_user().kind
    return [
        Tab(endpoint, name, url_for(endpoint))
        for endpoint, name, action in _menu()
        if endpoint in current_app.view_functions and is_allowed(kind, action)
    ]


def _menu() -> list[tuple[str, str, Action]]:
    return [
        ("office.review_queue_page", _("复核"), Action.REVIEW_INSPECTION),
        ("office.waves_page", _("期次"), Action.READ_WAVE),
        ("region.newest_ranking_page", _("排名"), Action.READ_RANKING),
        ("region.overview_page", _("整改"), Action.READ_DEFICIENCIES),
        ("office.appeals_page", _("申诉"), Action.DECIDE_APPEAL),
        ("office.handbook_page", _("手册"), Action.READ_HANDBOOK),
        ("office.recipes_page", _("方案"), Action.RUN_WAVE),
        ("office.organisation_page", _("机构与人员"), Action.READ_ORGANISATION),
        ("office.journal_page", _("日志"), Action.READ_JOURNAL),
        ("office.background_page", _("后台"), Action.RUN_BACKGROUND),
    ]
