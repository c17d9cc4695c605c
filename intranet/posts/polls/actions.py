"""Making a poll with its post, and voting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.ids import new_id
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.posts.events import PollVoted
from intranet.posts.finding import find_post
from intranet.posts.models import Post
from intranet.posts.policy import PostPermission
from intranet.posts.polls.models import LEAST_OPTIONS, LONGEST_OPTION, MOST_OPTIONS, Ballot, OpenVote, Poll, PollOption


@dataclass(frozen=True, slots=True, kw_only=True)
class PollDraft:
    """What to choose from, and by which rules."""

    options: tuple[str, ...]
    is_multiple: bool = False
    is_secret: bool = False
    closes_at: datetime | None = None


def add_poll(session: Session, post: Post, draft: PollDraft) -> None:
    """Hang a poll on a post that is being published.

    Raises:
        Invalid: too few answers, too many, two alike, one too long, or a closing time that is over.
    """
    options = [text for option in draft.options if (text := clean_line(option))]
    if len(options) < LEAST_OPTIONS:
        raise Invalid({"options": str(_("A poll needs two answers at least."))})
    if len(options) > MOST_OPTIONS:
        raise Invalid({"options": str(_("At most %(count)s answers.", count=MOST_OPTIONS))})
    if any(len(option) > LONGEST_OPTION for option in options):
        raise Invalid({"options": str(_("At most %(count)s characters.", count=LONGEST_OPTION))})
    if len({option.casefold() for option in options}) < len(options):
        raise Invalid({"options": str(_("Two answers are the same."))})
    if draft.closes_at is not None and draft.closes_at <= clock.now():
        raise Invalid({"closes_at": str(_("That time is over."))})
    audience_id = post.audience_id
    rules = {"is_multiple": draft.is_multiple, "is_secret": draft.is_secret, "closes_at": draft.closes_at}
    session.add(Poll(post_id=post.id, audience_id=audience_id, **rules))
    session.flush()
    session.add_all(
        PollOption(id=new_id(), post_id=post.id, audience_id=audience_id, position=place, text=text)
        for place, text in enumerate(options)
    )


def vote(session: Session, viewer: Viewer, post_id: int, option_ids: Iterable[int]) -> None:
    """Choose; in an open poll a second time changes the choice, in a secret one the first is final.

    Raises:
        NotFound: there is no such poll for this viewer, or no such answer.
        Refused: it is closed, or the viewer has voted in secret already.
        Invalid: nothing was chosen, or more than one where only one may be.
    """
    require(PostPermission.REACT, viewer)
    post = find_post(session, post_id)
    poll = session.get(Poll, post_id)
    if poll is None:
        raise NotFound
    if poll.closes_at is not None and poll.closes_at <= clock.now():
        raise Refused(str(_("This poll is closed.")))
    options = {row.id: row for row in session.scalars(select(PollOption).where(PollOption.post_id == post_id))}
    chosen = set(option_ids)
    if not chosen or (len(chosen) > 1 and not poll.is_multiple):
        raise Invalid({"option": str(_("Choose one of the listed values."))})
    if not chosen <= options.keys():
        raise NotFound
    # One choice after the other: from two windows at once, each would take the same earlier one back.
    ballot = session.get(Ballot, (post_id, viewer.member_id), with_for_update=True)
    if ballot is not None and poll.is_secret:
        raise Refused(str(_("You have voted. In a secret poll that cannot be changed.")))
    if ballot is None:
        session.add(Ballot(post_id=post_id, person_id=viewer.member_id, audience_id=post.audience_id))
    before = set() if poll.is_secret else _take_back(session, viewer.member_id, post_id)
    _count(session, chosen - before, 1)
    _count(session, before - chosen, -1)
    if not poll.is_secret:
        mine = {"person_id": viewer.member_id, "post_id": post_id, "audience_id": post.audience_id}
        session.add_all(OpenVote(option_id=option_id, **mine) for option_id in chosen)
    record(session, PollVoted(post_id, post.audience_id))


def _take_back(session: Session, person_id: int, post_id: int) -> set[int]:
    mine = (OpenVote.person_id == person_id, OpenVote.post_id == post_id)
    before = set(session.scalars(select(OpenVote.option_id).where(*mine)))
    session.execute(delete(OpenVote).where(*mine))
    return before


def _count(session: Session, option_ids: set[int], change: int) -> None:
    if option_ids:
        counted = update(PollOption).where(PollOption.id.in_(option_ids)).values(votes=PollOption.votes + change)
        session.execute(counted.execution_options(synchronize_session=False))
