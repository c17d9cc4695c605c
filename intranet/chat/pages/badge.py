"""Chat in the frame of every page: where it is, and how much waits there."""

from flask import g

from intranet.chat import queries
from intranet.kernel.page import section
from intranet.kernel.parts import part
from intranet.kernel.viewer import Viewer


def nav_link(**_context: object) -> str:
    """The link with the number of conversations that have something new; the page's script keeps it right."""
    viewer: Viewer = g.viewer
    if viewer.id is None or "session" not in g:
        return ""
    waiting = queries.unread_conversations(g.session, viewer)
    return part("chat/_nav.html", waiting=tuple(waiting), is_here=section() == "/chat")
