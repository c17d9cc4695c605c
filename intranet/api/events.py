"""What a viewer missed: the outbox after the last id they saw, as the socket would have pushed it."""

from http import HTTPStatus
from typing import Annotated, Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.kernel import audience, live, outbox, reach
from intranet.kernel.api import Api, Listed
from intranet.kernel.errors import Gone
from intranet.kernel.forms import Form
from intranet.kernel.ids import MAX_ID, parse_id
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature

feature = Feature("api")

_MOST = 200


class EventJson(TypedDict):
    """What the socket pushes as ``event``; ``id`` is that of the outbox."""

    id: int
    type: str
    data: dict[str, Any]


class MissedJson(Listed[EventJson]):
    """``newest`` is the id at which the present is."""

    newest: int


class EventsQuestion(Form):
    """``since`` is the last outbox id seen, ``watch`` an audience that is read without having been joined."""

    since: Annotated[int, Field(ge=0, le=MAX_ID)] = 0
    watch: str | None = None


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
    if watched is not None and watched in reach.readable_ids(session, viewer.id):
        joined |= {watched}
    for_viewer = or_(
        outbox.OutboxEvent.recipient_id == viewer.member_id,
        outbox.OutboxEvent.recipient_id.is_(None) & outbox.OutboxEvent.audience_id.in_(joined),
    )
    found = select(outbox.OutboxEvent).where(outbox.OutboxEvent.id > since, for_viewer)
    return list(session.scalars(found.order_by(outbox.OutboxEvent.id).limit(_MOST)))


@feature.get("/api/v1/events", allow=MEMBER, api=Api(MissedJson, asks=EventsQuestion, refuses=HTTPStatus.GONE))
def events(session: Session, viewer: Viewer, asked: EventsQuestion) -> ResponseReturnValue:
    """``since`` is the last outbox id seen, ``watch`` an audience on the page; ``newest`` lets a client start from the
    present."""
    since = asked.since
    watched = parse_id(asked.watch) if asked.watch else None
    items: list[live.Message] = []
    # Some events are pushed to nobody; an empty list must mean the end.
    while not items and (rows := missed(session, viewer, since, watched=watched)):
        items = live.present_to(session, viewer, rows)
        since = rows[-1].id
    newest = outbox.newest_id(session)
    return jsonify({"items": items, "next": str(since) if items else None, "newest": newest})
