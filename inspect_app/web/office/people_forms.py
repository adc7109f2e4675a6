"""The forms of head office about people: a new account, and another post."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from inspect_app.db import session
from inspect_app.mail_server import is_address
from inspect_app.models.people import LONGEST_NAME, UserKind, is_username
from inspect_app.queries.directory import branches_matching
from inspect_app.queries.organisation import all_regions, has_branch
from inspect_app.queries.people import user_named
from inspect_app.services.people import Post
from inspect_app.web.languages import NAMES
from inspect_app.web.words import word

LONGEST_WORDS = 120
MOST_OFFERED = 6

KINDS = tuple(UserKind)
KINDS_TO_MOVE = tuple(kind for kind in UserKind if kind is not UserKind.INSPECTOR)


class PostForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A kind of user, and the place that goes with it; what does not go with it is left aside."""

    kind = SelectField(_l("用户类型"))
    region = SelectField(_l("区域"))
    branch = StringField(_l("网点的代码或名称"), validators=[Length(max=LONGEST_WORDS)])

    def __init__(self, kinds: Sequence[UserKind] = KINDS_TO_MOVE, **values: str | None) -> None:
        """Offer the kinds and the regions in the language of the page."""
        super().__init__(**values)
        self.kind.choices = [(kind.value, word(kind)) for kind in kinds]
        regions = [(region.code, f"{region.name} {region.code}") for region in all_regions(session)]
        self.region.choices = [("", _("没有")), *regions]
        self.branch_code = ""

    def validate_region(self, field: Field) -> None:
        """Ask a regional manager for a region.

        Raises:
            ValidationError: there is none.
        """
        if self.kind.data == UserKind.REGIONAL_MANAGER and not field.data:
            raise ValidationError(_("区域经理要选一个区域。"))

    def validate_branch(self, field: Field) -> None:
        """Find the one branch that is meant.

        Raises:
            ValidationError: there is none of that name or code, or more than one.
        """
        if self.kind.data != UserKind.BRANCH_MANAGER:
            return
        words = str(field.data or "").strip()
        if not words:
            raise ValidationError(_("网点负责人要写一家网点。"))
        self.branch_code = words if has_branch(session, words) else _only_one(words)

    @property
    def post(self) -> Post:
        """What was chosen, of a form that is valid."""
        kind = UserKind(self.kind.data)
        region = self.region.data if kind is UserKind.REGIONAL_MANAGER else None
        return Post(kind, region, self.branch_code if kind is UserKind.BRANCH_MANAGER else None)


class AddressForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Where mails to somebody go; left empty, there are none."""

    email = StringField(_l("电子邮件"))

    def validate_email(self, field: Field) -> None:
        """Refuse what no mail can be sent to.

        Raises:
            ValidationError: it is no address.
        """
        if field.data and not is_address(field.data.strip()):
            raise ValidationError(_("请填邮件地址，如 name@bank.example，或空着。"))

    @property
    def address(self) -> str | None:
        """What was typed, of a form that is valid."""
        return str(self.email.data or "").strip() or None


class PersonForm(PostForm, AddressForm):
    """A new account."""

    username = StringField(_l("用户名"), validators=[InputRequired(_l("请填用户名。"))])
    name = StringField(
        _l("姓名"),
        validators=[
            InputRequired(_l("请填姓名。")),
            Length(max=LONGEST_NAME, message=_l("姓名最多 80 个字。")),
        ],
    )
    language = SelectField(_l("语言"))

    def __init__(self) -> None:
        """Offer every kind, and the languages that every page speaks."""
        super().__init__(KINDS)
        self.language.choices = [(code, name, {"lang": code}) for code, name in NAMES.items()]

    def validate_username(self, field: Field) -> None:
        """Refuse what cannot be typed everywhere, and what is taken.

        Raises:
            ValidationError: it is one of these.
        """
        username = str(field.data).strip()
        if not is_username(username):
            raise ValidationError(_("用户名只用字母、数字和 . _ -，2 到 80 个，以字母或数字开头。"))
        if user_named(session, username) is not None:
            raise ValidationError(_("这个用户名已经有人用了。"))


def _only_one(words: str) -> str:
    found = branches_matching(session, words)
    if not found:
        raise ValidationError(_("没有这样的网点。代码从头写起，名称写其中几个字。"))
    if len(found) > 1:
        offered = _("、").join(f"{branch.code} {branch.name}" for branch in found[:MOST_OFFERED])
        raise ValidationError(_("有几家都像，请写代码：%(offered)s", offered=offered))
    return found[0].code
