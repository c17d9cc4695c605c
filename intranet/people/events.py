"""What happened to people, as others may react to it. ``audience_id`` makes an event part of live pushes."""

from dataclasses import dataclass
from enum import StrEnum

from intranet.kernel.audience import EVERYONE
from intranet.kernel.outbox import event


@event("person.followed")
@dataclass(frozen=True, slots=True)
class PersonFollowed:
    """``recipient_id`` is the person who gained a follower."""

    follower_id: int
    recipient_id: int


@event("person.unfollowed")
@dataclass(frozen=True, slots=True)
class PersonUnfollowed:
    """Internal: nobody is told that they lost a follower."""

    follower_id: int
    followed_id: int


@event("profile.changed")
@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """Anything on a profile changed, its status and photo included."""

    person_id: int
    audience_id: int = EVERYONE


class Verdict(StrEnum):
    """What moderators decided, as it is told to one person."""

    HIDDEN = "hidden"
    CLOSED = "closed"
    GIVEN_BACK = "given-back"
    REPORT_ACTED = "report-acted"
    REPORT_KEPT = "report-kept"


@event("person.judged")
@dataclass(frozen=True, slots=True)
class PersonJudged:
    """Moderators decided about something of a person's, or about something that they reported. ``subject_id`` is the
    post, comment, person or group; nobody else who has to do with it is in it."""

    recipient_id: int
    subject_id: int
    verdict: str
