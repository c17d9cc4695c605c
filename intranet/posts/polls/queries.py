"""Polls as cards show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.together import Rows
from intranet.people.cards import PersonCard, person_cards
from intranet.posts.models import PostKind
from intranet.posts.parts.registry import Around, Part, Places
from intranet.posts.polls.models import Ballot, OpenVote, Poll, PollOption
from intranet.posts.schemas import PollJson

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

    def as_json(self) -> PollJson:
        """The same for everybody who may read it."""
        return {
            "options": [{"id": str(one.id), "text": one.text, "votes": one.votes} for one in self.options],
            "voters": self.voters,
            "multiple": self.is_multiple,
            "secret": self.is_secret,
            "closes_at": self.closes_at.isoformat() if self.closes_at else None,
        }


def poll_rows(places: Places) -> Rows:
    """One row for each answer, with the rules of its poll and what the viewer did."""
    voters = select(func.count()).select_from(Ballot).where(Ballot.post_id == Poll.post_id).scalar_subquery()
    mine = (Ballot.person_id == places.viewer_id, Ballot.post_id == Poll.post_id)
    chosen = (OpenVote.person_id == places.viewer_id, OpenVote.option_id == PollOption.id)
    return (
        select(
            Poll.post_id,
            Poll.is_multiple,
            Poll.is_secret,
            Poll.closes_at,
            PollOption.id,
            PollOption.text,
            PollOption.votes,
            PollOption.position,
            voters.label("voters"),
            exists(select(Ballot.post_id).where(*mine)).label("has_voted"),
            exists(select(OpenVote.option_id).where(*chosen)).label("is_mine"),
        )
        .join(PollOption, PollOption.post_id == Poll.post_id)
        .where(Poll.post_id.in_(places.of_kind(PostKind.POLL)))
    )


def poll_card(rows: Sequence[Any], _around: Around) -> PollCard:
    """The card from the rows of one poll."""
    poll = rows[0]
    hides = poll.is_secret and poll.voters < FEWEST_SHOWN
    options = tuple(
        OptionCard(
            row.id,
            row.text,
            0 if hides else row.votes,
            0 if hides or not row.voters else round(100 * row.votes / row.voters),
            row.is_mine,
        )
        for row in sorted(rows, key=lambda row: row.position)
    )
    return PollCard(options, poll.voters, poll.is_multiple, poll.is_secret, poll.closes_at, poll.has_voted)


POLL = Part(name="poll", rows=poll_rows, show=poll_card, kinds=frozenset({PostKind.POLL}))


def open_votes(session: Session, card: PollCard, *, most: int = 60) -> list[tuple[OptionCard, list[PersonCard]]]:
    """Who chose what in an open poll, at most so many names for each answer."""
    found = []
    for option in card.options:  # eight at most
        chosen = select(OpenVote.person_id).where(OpenVote.option_id == option.id).order_by(OpenVote.person_id)
        ids = list(session.scalars(chosen.limit(most)))
        people = person_cards(session, ids)
        found.append((option, [people[one] for one in ids]))
    return found
