"""Polls as cards show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.posts.polls.models import Ballot, OpenVote, Poll, PollOption

FEWEST_SHOWN = 5
"""Votes below which a secret poll keeps its split to itself: from three votes one can guess whose they are."""


@dataclass(frozen=True, slots=True)
class OptionCard:
    """One answer. ``share`` is in percent of those who voted; both are 0 while the split is hidden."""

    id: int
    text: str
    votes: int
    share: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class PollCard:
    """A poll. ``voters`` counts people, not votes; ``may_vote`` is for this viewer."""

    options: tuple[OptionCard, ...]
    voters: int
    is_multiple: bool
    is_secret: bool
    closes_at: datetime | None
    has_voted: bool

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= clock.now()

    @property
    def hides_split(self) -> bool:
        return self.is_secret and self.voters < FEWEST_SHOWN

    @property
    def may_vote(self) -> bool:
        return not self.is_closed and not (self.is_secret and self.has_voted)

    def as_json(self) -> dict[str, Any]:
        """The same for everybody who may read it."""
        return {
            "options": [{"id": str(one.id), "text": one.text, "votes": one.votes} for one in self.options],
            "voters": self.voters,
            "multiple": self.is_multiple,
            "secret": self.is_secret,
            "closes_at": self.closes_at.isoformat() if self.closes_at else None,
        }


def poll_cards(session: Session, viewer: Viewer, post_ids: Sequence[int]) -> dict[int, PollCard]:
    """Polls by post id: four statements, none where no post is a poll."""
    if not post_ids:
        return {}
    polls = {poll.post_id: poll for poll in session.scalars(select(Poll).where(Poll.post_id.in_(post_ids)))}
    options: dict[int, list[PollOption]] = {}
    ordered = select(PollOption).where(PollOption.post_id.in_(polls)).order_by(PollOption.post_id, PollOption.position)
    for option in session.scalars(ordered.execution_options(populate_existing=True)):
        options.setdefault(option.post_id, []).append(option)
    ballots = select(Ballot.post_id, func.count()).where(Ballot.post_id.in_(polls)).group_by(Ballot.post_id)
    voters = {row[0]: row[1] for row in session.execute(ballots)}
    voted, mine = _of_viewer(session, viewer, list(polls))
    return {
        post_id: _card(poll, options.get(post_id, []), voters.get(post_id, 0), post_id in voted, mine)
        for post_id, poll in polls.items()
    }


def open_votes(session: Session, card: PollCard, *, most: int = 60) -> list[tuple[OptionCard, list[PersonCard]]]:
    """Who chose what in an open poll, at most so many names for each answer."""
    found = []
    for option in card.options:  # eight at most
        chosen = select(OpenVote.person_id).where(OpenVote.option_id == option.id).order_by(OpenVote.person_id)
        ids = list(session.scalars(chosen.limit(most)))
        people = person_cards(session, ids)
        found.append((option, [people[one] for one in ids]))
    return found


def _of_viewer(session: Session, viewer: Viewer, post_ids: Sequence[int]) -> tuple[set[int], set[int]]:
    if viewer.id is None:
        return set(), set()
    voted = select(Ballot.post_id).where(Ballot.person_id == viewer.id, Ballot.post_id.in_(post_ids))
    chosen = select(OpenVote.option_id).where(OpenVote.person_id == viewer.id, OpenVote.post_id.in_(post_ids))
    return set(session.scalars(voted)), set(session.scalars(chosen))


def _card(poll: Poll, options: Sequence[PollOption], voters: int, has_voted: bool, mine: set[int]) -> PollCard:
    hides = poll.is_secret and voters < FEWEST_SHOWN
    shown = tuple(
        OptionCard(
            option.id,
            option.text,
            0 if hides else option.votes,
            0 if hides or not voters else round(100 * option.votes / voters),
            option.id in mine,
        )
        for option in options
    )
    return PollCard(shown, voters, poll.is_multiple, poll.is_secret, poll.closes_at, has_voted)
