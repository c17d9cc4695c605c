"""Corpora in the data folder: invented ones by size, and real ones repeated until they are as big."""

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.ranking_figures import read_lines, read_queries
from benchmarks.search_speed.corpus import QUESTIONS, Colleague, Corpus, Written
from benchmarks.search_speed.invented import FIRST_GROUP, TO_EVERYONE, Company
from benchmarks.search_speed.questions import EACH, Census, draw
from search_index.documents import EVERYONE

_GROUPS = 200


class Size(NamedTuple):
    people: int
    posts: int


SIZES = {"small": Size(20_000, 200_000), "large": Size(50_000, 1_000_000)}


def invented(data: Path, size: str) -> Corpus:
    """The corpus of this size in the data folder; made now if it is not there."""
    corpus = Corpus(data / size / "corpus")
    if not corpus.is_whole():
        company = Company(*SIZES[size])
        corpus.folder.mkdir(parents=True, exist_ok=True)
        corpus.write_people(company.colleagues())
        _write(corpus, company.posts(), _asked_of(company))
    return corpus


def repeated(data: Path, size: str, source: Path) -> Corpus:
    """A data set (see ranking_figures.py) over and over: each time by other people, every post with its own id."""
    corpus = Corpus(data / f"{size}-{source.name}" / "corpus")
    if not corpus.is_whole():
        corpus.folder.mkdir(parents=True, exist_ok=True)
        people = {str(row["id"]): str(row.get("name", row["id"])) for row in read_lines(source, "people")}
        amount = SIZES[size].posts
        posts = sum(1 for _ in read_lines(source, "posts"))
        copies = -(-amount // posts)
        corpus.write_people(_people_of(list(people.values()), copies))
        _write(corpus, islice(_posts_of(source, list(people)), amount), _asked_in(source, list(people)))
    return corpus


def _write(corpus: Corpus, posts: Iterable[Written], asked: Mapping[str, object]) -> None:
    census = Census()
    corpus.write_posts(census.watch(posts))
    (corpus.folder / QUESTIONS).write_text(json.dumps({**draw(census), **asked}, indent=0))


def _asked_of(company: Company) -> dict[str, object]:
    """Questions about planted topics, each with the people who have the topic."""
    chance = random.Random(9)
    starts, holders = company.holders
    topics = chance.sample(range(len(company.topic_words)), EACH)
    three = [[str(company.words[word]) for word in company.topic_words[topic, :3]] for topic in topics]
    more = [" and ".join(str(company.words[word]) for word in company.topic_words[topic, 3:6]) for topic in topics]
    found = [company.person_ids[holders[starts[topic] : starts[topic + 1]]].tolist() for topic in topics]
    return {
        "expert": [" ".join(words) for words in three],
        "sentence": [
            f"who knows about {' and '.join(words)} for {rest}" for words, rest in zip(three, more, strict=True)
        ],
        "experts_known": found,
    }


def _asked_in(source: Path, people: list[str]) -> dict[str, object]:
    queries = read_queries(source)
    number = {person: _person_id(place) for place, person in enumerate(people)}
    topics = [query for query in queries if query.kind == "topic"][:EACH]
    return {
        "expert": [query.text for query in topics],
        "sentence": [query.text for query in queries if query.kind == "description"][:EACH],
        "experts_known": [sorted(number[person] for person in query.relevant if person in number) for query in topics],
    }


def _person_id(place: int) -> int:
    return (1_500_000_000_000 + place << 16) + 1


def _people_of(names: list[str], copies: int) -> Iterator[Colleague]:
    groups = random.Random(1)
    for place in range(len(names) * copies):
        joined = {FIRST_GROUP + groups.randrange(_GROUPS) for _ in range(5)}
        yield Colleague(_person_id(place), names[place % len(names)], "", "", audiences=tuple(sorted(joined)))


def _posts_of(source: Path, people: list[str]) -> Iterator[Written]:
    chance = random.Random(2)
    place = {person: number for number, person in enumerate(people)}
    for copy in count():
        shift = copy * len(people)
        for number, row in enumerate(read_lines(source, "posts")):
            created = int(datetime.fromisoformat(row["created_at"]).timestamp() * 1000)
            mentions = (place[str(person)] + shift for person in row.get("mentions", ()) if str(person) in place)
            group = FIRST_GROUP + int(_GROUPS * chance.random() ** 2)
            yield Written(
                id=(1_600_000_000_000 + copy * 10_000_000 + number << 16) + 1,
                author=_person_id(place[str(row["author_id"])] + shift),
                audience=EVERYONE if chance.random() < TO_EVERYONE else group,
                created=created,
                mentions=tuple(map(_person_id, mentions)),
                topics=(row["tag"].replace(" ", "-"),) if row.get("tag") else (),
                text=" ".join(row["text"].split()),
            )
