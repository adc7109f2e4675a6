"""Breaking a visit off: it could not be made, or not to its end, and head office is told why."""

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from inspect_app.db import session
from inspect_app.permissions import Action
from inspect_app.queries.visits import visit_of_inspector
from inspect_app.services.journal import Actor
from inspect_app.services.stops import LONGEST_WORDS, Hindrance
from inspect_app.services.visits import cancel_visit
from inspect_app.web.access import current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.hindrances import WORDS, reason_in_words
from inspect_app.web.inspector import pages


class StopForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Why a visit is broken off; what more there is to say about it."""

    why = RadioField(_l("为什么"), validators=[InputRequired(_l("请选一个原因。"))])
    words = TextAreaField(
        _l("说明（可不填）"), validators=[Length(max=LONGEST_WORDS, message=_l("最多 300 字，请删短些。"))]
    )

    def __init__(self) -> None:
        """Offer the reasons."""
        super().__init__()
        self.why.choices = [(why.value, str(said)) for why, said in WORDS.items()]

    @property
    def reason(self) -> str:
        """The reason in words, as head office reads it."""
        return reason_in_words(Hindrance(self.why.data), str(self.words.data or ""))


@pages.get("/visits/<uuid:visit_id>/stop")
@requires(Action.FILL_VISIT)
def stop_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Ask why a visit is broken off."""
    visit = visit_of_inspector(session, current_user(), visit_id)
    return render_template("inspector/stop.html", visit=visit, form=StopForm())


@pages.post("/visits/<uuid:visit_id>/stop")
@requires(Action.FILL_VISIT)
def stop(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Call the visit off with the inspector's reason."""
    visit = visit_of_inspector(session, current_user(), visit_id)
    form = StopForm()
    if not form.validate_on_submit():
        return render_template("inspector/stop.html", visit=visit, form=form), 422
    cancel_visit(session, Actor.inspector(), visit, form.reason, now=utc_now())
    return redirect(url_for("inspector.visits_page"), code=303)
