"""The forms of a branch: its answer to a deficiency, and its appeal against items of a visit."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar, TypeVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from inspect_app.errors import NotFoundError
from inspect_app.models.appeals import Ground
from inspect_app.models.corrective_actions import Cause, Measure
from inspect_app.services.appeals import AppealPlan
from inspect_app.services.corrective_actions import ActionPlan, DraftPlan
from inspect_app.web.words import word

LONGEST_CAUSE = 500
LONGEST_MEASURE = 2_000
LONGEST_GROUNDS = 2_000
SHORTEST_MEASURE = 10
"""Characters below which a measure names neither who nor when nor what."""

SEEN = "seen."
"""Before the id of a deficiency: the version of it that the page showed."""

Word = TypeVar("Word", bound=StrEnum)


class ActionForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What a branch answers to a deficiency. A draft may lack anything; what is sent may not."""

    FIELDS: ClassVar = ("cause", "cause_words", "measure", "measure_words", "owner_role", "done_by")

    cause = RadioField(_l("原因"), coerce=Cause, validate_choice=False, validators=[Optional()])
    cause_words = TextAreaField(_l("原因说明"), validators=[Length(max=LONGEST_CAUSE)])
    measure = RadioField(_l("怎么改"), coerce=Measure, validate_choice=False, validators=[Optional()])
    measure_words = TextAreaField(_l("措施"), validators=[Length(max=LONGEST_MEASURE)])
    owner_role = SelectField(_l("由谁盯"), validate_choice=True)
    done_by = DateField(_l("完成日期"), validators=[Optional()])

    def __init__(self, roles: Mapping[str, str], **known: object) -> None:
        """Offer causes, measures and staff roles in the language of the page.

        Args:
            roles: the names of the posts of the branch's handbook, by code.
        """
        super().__init__(**known)
        self.cause.choices = _offered(Cause)
        self.measure.choices = _offered(Measure)
        self.owner_role.choices = list(roles.items())

    def is_ready(self, today: date) -> bool:
        """Say whether it can be sent; each gap is then written beside its field."""
        gaps = {
            "cause": None if self.cause.data else _("请选一个原因。"),
            "cause_words": self._gap_of_other(),
            "measure": None if self.measure.data else _("请选怎么改。"),
            "measure_words": self._gap_of_measure(),
            "done_by": self._gap_of_day(today),
        }
        for name, gap in gaps.items():
            if gap is not None:
                self[name].errors = [*self[name].errors, gap]
        return not any(gaps.values())

    def _gap_of_other(self) -> str | None:
        if self.cause.data is Cause.OTHER and not (self.cause_words.data or "").strip():
            return _("选了“其他”，请写明原因。")
        return None

    def _gap_of_measure(self) -> str | None:
        words = (self.measure_words.data or "").strip()
        if not words:
            return _("请写措施：谁、什么时候、做什么。")
        if len(words) < SHORTEST_MEASURE:
            return _("再写具体些：谁、什么时候、做什么。")
        return None

    def _gap_of_day(self, today: date) -> str | None:
        if self.done_by.data is None:
            return _("请填完成日期。")
        return _("完成日期不能早于今天。") if self.done_by.data < today else None

    def as_draft(self, photos: Iterable[uuid.UUID], also: Iterable[uuid.UUID]) -> DraftPlan:
        """Return what is written so far."""
        return DraftPlan(
            cause=self.cause.data,
            cause_words=(self.cause_words.data or "").strip(),
            measure=self.measure.data,
            measure_words=(self.measure_words.data or "").strip(),
            owner_role=self.owner_role.data,
            done_by=self.done_by.data,
            photos=tuple(photos),
            also=tuple(also),
        )

    def as_action(self, photos: Iterable[uuid.UUID]) -> ActionPlan:
        """Return what is sent; only of a form that is ready."""
        return ActionPlan(
            cause=self.cause.data,
            cause_words=(self.cause_words.data or "").strip(),
            measure=self.measure.data,
            measure_words=(self.measure_words.data or "").strip(),
            owner_role=self.owner_role.data,
            done_by=self.done_by.data,
            photos=tuple(photos),
        )


class AppealForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Why a branch disputes items of one visit."""

    ground = RadioField(_l("理由"), coerce=Ground, validate_choice=False, validators=[Optional()])
    words = TextAreaField(_l("请说明"), validators=[Length(max=LONGEST_GROUNDS)])

    def __init__(self) -> None:
        """Offer the grounds in the language of the page."""
        super().__init__()
        self.ground.choices = _offered(Ground)

    def is_ready(self) -> bool:
        """Say whether it can be filed; each gap is then written beside its field."""
        gaps = {
            "ground": None if self.ground.data else _("请选一个理由。"),
            "words": None if (self.words.data or "").strip() else _("请说明：当时怎样，有什么能证明。"),
        }
        for name, gap in gaps.items():
            if gap is not None:
                self[name].errors = [*self[name].errors, gap]
        return not any(gaps.values())

    def as_plan(self, photos: Iterable[uuid.UUID]) -> AppealPlan:
        """Return what is filed; only of a form that is valid."""
        return AppealPlan(self.ground.data, (self.words.data or "").strip(), tuple(photos))


def ids_of(name: str) -> tuple[uuid.UUID, ...]:
    """Return the ids that a form or an address names, each once.

    Raises:
        NotFoundError: one of them is none.
    """
    try:
        found = [uuid.UUID(text) for text in request.values.getlist(name)]
    except ValueError as error:
        raise NotFoundError(f"{name} of {request.path}") from error
    return tuple(dict.fromkeys(found))


def versions_seen() -> dict[uuid.UUID, int]:
    """Return which version of each deficiency the page showed.

    Raises:
        NotFoundError: the form names something that is none.
    """
    try:
        return {
            uuid.UUID(name.removeprefix(SEEN)): int(version)
            for name, version in request.form.items()
            if name.startswith(SEEN)
        }
    except ValueError as error:
        raise NotFoundError(f"form of {request.path}") from error


def version_of(name: str) -> int | None:
    """Return the version of something that the page showed; None where it showed none.

    Raises:
        NotFoundError: the form names something that is none.
    """
    text = request.form.get(name, "")
    try:
        return int(text) if text else None
    except ValueError as error:
        raise NotFoundError(f"form of {request.path}") from error


def _offered(words: type[Word]) -> list[tuple[str, str]]:
    return [(one.value, word(one)) for one in words]
