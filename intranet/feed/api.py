"""The home feed as JSON."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.feed import queries
from intranet.feed.queries import View
from intranet.feed.streams import PAGE, Stretch
from intranet.feed.views import feature
from intranet.kernel.errors import Invalid
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts.cards import as_json

_MOST = 100


@feature.get("/api/v1/feed", allow=MEMBER)
def api_feed(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The view ``newest`` (``following``) or ``everyone``; ``next`` goes into ``before``, ``newer`` into ``after``."""
    asked = request.args.get("view", "newest")
    views = {"newest": View.FOLLOWING, **{view.value: view for view in View}}
    limit = request.args.get("limit", str(PAGE))
    if asked not in views:
        raise Invalid({"view": str(_("Choose one of the listed values."))})
    if not (limit.isascii() and limit.isdigit() and 0 < int(limit) <= _MOST):
        raise Invalid({"limit": f"1 to {_MOST}"})
    stretch = Stretch.of(request.args.get("before"), request.args.get("after"), limit=int(limit))
    page = queries.home_timeline(session, viewer, views[asked], stretch)
    return jsonify({"items": [as_json(card) for card in page.items], "next": page.older, "newer": page.newer})
