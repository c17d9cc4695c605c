"""The queue of questions, a group's and a topic's, and the way there."""

from typing import Any
from urllib.parse import urlencode

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.groups.finding import group_by_slug
from intranet.groups.queries import GroupCard
from intranet.groups.views import frame
from intranet.kernel.errors import NotFound
from intranet.kernel.page import Slot, current_viewer, fill, render, section
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.questions.asking import find_questions
from intranet.questions.listing import Filter, Show, question_count, questions, waiting_count
from intranet.questions.views import feature
from intranet.topics.queries import topic_cards
from intranet.topics.vocabulary import topic_ids

_ON_A_TOPIC = 3
SHOW_NAMES = {
    Show.ALL: lazy_gettext("All"),
    Show.UNANSWERED: lazy_gettext("Unanswered"),
    Show.SOLVED: lazy_gettext("Solved"),
    Show.MINE: lazy_gettext("Mine"),
    Show.FOLLOWED: lazy_gettext("Followed"),
}


def _asked() -> tuple[Show, str]:
    wished = request.args.get("show", "")
    return (Show(wished) if wished in set(Show) else Show.ALL), clean_line(request.args.get("q", "")[:200])


def _find(viewer: Viewer) -> tuple[int, ...] | None:
    words = _asked()[1]
    return find_questions(viewer, words) if words else None


@feature.get("/questions", allow=MEMBER, prepare=_find)
def index(session: Session, viewer: Viewer, prepared: tuple[int, ...] | None) -> ResponseReturnValue:
    """All questions; ``show``, ``topic`` (a slug) and ``q`` narrow them."""
    show, words = _asked()
    topic = _topic(session, request.args.get("topic", ""))
    chosen = Filter(show=show, topic_id=topic.id if topic else None, found=prepared)
    page = questions(session, viewer, chosen, before=request.args.get("before"))
    return render(
        "questions/index.html",
        fragment="questions/_asks_more.html",
        page=page,
        show=show,
        show_names=SHOW_NAMES,
        words=words,
        topic=topic,
        address=_address,
        older_address=_address(before=page.older) if page.older else None,
    )


def _topic(session: Session, slug: str) -> Any:
    found = topic_cards(session, topic_ids(session, [slug]).values()) if slug else {}
    return next(iter(found.values()), None)


def _address(**changes: str | None) -> str:
    """This list's address with some parameters changed; a change leads back to its beginning."""
    kept = {name: request.args[name] for name in ("show", "topic", "q") if request.args.get(name)}
    wanted = {name: value for name, value in {**kept, **changes}.items() if value}
    return f"{request.path}?{urlencode(wanted)}" if wanted else request.path


@feature.get("/groups/<slug>/questions", allow=MEMBER)
def of_group(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """What was asked in a group, for its readers."""
    group = group_by_slug(session, slug)
    shown = frame(session, viewer, group, current="questions")
    if not shown["may_read"]:
        raise NotFound
    show, _words = _asked()
    page = questions(session, viewer, Filter(show=show, group_id=group.id), before=request.args.get("before"))
    return render(
        "questions/group.html",
        fragment="questions/_asks_more.html",
        page=page,
        show=show,
        show_names=SHOW_NAMES,
        address=_address,
        older_address=_address(before=page.older) if page.older else None,
        **shown,
    )


def _group_tab(*, group: GroupCard, current: str = "", **_context: Any) -> str:
    count = question_count(g.session, group.id)
    return render_template("questions/_tab.html", group=group, current=current, count=count)


def _topic_part(*, topic: Any, **_context: Any) -> str:
    page = questions(g.session, current_viewer(), Filter(topic_id=topic.id), limit=_ON_A_TOPIC)
    return render_template("questions/_topic_part.html", topic=topic, page=page)


def _nav_entry(**_context: object) -> str:
    waiting = waiting_count(g.session, current_viewer())
    return part("questions/_nav.html", waiting=waiting, is_here=section() == "/questions")


def fill_slots() -> None:
    """Take the places."""
    fill(Slot.NAV_MAIN, _nav_entry)
    fill(Slot.GROUP_TABS, _group_tab)
    fill(Slot.TOPIC_PARTS, _topic_part)
