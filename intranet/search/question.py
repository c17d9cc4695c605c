"""A search line as people type it: words for the engine, and what narrows them (``from:ada #kafka after:2026-06``)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from intranet.search.moments import start_of

LONGEST = 400

KIND_WORDS = MappingProxyType(
    {
        "post": "post", "posts": "post", "comment": "comment", "comments": "comment", "reply": "comment",
        "replies": "comment", "person": "person", "people": "person", "topic": "topic", "topics": "topic",
        "group": "group", "groups": "group", "message": "message", "messages": "message", "file": "file",
        "files": "file", "question": "question", "questions": "question",
        "article": "article", "articles": "article",
    }
)  # fmt: skip
"""What ``kind:`` and ``is:`` understand; a kind that nothing has yet finds nothing."""

FLAG_WORDS = MappingProxyType(
    {
        "link": "link", "links": "link", "url": "link", "code": "code", "image": "image", "images": "image",
        "picture": "image", "pictures": "image", "photo": "image", "file": "file", "files": "file",
        "attachment": "file", "poll": "poll", "polls": "poll", "mention": "mention", "mentions": "mention",
        "praise": "praise",
    }
)  # fmt: skip
STATE_WORDS = MappingProxyType(
    {
        "announcement": "announcement",
        "announcements": "announcement",
        "poll": "poll",
        "polls": "poll",
        "praise": "praise",
    }
)

_KEYS = MappingProxyType(
    {"from": "from", "by": "from", "in": "in", "after": "after", "since": "after", "before": "before",
     "until": "before", "has": "has", "kind": "kind", "is": "kind", "type": "kind", "topic": "#"}
)  # fmt: skip
# A phrase is stepped over whole, so that what stands in quotes is never an operator.
_PIECE = re.compile(
    rf"""(?<!\S)(?:(?P<key>{"|".join(_KEYS)}):(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]+))(?!\S)"""
    r"""|\#(?P<topic>[\w-]+)(?!\S)|-(?P<not>[^\s"()-][^\s"()]*)(?!\S))|(?P<phrase>"[^"]*")""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Operator:
    """One thing that narrows, as it was typed; ``rest`` is the line without it.

    ``key`` ends with a colon, or is ``#`` for a topic and ``-`` for a word that is left out.
    """

    key: str
    value: str
    rest: str

    @property
    def typed(self) -> str:
        """It as a part of a line."""
        return f'{self.key}"{self.value}"' if " " in self.value else f"{self.key}{self.value}"


@dataclass(frozen=True, slots=True)
class Question:
    """``text`` is the whole line, ``words`` what the engine reads of it; names are as they were typed."""

    text: str
    words: str
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    operators: tuple[Operator, ...] = ()
    is_cut: bool = False

    def with_words(self, words: str) -> str:
        """The line with other words and the same operators."""
        kept = (operator.typed for operator in self.operators if operator.key != "-")
        return " ".join((words, *kept)).strip()


@dataclass(slots=True)
class _Parts:
    authors: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    has: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None

    def take(self, key: str, value: str) -> bool:
        """Whether it has a meaning; if not, it stays a word."""
        word = value.lower()
        if key in {"after", "before"}:
            return self._take_moment(key, word)
        if key == "has":
            return _add(self.has, FLAG_WORDS.get(word))
        if key == "kind":
            return _add(self.has, STATE_WORDS.get(word)) or _add(self.kinds, KIND_WORDS.get(word))
        if key == "from":
            return _add(self.authors, word.lstrip("@"))
        return _add(self.topics if key == "#" else self.places, value.lstrip("#"))

    def _take_moment(self, key: str, word: str) -> bool:
        moment = start_of(word)
        if moment is None:
            return False
        if key == "after":
            self.since = moment
        else:
            self.until = moment
        return True


def _add(place: list[str], value: str | None) -> bool:
    if value and value not in place:
        place.append(value)
    return bool(value)


def read_question(line: str) -> Question:
    """Understand a line; what looks like an operator but has no meaning stays a word. Too long a line is cut."""
    text, is_cut = _one_line(line)
    parts, operators = _Parts(), []
    words, end = [], 0
    for match in _PIECE.finditer(text):
        if match["phrase"]:
            continue
        rest = " ".join((text[: match.start()] + text[match.end() :]).split())
        if match["not"]:
            operators.append(Operator("-", match["not"], rest))
            continue  # the engine leaves it out itself
        key = "#" if match["topic"] else _KEYS[match["key"].lower()]
        value = match["topic"] or match["quoted"] or match["plain"]
        if not parts.take(key, " ".join(value.split())):
            continue
        words.append(text[end : match.start()])
        end = match.end()
        operators.append(Operator(key if key == "#" else f"{key}:", value, rest))
    words.append(text[end:])
    return Question(
        text=text,
        words=" ".join("".join(words).split()),
        authors=tuple(parts.authors),
        topics=tuple(parts.topics),
        places=tuple(parts.places),
        has=tuple(parts.has),
        kinds=tuple(parts.kinds),
        since=parts.since,
        until=parts.until,
        operators=tuple(operators),
        is_cut=is_cut,
    )


def _one_line(line: str) -> tuple[str, bool]:
    """At most ``LONGEST`` characters, cut before the blanks of a huge line are looked at."""
    text = " ".join(line[: LONGEST * 4].replace("\x00", " ").split())
    return text[:LONGEST].rstrip(), len(text) > LONGEST or len(line) > LONGEST * 4
