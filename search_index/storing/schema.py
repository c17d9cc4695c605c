"""What a document consists of once it is read: the terms of its fields, in order, and numbers beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import tokens
from search_index.asking import ASKS, only_asks
from search_index.documents import Document, Kind
from search_index.flat.identity import tie

TEXT = "text"
"""Terms of title and text together, of a person the text alone: what a document says."""
TITLE = "title"
TOPIC = "topic"
"""Terms of the topics' names, apart from the text so that their weight can be chosen with each question."""
LABEL = "label"
"""Topic names as they are, in lower case: for filters and related topics."""
MENTION = "mention"
"""Ids of mentioned people, in decimal."""
FLAG = "flag"
"""What a document carries."""

PLACED_FIELDS = (TEXT, TITLE, TOPIC)
"""The fields whose terms have positions and count for lengths."""
TERM_FIELDS = (FLAG, LABEL, MENTION, TEXT, TITLE, TOPIC)
"""The fields with posting lists, in the order of their names."""

NUMBERS = ("author", "audience", "created", "length", "title_length", "topic_length", "tie")
"""Columns: ids of person and audience, milliseconds since 1970, how many terms the text, the title and the topics
have; `tie` settles the order of equals by the document's id, whatever else is in the index."""

_MAY_ASK = (Kind.POST, Kind.COMMENT, Kind.SAID)

APART = 16
"""Positions between a title and the text below it, so that no phrase runs from the one into the other."""

Integers = NDArray[np.int64]
Tokens = tuple[Sequence[str], Sequence[int]]
"""Terms in the order they were written, and their positions; several terms may share one."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_NO_TOKENS: Tokens = ((), ())
_FIRST_LENGTH = NUMBERS.index("length")


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document as the index sees it: `tokens` of each of `PLACED_FIELDS` and of `LABEL`, `numbers` in the order
    of `NUMBERS`; its kind, mentions and flags are read from the document itself."""

    document: Document
    tokens: Mapping[str, Tokens]
    numbers: tuple[int, ...]

    @property
    def id(self) -> str:
        return self.document.id

    @property
    def terms(self) -> int:
        """How many there are to store, repeated ones included."""
        return sum(self.numbers[_FIRST_LENGTH : _FIRST_LENGTH + len(PLACED_FIELDS)])

    @property
    def labels(self) -> Sequence[str]:
        """Distinct, as the document lists them."""
        return self.tokens[LABEL][0]


def analyse(document: Document) -> Analysed:
    title = tokens(document.title) if document.title else _NO_TOKENS
    # A name is no evidence: people called Baker are not experts for baking. It is found through the title alone.
    before = _NO_TOKENS if document.kind == Kind.PERSON else title
    text = _joined((before, tokens(document.text)))
    topics = _joined(tokens(topic) for topic in document.topics) if document.topics else _NO_TOKENS
    labels = tuple(dict.fromkeys(name for topic in document.topics if (name := label(topic))))
    numbers = (
        document.author_id,
        document.audience_id,
        milliseconds(document.created_at),
        len(text[0]),
        len(title[0]),
        len(topics[0]),
        tie(document.id),
    )
    fields = {TEXT: text, TITLE: title, TOPIC: topics, LABEL: (labels, range(len(labels)))}
    if document.kind in _MAY_ASK and only_asks(document.text):
        document = replace(document, has=document.has | {ASKS})
    return Analysed(document, fields, numbers)


def _joined(parts: Iterable[Tokens]) -> Tokens:
    """One after another, with room between them."""
    filled = [part for part in parts if part[0]]
    if len(filled) < 2:
        return filled[0] if filled else _NO_TOKENS
    terms: list[str] = []
    positions: list[int] = []
    for part in filled:
        start = positions[-1] + APART if positions else 0
        terms += part[0]
        positions += [start + position for position in part[1]]
    return terms, positions


def label(topic: str) -> str:
    return topic.strip().lstrip("#").lower()


def milliseconds(when: datetime) -> int:
    """The unit of the column `created`; exact, and never rounded up into the future."""
    return (when - _EPOCH) // _MILLISECOND


def moment(created: int) -> datetime:
    return _EPOCH + created * _MILLISECOND
