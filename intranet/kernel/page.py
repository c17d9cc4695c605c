"""Pages and fragments, keyset cursors, and the named places where features show their part on another's page."""

import base64
import json
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from flask import Flask, g, get_flashed_messages, render_template, request
from flask_babel import format_number, get_locale
from markupsafe import Markup

from intranet.kernel import clock, outbox
from intranet.kernel.errors import Invalid
from intranet.kernel.parts import opening, part
from intranet.kernel.viewer import Viewer

T = TypeVar("T")

_NO_CURSOR = {"cursor": "not a cursor of this list"}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One stretch of a list. ``older`` and ``newer`` are cursors for the next stretch that way, None at the end."""

    items: list[T]
    older: str | None = None
    newer: str | None = None


def encode_cursor(*keys: str | float | None) -> str:
    """A keyset cursor for a URL: the sort keys of the last row."""
    return base64.urlsafe_b64encode(json.dumps(keys, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(token: str | None, *, size: int) -> list[Any] | None:
    """The sort keys in ``token``; None for no token.

    Raises:
        Invalid: it was not made by ``encode_cursor`` with ``size`` keys.
    """
    if not token:
        return None
    try:
        keys = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        json.dumps(keys, ensure_ascii=False).encode()  # no database can be asked for half a character
    except (ValueError, Base64Error, RecursionError) as error:
        raise Invalid(_NO_CURSOR) from error
    if not isinstance(keys, list) or len(keys) != size or any("\0" in key for key in keys if isinstance(key, str)):
        raise Invalid(_NO_CURSOR)
    return keys


def moment_of(key: object) -> datetime:
    """A time in a cursor.

    Raises:
        Invalid: the cursor was not made here.
    """
    try:
        found = datetime.fromisoformat(str(key))
        if found.tzinfo is None:
            raise Invalid(_NO_CURSOR)
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(_NO_CURSOR) from error


def page_of(rows: list[T], *, limit: int, cursor: Callable[[T], str], came_from: str | None = None) -> Page[T]:
    """A page from ``limit + 1`` rows read newest first: the extra row only tells that there is more."""
    items = rows[:limit]
    older = cursor(items[-1]) if len(rows) > limit else None
    newer = cursor(items[0]) if items and came_from else None
    return Page(items, older=older, newer=newer)


class Slot(StrEnum):
    """The places on a page that other features fill."""

    NAV_MAIN = "nav.main"
    NAV_GROUPS = "nav.groups"
    NAV_TOPICS = "nav.topics"
    NAV_BADGES = "nav.badges"
    DIALOGS = "frame.dialogs"
    BANNERS = "frame.banners"
    PROFILE_TABS = "profile.tabs"
    PROFILE_BODY = "profile.body"
    PROFILE_MORE = "profile.more"
    PROFILE_RAIL = "profile.rail"
    PERSON_CARD = "person.card"
    HOME_TOP = "home.top"
    HOME_RAIL = "home.rail"
    TOPIC_KNOWERS = "topic.knowers"
    TOPIC_PARTS = "topic.parts"
    TOPIC_RAIL = "topic.rail"
    GROUP_MENU = "group.menu"
    GROUP_TABS = "group.tabs"
    GROUP_BODY = "group.body"
    GROUP_RAIL = "group.rail"
    SETTINGS_PARTS = "settings.parts"
    POST_ACTIONS = "post.actions"
    QUESTION_HEAD = "question.head"
    ANSWER_ACTIONS = "answer.actions"
    COMPOSER_PARTS = "composer.parts"
    POST_WHY = "post.why"


_fillings: dict[Slot, list[Callable[..., str]]] = {}


def fill(place: Slot, part: Callable[..., str]) -> None:
    """Show ``part(**context) -> HTML`` at ``place``; parts stand in the order of registration."""
    parts = _fillings.setdefault(place, [])
    if part not in parts:
        parts.append(part)


def slot(name: str, **context: Any) -> Markup:
    """Everything that features put at a place."""
    parts = (part(**context) for part in _fillings.get(Slot(name), ()))
    return Markup("").join(Markup(part) for part in parts)  # noqa: S704 (parts are rendered templates)


def from_own_script() -> bool:
    """Whether a page's own script asks: no form and no other site can send its header."""
    return "X-Fragment" in request.headers


def wants_fragment() -> bool:
    """Whether the page's own script asks for a part of it."""
    return request.headers.get("X-Fragment") == "1"


def flashed() -> list[tuple[str, str]]:
    """(category, words) of what is to be said once about what somebody just did. A page that its own script fetches to
    take a part out of it leaves that for the one they will see."""
    if from_own_script():
        return []
    return cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))


def wants_json() -> bool:
    """Whether the answer goes to a program."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def render(template: str, *, fragment: str | None = None, **context: Any) -> str:
    """The full page; or ``fragment``, the template of the part alone, when the page's script asks for it."""
    return render_template(fragment if fragment and wants_fragment() else template, **context)


def set_up(app: Flask) -> None:
    """What every template can use. ``me`` and ``site`` are added by the features that own them."""
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, **app.jinja_options}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        slot=slot,
        part=part,
        opening=opening,
        section=section,
        csp_nonce=lambda: g.csp_nonce,
        format_number=format_number,
        now=clock.now,
        get_locale=get_locale,
        wants_fragment=wants_fragment,
        newest_event=newest_event,
        flashed=flashed,
    )
    app.context_processor(lambda: {"viewer": current_viewer()})


def section(parts: int = 1) -> str:
    """What a page stands under: the first parts of its address, ``/people`` for ``/people/alice/posts``."""
    return "/".join(request.path.split("/")[: parts + 1])


def newest_event() -> int:
    """The outbox id up to which this page is complete: where its live line begins."""
    return outbox.newest_id(g.session)


def current_viewer() -> Viewer:
    """The viewer of the current request."""
    found: Viewer = g.viewer
    return found
