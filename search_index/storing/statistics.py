"""What is known about the whole: living documents, and sums over those that everybody may read.

Scores rest on these sums alone, so that nothing that a viewer may not read can show in an answer to them.
"""

import numpy as np
from numpy.typing import NDArray

from search_index.storing.arrays.growing import Growing
from search_index.storing.columns import NOBODY_CODE, WRITTEN, Columns
from search_index.storing.schema import TEXT, TITLE, TOPIC

Flags = NDArray[np.bool_]


class Statistics:
    """`public` says of each document whether it counts: alive, written by people, readable for everyone.
    `lengths` are the terms of all of them by field; the arrays over people and labels are by their code.
    `withdrawn` grows with each that stops to count: while it stands still, what was counted among older documents
    stays true."""

    def __init__(self) -> None:
        self.living = 0
        self.documents = 0
        self.withdrawn = 0
        self.lengths = {TEXT: 0, TITLE: 0, TOPIC: 0}
        self.public: Growing[np.bool_] = Growing(np.bool_)
        self.person_words: Growing[np.int64] = Growing(np.int64)
        self.person_documents: Growing[np.int64] = Growing(np.int64)
        self.label_documents: Growing[np.int64] = Growing(np.int64)

    def extend(self, columns: Columns) -> None:
        """Count the documents that the columns have beyond those that are counted."""
        start, end = self.public.size, columns.audience.size
        self.public.extend(_counts(columns, start, end))
        self._count(columns, start, end, 1)

    def append(self, columns: Columns) -> None:
        """The same for a single new document, at little cost."""
        self._make_room(columns)
        self.public.append(False)
        self.restore(columns, columns.audience.size - 1)

    def restore(self, columns: Columns, number: int) -> None:
        """Count a document that was not counted."""
        self.living += 1
        audience = int(columns.audience.view()[number])
        kind = columns.codes.kinds.names[int(columns.kind.view()[number])]
        if audience == columns.codes.everyone and kind in WRITTEN:
            self.public.view()[number] = True
            self._count_one(columns, number, 1)

    def remove(self, columns: Columns, number: int) -> None:
        """Count a living document no longer."""
        self.living -= 1
        if self.public.view()[number]:
            self._count_one(columns, number, -1)
            self.public.view()[number] = False
            self.withdrawn += 1

    def first(self, columns: Columns, size: int, *, more: int) -> "Statistics":
        """A copy that counts the first documents only."""
        copy = Statistics()
        copy.living, copy.documents, copy.lengths = self.living, self.documents, dict(self.lengths)
        copy.person_words = self.person_words.first(self.person_words.size)
        copy.person_documents = self.person_documents.first(self.person_documents.size)
        copy.label_documents = self.label_documents.first(self.label_documents.size)
        copy.public = self.public.first(self.public.size)
        copy._count(columns, size, self.public.size, -1)
        copy.public = self.public.first(size, more=more)
        return copy

    def _count(self, columns: Columns, start: int, end: int, sign: int) -> None:
        self._make_room(columns)
        public = self.public.view()[start:end]
        self.living += sign * int(np.count_nonzero(columns.audience.view()[start:end] != NOBODY_CODE))
        self.documents += sign * int(np.count_nonzero(public))
        for field, column in _lengths(columns).items():
            self.lengths[field] += sign * int(column.view()[start:end][public].sum())
        authors, lengths = columns.author.view()[start:end][public], columns.length.view()[start:end][public]
        people = self.person_words.size
        # Sums of whole numbers below 2**53 are exact in the floats that bincount adds up.
        self.person_words.view()[:] += sign * np.bincount(authors, lengths, people).astype(np.int64)
        self.person_documents.view()[:] += sign * np.bincount(authors, minlength=people)
        documents, labels = columns.labels.span(start, end)
        counted = labels[public[documents - start]]
        self.label_documents.view()[:] += sign * np.bincount(counted, minlength=self.label_documents.size)

    def _count_one(self, columns: Columns, number: int, sign: int) -> None:
        self.documents += sign
        for field, column in _lengths(columns).items():
            self.lengths[field] += sign * int(column.view()[number])
        author = int(columns.author.view()[number])
        self.person_words.view()[author] += sign * int(columns.length.view()[number])
        self.person_documents.view()[author] += sign
        self.label_documents.view()[columns.labels.of(np.array([number]))[1]] += sign

    def _make_room(self, columns: Columns) -> None:
        people, labels = len(columns.codes.people), len(columns.codes.labels)
        for counts, wanted in (
            (self.person_words, people),
            (self.person_documents, people),
            (self.label_documents, labels),
        ):
            if missing := wanted - counts.size:
                counts.extend(np.zeros(missing, np.int64))


def _counts(columns: Columns, start: int, end: int) -> Flags:
    kinds = columns.codes.kinds
    written = np.zeros(len(kinds) + 1, np.bool_)
    written[kinds.find(WRITTEN)] = True
    everyone = columns.audience.view()[start:end] == columns.codes.everyone
    found: Flags = everyone & written[columns.kind.view()[start:end]]
    return found


def _lengths(columns: Columns) -> dict[str, Growing[np.int32]]:
    return {TEXT: columns.length, TITLE: columns.title_length, TOPIC: columns.topic_length}
