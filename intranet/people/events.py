"""What happened to people, as others may react to it. ``audience_id`` makes an event part of live pushes."""

from dataclasses import dataclass

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
