"""Generated corpora, and what a segment over them has to say, worked out the slow and obvious way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from search_index.documents import Document
from search_index.flat.inverting import Inverter
from search_index.flat.layout import FIELDS, PAIRED, POSITIONED
from search_index.flat.postings import LENGTHS
from search_index.flat.segment import Segment, open_segment
from search_index.storing.schema import Analysed, analyse, milliseconds

START = datetime(2026, 1, 1, tzinfo=UTC)

_words = st.sampled_from(
    [
        "alpha",
        "beta",
        "Beton",
        "gamma",
        "getAddrInfo",
        "max_poll",
        "straße",
        "naïve",
        "東京",
        "zz",
        "alp",
        "gam",
        "x" * 70,
    ]
)
_texts = st.lists(_words, max_size=12).map(" ".join) | st.just("again " * 300)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    count = draw(st.integers(1, 12))
    return [
        Document(
            id=f"post:{number}",
            kind=draw(st.sampled_from(["post", "article", "answer"])),
            text=draw(_texts),
            audience_id=draw(st.integers(1, 3)),
            created_at=START + timedelta(milliseconds=draw(st.integers(-(10**9), 10**9))),
            author_id=draw(st.integers(0, 4)),
            title=draw(st.just("") | _texts),
            mentions=tuple(draw(st.lists(st.integers(1, 12), max_size=3))),
            topics=tuple(draw(st.lists(_words, max_size=3))),
            has=frozenset(draw(st.lists(st.sampled_from(["link", "code", "image"]), max_size=2))),
        )
        for number in range(count)
    ]


def stored(folder: Path, given: Iterable[Document]) -> Segment:
    inverter = Inverter()
    for document in given:
        inverter.add(analyse(document))
    name = inverter.write(folder)
    assert name is not None
    return open_segment(folder, name)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Everything a segment says, in plain values."""

    postings: dict[tuple[str, str], list[tuple[int, int, float, list[int]]]]
    rows: list[tuple[object, ...]]
    pairs: dict[str, list[list[str]]]


def said_by(segment: Segment) -> Spoken:
    postings = {
        (field, segment.text_of(number)): _postings_of(segment, number)
        for field in segment.fields
        for number in segment.terms(field)
    }
    columns = {name: segment.column(name).tolist() for name in ("author", "audience", "kind", "created")}
    people, audiences, kinds = segment.table("author"), segment.table("audience"), segment.names("kind")
    rows: list[tuple[object, ...]] = [
        (
            segment.id_of(number),
            int(people[columns["author"][number]]),
            int(audiences[columns["audience"][number]]),
            kinds[columns["kind"][number]],
            columns["created"][number],
            *(int(segment.column(f"length.{field}")[number]) for field in FIELDS),
        )
        for number in range(segment.size)
    ]
    return Spoken(postings, rows, {name: _pairs_of(segment, name) for name in PAIRED})


def expected_of(given: Sequence[Document]) -> Spoken:
    postings: dict[tuple[str, str], list[tuple[int, int, float, list[int]]]] = defaultdict(list)
    rows: list[tuple[object, ...]] = []
    pairs: dict[str, list[list[str]]] = {name: [] for name in PAIRED}
    for number, analysed in enumerate(map(analyse, given)):
        fields = _fields_of(analysed)
        for field, occurrences in fields.items():
            length_code = min(code for code in range(256) if code == 255 or LENGTHS[code] >= len(occurrences))
            for term in sorted({term for term, _ in occurrences}):
                places = sorted(place for other, place in occurrences if other == term)
                positions = places if field in POSITIONED else []
                postings[field, term].append((number, length_code, float(len(positions) or 1), positions))
        for name, lists in pairs.items():
            lists.append(sorted({term for term, _ in fields[name]}, key=str.encode))
        document = analysed.document
        rows.append(
            (
                document.id,
                document.author_id,
                document.audience_id,
                document.kind,
                milliseconds(document.created_at),
                *(len(fields[field]) for field in FIELDS),
            )
        )
    return Spoken(dict(postings), rows, pairs)


def _fields_of(analysed: Analysed) -> dict[str, list[tuple[str, int]]]:
    fields = {name: list(zip(*tokens, strict=True)) for name, tokens in analysed.tokens.items()}
    fields["mention"] = [(str(person), 0) for person in dict.fromkeys(analysed.document.mentions)]
    fields["flag"] = [(flag, 0) for flag in analysed.document.has]
    return fields


def _postings_of(segment: Segment, number: int) -> list[tuple[int, int, float, list[int]]]:
    postings = segment.postings(number)
    flat, ends = segment.positions(number, np.arange(len(postings)))
    places = [part.tolist() for part in np.split(flat, ends[:-1])]
    codes, frequencies = (postings.keys >> 8).tolist(), postings.frequencies().tolist()
    return list(zip(postings.documents.tolist(), codes, frequencies, places, strict=True))


def _pairs_of(segment: Segment, name: str) -> list[list[str]]:
    starts, codes = segment.pairs(name)
    names = segment.names(name)
    assert len(starts) == segment.size + 1
    return [[names[code] for code in codes[a:b].tolist()] for a, b in pairwise(starts.tolist())]
