"""Whoosh's interface to the terms of a segment."""

from collections.abc import Iterator
from typing import Any

from whoosh import formats
from whoosh.codec.base import FieldCursor, TermsReader
from whoosh.reading import TermInfo, TermNotFound

from search_index.flat.as_whoosh.matching import FlatMatcher, Term, value_reader
from search_index.flat.postings import LENGTHS
from search_index.flat.segment import Segment


class FlatTermsReader(TermsReader):  # type: ignore[misc]  # Whoosh carries no types
    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._dictionary = segment.dictionary

    def __contains__(self, term: Term) -> bool:
        return self._dictionary.number(*term) is not None

    def indexed_field_names(self) -> tuple[str, ...]:
        return self._segment.fields

    def cursor(self, fieldname: str, fieldobj: Any) -> "FlatCursor":
        return FlatCursor(self, self._segment, fieldname, fieldobj)

    def terms(self) -> Iterator[Term]:
        for field in self._segment.fields:
            yield from self._terms_of(field, self._segment.terms(field))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """From there to the end of the field, and all fields behind it."""
        for field in self._segment.fields:
            if field >= fieldname:
                yield from self._terms_of(field, self._dictionary.after(field, prefix if field == fieldname else b""))

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        return self.info(self._number(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        number = self._dictionary.number(fieldname, text)
        return 0 if number is None else float(self.info(number).weight())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        number = self._dictionary.number(fieldname, text)
        return 0 if number is None else int(self._segment.frequencies(range(number, number + 1))[0])

    def info(self, number: int) -> TermInfo:
        postings = self._segment.postings(number)
        weights = postings.frequencies()
        lengths = LENGTHS[postings.keys >> 8]
        return TermInfo(
            weight=float(weights.sum()),
            df=len(postings),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(postings.documents[0]),
            maxid=int(postings.documents[-1]),
        )

    def matcher(self, fieldname: str, text: bytes, format_: formats.Format, scorer: Any = None) -> "FlatMatcher":
        number = self._number(fieldname, text)
        return FlatMatcher(
            self._segment.postings(number),
            term=(fieldname, text),
            format_=format_,
            scorer=scorer,
            info=self.info(number),
            value=value_reader(self._segment, number, format_),
        )

    def close(self) -> None:
        pass

    def _number(self, field: str, text: bytes) -> int:
        number = self._dictionary.number(field, text)
        if number is None:
            raise TermNotFound(f"No term {field}:{text!r}")
        return number

    def _terms_of(self, field: str, numbers: range) -> Iterator[Term]:
        return ((field, text) for text in self._dictionary.texts(numbers))


class FlatCursor(FieldCursor):  # type: ignore[misc]  # Whoosh carries no types
    """Walks through the terms of a field in order."""

    def __init__(self, reader: FlatTermsReader, segment: Segment, field: str, fieldobj: Any) -> None:
        self._reader, self._segment, self._field, self._type = reader, segment, field, fieldobj
        self._rest = segment.terms(field)

    def first(self) -> Any:
        self._rest = self._segment.terms(self._field)
        return self.text()

    def find(self, term: str | bytes) -> Any:
        wanted = term if isinstance(term, bytes) else self._type.to_bytes(term)
        self._rest = self._segment.dictionary.after(self._field, wanted)
        return self.text()

    def next(self) -> Any:
        self._rest = self._rest[1:]
        return self.text()

    def text(self) -> Any:
        if not self._rest:
            return None
        return self._type.from_bytes(self._segment.dictionary.text(self._rest.start))

    def term_info(self) -> TermInfo | None:
        return self._reader.info(self._rest.start) if self._rest else None

    def is_valid(self) -> bool:
        return bool(self._rest)
