"""What people type about their accounts."""

import re
from typing import Annotated

from flask_babel import gettext as _
from pydantic import AfterValidator, Field, StringConstraints

from intranet.kernel.forms import Form, Line, RequiredLine

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _username(value: str) -> str:
    value = value.lower().removeprefix("@")
    if not _USERNAME.fullmatch(value):
        raise ValueError(_("Letters a to z, digits, dots and hyphens; it begins and ends with a letter or digit."))
    return value


def _email(value: str) -> str:
    if value and not _EMAIL.fullmatch(value):
        raise ValueError(_("This is not an e-mail address."))
    return value.lower()


Username = Annotated[RequiredLine, AfterValidator(_username)]
Email = Annotated[Line, AfterValidator(_email)]
# Empty where somebody has none: ``check_own_password`` decides.
OwnPassword = Annotated[str, StringConstraints(max_length=1000)]
# A password is taken to the letter: nothing is cleaned from it.
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class SignInForm(Form):
    """The sign-in page."""

    login: RequiredLine
    password: Secret
    keep: bool = False
    next: str = ""


class ForgottenForm(Form):
    """Who says that they forgot their password."""

    login: RequiredLine


class JoinForm(Form):
    """First admin and invited colleagues."""

    name: RequiredLine
    username: Username
    email: Email = ""
    password: Secret


class NewPasswordForm(Form):
    """A one-time link to a new password."""

    password: Secret


class ChangePasswordForm(Form):
    """Settings: a new password for the old one."""

    current: OwnPassword = ""
    password: Secret


class ProveForm(Form):
    """Once more the password, before something that a borrowed browser must not do."""

    current: Secret
    next: str = ""


class CodeForm(Form):
    """The second step: six digits, or a recovery code."""

    code: Annotated[RequiredLine, Field(max_length=60)]
    trust: bool = False


class PasskeyForm(Form):
    """What somebody calls a passkey of theirs."""

    name: Annotated[RequiredLine, Field(max_length=100)]


class SetUpForm(Form):
    """Turning the second factor on: the offered secret as it was sealed, and the first code of it."""

    offer: Annotated[Line, Field(max_length=400)]
    code: Annotated[RequiredLine, Field(max_length=60)]


class IdentityForm(Form):
    """Settings: what one is called and reached by."""

    name: RequiredLine
    username: Username
    email: Email = ""
    current: OwnPassword = ""


class TokenForm(Form):
    """Settings: a key for a program."""

    name: Annotated[RequiredLine, Field(max_length=100)]
