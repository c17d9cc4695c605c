"""What a push says: as little as makes sense, since it is read on locked screens. What only some may read is not told
there at all."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from intranet.accounts.queries import site
from intranet.kernel.text import excerpt
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Notice
from intranet.notifications.queries import bundles, unread_count
from intranet.notifications.wording import cards

_LONGEST = 160
_MOST = 100


@dataclass(frozen=True, slots=True)
class Message:
    """``tag`` names the thread: what comes later of it takes the place of what came before. ``key`` names this very
    message, so that one that is sent again says nothing new."""

    key: str
    title: str
    body: str
    url: str
    tag: str
    unread: int

    def as_json(self) -> dict[str, Any]:
        """As the service worker reads it."""
        return {name: getattr(self, name) for name in self.__slots__}


def write_message(session: Session, viewer: Viewer, *only: ColumnElement[bool]) -> Message | None:
    """Words for what is unread of these notices and may still be read; None where nothing is. ``session`` is the
    reader's own."""
    page = bundles(session, viewer, Notice.read_at.is_(None), *only, limit=_MOST)
    if not page.items:
        return None
    title, unread = site(session).name, unread_count(session, viewer)
    newest = page.items[0].latest
    if len(page.items) > 1:
        words = ngettext("%(num)s thing waits for you", "%(num)s things wait for you", len(page.items))
        return Message(str(newest.id), title, words, "/notifications", "several", unread)
    (card,) = cards(session, page.items)
    words = excerpt(card.said, most=_LONGEST)
    if card.is_private:
        words = _("Something that only some may read waits for you.")
    return Message(str(newest.id), title, words, card.url, newest.thread, unread)


def trial(session: Session, viewer: Viewer, key: str) -> Message:
    """What says that a device can be reached; shown there also while Couth is being looked at."""
    words = _("This device is told what needs you.")
    return Message(key, site(session).name, words, "/settings/notices", "try", unread_count(session, viewer))
