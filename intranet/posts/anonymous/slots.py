"""What a page may know of words under nobody's name: whether they are its reader's own."""

from flask import g

from intranet.kernel.page import current_viewer
from intranet.people.cards import NOBODY
from intranet.posts.anonymous.queries import written_unnamed
from intranet.posts.cards import CommentCard, PostCard


def wrote(item: PostCard | CommentCard) -> bool:
    """Whether the viewer wrote it, under their name or not; asked of the database once for each page, and only where
    something without a name stands on it."""
    viewer = current_viewer()
    if item.author.id != NOBODY or viewer.id is None:
        return item.author.id == viewer.id
    if "unnamed" not in g:
        g.unnamed = frozenset(g.session.scalars(written_unnamed(viewer.id))) if "session" in g else frozenset()
    return item.id in g.unnamed
