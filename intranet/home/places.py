"""Where the palette leads beside people, groups and topics: pages, and things to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import get_locale
from flask_babel import gettext as _

from intranet.feed.queries import View
from intranet.kernel.ids import MAX_ID
from intranet.kernel.languages import LANGUAGES
from intranet.kernel.policy import ADMIN, MODERATOR, allows
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.posts.models import PostKind
from intranet.posts.policy import PostPermission


@dataclass(frozen=True, slots=True)
class Place:
    """A page or an action; ``words`` are what else it is found by.

    An action with ``fields`` is sent to ``sends``; one that the page's own script does names it in ``does``. Both lead
    to ``url`` where there is no script.
    """

    name: str
    url: str
    icon: str
    words: str = ""
    sends: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    does: str = ""


def pages(viewer: Viewer) -> list[Place]:
    """Pages that this viewer can open."""
    found = [
        Place(_("Home"), "/", "home", _("feed posts")),
        Place(_("Find an expert"), "/experts", "find", _("who knows")),
        Place(_("People"), "/people", "people", _("directory colleagues")),
        Place(_("People to meet"), "/people-to-meet", "people", _("new colleagues")),
        Place(_("Here today"), "/here-today", "place", _("office presence")),
        Place(_("Lists of people"), "/lists", "people", _("timeline private")),
        Place(_("Groups"), "/groups", "groups", _("teams communities")),
        Place(_("Topics"), "/topics", "hash", _("hashtags skills")),
        Place(_("Rising topics"), "/topics?order=rising", "up", _("trends hashtags")),
        Place(_("Notifications"), "/notifications", "bell", _("mentions unread")),
        Place(_("Chat"), "/chat", "chat", _("messages rooms")),
        Place(_("Rooms"), "/chat/rooms", "hash", _("find join channel")),
        Place(_("Saved"), "/bookmarks", "save", _("bookmarks")),
        Place(_("What I follow"), "/following", "star", _("people topics groups")),
        Place(_("Your lists"), "/lists", "groups", _("lists of people")),
        Place(_("Org chart"), "/org", "org", _("manager reports team")),
        Place(_("Search"), "/search", "search", _("everything")),
        Place(_("Saved searches"), "/search/saved", "search", _("live")),
        Place(_("What it knows about me"), "/settings/known", "bulb", _("skills inferred")),
        Place(_("Settings"), "/settings", "sliders", _("profile language sessions")),
        Place(_("What reaches you, and when"), "/settings/notices", "bell", _("mail quiet hours notifications")),
        Place(_("Security"), "/settings/security", "key", _("password sessions tokens")),
        Place(_("Guidelines"), "/guidelines", "book", _("rules")),
    ]
    if allows(MODERATOR, viewer):
        found.append(Place(_("Reports"), "/moderation", "flag", _("review")))
    return [*found, Place(_("Administration"), "/admin/overview", "shield", "")] if allows(ADMIN, viewer) else found


def actions(viewer: Viewer) -> list[Place]:
    """Things that this viewer can do from anywhere."""
    return [
        Place(_("Write a post"), "/?compose=1#composer", "pencil", _("new update share")),
        *_writing(viewer),
        Place(_("Start a group"), "/groups/new", "plus", _("new team community")),
        Place(_("Change my status"), "/settings/profile", "smile", _("away focus place")),
        *_marking(),
        Place(_("Switch between light and dark"), "/settings/appearance", "theme", _("theme mode"), does="theme"),
        *_reading(),
        Place(_("Keys"), "/settings/appearance", "laptop", _("shortcuts keyboard"), does="keys"),
        Place(_("Sign out"), "/settings", "leave", _("log off"), sends="/sign-out"),
    ]


def _writing(viewer: Viewer) -> list[Place]:
    known = {
        "question": Place(_("Ask a question"), "/compose?kind=question", "question", _("new stuck help")),
        "poll": Place(_("Ask for votes"), "/compose?kind=poll", "poll", _("new poll survey")),
        "praise": Place(_("Praise somebody"), "/compose?kind=praise", "thanks", _("new kudos thank")),
        "announcement": Place(_("Announce something"), "/compose?kind=announcement", "horn", _("new news everyone")),
    }
    may = {kind.value for kind in PostKind if allows(PostPermission.PUBLISH, viewer, kind)}
    return [place for kind, place in known.items() if kind in may]


def _marking() -> list[Place]:
    everything = str(MAX_ID)
    return [
        Place(
            _("Mark all posts as seen"),
            "/",
            "eye",
            _("read feed"),
            sends="/feed/seen",
            fields={"view": View.FOLLOWING.value, "post_id": everything},
        ),
        Place(
            _("Mark all notifications as read"),
            "/notifications",
            "check",
            _("seen clear"),
            sends="/notifications/read",
            fields={"up_to": everything},
        ),
    ]


def _reading() -> list[Place]:
    """Every language but the one that is read now, each in its own name."""
    here = get_locale()
    others = {code: name for code, name in LANGUAGES.items() if here is None or code != here.language}
    return [
        Place(
            _("Read Couth in %(language)s", language=name),
            "/settings/appearance",
            "language",
            _("language translation"),
            sends="/settings/language",
            fields={"language": code},
        )
        for code, name in others.items()
    ]


def matching(places: list[Place], line: str) -> list[Place]:
    """Those whose names or words hold every word of the line; names that begin so come first."""
    wanted = fold(line).split()
    found = [one for one in places if all(word in fold(f"{one.name} {one.words}") for word in wanted)]
    return sorted(found, key=lambda one: not fold(one.name).startswith(fold(line).strip()))
