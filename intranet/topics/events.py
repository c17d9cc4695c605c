"""What happened to topics and skills."""

from dataclasses import dataclass

from intranet.kernel.audience import EVERYONE
from intranet.kernel.outbox import event


@event("topic.added")
@dataclass(frozen=True, slots=True)
class TopicAdded:
    """A word joined the vocabulary."""

    topic_id: int
    audience_id: int = EVERYONE


@event("topic.changed")
@dataclass(frozen=True, slots=True)
class TopicChanged:
    """Its name (``was_renamed``), description or synonyms changed."""

    topic_id: int
    audience_id: int = EVERYONE
    was_renamed: bool = False


@event("topic.described")
@dataclass(frozen=True, slots=True)
class TopicDescribed:
    """A steward changed what it is called or what is said of it."""

    topic_id: int
    actor_id: int | None
    topic: str
    was: str


@event("topic.merged")
@dataclass(frozen=True, slots=True)
class TopicMerged:
    """A steward has one word give way to another; ``was`` is the word that goes."""

    topic_id: int
    source_id: int
    actor_id: int | None
    topic: str
    was: str


@event("topic.followed")
@dataclass(frozen=True, slots=True)
class TopicFollowed:
    """``recipient_id`` is the follower, whose other windows show it too."""

    topic_id: int
    recipient_id: int


@event("topic.unfollowed")
@dataclass(frozen=True, slots=True)
class TopicUnfollowed:
    """``recipient_id`` is the person who stopped following."""

    topic_id: int
    recipient_id: int


@event("skill.claimed")
@dataclass(frozen=True, slots=True)
class SkillClaimed:
    """Somebody says that they know a topic."""

    person_id: int
    topic_id: int
    audience_id: int = EVERYONE


@event("skill.dropped")
@dataclass(frozen=True, slots=True)
class SkillDropped:
    """Somebody no longer says so."""

    person_id: int
    topic_id: int
    audience_id: int = EVERYONE


@event("skill.endorsed")
@dataclass(frozen=True, slots=True)
class Endorsed:
    """Also recorded when the reason was edited."""

    endorsement_id: int
    endorser_id: int
    person_id: int
    topic_id: int
    audience_id: int = EVERYONE


@event("skill.endorsement-withdrawn")
@dataclass(frozen=True, slots=True)
class EndorsementWithdrawn:
    """By its author, or by the person it was about."""

    endorsement_id: int
    endorser_id: int
    person_id: int
    topic_id: int
    audience_id: int = EVERYONE
