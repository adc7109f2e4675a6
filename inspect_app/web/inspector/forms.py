"""The form of one screen, made from the names of its fields; `checklists.answers` says what they mean."""

from collections.abc import Mapping, Sequence

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from checklists.fields import LEAVE_OUT, Arity, FieldFault, FieldName
from inspect_app.queries.inspections import Fields
from inspect_app.web.inspector.screens import Screen, SituationScreen
from inspect_app.web.inspector.telling import fault_word


class ScreenForm(BaseForm):
    """What one screen posts; the names of its fields are those that phone and server share."""

    takes_photos = False

    def __init__(self, names: Sequence[FieldName]) -> None:
        """Make a form with these fields, and the token against foreign forms."""
        fields = {field.name: FIELDS[field.arity] for field in names}
        super().__init__(fields, meta=FlaskForm.Meta())
        self.names = tuple(fields)

    def value(self, name: str) -> str:
        """Return what stands in a field that takes one value; empty where nothing does."""
        return str(self[name].data or "")

    def values(self, name: str) -> Sequence[str]:
        """Return what is ticked in a field that takes several."""
        return [str(value) for value in self[name].data or ()]

    def faults(self, code: str) -> list[str]:
        """Return what is wrong with a question, in words."""
        own = [name for name in self.names if name == code or name.startswith(f"{code}.")]
        return [str(fault) for name in own for fault in self[name].errors]

    def is_sound(self, faults: Sequence[FieldFault]) -> bool:
        """Say whether it can be kept, and note at each field what is wrong with it; gaps are not wrong."""
        is_sound = self.validate()
        for fault in faults:
            if fault.name in self.names and not fault.is_gap:
                self[fault.name].errors = [*self[fault.name].errors, fault_word(fault)]
                is_sound = False
        return is_sound

    def filled(self, screen: Screen) -> Fields:
        """Return what was filled in; what a choice on the screen has taken from sight is not."""
        hidden = set(self._hidden(screen))
        values = ((name, self[name].data) for name in self.names if name not in hidden)
        return tuple(
            (name, tuple(value) if isinstance(value, list) else value) for name, value in values if value
        )

    def _hidden(self, screen: Screen) -> list[str]:
        """Return the fields that an item's own "left out" hides: nobody counts people they did not see."""
        if not isinstance(screen, SituationScreen):
            return []
        left_out = [one.item for one in screen.items if self.value(one.item.code) == LEAVE_OUT]
        parts = ("of", "met", "partly", *(f"el{place}" for place in range(20)))
        return [f"{item.code}.{part}" for item in left_out for part in parts]


def saved_form(names: Sequence[FieldName], fields: Fields) -> ScreenForm:
    """Return a screen's form with what is saved."""
    form = ScreenForm(names)
    form.process(data=dict(fields))
    return form


def posted_form(names: Sequence[FieldName], posted: MultiDict[str, str]) -> ScreenForm:
    """Return a screen's form with what was posted."""
    form = ScreenForm(names)
    form.process(posted)
    return form


FIELDS: Mapping[Arity, "UnboundField[Field]"] = {
    Arity.ONE: UnboundField(StringField),
    Arity.MANY: UnboundField(SelectMultipleField, choices=[], validate_choice=False),
    Arity.TEXT: UnboundField(TextAreaField),
}
"""How a field is read and shown, by how many values it takes. The library binds each to a form's name."""
