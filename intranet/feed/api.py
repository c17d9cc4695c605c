"""The home feed as JSON."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.feed import queries
from intranet.feed.queries import View
from intranet.feed.ranked.reading import for_you
from intranet.feed.streams import PAGE, Stretch
from intranet.feed.views import feature, view_named
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import parse_id
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts.cards import as_json

_MOST = 100


@feature.get("/api/v1/feed", allow=MEMBER)
def api_feed(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The view ``newest`` (``following``), ``everyone``, ``for-you`` or ``catch-up``; ``next`` goes into ``before`` and
    ``newer`` into ``after``. ``for-you`` says with each item why it is there."""
    view = view_named(request.args.get("view", "newest"))
    asked, before, after = (request.args.get(name) for name in ("limit", "before", "after"))
    asked = asked or str(PAGE)
    if not (asked.isascii() and asked.isdigit() and 0 < int(asked) <= _MOST):
        raise Invalid({"limit": f"1 to {_MOST}"})
    limit = int(asked)
    if view is View.FOR_YOU:
        found = for_you(session, viewer, rest=before, limit=limit)
        items = [{**as_json(card), "reason": found.reasons[card.id].as_json()} for card in found.page.items]
        return jsonify({"items": items, "next": found.page.older, "newer": None})
    if view is View.CATCH_UP:
        page = queries.catch_up(session, viewer, after=parse_id(before) if before else None, limit=limit)
    else:
        page = queries.home_timeline(session, viewer, view, Stretch.of(before, after, limit=limit))
    return jsonify({"items": [as_json(card) for card in page.items], "next": page.older, "newer": page.newer})
