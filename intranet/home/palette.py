"""The command palette: one line that leads to people, groups, topics, pages and actions."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.groups.queries import GroupCard, groups_of, groups_starting
from intranet.home.views import feature
from intranet.kernel.policy import ADMIN, MEMBER, allows
from intranet.kernel.text import clean_line, fold
from intranet.kernel.viewer import Viewer
from intranet.people.queries import people_starting
from intranet.topics.queries import topics_starting

_FEW, _LONGEST = 5, 80


@dataclass(frozen=True, slots=True)
class Place:
    """A page or an action; ``words`` are what else it is found by."""

    name: str
    url: str
    icon: str
    words: str = ""


def _pages(viewer: Viewer) -> list[Place]:
    pages = [
        Place(_("Home"), "/", "home", _("feed posts")),
        Place(_("Find an expert"), "/experts", "find", _("who knows")),
        Place(_("People"), "/people", "people", _("directory colleagues")),
        Place(_("Here today"), "/here-today", "place", _("office presence")),
        Place(_("Groups"), "/groups", "groups", _("teams communities")),
        Place(_("Topics"), "/topics", "hash", _("hashtags skills")),
        Place(_("Saved"), "/bookmarks", "save", _("bookmarks")),
        Place(_("Search"), "/search", "search", _("everything")),
        Place(_("What it knows about me"), "/settings/known", "bulb", _("skills inferred")),
        Place(_("Settings"), "/settings", "sliders", _("profile language sessions")),
    ]
    return [*pages, Place(_("Administration"), "/admin", "shield", "")] if allows(ADMIN, viewer) else pages


def _actions() -> list[Place]:
    return [
        Place(_("Write a post"), "/?compose=1#composer", "pencil", _("new update share")),
        Place(_("Start a group"), "/groups/new", "plus", _("new team community")),
        Place(_("Change my status"), "/settings/profile", "smile", _("away focus place")),
    ]


def _matching(places: list[Place], line: str) -> list[Place]:
    wanted = fold(line).split()
    return [one for one in places if all(word in fold(f"{one.name} {one.words}") for word in wanted)]


@feature.get("/palette", allow=MEMBER)
def palette(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The options for a half-typed line; for an empty one the reader's own groups, the pages and the actions."""
    line = clean_line(request.args.get("q", "")[:_LONGEST])
    find_groups: Callable[[], list[GroupCard]] = (
        (lambda: groups_starting(session, line, _FEW))
        if line
        else lambda: groups_of(session, viewer.member_id, limit=_FEW)
    )
    return render_template(
        "home/_palette_options.html",
        line=line,
        people=people_starting(session, line, _FEW) if line else [],
        groups=find_groups(),
        topics=topics_starting(session, line, _FEW) if line else [],
        pages=_matching(_pages(viewer), line),
        actions=_matching(_actions(), line),
    )


def dialog(**_context: object) -> str:
    """The dialog itself, on every page; its options are fetched when it opens."""
    return render_template("home/_palette.html")
