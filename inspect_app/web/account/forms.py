"""The forms of the own account: signing in, passwords, codes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from inspect_app.services.password_rules import PasswordFault, fault_of
from inspect_app.web.languages import NAMES

LONGEST_NAME = 80
LONGEST_PASSWORD = 200
LONGEST_CODE = 40

NEEDS_PASSWORD = _l("请填密码。")
FAULTS = {
    PasswordFault.SHORT: _l("密码至少 10 个字符。"),
    PasswordFault.USERNAME: _l("密码不能就是用户名。"),
    PasswordFault.COMMON: _l("这个密码太常见，请换一个。几个不相干的词连起来就很好。"),
}


class LoginForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Name and password; the names of its fields are fixed."""

    username = StringField(
        _l("用户名"), validators=[InputRequired(_l("请填用户名。")), Length(max=LONGEST_NAME)]
    )
    password = PasswordField(
        _l("密码"), validators=[InputRequired(NEEDS_PASSWORD), Length(max=LONGEST_PASSWORD)]
    )


class CodeForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A code of the device, or a spare code."""

    code = StringField(_l("验证码"), validators=[InputRequired(_l("请填验证码。")), Length(max=LONGEST_CODE)])


class PhoneCodeForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """The short code that a phone shows its own app."""

    code = StringField(_l("短码"), validators=[InputRequired(_l("请填短码。")), Length(max=LONGEST_CODE)])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A new password, typed twice."""

    password = PasswordField(
        _l("新密码"),
        validators=[
            InputRequired(NEEDS_PASSWORD),
            Length(max=LONGEST_PASSWORD, message=_l("密码最多 200 个字符。")),
        ],
    )
    repeated = PasswordField(
        _l("再填一遍新密码"), validators=[EqualTo("password", message=_l("两次填的不一样。"))]
    )

    def __init__(self, username: str) -> None:
        """Take the name whose password it will be."""
        super().__init__()
        self.username = username

    def validate_password(self, field: Field) -> None:
        """Refuse what is too easily guessed.

        Raises:
            ValidationError: it is.
        """
        fault = fault_of(str(field.data), self.username)
        if fault is not None:
            raise ValidationError(str(FAULTS[fault]))


class ChangePasswordForm(NewPasswordForm):
    """The old password and a new one."""

    old = PasswordField(
        _l("现在的密码"), validators=[InputRequired(_l("请填现在的密码。")), Length(max=LONGEST_PASSWORD)]
    )


class LanguageForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """The language of the account."""

    language = SelectField(_l("语言"))

    def __init__(self, **values: str | None) -> None:
        """Offer the languages that every page speaks."""
        super().__init__(**values)
        self.language.choices = [(code, name, {"lang": code}) for code, name in NAMES.items()]


class ConfirmedForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """The own password once more, before something that protects the account is taken away."""

    password = PasswordField(
        _l("现在的密码"), validators=[InputRequired(_l("请填现在的密码。")), Length(max=LONGEST_PASSWORD)]
    )
