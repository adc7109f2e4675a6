"""The handbook, for everybody: flows, situations, standards, and where each of them comes from."""

from flask import render_template
from flask.typing import ResponseReturnValue

from checklists.edition_loading import shipped_edition
from checklists.handbook import Provenance
from inspect_app.permissions import Action
from inspect_app.web.access import requires
from inspect_app.web.languages import current_language
from inspect_app.web.office import pages


@pages.get("/handbook")
@requires(Action.READ_HANDBOOK)
def handbook_page() -> ResponseReturnValue:
    """Show the edition that the product ships; another cannot be put into use yet."""
    edition = shipped_edition()
    return render_template(
        "office/handbook.html",
        edition=edition,
        language=current_language(),
        source=Provenance.SOURCE,
        derived=Provenance.DERIVED,
    )
