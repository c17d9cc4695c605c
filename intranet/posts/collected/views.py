"""The tab with a group's files, and the groups on the page of a topic."""

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.files.sorts import FileSort
from intranet.groups.finding import group_by_slug
from intranet.groups.queries import GroupCard
from intranet.groups.views import frame
from intranet.kernel.errors import NotFound
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.posts.collected.queries import FileFilter, file_count, file_counts, files_page, places_of
from intranet.posts.views import feature

SORT_NAMES = {
    FileSort.PICTURE: lazy_gettext("Pictures"),
    FileSort.TEXT: lazy_gettext("Documents"),
    FileSort.TABLE: lazy_gettext("Tables"),
    FileSort.SLIDES: lazy_gettext("Slides"),
    FileSort.RECORDING: lazy_gettext("Recordings"),
    FileSort.OTHER: lazy_gettext("Other files"),
}


@feature.get("/groups/<slug>/files", allow=MEMBER)
def group_files(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Everything that was attached in a group, for its readers: ``kind`` and ``q`` narrow it."""
    group = group_by_slug(session, slug)
    shown = frame(session, viewer, group, current="files")
    if not shown["may_read"]:
        raise NotFound
    kind = request.args.get("kind", "")
    chosen = FileFilter(
        words=clean_line(request.args.get("q", "")[:80]), sort=FileSort(kind) if kind in set(FileSort) else None
    )
    return render(
        "posts/collected/files.html",
        fragment="posts/collected/_files_more.html",
        page=files_page(session, group.id, chosen, cursor=request.args.get("before")),
        counts=file_counts(session, group.id, chosen),
        chosen=chosen,
        sort_names=SORT_NAMES,
        **shown,
    )


def group_tab(*, group: GroupCard, current: str = "", **_context: Any) -> str:
    """The tab on a group's page, with how many there are."""
    return render_template(
        "posts/collected/_tab.html", group=group, current=current, count=file_count(g.session, group.id)
    )


def topic_rail(*, topic: Any, **_context: Any) -> str:
    """The groups in which a topic is talked about, on its page."""
    return render_template("posts/collected/_where.html", places=places_of(g.session, topic.id))
