"""Writes what a segment keeps per document: ids, columns, and several values of one kind."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.flat.rows import starts_of
from search_index.flat.writing.array_writer import ArrayWriter


class DocumentWriter:
    """Everything may come in several pieces, documents in order."""

    def __init__(self, arrays: ArrayWriter) -> None:
        self._arrays = arrays
        self._size = self._bytes = 0
        self._ties: list[NDArray[np.int64]] = []
        self._pairs: dict[str, int] = {}
        arrays.facts["names"] = {}

    def ids(self, texts: Sequence[str], ties: NDArray[np.int64]) -> None:
        encoded = [text.encode() for text in texts]
        lengths = np.fromiter(map(len, encoded), np.int64, len(texts))
        self.encoded_ids(np.frombuffer(b"".join(encoded), np.uint8), lengths, ties)

    def encoded_ids(self, text: NDArray[np.uint8], lengths: NDArray[np.int64], ties: NDArray[np.int64]) -> None:
        self._arrays.append("id.text", text, "u1")
        self._arrays.append("id.starts", starts_of(lengths, self._bytes), "<u4")
        self._bytes += len(text)
        self._size += len(lengths)
        self._ties.append(ties)

    def column(self, name: str, values: NDArray[Any]) -> None:
        self._arrays.append(f"column.{name}", values, values.dtype)

    def coded(self, name: str, codes: NDArray[Any], table: NDArray[np.int64] | Sequence[str]) -> None:
        """A column of codes; the table is the same for every piece of it."""
        self._arrays.append(f"column.{name}", codes, np.min_scalar_type(len(table)))
        if isinstance(table, np.ndarray):
            if f"table.{name}" not in self._arrays:
                self._arrays.append(f"table.{name}", table, "<i8")
        else:
            self._arrays.facts["names"][name] = list(table)

    def pairs(self, name: str, counts: NDArray[Any], codes: NDArray[Any]) -> None:
        """How many values each document has, and the codes of all of them in a row."""
        done = self._pairs.get(name, 0)
        self._arrays.append(f"pairs.{name}.starts", starts_of(counts, done), "<u4")
        self._arrays.append(f"pairs.{name}.codes", codes, "<u4")
        self._pairs[name] = done + len(codes)

    def finish(self) -> None:
        if self._ties:
            ties = np.concatenate(self._ties)
            self._arrays.append("column.tie", ties, "<i8")
            self._arrays.append("id.order", np.argsort(ties, kind="stable"), "<u4")
            self._arrays.append("id.starts", [self._bytes], "<u4")
        for name, total in self._pairs.items():
            self._arrays.append(f"pairs.{name}.starts", [total], "<u4")
        self._arrays.facts["size"] = self._size
