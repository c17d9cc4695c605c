"""Articles as JSON: the same for everybody who may read them. Ids are strings, times ISO 8601 UTC."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from intranet.kernel.api import Id, Moment
from intranet.people.cards import PersonJson

Day = Annotated[str, Field(json_schema_extra={"format": "date"})]


class AboutJson(TypedDict):
    """A topic that it is about."""

    id: Id
    slug: str
    name: str


class TallyJson(TypedDict):
    """How many of its readers say that it is still right, and how many that something is different now."""

    right: int
    different: int


class VoiceJson(TypedDict):
    """What one reader says of an article; with ``settled_at`` it is dealt with and no longer counts."""

    id: Id
    by: PersonJson
    says: Literal["right", "different"]
    note: str
    said_at: Moment
    settled_at: Moment | None


class ArticleJson(TypedDict):
    """An article. ``author`` wrote the answer that it was made of, ``keeper`` keeps it right; ``review_by`` is the last
    day on which it counts as checked."""

    id: Id
    url: str
    title: str
    lead: str
    text: str
    html: str
    author: PersonJson
    keeper: PersonJson
    question: Id
    answer: Id
    topics: list[AboutJson]
    made_at: Moment
    edited_at: Moment | None
    checked_at: Moment
    review_by: Day
    state: Literal["fresh", "due", "retired"]
    voices: TallyJson
