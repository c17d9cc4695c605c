"""Noting an asker's wishes with their question."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.kernel import audience
from intranet.kernel.errors import Invalid
from intranet.people.naming import colleagues
from intranet.posts.asking.models import MOST_NAMED, Asking, Urgency
from intranet.posts.models import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingDraft:
    """How soon, whom by username (nobody: whoever the finder names), and whether readers learn who asks."""

    urgency: Urgency = Urgency.SOON
    people: tuple[str, ...] = ()
    is_anonymous: bool = False


def add_asking(session: Session, post: Post, draft: AskingDraft, asker_id: int) -> None:
    """Have a question that is being published look for those who know.

    Raises:
        Invalid: somebody who is named is not here or may not read it, or too many are.
    """
    if len(draft.people) > MOST_NAMED:
        raise Invalid({"ask": str(_("Ask at most %(count)s people by name.", count=MOST_NAMED))})
    named = colleagues(session, draft.people, field="ask") if draft.people else []
    outside = {one.id for one in named} - set(audience.readers_among(session, post.audience_id, [p.id for p in named]))
    if outside:
        names = ", ".join(one.name for one in named if one.id in outside)
        raise Invalid({"ask": str(_("%(names)s could not read it there. Ask more people, or others.", names=names))})
    who = [{"person": str(one.id), "by": str(post.author_id)} for one in named if one.id != asker_id]
    session.add(Asking(post_id=post.id, audience_id=post.audience_id, urgency=draft.urgency, named=who))
