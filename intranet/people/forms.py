"""What people type about themselves, checked field by field.

Lists are typed as text (one per line, or with commas), so that the form is whole without JavaScript.
"""

from typing import Annotated
from urllib.parse import urlsplit

from flask_babel import gettext as _
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from intranet.kernel import clock
from intranet.kernel.forms import Form
from intranet.kernel.text import clean_line, clean_text
from intranet.people.actions import ProfileDraft

_MOST_LINKS = 8
_MOST_LANGUAGES = 12
_MOST_SUBJECTS = 6


def check_timezone(value: str) -> str:
    """An IANA name, or nothing."""
    if value and value not in clock.zone_names():
        raise ValueError(_("Choose a time zone from the list, such as Europe/Berlin."))
    return value


def check_languages(value: str) -> tuple[str, ...]:
    """Languages from a line with commas, each once, in order."""
    languages = tuple(dict.fromkeys(part for raw in value.split(",") if (part := clean_line(raw))))
    if len(languages) > _MOST_LANGUAGES:
        raise ValueError(_("At most %(count)s languages.", count=_MOST_LANGUAGES))
    if any(len(language) > 60 for language in languages):
        raise ValueError(_("A language has at most %(count)s characters. Put commas between them.", count=60))
    return languages


def check_subjects(value: str) -> tuple[str, ...]:
    """One subject per line."""
    subjects = tuple(line for raw in value.splitlines() if (line := clean_line(raw)))
    if len(subjects) > _MOST_SUBJECTS:
        raise ValueError(_("At most %(count)s lines.", count=_MOST_SUBJECTS))
    if any(len(line) > 120 for line in subjects):
        raise ValueError(_("At most %(count)s characters in a line.", count=120))
    return subjects


def check_links(value: str) -> tuple[tuple[str, str], ...]:
    """``(label, address)`` from lines that end with a web address; without a label the host is shown."""
    links = tuple(_link(line) for raw in value.splitlines() if (line := clean_line(raw)))
    if len(links) > _MOST_LINKS:
        raise ValueError(_("At most %(count)s links.", count=_MOST_LINKS))
    return links


def _link(line: str) -> tuple[str, str]:
    label, _blank, address = line.rpartition(" ")
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(_("“%(line)s” does not end with an address that begins with https://", line=line[:60]))
    if len(address) > 500 or len(label) > 80:
        raise ValueError(_("A link has at most 80 characters of name and 500 of address."))
    return label.rstrip(":–- ") or str(parts.hostname), address


def _line(value: object) -> object:
    return clean_line(value) if isinstance(value, str) else value


def _text(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


ShortLine = Annotated[str, BeforeValidator(_line), StringConstraints(max_length=120)]
TitleLine = Annotated[str, BeforeValidator(_line), StringConstraints(max_length=200)]
About = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=5000)]
Lines = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=6000)]


class ProfileForm(Form):
    """The profile's fields as typed; a field that was not sent stays as it is."""

    title: TitleLine | None = None
    department: ShortLine | None = None
    location: ShortLine | None = None
    timezone: Annotated[ShortLine, AfterValidator(check_timezone)] | None = None
    languages: Annotated[Lines, AfterValidator(lambda value: (check_languages(value), value)[1])] | None = None
    manager: ShortLine | None = None
    about: About | None = None
    ask_me_about: Annotated[Lines, AfterValidator(lambda value: (check_subjects(value), value)[1])] | None = None
    links: Annotated[Lines, AfterValidator(lambda value: (check_links(value), value)[1])] | None = None

    def draft(self) -> ProfileDraft:
        """The same as an action takes it."""
        return ProfileDraft(
            title=self.title,
            department=self.department,
            location=self.location,
            timezone=self.timezone,
            languages=None if self.languages is None else check_languages(self.languages),
            manager=self.manager,
            about=self.about,
            ask_me_about=None if self.ask_me_about is None else check_subjects(self.ask_me_about),
            links=None if self.links is None else check_links(self.links),
        )


class StatusForm(Form):
    """A status of a few words, an emoji, and how long it holds: ``""`` for ever, else minutes or ``today``."""

    emoji: Annotated[str, BeforeValidator(_line), StringConstraints(max_length=16)] = ""
    status: ShortLine = ""
    status_lasts: ShortLine = ""


class PlaceForm(Form):
    """Where somebody works today, and until when."""

    place: ShortLine = ""
    place_lasts: ShortLine = "today"
    focus: ShortLine = ""
