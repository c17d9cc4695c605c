"""Whoosh 2.7.4 as it comes, used well: its own writer and codec, no stored text, ids and authors in columns."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh import analysis, columns, fields, index, query

from benchmarks.search_speed.corpus import Corpus
from benchmarks.search_speed.engines.rivals import TOP, VOTING_POSTS, Ask, asked_words, best_voted

_LIMIT_MB = 256


class StockWhoosh:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._searcher: Any = None

    def build(self, corpus: Corpus) -> None:
        words = analysis.RegexTokenizer(r"\w+") | analysis.LowercaseFilter()
        number = columns.NumericColumn("q")
        schema = fields.Schema(
            id=fields.COLUMN(number), author=fields.COLUMN(number), body=fields.TEXT(analyzer=words, phrase=True)
        )
        writer = index.create_in(str(self._folder), schema).writer(limitmb=_LIMIT_MB)
        for post in corpus.posts():
            writer.add_document(id=post.id, author=post.author, body=post.text)
        writer.commit(optimize=True)

    def open(self) -> None:
        self._searcher = index.open_dir(str(self._folder)).searcher()
        reader = self._searcher.reader()
        self._ids, self._authors = reader.column_reader("id"), reader.column_reader("author")

    def asking(self, kind: str, text: str) -> Ask:
        if kind in ("expert", "sentence"):
            several = query.Or([query.Term("body", word) for word in asked_words(text)])
            return lambda: self._people(several)
        asked = whoosh_query("body", kind, text)
        return lambda: self._posts(asked)

    def _posts(self, asked: query.Query) -> Sequence[int]:
        found = self._searcher.search(asked, limit=TOP).top_n
        return [self._ids[number] for _, number in found]

    def _people(self, asked: query.Query) -> Sequence[int]:
        found = self._searcher.search(asked, limit=VOTING_POSTS).top_n
        return best_voted((self._authors[number], score) for score, number in found)


def whoosh_query(field: str, kind: str, text: str) -> query.Query:
    words = text.split()
    match kind:
        case "phrase":
            return query.Phrase(field, words)
        case "prefix":
            return query.Prefix(field, text)
        case "fuzzy":
            return query.FuzzyTerm(field, text, maxdist=1, prefixlength=1)
        case _ if len(words) == 1:
            return query.Term(field, text)
        case _:
            return query.Or([query.Term(field, word) for word in words])
