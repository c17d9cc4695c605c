"""The home feed as JSON."""

from typing import Annotated, Literal, NotRequired

from flask import jsonify
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy.orm import Session

from intranet.feed import queries
from intranet.feed.queries import View
from intranet.feed.ranked.reading import for_you
from intranet.feed.ranked.reasons import ReasonJson
from intranet.feed.streams import PAGE, Stretch
from intranet.feed.views import feature, view_named
from intranet.kernel.api import Api, Cursor, Stretched
from intranet.kernel.forms import Form
from intranet.kernel.ids import parse_id
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts.cards import post_json
from intranet.posts.schemas import PostJson

_MOST = 100


class FeedPostJson(PostJson):
    """A post of the feed; ``for-you`` says why it is there."""

    reason: NotRequired[ReasonJson]


class FeedQuestion(Form):
    """Which view, and which stretch of it."""

    view: Literal["newest", "following", "everyone", "for-you", "catch-up"] = "newest"
    before: Cursor | None = None
    after: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=_MOST)] = PAGE


@feature.get("/api/v1/feed", allow=MEMBER, api=Api(Stretched[FeedPostJson], asks=FeedQuestion))
def api_feed(session: Session, viewer: Viewer, asked: FeedQuestion) -> ResponseReturnValue:
    """The view ``newest`` (``following``), ``everyone``, ``for-you`` or ``catch-up``; ``next`` goes into ``before`` and
    ``newer`` into ``after``. ``for-you`` says with each item why it is there."""
    view, before, limit = view_named(asked.view), asked.before, asked.limit
    if view is View.FOR_YOU:
        found = for_you(session, viewer, rest=before, limit=limit)
        why = {card.id: found.reasons[card.id].as_json() for card in found.page.items}
        items = [FeedPostJson(**post_json(card), reason=why[card.id]) for card in found.page.items]
        return jsonify({"items": items, "next": found.page.older, "newer": None})
    if view is View.CATCH_UP:
        page = queries.catch_up(session, viewer, after=parse_id(before) if before else None, limit=limit)
    else:
        page = queries.home_timeline(session, viewer, view, Stretch.of(before, asked.after, limit=limit))
    return jsonify({"items": [post_json(card) for card in page.items], "next": page.older, "newer": page.newer})
