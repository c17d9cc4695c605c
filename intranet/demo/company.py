"""The demo company as plain values: what the generator yields and the loader stores. Nothing here knows a table."""

from dataclasses import dataclass
from datetime import date, datetime

NAME = "Tidemark"
MAIL_DOMAIN = "tidemark.example"
SIGNING_IN = frozenset({"leila", "samuel", "ingrid"})  # whom a visitor can be


@dataclass(frozen=True, slots=True)
class Colleague:
    """``name`` is how the person writes it, in any script; ``manager`` is a username; ``skills`` are topic slugs."""

    username: str
    name: str
    title: str
    department: str
    location: str
    country: str
    timezone: str
    languages: tuple[str, ...]
    manager: str | None
    about: str
    joined: date
    skills: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.username}@{MAIL_DOMAIN}"


@dataclass(frozen=True, slots=True)
class Topic:
    """``experts`` are usernames, the one who knows most first: the truth that the finder is asked for."""

    slug: str
    about: str
    experts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """``on`` is the place of the comment that it is about; one that ``solves`` is what answered a question."""

    author: str
    text: str
    written_at: datetime
    thanked_by: tuple[str, ...] = ()
    on: int | None = None
    solves: bool = False


@dataclass(frozen=True, slots=True)
class Reaction:
    """``kind`` is one of ``reactions.KINDS``."""

    person: str
    kind: str


@dataclass(frozen=True, slots=True)
class Poll:
    """``votes`` are who voted, the place of what they chose among the ``answers``, and when."""

    answers: tuple[str, ...]
    closes_at: datetime
    votes: tuple[tuple[str, int, datetime], ...]


@dataclass(frozen=True, slots=True)
class Post:
    author: str
    text: str
    written_at: datetime
    topics: tuple[str, ...]
    comments: tuple[Comment, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    bookmarked_by: tuple[str, ...] = ()
    is_announcement: bool = False
    praised: str = ""
    group: str | None = None
    title: str = ""
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """``kind`` is open, closed or hidden; of ``members`` the first two keep it."""

    name: str
    kind: str
    about: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """How somebody is doing on the day of the first look: a status with an end, or a place to be found at."""

    person: str
    emoji: str
    text: str
    working_place: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody whose browser is open until a moment of this day."""

    person: str
    until: datetime
    is_focusing: bool


@dataclass(frozen=True, slots=True)
class Endorsement:
    person: str
    topic: str
    by: str
    reason: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Follow:
    """One colleague follows a colleague (``person``) or a topic (``topic``): exactly one of the two is set."""

    follower: str
    person: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """People in an order in which a manager precedes the reports; posts from the oldest to the newest."""

    name: str
    people: tuple[Colleague, ...]
    topics: tuple[Topic, ...]
    groups: tuple[Group, ...]
    posts: tuple[Post, ...]
    endorsements: tuple[Endorsement, ...]
    follows: tuple[Follow, ...]
    signs: tuple[Sign, ...]
    present: tuple[Presence, ...]
