"""The port's words for what goes in: documents, and changes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EVERYONE = 1
"""The audience every member can read; corpus statistics are taken from its documents alone."""

FOR_ALL = "announcement"  # the flag of what is a hit for everybody, also for those who want to be `without` its author
FOR_OTHERS = "praise"  # the flag of what is found, and no evidence: what it says of others are other documents


class Kind(StrEnum):
    """The kinds of documents the ranking has an opinion on; any other word is a kind too, but no evidence."""

    POST = "post"
    COMMENT = "comment"
    SAID = "said"  # in a room that everybody may read; elsewhere it is of another kind, and no evidence
    ANSWER = "answer"
    ARTICLE = "article"
    QUESTION = "question"
    SKILL = "skill"
    ENDORSEMENT = "endorsement"
    PRAISE = "praise"
    PERSON = "person"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Document:
    """Something that can be found. `id` is unique over all kinds ("post:123").

    `author_id` is the person for whom the document speaks: the author of a post, the holder of a skill, the
    one who is *endorsed* (not the endorser), the person of a profile; 0 when there is nobody. `topics` are
    the names of the topics attached to it (hashtags that stand in the text may be repeated here).
    `created_at` is aware.
    """

    id: str
    kind: str
    text: str
    audience_id: int
    created_at: datetime
    author_id: int = 0
    title: str = ""
    mentions: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    """What it carries ("link", "code", "image", "file", "poll", `FOR_OTHERS`), for filters."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes as of outbox number `watermark`, which may be applied twice. An added document replaces the one with
    its id; removing what is not there is fine."""

    watermark: int
    add: Sequence[Document] = ()
    remove: Sequence[str] = ()
