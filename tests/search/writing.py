"""Putting things on stage that can be found."""

from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import PostDraft, add_comment, delete_item, publish_post
from intranet.posts.finding import find_item


def say(database: Database, viewer: Viewer, text: str, *, audience_id: int = 1) -> int:
    """A post by ``viewer``; returns its id."""
    with database.unit_of_work(viewer) as session:
        return publish_post(session, viewer, PostDraft(text=text, audience_id=audience_id)).id


def reply(database: Database, viewer: Viewer, post_id: int, text: str) -> int:
    """A comment by ``viewer``."""
    with database.unit_of_work(viewer) as session:
        return add_comment(session, viewer, reply_to=post_id, text=text).id


def take_back(database: Database, viewer: Viewer, item_id: int) -> None:
    """Delete a post or comment."""
    with database.unit_of_work(viewer) as session:
        delete_item(session, viewer, find_item(session, item_id).id)
