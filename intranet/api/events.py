"""What a viewer missed: the outbox after the last id they saw, as the socket would have pushed it."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.kernel import audience, live, outbox
from intranet.kernel.errors import Gone, Invalid
from intranet.kernel.ids import parse_id
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature

feature = Feature("api")

_MOST = 200


def missed(session: Session, viewer: Viewer, since: int, *, watched: int | None = None) -> list[outbox.OutboxEvent]:
    """The next events after ``since`` that this viewer's sockets would have got, oldest first.

    ``watched`` is an audience that the page shows; it counts if the viewer may read it.

    Raises:
        Gone: events after ``since`` were pruned already, so that the answer would have a gap.
    """
    oldest = outbox.oldest_id(session)
    if since and oldest and since < oldest - 1:
        raise Gone
    joined = audience.joined_ids(session, viewer.member_id)
    if watched is not None and watched in audience.readable_ids(session, viewer.id):
        joined |= {watched}
    for_viewer = or_(
        outbox.OutboxEvent.recipient_id == viewer.member_id,
        outbox.OutboxEvent.recipient_id.is_(None) & outbox.OutboxEvent.audience_id.in_(joined),
    )
    found = select(outbox.OutboxEvent).where(outbox.OutboxEvent.id > since, for_viewer)
    return list(session.scalars(found.order_by(outbox.OutboxEvent.id).limit(_MOST)))


@feature.get("/api/v1/events", allow=MEMBER)
def events(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """``since`` is the last outbox id seen, ``watch`` an audience on the page; ``newest`` lets a client start from the
    present."""
    raw = request.args.get("since", "0")
    if not raw.isascii() or not raw.isdigit():
        raise Invalid({"since": "must be an outbox id"})
    since = int(raw)
    watched = parse_id(request.args["watch"]) if request.args.get("watch") else None
    items: list[dict[str, Any]] = []
    # Some events are pushed to nobody; an empty list must mean the end.
    while not items and (rows := missed(session, viewer, since, watched=watched)):
        items = live.present_to(session, viewer, rows)
        since = rows[-1].id
    newest = outbox.newest_id(session)
    return jsonify({"items": items, "next": str(since) if items else None, "newest": newest})
