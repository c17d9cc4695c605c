"""tantivy through its Python package: a native engine, for scale. Text with positions, ids as fast fields."""

import re
from collections.abc import Sequence
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from benchmarks.search_speed.corpus import Corpus
from benchmarks.search_speed.engines.rivals import TOP, VOTING_POSTS, Ask, asked_words, best_voted

_HEAP, _THREADS = 256_000_000, 2


class Tantivy:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, corpus: Corpus) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", fast=True)
        schema.add_integer_field("author", fast=True)
        schema.add_text_field("body", tokenizer_name="default", index_option="position")
        writer = tantivy.Index(schema.build(), path=str(self._folder)).writer(_HEAP, _THREADS)
        for post in corpus.posts():
            writer.add_document(tantivy.Document(id=post.id, author=post.author, body=post.text))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        index = tantivy.Index.open(str(self._folder))
        self._schema, self._searcher = index.schema, index.searcher()

    def asking(self, kind: str, text: str) -> Ask:
        if kind in ("expert", "sentence"):
            several = self._any(asked_words(text))
            return lambda: best_voted(self._found(several, VOTING_POSTS, "author"))
        asked = self._query(kind, text)
        return lambda: [number for number, _ in self._found(asked, TOP, "id")]

    def _query(self, kind: str, text: str) -> Query:
        words = text.split()
        match kind:
            case "phrase":
                return Query.phrase_query(self._schema, "body", list(words))
            case "prefix":
                return Query.regex_query(self._schema, "body", re.escape(text) + ".*")
            case "fuzzy":
                return Query.fuzzy_term_query(self._schema, "body", text, 1, True, False)
            case _ if len(words) == 1:
                return Query.term_query(self._schema, "body", text)
            case _:
                return self._any(words)

    def _any(self, words: Sequence[str]) -> Query:
        return Query.boolean_query([(Occur.Should, Query.term_query(self._schema, "body", word)) for word in words])

    def _found(self, asked: Query, limit: int, column: str) -> list[tuple[int, float]]:
        hits = self._searcher.search(asked, limit, count=False).hits
        numbers = self._searcher.fast_field_values(column, [address for _, address in hits])
        return [(int(number or 0), float(score or 0)) for number, (score, _) in zip(numbers, hits, strict=True)]
