"""Documents in memory become a stored segment, in bulk: one sort per field instead of one list per term."""

from array import array
from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_index.flat.dictionary import as_bytes
from search_index.flat.layout import FIELDS, PAIRED, POSITIONED
from search_index.flat.postings import length_codes
from search_index.flat.rows import transposed
from search_index.flat.segment import new_name, segment_files
from search_index.flat.writing.array_writer import ArrayWriter
from search_index.flat.writing.document_writer import DocumentWriter
from search_index.flat.writing.term_writer import TermBlock, TermWriter
from search_index.storing.schema import FLAG, MENTION, NUMBERS, Analysed

Integers = NDArray[np.int64]


class Inverter:
    """Collects documents, about 100,000 at most (some 20 bytes a word, and the vocabulary), then writes them
    in the order in which they came."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._author, self._audience, self._created, self._ties = array("q"), array("q"), array("q"), array("q")
        self._kinds: list[str] = []
        self._fields = {name: _Field(positioned=name in POSITIONED) for name in FIELDS}

    @property
    def size(self) -> int:
        return len(self._ids)

    def add(self, analysed: Analysed) -> None:
        document = analysed.document
        self._ids.append(document.id)
        self._kinds.append(str(document.kind))
        self._author.append(analysed.numbers[_AUTHOR])
        self._audience.append(analysed.numbers[_AUDIENCE])
        self._created.append(analysed.numbers[_CREATED])
        self._ties.append(analysed.numbers[_TIE])
        for name, (terms, positions) in analysed.tokens.items():
            self._fields[name].add(terms, positions)
        self._fields[MENTION].add([str(person) for person in dict.fromkeys(document.mentions)])
        self._fields[FLAG].add(document.has)

    def write(self, folder: Path) -> str | None:
        """A new segment's name, once it is on the disk; None when there was nothing to write."""
        if not self.size:
            return None
        name = new_name()
        with ArrayWriter(folder) as arrays:
            documents = DocumentWriter(arrays)
            self._write_columns(documents)
            self._write_terms(TermWriter(arrays, long_texts=self._longest() > 0xFFFF), documents)
            documents.finish()
            arrays.facts["positions"] = sorted(POSITIONED)
            arrays.save(folder / segment_files(name)[0])
        return name

    def _write_columns(self, documents: DocumentWriter) -> None:
        documents.ids(self._ids, np.frombuffer(self._ties, np.int64))
        documents.column("created", np.frombuffer(self._created, np.int64))
        for name, values in (("author", self._author), ("audience", self._audience)):
            table, codes = np.unique(np.frombuffer(values, np.int64), return_inverse=True)
            documents.coded(name, codes, table)
        names = sorted(set(self._kinds))
        number = {name: code for code, name in enumerate(names)}
        documents.coded("kind", np.fromiter(map(number.__getitem__, self._kinds), np.int64, self.size), names)

    def _write_terms(self, terms: TermWriter, documents: DocumentWriter) -> None:
        for name, field in self._fields.items():
            lengths = field.lengths()
            documents.column(f"length.{name}", lengths.astype(np.min_scalar_type(lengths.max())))
            block = field.invert()
            terms.start(name)
            terms.add(name, block)
            if name in PAIRED:
                documents.pairs(name, *transposed(block.counts, block.documents, self.size))
        terms.finish()

    def _longest(self) -> int:
        return max(field.last_position for field in self._fields.values())


class _Vocabulary(dict[str, int]):
    """Numbers for terms as they come."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class _Field:
    """The terms of one field in the order they stand in the documents."""

    def __init__(self, *, positioned: bool) -> None:
        self._positioned = positioned
        self._vocabulary = _Vocabulary()
        self._terms, self._positions, self._lengths = array("i"), array("i"), array("i")

    def add(self, terms: Collection[str], positions: Iterable[int] = ()) -> None:
        if not terms:
            self._lengths.append(0)
            return
        numbers = list(map(self._vocabulary.__getitem__, terms))
        self._lengths.append(len(numbers))
        self._terms.fromlist(numbers)  # four times as fast as `extend`
        if self._positioned:
            self._positions.fromlist(list(positions))

    @property
    def last_position(self) -> int:
        return int(np.frombuffer(self._positions, np.int32).max(initial=0))

    def lengths(self) -> Integers:
        return np.frombuffer(self._lengths, np.int32).astype(np.int64)

    def invert(self) -> TermBlock:
        """The terms in order and their postings: every occurrence is one number (term, document, position from
        the high bits to the low), and these are sorted."""
        texts = sorted(self._vocabulary)
        lengths = self.lengths()
        occurrences, document_bits, position_bits = self._occurrences(texts, lengths)
        pairs = occurrences >> position_bits
        first = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)])
        frequencies = np.diff(np.append(first, len(pairs)))
        pairs = pairs[first]
        documents = pairs & ((1 << document_bits) - 1)
        occurrences &= (1 << position_bits) - 1
        return TermBlock(
            texts=[as_bytes(text) for text in texts],
            counts=np.bincount(pairs >> document_bits, minlength=len(texts)),
            documents=documents,
            length_codes=length_codes(lengths)[documents],
            frequencies=frequencies if self._positioned else np.ones_like(frequencies),
            position_counts=frequencies if self._positioned else np.zeros_like(frequencies),
            positions=occurrences if self._positioned else occurrences[:0],
        )

    def _occurrences(self, texts: list[str], lengths: Integers) -> tuple[Integers, int, int]:
        """Sorted, and how many of their bits are the document's and the position's."""
        ranks = np.empty(len(texts), np.int64)
        ranks[np.fromiter(map(self._vocabulary.__getitem__, texts), np.int64, len(texts))] = np.arange(len(texts))
        keys = ranks[np.frombuffer(self._terms, np.int32)]
        bits = len(lengths).bit_length(), self.last_position.bit_length()
        if len(texts).bit_length() + sum(bits) > 63:
            raise OverflowError("too many documents for one segment")
        keys <<= bits[0]
        keys |= np.repeat(np.arange(len(lengths)), lengths)
        keys <<= bits[1]
        if self._positioned:
            keys |= np.frombuffer(self._positions, np.int32)
        keys.sort()
        return keys, *bits


_AUTHOR, _AUDIENCE, _CREATED, _TIE = map(NUMBERS.index, ("author", "audience", "created", "tie"))
