"""The sign-in form."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

LONGEST_NAME = 80
LONGEST_PASSWORD = 200


class LoginForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """Name and password; the names of its fields are fixed."""

    username = StringField(
        _l("用户名"), validators=[InputRequired(_l("请填用户名。")), Length(max=LONGEST_NAME)]
    )
    password = PasswordField(
        _l("密码"), validators=[InputRequired(_l("请填密码。")), Length(max=LONGEST_PASSWORD)]
    )
