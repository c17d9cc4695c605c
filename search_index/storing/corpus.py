"""All documents as one numbered row: the stored segments first, then what came since, in memory.

A query works on this row and never asks where a document is stored. Deleting gives a document the audience of
nobody, effective for every query that starts afterwards. Sums over the documents that everybody may read are
kept up to date with each change, because scores rest on them alone.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from sys import maxsize
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.flat.postings import Postings
from search_index.storing.allowed import Allowed
from search_index.storing.arrays.transposed import Transposed
from search_index.storing.columns import NOBODY_CODE, Columns
from search_index.storing.frequencies import Frequencies
from search_index.storing.joined import joined
from search_index.storing.kept import Kept
from search_index.storing.memory import Memtable
from search_index.storing.parts import NOTHING_GATHERED, Gathered, Part
from search_index.storing.schema import MENTION, TEXT, Analysed
from search_index.storing.slices import NO_SLICE, Slice, containing_slice, memory_slice, stored_slice
from search_index.storing.statistics import Statistics

Ids = NDArray[np.int64]
_NONE: Ids = np.empty(0, np.int64)


class Corpus:
    """Changed by one thread at a time (the engine's lock), read by any without one."""

    def __init__(self, parts: Sequence[Part], columns: Columns, statistics: Statistics, authors: Transposed) -> None:
        self.parts = tuple(parts)
        self.stored_size = parts[-1].end if parts else 0
        self.columns = columns
        self.statistics = statistics
        self.authors = authors
        codes = columns.codes
        self.people, self.audiences = codes.people, codes.audiences
        self.kind_names, self.label_names, self.flag_names = codes.kinds, codes.labels, codes.flags
        self.author, self.audience, self.kind = columns.author, columns.audience, columns.kind
        self.created, self.tie, self.flags = columns.created, columns.tie, columns.flags
        self.length, self.title_length, self.topic_length = columns.length, columns.title_length, columns.topic_length
        self.public, self.person_words = statistics.public, statistics.person_words
        self.person_documents = statistics.person_documents
        self.kept: Kept[Any, Any] = Kept()
        self._frequencies = Frequencies(self.parts, statistics)
        self._memtable = Memtable()
        self._memory: list[Analysed] = []
        self._memory_of: dict[str, int] = {}

    # -- documents

    @property
    def size(self) -> int:
        """Documents in the row, dead ones included."""
        return self.columns.audience.size

    @property
    def documents(self) -> int:
        """Living documents."""
        return self.statistics.living

    @property
    def public_documents(self) -> int:
        return self.statistics.documents

    @property
    def public_lengths(self) -> Mapping[str, int]:
        """The terms of all public documents, by field."""
        return self.statistics.lengths

    def allowed(self, audiences: Iterable[int]) -> Allowed:
        known = self.columns.codes.audiences
        table = np.zeros(len(known), np.bool_)
        table[known.find(audiences)] = True
        table[NOBODY_CODE] = False
        all_alive = self.statistics.living == self.columns.audience.size
        return Allowed(self.columns, table, unlimited=all_alive and np.count_nonzero(table) == len(table) - 1)

    def id_of(self, number: int) -> str:
        """Empty when it cannot be read."""
        if number >= self.stored_size:
            return self._memory[number - self.stored_size].id
        part = next(part for part in self.parts if number < part.end)
        return part.read(lambda segment: segment.id_of(number - part.start), "")

    def ids_of(self, documents: Ids) -> list[str]:
        """Of many, in the order in which they are given."""
        found = [""] * len(documents)
        for part in self.parts:
            here = np.flatnonzero((documents >= part.start) & (documents < part.end))
            if len(here):
                ids = part.ids_of(documents.take(here))
                if len(here) == len(documents):
                    return ids
                for at, identity in zip(here.tolist(), ids, strict=True):
                    found[at] = identity
        for at in np.flatnonzero(documents >= self.stored_size).tolist():
            found[at] = self._memory[int(documents[at]) - self.stored_size].id
        return found

    def number_of(self, document_id: str) -> int | None:
        """Of a living document."""
        number = self._memory_of.get(document_id)
        return self._stored_number(document_id) if number is None else number

    def analysed(self, number: int) -> Analysed:
        """A document in memory; they are numbered from `stored_size` on."""
        return self._memory[number - self.stored_size]

    def labels_of(self, documents: Ids) -> tuple[Ids, NDArray[np.int32]]:
        """`rows` and `codes`: codes[i] is a label of documents[rows[i]]."""
        return self.columns.labels.of(documents)

    def mentions_of(self, documents: Ids) -> tuple[Ids, NDArray[np.int32]]:
        """`rows` and `codes`: the person codes[i] is mentioned in documents[rows[i]]."""
        return self.columns.mentions.of(documents)

    def words_of(self, documents: Sequence[int]) -> list[Sequence[str]]:
        """The distinct terms of each document's text; meant for a few documents."""
        found: list[Sequence[str]] = []
        for number in documents:
            if number >= self.stored_size:
                found.append(list(dict.fromkeys(self._memory[number - self.stored_size].tokens[TEXT][0])))
            else:
                part = next(part for part in self.parts if number < part.end)
                found.append(part.words_of(number))
        return found

    def documents_of(self, author: int) -> Ids:
        """All documents of a person, by their code; dead and hidden ones included, rising."""
        return self.authors.documents(author, self.size)

    def mentioning(self, person: int) -> Ids:
        """All documents that mention a person, by their code; dead and hidden ones included, rising."""
        return self.postings(MENTION, str(self.columns.codes.people.ids()[person])).documents

    # -- terms

    def postings(self, field: str, term: str) -> Postings:
        """Of all documents, dead and hidden ones and those that came in just now included."""
        found = [part.postings(field, term) for part in self.parts]
        found.append(self._memtable.postings(field, term))
        return joined(found)

    def gathered(self, field: str, terms: Sequence[str]) -> Gathered:
        """The posting lists of many terms, read at once: their documents, dead and hidden ones included, their keys,
        and which of the terms each posting belongs to; frequencies above 255 count as 255."""
        found = [part.gathered(field, terms) for part in self.parts]
        for at, term in enumerate(terms):
            fresh = self._memtable.postings(field, term)
            if len(fresh):
                found.append((fresh.documents, fresh.keys, np.full(len(fresh), at, np.int64)))
        if len(found) == 1:
            return found[0]
        documents, keys, places = zip(NOTHING_GATHERED, *found, strict=True)
        return np.concatenate(documents), np.concatenate(keys), np.concatenate(places)

    def public_frequency(self, field: str, term: str, most: int = maxsize) -> int:
        """How many of the documents that count for statistics hold the term; exact up to `most`, and some larger
        number where there are more."""
        stored, fresh = self._frequencies.of(field, term, most), self._memtable.postings(field, term).documents
        if not len(fresh):
            return stored
        return stored + int(np.count_nonzero(self.public.view().take(fresh, mode="clip")))

    def positions(self, field: str, term: str, documents: Ids) -> tuple[Ids, Ids]:
        """Of documents, rising, that hold the term: flat positions, and where those of each document end."""
        flat, ends, total, begin = [], [], 0, 0
        for part in self.parts:
            stop = begin + int(np.searchsorted(documents[begin:], part.end))
            if stop > begin:
                places, counts = part.positions(field, term, documents[begin:stop])
                flat.append(places)
                ends.append(counts + total)
                total, begin = total + len(places), stop
        if begin < len(documents):
            places, counts = self._memtable.positions(field, term, documents[begin:])
            flat.append(places)
            ends.append(counts + total)
        return np.concatenate([_NONE, *flat]), np.concatenate([_NONE, *ends])

    def positions_at(self, field: str, term: str, documents: Ids, at: Ids) -> tuple[Ids, Ids]:
        """The same where it is known at which places of the term's posting list they stand."""
        flat, ends, total, begin, first = [], [], 0, 0, 0
        for part in self.parts:
            stop = begin + int(documents[begin:].searchsorted(part.end))
            if stop > begin:
                places, counts = part.positions_at(field, term, at[begin:stop] - first)
                if stop == len(at) and not begin:
                    return places, counts
                flat.append(places)
                ends.append(counts + total)
                total, begin = total + len(places), stop
            if begin == len(at):
                break
            first += part.frequency(field, term)
        if begin < len(at):
            places, counts = self._memtable.positions(field, term, documents[begin:])
            flat.append(places)
            ends.append(counts + total)
        return np.concatenate([_NONE, *flat]), np.concatenate([_NONE, *ends])

    def terms(self, field: str, prefix: str = "", limit: int | None = None) -> list[str]:
        """Terms that begin so, alphabetical; those of dead and hidden documents too."""
        found = set(self._memtable.terms(field, prefix)[:limit])
        for part in self.parts:
            found.update(part.read(lambda segment: segment.texts_of(segment.terms(field, prefix)[:limit]), []))
        return sorted(found)[:limit]

    def slices(self, field: str, prefix: str) -> list[Slice]:
        """The postings of all terms that begin so: a slice for each place where documents are kept."""
        found = [
            part.read(partial(stored_slice, field=field, prefix=prefix, start=part.start), NO_SLICE)
            for part in self.parts
        ]
        found.append(memory_slice(self._memtable, field, self._memtable.terms(field, prefix)))
        return [run for run in found if len(run)]

    def containing(self, field: str, text: str, limit: int) -> list[str]:
        """Terms that hold a string anywhere, alphabetical, at most `limit` of each place; those of dead and hidden
        documents too."""
        found = set(self._memtable.containing(field, text)[:limit])
        for part in self.parts:
            found.update(
                part.read(
                    lambda segment: [segment.text_of(term) for term in segment.containing(field, text, limit)], []
                )
            )
        return sorted(found)

    def memory_terms(self, field: str) -> tuple[Container[str], AbstractSet[str]]:
        """The terms of what is not stored yet, to ask for one, and the letters that they are made of."""
        return self._memtable.known(field)

    def containing_slices(self, field: str, text: str) -> list[Slice]:
        """The postings of all terms that hold a string anywhere."""
        found = [
            part.read(partial(containing_slice, field=field, text=text, start=part.start), NO_SLICE)
            for part in self.parts
        ]
        found.append(memory_slice(self._memtable, field, self._memtable.containing(field, text)))
        return [run for run in found if len(run)]

    # -- changing

    def add(self, analysed: Analysed) -> None:
        """In place of the document with its id, if there is one."""
        self.remove(analysed.id)
        number = self.size
        self._memory.append(analysed)
        self._memtable.add(number, analysed)
        self.columns.append(analysed)
        self.statistics.append(self.columns)
        self._memory_of[analysed.id] = number
        self.kept.forget()

    def remove(self, document_id: str) -> None:
        number = self._memory_of.pop(document_id, None)
        if number is None:
            number = self._stored_number(document_id)
        if number is not None:
            self.bury(number)

    def bury(self, number: int) -> None:
        """Make a document dead, if it is not."""
        audience = self.columns.audience.view()
        if audience[number] != NOBODY_CODE:
            self.statistics.remove(self.columns, number)
            audience[number] = NOBODY_CODE
            self.kept.forget()

    def revive(self, part: Part, number: int) -> None:
        """Undo `bury` for a stored document, by its number in its part."""
        self.columns.restore_audience(part.segment, number, part.start)
        self.statistics.restore(self.columns, part.start + number)
        self.kept.forget()

    def _stored_number(self, document_id: str) -> int | None:
        audience = self.columns.audience.view()
        for part in self.parts:
            found = part.number_of(document_id)
            if found is not None and audience[found] != NOBODY_CODE:
                return found
        return None
