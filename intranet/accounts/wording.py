"""What the ways of signing in are called, for people."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from intranet.accounts.models import Way

WAYS: dict[str, LazyString] = {
    Way.PASSWORD: _("password"),
    Way.CODE: _("password and code"),
    Way.RECOVERY: _("password and recovery code"),
    Way.PASSKEY: _("passkey"),
    Way.COMPANY: _("the company’s sign-in"),
}
