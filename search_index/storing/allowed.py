"""One question's permission: which documents are there for this viewer."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search_index.flat.postings import Postings

if TYPE_CHECKING:
    from search_index.storing.columns import Columns

Ids = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Allowed:
    """Asks only about documents that were touched: one small table per question, no mask over everything.

    `size` is the number of documents when the question began; what came in since is for the next one. Deleted
    documents have the audience of nobody, which no table allows.
    """

    def __init__(self, columns: "Columns", table: Flags, *, unlimited: bool = False) -> None:
        """`unlimited` says that no document there is dead and none of an audience that the table does not allow."""
        self.size = columns.audience.size
        self._audience = columns.audience.view(self.size)
        self._table = table
        self._unlimited = unlimited

    def of(self, documents: Ids) -> Flags:
        """Whether each document is alive and readable."""
        if self._unlimited:
            return documents < self.size
        try:
            return self._table.take(self._audience.take(documents), mode="clip")
        except IndexError:
            known = documents < self.size
            known[known] = self.of(documents[known])
            return known

    def keep(self, documents: Ids) -> Ids:
        """Those that are alive and readable."""
        kept = self.of(documents)
        return documents if kept.all() else documents[kept]

    def keep_postings(self, postings: Postings) -> Postings:
        """The same for a posting list."""
        kept = self.of(postings.documents)
        if kept.all():
            return postings
        wide = {}
        if postings.wide:
            places = np.cumsum(kept) - 1
            wide = {int(places[at]): count for at, count in postings.wide.items() if kept[at]}
        return Postings(postings.documents[kept], postings.keys[kept], wide)

    def everything(self) -> Ids:
        """All documents that are alive and readable, rising; costs a look at each, so ask for it only where the
        question is for everything."""
        return np.flatnonzero(self._table.take(self._audience, mode="clip"))
