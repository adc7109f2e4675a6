"""The practice: a few situations at a made-up branch, at any time; nothing of it is kept or counted."""

from dataclasses import replace
from functools import cache

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from checklists.checklist import Checklist
from checklists.edition_loading import shipped_edition
from checklists.filled import SectionAnswers
from checklists.generation import generate
from checklists.recipe_loading import shipped_recipe
from inspect_app.permissions import Action
from inspect_app.web.access import requires
from inspect_app.web.inspector import pages
from inspect_app.web.inspector.bundles import API, card_of, drawn, piece
from inspect_app.web.inspector.screens import whole_screen
from inspect_app.web.languages import current_language

SITUATIONS = 3


@pages.get("/visits/practice/bundle")
@requires(Action.FILL_VISIT)
def practice_bundle() -> ResponseReturnValue:
    """Tell a phone the form of the practice. It has no token, so that nothing of it can be sent."""
    checklist = practice_checklist()
    screens = tuple(
        whole_screen(section, SectionAnswers(section.situation, None)) for section in checklist.sections
    )
    return jsonify(
        api=API,
        visit="practice",
        version=f"{checklist.hash}-{current_language()}",
        token=None,
        expires=None,
        inspection=None,
        fields=[],
        photos=[],
        branch=_("样板支行（编的）"),
        is_practice=True,
        returned=None,
        returned_questions=0,
        card=piece("card", card_of(checklist, None)),
        **drawn(checklist, screens),
    )


@cache
def practice_checklist() -> Checklist:
    """Return the first situations of the shipped checklist for shoppers."""
    whole = generate(shipped_edition(), shipped_recipe("mystery"))
    return replace(whole, sections=whole.sections[:SITUATIONS])
