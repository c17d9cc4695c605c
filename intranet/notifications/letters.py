"""What a mail about notices says: what needs its reader first, then what happened; as plain text and as HTML."""

import colorsys
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import Any

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import site
from intranet.kernel import clock
from intranet.kernel.languages import SOURCE
from intranet.kernel.mail import Mail
from intranet.kernel.runtime import runtime
from intranet.kernel.templating import format_date
from intranet.kernel.text import excerpt
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Digest, Level, Notice, Rhythm
from intranet.notifications.queries import NEEDS_ME, Bundle, bundles, thread_count, untold
from intranet.notifications.stopping import Kind, stop_address
from intranet.notifications.wording import ANNOUNCED, CHAT, KEPT, NoticeCard, cards
from intranet.people.hours import as_time, zone_of
from intranet.people.models import Profile

_MOST_SHOWN = 12
_LONGEST_WORDS = 70  # in a subject


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it goes into the queue, and the ids of the notices that it tells of."""

    notices: tuple[int, ...]
    mail: dict[str, Any]


def write_letter(session: Session, person: Person, *, levels: tuple[Level, ...], is_digest: bool) -> Letter | None:
    """A letter of everything that the person has not seen and was not told; None where there is nothing.

    ``session`` is the reader's own.
    """
    viewer = Viewer(person.id)
    ids = untold(session, viewer, Notice.level.in_(levels))
    if not ids:
        return None
    with force_locale(person.language or SOURCE):
        key = f"{'digest' if is_digest else 'notice'}-{ids[0]}"
        mail = _mail(session, person, _found(session, viewer, ids), key=key, is_digest=is_digest)
    return Letter(tuple(ids), asdict(mail))


@dataclass(frozen=True, slots=True)
class _Found:
    """What a letter shows, and how many threads it is about: those that need their reader, and the others."""

    needs: list[Bundle]
    others: list[Bundle]
    needing: int
    waiting: int


def _found(session: Session, viewer: Viewer, ids: list[int]) -> _Found:
    """What needs the reader has the first places, however much else happened since."""
    told = Notice.id.in_(ids)
    urgent = told & NEEDS_ME
    needs = bundles(session, viewer, urgent, limit=_MOST_SHOWN).items
    other = told & Notice.thread.not_in(select(Notice.thread).where(urgent))
    left = _MOST_SHOWN - len(needs)
    others = bundles(session, viewer, other, limit=left).items if left else []
    return _Found(needs, others, thread_count(session, viewer, urgent), thread_count(session, viewer, told))


def _mail(session: Session, person: Person, found: _Found, *, key: str, is_digest: bool) -> Mail:
    shown = cards(session, found.needs + found.others)
    needs, others = shown[: len(found.needs)], shown[len(found.needs) :]
    address = runtime().settings.address
    kind = Kind.DIGEST if is_digest else Kind.NOTICES
    parts: dict[str, Any] = {
        "site": site(session),
        "name": person.name.split(" ", 1)[0],
        "date": _today(session, person),
        "title": _title(found),
        "needs": needs,
        "others": others,
        "more": found.waiting - len(shown),
        "address": address,
        "stop": stop_address(person.id, kind),
        "comes": _comes(session, person) if is_digest else "",
        "disc": disc,
    }
    return Mail(
        key=key,
        to_name=person.name,
        to=person.email or "",
        subject=_subject(shown, parts["title"]),
        text=current_app.jinja_env.get_template("email/notices.txt").render(**parts),
        html=current_app.jinja_env.get_template("email/notices.html").render(**parts),
        thread=_thread(found.needs + found.others),
        unsubscribe=parts["stop"],
    )


def _today(session: Session, person: Person) -> str:
    """The date where the reader is."""
    profile = session.get(Profile, person.id)
    zone = zone_of(profile.timezone or "" if profile else "") or UTC
    return format_date(clock.now().astimezone(zone).date(), "full")


def _comes(session: Session, person: Person) -> str:
    """When the reader's digest comes, in a sentence."""
    rhythm = session.get(Rhythm, person.id)
    if rhythm is None:
        return ""
    time = as_time(rhythm.digest_at)
    if rhythm.digest is Digest.WEEKLY:
        return str(_("You get this on Mondays at %(time)s, and only when something waits for you.", time=time))
    return str(_("You get this every day at %(time)s, and only when something waits for you.", time=time))


def disc(hue: int) -> str:
    """The colour behind initials, as mail programs understand it: dark enough for white letters at every hue."""
    red, green, blue = colorsys.hls_to_rgb(hue / 360, 0.3, 0.4)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _title(found: _Found) -> str:
    if found.needing:
        return str(ngettext("%(num)s thing waits for you", "%(num)s things wait for you", found.needing))
    return str(ngettext("%(num)s thing happened", "%(num)s things happened", found.waiting))


def _subject(shown: list[NoticeCard], title: str) -> str:
    """What a single notice says and the first of its words, since that is what it is about; for several their
    number."""
    if len(shown) != 1:
        return title
    if shown[0].is_private:
        return shown[0].hint
    says, words = shown[0].said, excerpt(shown[0].quote, most=_LONGEST_WORDS)
    if shown[0].source in ANNOUNCED:
        return says  # it begins with these very words
    return str(_("%(what)s: %(words)s", what=says, words=words)) if words else says


def _thread(found: list[Bundle]) -> str:
    """Mails about one post, conversation or article are one conversation; a mail about several things is none."""
    about = {_about(bundle.latest) for bundle in found}
    return about.pop() if len(about) == 1 else ""


def _about(notice: Notice) -> str:
    if notice.post_id is not None:
        return f"post-{notice.post_id}"
    if notice.source in CHAT:
        return f"conversation-{notice.subject_id}"
    return f"article-{notice.subject_id}" if notice.source in KEPT else ""
