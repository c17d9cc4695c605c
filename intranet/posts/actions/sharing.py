"""Passing a post on: to fewer people or the same, never to more."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.kernel import audience
from intranet.kernel.errors import Refused
from intranet.posts.finding import find_post
from intranet.posts.models import Post


def find_quoted(session: Session, post_id: int, audience_id: int) -> Post:
    """The post that shall be passed on to an audience; of a post that only passes on, the one it is about.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: somebody in the audience could not read it where it stands.
    """
    quoted = find_post(session, post_id)
    if quoted.quoted_id is not None and not quoted.text:
        quoted = find_post(session, quoted.quoted_id)
    if not fits(session, quoted.audience_id, audience_id):
        raise Refused(str(_("It was written for fewer people than these. Quote it where it was posted.")))
    return quoted


def fits(session: Session, source_id: int, target_id: int) -> bool:
    """Whether everybody in the target may read what is in the source already."""
    return source_id == target_id or bool(audience.open_ids(session, (source_id,)))
