"""The forms of head office."""

import uuid
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from checklists.recipe_loading import shipped_recipe_names
from inspect_app.models.visits import SettingAside
from inspect_app.web.office.shipped import drawn
from inspect_app.web.words import word
from reports.rankings import RankBy

LONGEST_REASON = 500
LONGEST_CODE = 40
LONGEST_NAME = 120
MOST_VISITS = 12
MOST_DISCLOSURE_DAYS = 60
USUAL_SETTLING_DAYS = 2

NEEDS_REASON = _l("请写明原因。")
WHOLE = _l("请填 1 到 12 的整数。")
DAYS = _l("请填 0 到 60 的整数。")


class ReasonForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Why something is called off or taken back."""

    reason = TextAreaField(_l("原因"), validators=[DataRequired(NEEDS_REASON), Length(max=LONGEST_REASON)])


class SetAsideForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Why a visit that was made is not counted, in one word and in a sentence."""

    why = SelectField(_l("为什么不计入"), coerce=SettingAside)
    reason = TextAreaField(_l("说明"), validators=[DataRequired(NEEDS_REASON), Length(max=LONGEST_REASON)])

    def __init__(self) -> None:
        """Offer the reasons in the language of the page."""
        super().__init__()
        self.why.choices = [(why.value, word(why)) for why in SettingAside]


class AssignForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Who is to make a visit; the page offers the inspectors."""

    inspector = SelectField(_l("派给"), coerce=uuid.UUID)


class WaveForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A wave to be planned."""

    code = StringField(
        _l("代码"),
        validators=[
            InputRequired(_l("请填代码，如 2026Q4。")),
            Length(max=LONGEST_CODE),
            Regexp(r"^[\w.-]+$", message=_l("代码只用字母、数字、点和短横。")),
        ],
    )
    name = StringField(
        _l("名称"), validators=[InputRequired(_l("请填名称，如 2026 年四季度。")), Length(max=LONGEST_NAME)]
    )
    recipe = SelectField(_l("按哪个方案"))
    opens_on = DateField(_l("从哪天"), validators=[InputRequired(_l("请填开始的日期。"))])
    closes_on = DateField(_l("到哪天"), validators=[InputRequired(_l("请填收口的日期。"))])
    visits_wanted = IntegerField(
        _l("每家网点检查几次"),
        default=1,
        validators=[InputRequired(WHOLE), NumberRange(1, MOST_VISITS, WHOLE)],
    )
    min_visits = IntegerField(
        _l("至少计入几次才排名"),
        default=1,
        validators=[InputRequired(WHOLE), NumberRange(1, MOST_VISITS, WHOLE)],
    )
    disclosure_days = IntegerField(
        _l("公示几个工作日"),
        default=5,
        validators=[InputRequired(DAYS), NumberRange(0, MOST_DISCLOSURE_DAYS, DAYS)],
    )
    settling_days = IntegerField(
        _l("裁定申诉几个工作日"),
        default=USUAL_SETTLING_DAYS,
        validators=[Optional(), NumberRange(0, MOST_DISCLOSURE_DAYS, DAYS)],
    )
    rank_by = SelectField(_l("怎么排名"), coerce=RankBy)

    def __init__(self) -> None:
        """Offer the shipped recipes and the ways to rank in the language of the page."""
        super().__init__()
        self.recipe.choices = [(name, _offer(name)) for name in shipped_recipe_names()]
        self.rank_by.choices = [(way.value, word(way).capitalize()) for way in RankBy]

    def validate_closes_on(self, field: Field) -> None:
        """Refuse a wave that would close before it opens.

        Raises:
            ValidationError: it would.
        """
        opens: date | None = self.opens_on.data
        if opens is not None and field.data < opens:
            raise ValidationError(_("收口不能早于开始。"))

    def validate_min_visits(self, field: Field) -> None:
        """Refuse a wave in which no branch could be ranked.

        Raises:
            ValidationError: more visits must count than are made.
        """
        wanted: int | None = self.visits_wanted.data
        if wanted is not None and field.data is not None and field.data > wanted:
            raise ValidationError(_("不能多于每家检查的次数。"))


def _offer(name: str) -> str:
    checklist = drawn(name)
    return _(
        "%(mode)s · %(items)d 题，约 %(minutes)d 分钟",
        mode=word(checklist.mode).capitalize(),
        items=checklist.item_count,
        minutes=checklist.minutes,
    )
