"""A corpus on disk: people, posts and questions in plain files, made once and read by every engine.

    people.tsv      id, name, title, department, skills, endorsements ("topic:count"), audiences
    posts.tsv       id, author, audience, created (Unix milliseconds), mentions, topics, text; oldest first
    questions.json  {class: [question, …]}, and under "viewers" sets of audiences, under "experts_known" who
                    is an expert on each question of the class "expert"

Fields with several values are separated by spaces. Ids are those of the product (milliseconds << 16).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search_index.documents import EVERYONE, Document, Kind

PEOPLE, POSTS, QUESTIONS = "people.tsv", "posts.tsv", "questions.json"


@dataclass(frozen=True, slots=True)
class Colleague:
    id: int
    name: str
    title: str
    department: str
    skills: tuple[str, ...] = ()
    endorsed: tuple[tuple[str, int], ...] = ()
    """By topic, by how many colleagues."""
    audiences: tuple[int, ...] = ()
    """The groups they are in."""


@dataclass(frozen=True, slots=True)
class Written:
    """A post; `created` is in Unix milliseconds."""

    id: int
    author: int
    audience: int
    created: int
    mentions: tuple[int, ...]
    topics: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Corpus:
    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    def is_whole(self) -> bool:
        """The questions are written last."""
        return (self.folder / QUESTIONS).exists()

    def people(self) -> Iterator[Colleague]:
        for line in _lines(self.folder / PEOPLE):
            identity, name, title, department, skills, endorsed, audiences = line.split("\t")
            yield Colleague(
                int(identity),
                name,
                title,
                department,
                tuple(skills.split()),
                tuple((topic, int(count)) for topic, _, count in (pair.rpartition(":") for pair in endorsed.split())),
                tuple(map(int, audiences.split())),
            )

    def posts(self) -> Iterator[Written]:
        for line in _lines(self.folder / POSTS):
            identity, author, audience, created, mentions, topics, text = line.split("\t")
            yield Written(
                int(identity),
                int(author),
                int(audience),
                int(created),
                tuple(map(int, mentions.split())),
                tuple(topics.split()),
                text,
            )

    def questions(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / QUESTIONS).read_text())
        return found

    def write_people(self, people: Iterable[Colleague]) -> None:
        with (self.folder / PEOPLE).open("w", encoding="utf-8") as out:
            for person in people:
                endorsed = " ".join(f"{topic}:{count}" for topic, count in person.endorsed)
                numbers = " ".join(map(str, person.audiences))
                fields = (person.id, person.name, person.title, person.department)
                print(*fields, " ".join(person.skills), endorsed, numbers, sep="\t", file=out)

    def write_posts(self, posts: Iterable[Written]) -> None:
        with (self.folder / POSTS).open("w", encoding="utf-8") as out:
            for post in posts:
                fields = (post.id, post.author, post.audience, post.created)
                mentions, topics = " ".join(map(str, post.mentions)), " ".join(post.topics)
                print(*fields, mentions, topics, post.text, sep="\t", file=out)


def posts(folder: Path) -> Iterator[Document]:
    """The posts of a corpus folder as the engine takes them."""
    return map(document, Corpus(folder).posts())


def document(post: Written) -> Document:
    return Document(
        id=f"post:{post.id}",
        kind=Kind.POST,
        text=post.text,
        audience_id=post.audience,
        created_at=moment(post.created),
        author_id=post.author,
        mentions=post.mentions,
        topics=post.topics,
    )


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def audiences_of(numbers: Iterable[int]) -> frozenset[int]:
    return frozenset({EVERYONE, *numbers})


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n")
