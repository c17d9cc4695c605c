"""What a stored document consists of: the fields of the Whoosh index, and the columns beside them.

Term fields hold counts only. Positions would double the index for one use, phrases, which are checked
against the stored text of the few documents that hold all the words. Exact word counts, authors, audiences
and times are columns of fixed-width numbers that are read as whole arrays.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from whoosh import columns, fields

from search_index.analysis import term_counts
from search_index.engine import Document, Kind

TEXT = "text"
"""Terms of title and text together, of a person the text alone: what a document says."""
TITLE = "title"
TOPIC = "topic"
"""Terms of the topics' names, apart from the text so that their weight can be chosen with each question."""
LABEL = "label"
"""Topic names as they are, in lower case: for filters and related topics."""
MENTION = "mention"
KIND = "kind"
ID = "id"

TERM_FIELDS = (ID, KIND, LABEL, MENTION, TEXT, TITLE, TOPIC)
"""In the order Whoosh wants fields to be written."""

NUMBERS = ("author", "audience", "created", "length", "topic_length", "tie")
"""`tie` settles the order of equals by the document's id, whatever else is in the index."""

Integers = NDArray[np.int64]


class NumberColumn(columns.NumericColumn):  # type: ignore[misc]  # Whoosh carries no types
    """A column of 64-bit numbers, stored as Whoosh stores it, that can be read in one piece."""

    def __init__(self) -> None:
        super().__init__("q", default=0)

    class Reader(columns.NumericColumn.Reader):  # type: ignore[misc]  # Whoosh carries no types
        def whole(self) -> Integers:
            data = self._dbfile.get(self._basepos, self._count * self._fixedlen)
            column = np.zeros(self._doccount, np.int64)  # numbers left off at the end are the default, 0
            column[: self._count] = np.frombuffer(data, ">i8")
            return column


NUMBER = NumberColumn()


def make_schema() -> fields.Schema:
    terms = {name: fields.ID() for name in TERM_FIELDS}
    return fields.Schema(**terms, **{name: fields.COLUMN(NUMBER) for name in NUMBERS})


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document as the index sees it: term counts by field, numbers by column, and what is handed back."""

    document: Document
    terms: Mapping[str, Mapping[str, int]]
    numbers: tuple[int, ...]

    @property
    def id(self) -> str:
        return self.document.id


def analyse(document: Document) -> Analysed:
    title = term_counts(document.title) if document.title else Counter[str]()
    # A name is no evidence: people called Baker are not experts for baking. It is found through the title
    # alone.
    text = term_counts(document.text) + (Counter() if document.kind == Kind.PERSON else title)
    topics: Counter[str] = Counter()
    for topic in document.topics:
        topics.update(term_counts(topic))
    numbers = (
        document.author_id,
        document.audience_id,
        int(document.created_at.timestamp()),
        text.total(),
        topics.total(),
        int.from_bytes(blake2b(document.id.encode(), digest_size=8).digest(), signed=True),
    )
    terms = {
        ID: {document.id: 1},
        KIND: {str(document.kind): 1},
        LABEL: {name: 1 for topic in document.topics if (name := label(topic))},
        MENTION: {str(person): 1 for person in document.mentions},
        TEXT: text,
        TITLE: title,
        TOPIC: topics,
    }
    return Analysed(document, terms, numbers)


def label(topic: str) -> str:
    return topic.strip().lstrip("#").lower()


def moment(created: int) -> datetime:
    return datetime.fromtimestamp(created, UTC)
