"""Looking at a page for its card: the slow part of a job, in the worker, outside of any transaction; and keeping what
was seen."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from intranet.files import storing
from intranet.files.pictures import NotAPicture, TooManyPixels, thumbnail
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from intranet.links.addresses import Forbidden, Resolve, Rules, Unresolved, system_resolver
from intranet.links.cards import LinkCard
from intranet.links.fetching import Fetched, Unreachable, Unusable, Wanted, fetch
from intranet.links.models import LinkPage
from intranet.links.queries import fresh_page, key_of
from intranet.links.reading import read_page

log = logging.getLogger(__name__)

PAGE = Wanted(("text/html", "application/xhtml+xml"), most=512 * 1024, may_be_cut=True)
PICTURE = Wanted(("image/",), most=4 * 1024 * 1024)
_SHOWN_AT = (416, 416)  # twice the space that the card gives it

_KEPT, _KEPT_EMPTY = timedelta(days=7), timedelta(days=1)
_PAUSES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at ``url``. ``is_passing`` says that nothing was, and that it may be there another time."""

    url: str
    card: LinkCard | None
    is_passing: bool = False
    is_known: bool = False


def look(database: Database, url: str, *, resolve: Resolve = system_resolver) -> Look:
    """Look at a page, unless somebody did not long ago."""
    with database.reading(system(reason="links: what a page said of itself lately")) as session:
        known = fresh_page(session, url)
        if known is not None:
            return Look(url, LinkCard.of(known.card), is_known=True)
    get = partial(fetch, rules=Rules.of(runtime().settings), resolve=resolve)
    try:
        page = get(url, PAGE)
        said = read_page(page.body, page.charset, page.url)
        if said is None:
            return Look(url, None)
        picture, width, height = _picture(partial(get, said.picture, PICTURE)) if said.picture else ("", 0, 0)
        return Look(url, LinkCard(url, said.title, said.description, said.site, picture, width, height))
    except (Forbidden, Unusable) as error:
        log.info("no card for a link: %s", type(error).__name__)
        return Look(url, None)
    except (Unreachable, Unresolved) as error:
        log.info("no card for a link now: %s", type(error).__name__)
        return Look(url, None, is_passing=True)


def _picture(get: Callable[[], Fetched]) -> tuple[str, int, int]:
    """Our own copy of a picture: read, made small and written anew, so that nothing of the original's bytes remains."""
    try:
        small, width, height = thumbnail(get().body, _SHOWN_AT)
    except (Forbidden, Unusable, Unreachable, Unresolved, NotAPicture, TooManyPixels) as error:
        log.info("a card without its picture: %s", type(error).__name__)
        return "", 0, 0
    return storing.keep(runtime().settings.files_folder, small), width, height


def settle(session: Session, seen: Look) -> timedelta | None:
    """Keep what was seen for the next who asks; gives the pause after which to look again, if that is worth it."""
    if seen.is_known:
        return None
    page = session.get(LinkPage, key_of(seen.url))
    if page is None:
        page = LinkPage(url_sha256=key_of(seen.url), url=seen.url, failures=0, expires_at=clock.now())
        session.add(page)
    page.card = seen.card.kept() if seen.card else None
    page.picture_sha256 = seen.card.picture or None if seen.card else None
    page.failures = page.failures + 1 if seen.is_passing else 0
    if seen.is_passing and page.failures <= len(_PAUSES):
        page.expires_at = clock.now()
        return _PAUSES[page.failures - 1]
    page.expires_at = clock.now() + (_KEPT if seen.card else _KEPT_EMPTY)
    return None
