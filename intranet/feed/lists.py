"""The timeline of one of the viewer's lists of people, as a page and as JSON."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.feed import queries
from intranet.feed.streams import Stretch
from intranet.feed.views import addresses, asked_stretch, feature
from intranet.kernel.api import Api, PageOf, Stretched
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.lists.queries import find_list, listed_ids, lists_of
from intranet.posts.cards import post_json
from intranet.posts.schemas import PostJson


@feature.get("/lists/<id:list_id>", allow=MEMBER)
def timeline(session: Session, viewer: Viewer, list_id: int) -> ResponseReturnValue:
    """What the people of a list posted, as far as the viewer may read it; new posts announce themselves."""
    listed, stretch = find_list(session, viewer, list_id), asked_stretch()
    page = queries.list_timeline(session, viewer, list_id, stretch)
    people = listed_ids(session, list_id)
    is_newest = stretch.before is None and stretch.after is None
    address = f"/lists/{list_id}"
    return render(
        "feed/list.html",
        fragment="feed/_items.html",
        listed=listed,
        lists=lists_of(session, viewer),
        size=len(people),
        page=page,
        stream_data={
            "view": "list",
            "source": address,
            "people": " ".join(map(str, sorted(people))),
            "newest": str(page.items[0].id) if page.items and is_newest else "",
        },
        **addresses(address, page),
    )


@feature.get("/api/v1/lists/<id:list_id>/posts", allow=MEMBER, api=Api(Stretched[PostJson], asks=PageOf))
def api_list_posts(session: Session, viewer: Viewer, list_id: int, asked: PageOf) -> ResponseReturnValue:
    """The same, newest first; ``next`` goes into ``before``."""
    find_list(session, viewer, list_id)
    stretch = Stretch.of(asked.before, asked.after)
    page = queries.list_timeline(session, viewer, list_id, stretch)
    return jsonify({"items": [post_json(card) for card in page.items], "next": page.older, "newer": page.newer})
