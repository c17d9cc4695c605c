"""Posts and comments as JSON: the same for everybody who may read them. Ids are strings, times ISO 8601 UTC."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from intranet.files.schemas import FileJson
from intranet.kernel.api import Id, Moment
from intranet.links.cards import LinkJson
from intranet.people.cards import PersonJson
from intranet.posts.models import PostKind


class AudienceJson(TypedDict):
    """Who may read a post that is not for everyone; ``group`` is a name."""

    id: Id
    group: NotRequired[str]
    url: NotRequired[str]


class OptionJson(TypedDict):
    """One answer of a poll."""

    id: Id
    text: str
    votes: int


class PollJson(TypedDict):
    """A poll; ``voters`` counts people."""

    options: list[OptionJson]
    voters: int
    multiple: bool
    secret: bool
    closes_at: Moment | None


class PraisedJson(TypedDict):
    """Who is praised."""

    id: Id
    username: str
    name: str


class PraiseJson(TypedDict):
    """Whom a post praises; ``topic`` is the address of what for."""

    people: list[PraisedJson]
    topic: str


class AnnouncementJson(TypedDict):
    """What an announcement asks for, and how many of ``people`` have acknowledged it."""

    owner: str | None
    ends_at: Moment
    asks: bool
    urgent: bool
    acknowledged: int
    people: int


class RetoldJson(TypedDict):
    """Whose words a post tells; a feature above knows where they were said."""

    author: PersonJson


class ItemJson(TypedDict):
    """What posts and comments have in common."""

    id: Id
    author: PersonJson
    text: str
    html: str
    url: str
    created_at: Moment
    edited_at: Moment | None
    reactions: dict[str, int]
    files: list[FileJson]


class CommentJson(ItemJson):
    """A comment; ``reply_to`` is the comment or post that it answers."""

    post_id: Id
    reply_to: Id


class PostJson(ItemJson):
    """A post. Of ``poll``, ``praise``, ``announcement`` and ``retold`` it has what its kind brings."""

    kind: PostKind
    audience: Literal["everyone"] | AudienceJson
    topics: list[str]
    comment_count: int
    title: str
    answer_count: int
    accepted_answer: Id | None
    poll: PollJson | None
    praise: PraiseJson | None
    announcement: AnnouncementJson | None
    retold: RetoldJson | None
    quote: Id | None
    pinned: bool
    frozen: bool
    link: LinkJson | None
