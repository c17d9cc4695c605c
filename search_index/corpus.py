"""All documents as one numbered row of columns: the stored segments first, then what came since, in memory.

A query works on this row and never asks where a document is stored. Deleting is one bit, effective for every
query that starts afterwards. Sums over the documents that everybody may read are kept up to date with each
change, because scores rest on them alone.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.codec import NOTHING, Postings
from search_index.engine import Kind
from search_index.growing import Growing
from search_index.numbering import Names, Numbering
from search_index.schema import LABEL, NUMBERS, TEXT, TITLE, TOPIC, Analysed, Integers
from search_index.segments import Segment

WRITTEN = (Kind.POST, Kind.COMMENT, Kind.ANSWER, Kind.ARTICLE)
"""What people wrote: the corpus that word frequencies and average lengths are taken from."""

Flags = NDArray[np.bool_]


class Corpus:
    """Changed by one thread at a time (the engine's lock), read by any without one."""

    def __init__(self, segments: Sequence[tuple[Segment, Iterable[int]]], *, everyone: int) -> None:
        self.segments = [segment for segment, _ in segments]
        self.people = Numbering()
        self.audiences = Numbering()
        self.kind_names = Names()
        self.label_names = Names()
        self._everyone = self.audiences.code(everyone)
        self._starts: list[int] = []
        self._memory: list[Analysed] = []
        self._memory_of: dict[str, int] = {}
        self._memory_lists: dict[tuple[str, str], tuple[list[int], list[float]]] = {}
        self._load(segments)

    # -- reading

    @property
    def size(self) -> int:
        return self.live.size

    @property
    def stored_size(self) -> int:
        return self._stored_size

    @property
    def documents(self) -> int:
        return int(np.count_nonzero(self.live.view()))

    def postings(self, field: str, term: str) -> Postings:
        """Over all documents, dead and hidden ones included."""
        parts = [
            (ids + start, counts)
            for segment, start in zip(self.segments, self._starts, strict=True)
            for ids, counts in (segment.postings(field, term),)
            if len(ids)
        ]
        fresh = self._memory_lists.get((field, term))
        if fresh:
            counts = np.array(fresh[1][:])
            parts.append((np.array(fresh[0][: len(counts)], np.int64), counts))
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return NOTHING
        return np.concatenate([ids for ids, _ in parts]), np.concatenate([counts for _, counts in parts])

    def terms_from(self, field: str, prefix: str, limit: int) -> list[str]:
        found = {term for segment in self.segments for term in segment.terms_from(field, prefix, limit)}
        found.update(term for name, term in list(self._memory_lists) if name == field and term.startswith(prefix))
        return sorted(found)[:limit]

    def stored(self, number: int) -> dict[str, str]:
        """id, title and text."""
        if number >= self._stored_size:
            document = self._memory[number - self._stored_size].document
            return {"id": document.id, "title": document.title, "text": document.text}
        place = int(np.searchsorted(self._starts, number, side="right")) - 1
        return self.segments[place].stored(number - self._starts[place])

    def readable(self, audiences: Iterable[int], size: int) -> Flags:
        """Which of the first `size` documents are there for somebody who may read these audiences."""
        allowed = np.zeros(len(self.audiences), np.bool_)
        allowed[self.audiences.find(audiences)] = True
        mask: Flags = np.logical_and(self.live.view(size), allowed[self.audience.view(size)])
        return mask

    def public(self, size: int) -> Flags:
        """Which documents count for statistics: written, alive, and readable for everybody."""
        written = np.zeros(len(self.kind_names.names), np.bool_)
        written[self.kind_names.find(WRITTEN)] = True
        everyone = self.audience.view(size) == self._everyone
        mask: Flags = np.logical_and(self.live.view(size) & everyone, written[self.kind.view(size)])
        return mask

    # -- changing

    def add(self, analysed: Analysed) -> None:
        self.remove(analysed.id)
        numbers = dict(zip(NUMBERS, analysed.numbers, strict=True))
        number = self.live.size
        self.author.append(self.people.code(numbers["author"]))
        self.audience.append(self.audiences.code(numbers["audience"]))
        self.kind.append(self.kind_names.code(analysed.document.kind))
        self.created.append(numbers["created"])
        self.length.append(numbers["length"])
        self.topic_length.append(numbers["topic_length"])
        self.tie.append(numbers["tie"])
        for person in analysed.document.mentions:
            self.mention_person.append(self.people.code(person))
            self.mention_document.append(number)
        for name in analysed.terms[LABEL]:
            self.label.append(self.label_names.code(name))
            self.label_document.append(number)
        for field in (TEXT, TITLE, TOPIC):
            for term, count in analysed.terms[field].items():
                ids, counts = self._memory_lists.setdefault((field, term), ([], []))
                ids.append(number)
                counts.append(float(count))
        self._memory.append(analysed)
        self._memory_of[analysed.id] = number
        self.live.append(True)
        self._count(number, 1)

    def remove(self, document_id: str) -> None:
        number = self._memory_of.pop(document_id, None)
        if number is None:
            number = self._stored_number(document_id)
        if number is not None and self.live.view()[number]:
            self._count(number, -1)
            self.live.view()[number] = False

    def _stored_number(self, document_id: str) -> int | None:
        for segment, start in zip(self.segments, self._starts, strict=True):
            found = segment.number_of(document_id)
            if found is not None and self.live.view()[start + found]:
                return start + found
        return None

    def _count(self, number: int, sign: int) -> None:
        people = len(self.people)
        while self.person_words.size < people:
            self.person_words.append(0)
            self.person_documents.append(0)
        if not self._is_public(number):
            return
        words, author = int(self.length.view()[number]), int(self.author.view()[number])
        self.public_documents += sign
        self.public_words += sign * words
        self.person_words.view()[author] += sign * words
        self.person_documents.view()[author] += sign

    def _is_public(self, number: int) -> bool:
        kind = self.kind_names.names[int(self.kind.view()[number])]
        return kind in WRITTEN and int(self.audience.view()[number]) == self._everyone

    # -- opening

    def _load(self, segments: Sequence[tuple[Segment, Iterable[int]]]) -> None:
        start, live = 0, []
        for segment, deleted in segments:
            self._starts.append(start)
            start += segment.size
            alive = np.ones(segment.size, np.bool_)
            alive[np.fromiter(deleted, np.int64)] = False
            live.append(alive)
        self._stored_size = start
        self.live: Growing[np.bool_] = Growing(np.concatenate([np.empty(0, np.bool_), *live]))
        self.author = Growing(self.people.codes(self._column("author")))
        self.audience = Growing(self.audiences.codes(self._column("audience")))
        self.created, self.length = Growing(self._column("created")), Growing(self._column("length"))
        self.topic_length, self.tie = Growing(self._column("topic_length")), Growing(self._column("tie"))
        self._load_kinds()
        self._load_pairs()
        public = self.public(start)
        lengths, authors = self.length.view()[public], self.author.view()[public]
        self.public_documents, self.public_words = int(public.sum()), int(lengths.sum())
        people = len(self.people)
        self.person_words = Growing(np.bincount(authors, lengths, people).astype(np.int64))
        self.person_documents = Growing(np.bincount(authors, minlength=people).astype(np.int64))

    def _column(self, name: str) -> Integers:
        return np.concatenate([np.empty(0, np.int64), *(segment.numbers[name] for segment in self.segments)])

    def _load_kinds(self) -> None:
        kinds = np.full(self._stored_size, self.kind_names.code(""), np.int64)
        for segment, start in zip(self.segments, self._starts, strict=True):
            for name, ids in segment.kinds.items():
                kinds[ids + start] = self.kind_names.code(name)
        self.kind = Growing(kinds)

    def _load_pairs(self) -> None:
        people, mentioning = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        labels, labelled = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for segment, start in zip(self.segments, self._starts, strict=True):
            for person, ids in segment.mentions.items():
                people.append(np.full(len(ids), self.people.code(person)))
                mentioning.append(ids + start)
            for name, ids in segment.labels.items():
                labels.append(np.full(len(ids), self.label_names.code(name)))
                labelled.append(ids + start)
        self.mention_person, self.mention_document = (
            Growing(np.concatenate(people)),
            Growing(np.concatenate(mentioning)),
        )
        self.label, self.label_document = Growing(np.concatenate(labels)), Growing(np.concatenate(labelled))
