"""The command palette: one line that leads to people, groups, topics, pages and actions."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.chat.cards import ConversationCard
from intranet.chat.queries import conversation_cards, rooms_starting, unread_conversations
from intranet.groups.queries import groups_of, groups_starting
from intranet.home.places import actions, matching, pages
from intranet.home.recent import visited
from intranet.home.views import feature
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.people.queries import people_starting
from intranet.topics.queries import topics_starting

_FEW, _LONGEST = 5, 80


@feature.get("/palette", allow=MEMBER)
def palette(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The options for a half-typed line; for an empty one where the reader was lately (``recent`` holds addresses),
    their own groups, the actions and the pages."""
    line = clean_line(request.args.get("q", "")[:_LONGEST])
    if not line:
        return render_template(
            "home/_palette_options.html",
            line="",
            waiting=_waiting(session, viewer),
            recent=visited(session, request.args.getlist("recent")),
            groups=groups_of(session, viewer.member_id, limit=_FEW),
            pages=pages(viewer),
            actions=actions(viewer),
        )
    return render_template(
        "home/_palette_options.html",
        line=line,
        people=people_starting(session, line, _FEW),
        rooms=rooms_starting(session, viewer, line, _FEW),
        groups=groups_starting(session, line, _FEW),
        topics=topics_starting(session, line, _FEW),
        pages=matching(pages(viewer), line),
        actions=matching(actions(viewer), line),
    )


def _waiting(session: Session, viewer: Viewer) -> list[ConversationCard]:
    """A few conversations with something new, the last spoken in first."""
    cards = conversation_cards(session, viewer, unread_conversations(session, viewer)[:50])
    return sorted(cards.values(), key=lambda card: card.spoken_at, reverse=True)[:_FEW]


def dialog(**_context: object) -> str:
    """The dialog itself, on every page; its options are fetched when it opens."""
    return part("home/_palette.html")
