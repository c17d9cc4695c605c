"""Bulk import: everything that can go in goes in, once, to the letter, and the rest is told with its reason."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Person
from intranet.imports.commands import Outcome, import_folder
from intranet.kernel import outbox
from intranet.kernel.db import Database
from intranet.kernel.text import slugify
from intranet.kernel.viewer import Viewer
from intranet.people.models import Profile
from intranet.people.queries import languages_of
from intranet.posts.models import Comment, Post, PostMention, PostTopic
from intranet.search import asking
from intranet.search.index import index_of
from intranet.search.question import read_question
from intranet.topics.models import Skill, Topic
from tests.cast import SYSTEM, Cast

PEOPLE: list[dict[str, Any]] = [
    {
        "id": "p1", "name": "Wanda Wiśniewska", "username": "wanda", "email": "wanda@example.net", "title": "Engineer",
        "department": "Plant", "location": "Gdańsk", "timezone": "Europe/Warsaw", "languages": ["Polish", "English"],
        "manager": "p2", "skills": ["Kafka", "Pump repair"],
    },
    {"id": "p2", "name": "Boss"},
    {"id": 3, "name": "Nameless Number"},
]  # fmt: skip
POSTS: list[dict[str, Any]] = [
    {"id": "b", "author_id": "p2", "created_at": "2003-05-01T10:00:00Z", "text": "an answer", "reply_to": "a"},
    {
        "id": "a", "author_id": "p1", "created_at": "2003-05-01T09:00:00+02:00", "text": "  Kept\tto the *letter*\r\n",
        "tag": "Reactor valves", "mentions": ["p2", "nobody"],
    },
    {"id": 7, "author_id": 3, "created_at": "2020-02-02", "text": "zirconium", "group": "Inner circle"},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "oldwiki"
    place.mkdir()
    return place


@pytest.fixture
def stage(app: Flask, cast: Cast) -> Iterator[Flask]:
    with app.app_context():
        yield app
        index_of(app).close()


def write(folder: Path, people: list[Any], posts: list[Any], *, packed: bool = False) -> None:
    for stem, rows in (("people", people), ("posts", posts)):
        text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
        if packed:
            (folder / f"{stem}.jsonl.gz").write_bytes(gzip.compress(text.encode()))
        else:
            (folder / f"{stem}.jsonl").write_text(text)


def figures(outcome: Outcome) -> list[tuple[int, int, int, int]]:
    assert all(tally.is_whole for tally in outcome.tallies)
    return [(tally.read, tally.added, tally.known, sum(tally.skipped.values())) for tally in outcome.tallies]


@pytest.mark.parametrize("packed", [False, True])
def test_people_and_posts_come_in_whole(stage: Flask, database: Database, folder: Path, packed: bool) -> None:
    write(folder, PEOPLE, POSTS, packed=packed)
    assert figures(import_folder(stage, folder)) == [(3, 3, 0, 0), (3, 3, 0, 0)]
    with database.reading(SYSTEM) as session:
        people = {
            person.external_id: person for person in session.scalars(select(Person).where(Person.source.is_not(None)))
        }
        wanda = people["p1"]
        assert (wanda.username, wanda.email, wanda.source) == ("wanda", "wanda@example.net", "oldwiki")
        assert people["3"].username == "3"
        profile = session.get(Profile, wanda.id)
        assert profile is not None
        assert (profile.department, profile.timezone, profile.manager_id) == ("Plant", "Europe/Warsaw", people["p2"].id)
        assert languages_of(session, [wanda.id])[wanda.id] == ["Polish", "English"]
        assert session.scalar(select(func.count()).select_from(Skill)) == 2
        post = session.scalars(select(Post).where(Post.external_id == "a")).one()
        assert post.text == "  Kept\tto the *letter*\r\n"
        assert post.created_at.isoformat() == "2003-05-01T07:00:00+00:00"
        comment = session.scalars(select(Comment).where(Comment.external_id == "b")).one()
        assert comment.post_id == post.id
        mentioned = select(PostMention.person_id).where(PostMention.item_id == post.id)
        assert session.scalars(mentioned).all() == [people["p2"].id]
        topic = session.scalars(select(Topic.name).join(PostTopic, PostTopic.topic_id == Topic.id)).one()
        assert topic == "Reactor valves"


def test_repeating_an_import_changes_nothing(stage: Flask, database: Database, folder: Path) -> None:
    write(folder, PEOPLE, POSTS)
    import_folder(stage, folder)
    with database.reading(SYSTEM) as session:
        before = outbox.newest_id(session)
    assert figures(import_folder(stage, folder)) == [(3, 0, 3, 0), (3, 0, 3, 0)]
    with database.reading(SYSTEM) as session:
        assert outbox.newest_id(session) == before


def test_an_import_that_was_cut_short_goes_on(stage: Flask, folder: Path) -> None:
    write(folder, PEOPLE, POSTS[1:2])
    import_folder(stage, folder)
    write(folder, PEOPLE, POSTS)
    assert figures(import_folder(stage, folder))[1] == (3, 2, 1, 0)


def test_a_dry_run_counts_the_same_and_writes_nothing(stage: Flask, database: Database, folder: Path) -> None:
    write(folder, [*PEOPLE, "{"], [*POSTS, {"id": "x", "author_id": "p1", "created_at": "2020-01-01", "text": ""}])
    planned = figures(import_folder(stage, folder, dry_run=True))
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 0
        assert not session.scalars(select(Person).where(Person.source.is_not(None))).all()
    assert figures(import_folder(stage, folder)) == planned
    again = figures(import_folder(stage, folder, dry_run=True))
    assert [row[1] for row in again] == [0, 0]


BAD_POSTS = [
    ("{", "not JSON"),
    ("[1]", "not a JSON object"),
    ('"text"', "not a JSON object"),
    ({"id": "x", "author_id": "p1", "created_at": "2020-01-01"}, "text is missing"),
    ({"id": "x", "author_id": "p1", "created_at": "2020-01-01", "text": " \n"}, "text is missing"),
    ({"id": "x", "author_id": "p1", "created_at": "2020-01-01", "text": 5}, "text is missing"),
    ({"id": "x", "author_id": "p1", "created_at": "soon", "text": "x"}, "created_at is no ISO 8601 time"),
    (
        {"id": "x", "author_id": "p1", "created_at": "0001-01-01T00:00:00+14:00", "text": "x"},
        "created_at is out of range",
    ),
    ({"id": "x", "author_id": "p1", "text": "x"}, "created_at is missing"),
    ({"author_id": "p1", "created_at": "2020-01-01", "text": "x"}, "id is missing or is no id"),
    ({"id": True, "author_id": "p1", "created_at": "2020-01-01", "text": "x"}, "id is missing or is no id"),
    ({"id": "x" * 500, "author_id": "p1", "created_at": "2020-01-01", "text": "x"}, "id is missing or is no id"),
    ({"id": "x", "author_id": "who", "created_at": "2020-01-01", "text": "x"}, "its author is not among the people"),
    ({"id": "x", "author_id": "p1", "created_at": "2020-01-01", "text": "x", "mentions": "p2"}, "mentions is no list"),
    ({"id": "x", "author_id": "p1", "created_at": "2020-01-01", "text": "a\x00b"}, "characters that cannot be stored"),
    ('{"id":"x","author_id":"p1","created_at":"2020-01-01","text":"\\ud800"}', "characters that cannot be stored"),
    ({"id": "x", "author_id": "p1", "created_at": "2020-01-01", "text": "x" * 200_000}, "text is longer than"),
    ({"id": "x", "author_id": "p1", "created_at": "2020-01-01", "text": "x", "reply_to": "?"}, "is not there"),
]


@pytest.mark.parametrize(("row", "reason"), BAD_POSTS)
def test_a_bad_line_is_told_and_the_rest_goes_in(
    stage: Flask, folder: Path, row: Any, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, PEOPLE, [POSTS[1], row, POSTS[2]])
    result = stage.test_cli_runner().invoke(args=["import", "jsonl", str(folder)])
    assert result.exit_code == 0, result.output
    said = result.output + capsys.readouterr().err
    assert "2 added" in said
    assert reason in said
    assert "posts.jsonl, line 2" in said


def test_what_is_not_utf8_is_told_with_its_line(stage: Flask, folder: Path) -> None:
    write(folder, PEOPLE, [])
    good = json.dumps(POSTS[1]).encode()
    (folder / "posts.jsonl").write_bytes(b'{"id": "\xff"}\n' + good + b"\n")
    outcome = import_folder(stage, folder)
    assert outcome.tallies[1].skipped == {"not UTF-8": 1}
    assert outcome.tallies[1].added == 1


def test_a_torn_file_keeps_what_came_before_the_tear(stage: Flask, folder: Path) -> None:
    write(folder, PEOPLE, [{**POSTS[1], "id": number} for number in range(3000)], packed=True)
    whole = (folder / "posts.jsonl.gz").read_bytes()
    (folder / "posts.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    outcome = import_folder(stage, folder)
    assert "cannot be read after line" in outcome.failures[0]


def test_unknown_keys_are_counted_and_ignored(stage: Flask, folder: Path) -> None:
    write(folder, [{**PEOPLE[1], "shoe": 44}], [])
    outcome = import_folder(stage, folder)
    assert outcome.tallies[0].unknown_keys == {"shoe": 1}
    assert outcome.tallies[0].added == 1


def test_the_same_names_from_two_sources_stay_two_people(stage: Flask, database: Database, tmp_path: Path) -> None:
    for source in ("one", "two"):
        folder = tmp_path / source
        folder.mkdir()
        write(folder, [{"id": "alice", "name": "Alice Elsewhere", "email": "alice@example.org"}], [])
        assert figures(import_folder(stage, folder))[0] == (1, 1, 0, 0)
    with database.reading(SYSTEM) as session:
        found = session.scalars(select(Person.username).where(Person.name == "Alice Elsewhere")).all()
        assert sorted(found) == ["alice-one", "alice-two"]


def test_people_of_one_long_name_come_in_whenever_they_come(stage: Flask, database: Database, folder: Path) -> None:
    people = [{"id": number, "name": "X", "username": "x" * 60} for number in range(1, 4)]
    for known in range(1, 4):
        write(folder, people[:known], [])
        assert figures(import_folder(stage, folder))[0] == (known, 1, known - 1, 0)
    with database.reading(SYSTEM) as session:
        names = session.scalars(select(Person.username).where(Person.source == "oldwiki")).all()
    assert len(set(names)) == 3


def test_a_group_is_readable_by_those_who_wrote_in_it_alone(
    stage: Flask, database: Database, cast: Cast, folder: Path
) -> None:
    write(folder, PEOPLE, POSTS)
    import_folder(stage, folder)
    with database.reading(SYSTEM) as session:
        writer = session.scalars(select(Person.id).where(Person.external_id == "3")).one()
    assert asking.search(Viewer(writer), read_question("zirconium")).total == 1
    assert asking.search(cast.carol, read_question("zirconium")).total == 0
    with database.reading(cast.carol) as session:
        assert session.scalar(select(func.count()).select_from(Post).where(Post.external_id == "7")) == 0


def test_when_the_command_ends_all_of_it_is_searchable(stage: Flask, cast: Cast, folder: Path) -> None:
    write(folder, PEOPLE, [{**POSTS[1], "id": number, "text": f"valve {number}"} for number in range(700)])
    result = stage.test_cli_runner().invoke(args=["import", "jsonl", str(folder)])
    assert "All of it is searchable." in result.output
    assert index_of(stage).is_stored()
    assert asking.search(cast.carol, read_question("valve")).kinds["post"] == 700


def test_a_folder_without_files_is_refused_with_their_names(stage: Flask, folder: Path) -> None:
    result = stage.test_cli_runner().invoke(args=["import", "jsonl", str(folder)])
    assert result.exit_code == 1
    assert "people.jsonl" in result.output


def test_a_hostile_name_becomes_a_username_that_can_be_mentioned(
    stage: Flask, database: Database, folder: Path
) -> None:
    people = [{"id": raw, "name": "X"} for raw in ("../../etc", "张伟", "a b c", "@ada", "-", "Ünïcode", "x" * 120)]
    write(folder, people, [])
    import_folder(stage, folder)
    with database.reading(SYSTEM) as session:
        names = session.scalars(select(Person.username).where(Person.source == "oldwiki")).all()
    assert len(set(names)) == len(people)
    assert {"etc", "a-b-c", "ada", "unicode", "person"} <= set(names)


def test_an_odd_tag_is_the_same_topic_the_second_time(stage: Flask, database: Database, folder: Path) -> None:
    tags = ["Optimization to regexp _CharClass", "a" * 62 + " b", "İstanbul", "ＦＵＬＬ", "x__y", "-_-", "C++"]
    posts = [{**POSTS[1], "id": number, "tag": tags[number % len(tags)]} for number in range(3 * len(tags))]
    write(folder, PEOPLE, posts[: len(tags)])
    import_folder(stage, folder)
    write(folder, PEOPLE, posts)
    assert figures(import_folder(stage, folder))[1] == (21, 14, 7, 0)


def test_the_slug_of_a_slug_is_itself() -> None:
    for code in range(0x3000):
        for text in (chr(code), f"a{chr(code)}b_{chr(code)}", chr(code) * 40 + "_" + "x" * 40):
            assert slugify(slugify(text)) == slugify(text), hex(code)
