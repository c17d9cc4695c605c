"""What people say about being told, as the settings page sends it."""

from collections.abc import Mapping
from typing import Annotated, Any

from flask_babel import gettext as _
from pydantic import StringConstraints

from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form, Text
from intranet.notifications.actions import Wishes
from intranet.notifications.keywords import tidied
from intranet.notifications.models import Digest, Level, Source


class WishesForm(Form):
    """The whole page; a level for each source is read beside it."""

    quiet_from: str = ""
    quiet_to: str = ""
    quiet_days: list[int] = []
    mails_now: bool = False
    digest: Digest = Digest.DAILY
    digest_at: str = "07:30"
    keywords: Text = ""


class DeviceForm(Form):
    """What a browser's subscription says."""

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    p256dh: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    auth: Annotated[str, StringConstraints(min_length=1, max_length=60)]


def read_wishes(given: Mapping[str, Any]) -> Wishes:
    """From the form.

    Raises:
        Invalid: a time, day or level that there is not, under its field.
    """
    form = WishesForm.parse(given)
    if not set(form.quiet_days) <= set(range(7)):
        raise Invalid({"quiet_days": str(_("Choose one of the listed values."))})
    return Wishes(
        levels={source: _level(given, source) for source in Source if f"level-{source}" in given},
        quiet_from=_minutes(form.quiet_from, "quiet_from"),
        quiet_to=_minutes(form.quiet_to, "quiet_to"),
        quiet_days=tuple(sorted(set(form.quiet_days))),
        mails_now=form.mails_now,
        digest=form.digest,
        digest_at=_minutes(form.digest_at, "digest_at") or 0,
        keywords=tuple(tidied(form.keywords)),
    )


def _level(given: Mapping[str, Any], source: Source) -> Level:
    field = f"level-{source}"
    try:
        return Level(given[field])
    except ValueError:
        raise Invalid({field: str(_("Choose one of the listed values."))}) from None


def _minutes(words: str, field: str) -> int | None:
    """``07:30`` as minutes of the day; None where nothing is given."""
    if not words:
        return None
    hours, _colon, minutes = words.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        raise Invalid({field: str(_("A time of day, such as 18:30."))})
    return int(hours) * 60 + int(minutes)
