"""What is typed into an article's forms."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from flask_babel import gettext as _
from pydantic import AfterValidator

from intranet.articles.models import LONGEST_LEAD
from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form, Line, RequiredLine, Text

USUALLY = timedelta(days=182)
_LONGEST = timedelta(days=3 * 366)


def today() -> date:
    """The day on which reviews fall due: the same for all, wherever they are."""
    return clock.now().date()


def _lead(words: str) -> str:
    if len(words) > LONGEST_LEAD:
        raise ValueError(_("At most %(count)s characters.", count=LONGEST_LEAD))
    return words


Lead = Annotated[Text, AfterValidator(lambda words: _lead(" ".join(words.split())))]


class WordsForm(Form):
    """What an article says, and for an edit why it changed."""

    title: RequiredLine
    lead: Lead = ""
    text: Text = ""
    note: Line = ""


class EditForm(WordsForm):
    """New words for what it said at ``version``; with ``settles`` they take up what readers had said at ``seen``."""

    version: str = ""
    settles: str = ""
    seen: str = ""

    @property
    def until(self) -> datetime | None:
        """Up to when what was said is settled; None where it all stays open."""
        try:
            return datetime.fromisoformat(self.seen).replace(tzinfo=UTC) if self.settles else None
        except ValueError:
            return clock.now()


class PromoteForm(WordsForm):
    """An article in the making; without a keeper the one who makes it keeps it."""

    keeper: Line = ""
    review_by: str = ""


class CheckForm(Form):
    """Until when it counts as checked."""

    review_by: str = ""
    note: Line = ""


class HandOverForm(Form):
    """Who keeps it from now on."""

    keeper: RequiredLine


def read_day(typed: str) -> date:
    """The day on which a review is due; half a year from now where none is named.

    Raises:
        Invalid: it is no day, has passed, or is years away.
    """
    if not typed.strip():
        return today() + USUALLY
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid({"review_by": str(_("Write the day like 2027-05-31."))}) from None
    if day <= today():
        raise Invalid({"review_by": str(_("This day has passed. Choose a later one."))})
    if day > today() + _LONGEST:
        raise Invalid({"review_by": str(_("Choose a day within three years."))})
    return day
