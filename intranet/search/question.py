"""A search line as people type it: words for the engine, and what narrows them (``from:ada #kafka after:2026-06``)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_OPERATOR = re.compile(r'(?<!\S)(?:(from|after|before):([^\s"]+)|#([\w-]+))', re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Operator:
    """One thing that narrows, as it was understood; ``rest`` is the line without it."""

    key: str
    value: str
    rest: str


@dataclass(frozen=True, slots=True)
class Question:
    """``text`` is the whole line, ``words`` what the engine reads of it."""

    text: str
    words: str
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    operators: tuple[Operator, ...] = ()


def read_question(line: str) -> Question:
    """Understand a line; what looks like an operator but has no meaning stays a word. Too long a line is cut."""
    text = " ".join(line.split())[:LONGEST]
    authors, topics, operators = [], [], []
    since = until = None
    words, end = [], 0
    for match in _OPERATOR.finditer(text):
        key, value, topic = (match.group(1) or "").lower(), match.group(2) or "", match.group(3)
        start = _start(value) if key in {"after", "before"} else None
        if key in {"after", "before"} and start is None:
            continue
        if topic:
            topics.append(topic)
        elif key == "from":
            authors.append(value.lower().lstrip("@"))
        elif key == "after":
            since = start
        else:
            until = start
        words.append(text[end : match.start()])
        end = match.end()
        rest = " ".join((text[: match.start()] + text[match.end() :]).split())
        operators.append(Operator(f"{key}:" if key else "#", topic or value, rest))
    words.append(text[end:])
    return Question(
        text, " ".join("".join(words).split()), tuple(authors), tuple(topics), since, until, tuple(operators)
    )


def _start(value: str) -> datetime | None:
    """The first moment of a year, month or day."""
    match = _DAY.fullmatch(value)
    if match is None:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
