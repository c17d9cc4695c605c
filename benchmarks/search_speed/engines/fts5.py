"""SQLite's own full-text search: what comes for free beside the database. The text stays in the product's table."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.search_speed.corpus import Corpus
from benchmarks.search_speed.engines.rivals import TOP, VOTING_POSTS, Ask, asked_words, best_voted

_SETTINGS = (
    "journal_mode=wal",
    "synchronous=normal",
    "cache_size=-262144",
    "mmap_size=2000000000",
    "temp_store=memory",
)
_POSTS = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT ?"
_AUTHORS = """SELECT post.author, -best.score FROM
    (SELECT rowid AS id, rank AS score FROM found WHERE found MATCH ? ORDER BY rank LIMIT ?) AS best
    JOIN post ON post.id = best.id ORDER BY best.score"""


class Fts5:
    """Fuzzy questions are beyond it: they find nothing."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "posts.sqlite3"

    def build(self, corpus: Corpus) -> None:
        self.open()
        run = self._connection.execute
        run("CREATE TABLE post (id INTEGER PRIMARY KEY, author INTEGER)")
        run("CREATE VIRTUAL TABLE found USING fts5(body, content='', tokenize='unicode61')")
        run("BEGIN")
        posts = "INSERT INTO post VALUES (?, ?)", ((post.id, post.author) for post in corpus.posts())
        texts = "INSERT INTO found (rowid, body) VALUES (?, ?)", ((post.id, post.text) for post in corpus.posts())
        self._connection.executemany(*posts)
        self._connection.executemany(*texts)
        run("COMMIT")
        run("INSERT INTO found (found) VALUES ('optimize')")
        run("PRAGMA wal_checkpoint(truncate)")

    def open(self) -> None:
        self._connection = sqlite3.connect(self._file, isolation_level=None)
        for setting in _SETTINGS:
            self._connection.execute(f"PRAGMA {setting}")

    def asking(self, kind: str, text: str) -> Ask:
        if kind in ("expert", "sentence"):
            several = _any(asked_words(text))
            return lambda: best_voted(self._authors(several))
        asked = _match(kind, text)
        return lambda: self._posts(asked)

    def _posts(self, asked: str) -> Sequence[int]:
        return [number for (number,) in self._connection.execute(_POSTS, (asked, TOP))]

    def _authors(self, asked: str) -> Iterator[tuple[int, float]]:
        yield from self._connection.execute(_AUTHORS, (asked, VOTING_POSTS))


def _match(kind: str, text: str) -> str:
    match kind:
        case "phrase":
            return f'"{text}"'
        case "prefix":
            return f'"{text}" *'
        case _:
            return _any(text.split())


def _any(words: Sequence[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)
