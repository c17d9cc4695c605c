"""What the index is made of: complete by every way of reading it, and it follows a topic that gets another name."""

from collections.abc import Iterator

import pytest
from flask import Flask

from intranet.kernel import jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.viewer import Role, Viewer
from intranet.posts.actions import PostDraft, publish_post
from intranet.posts.models import PostKind
from intranet.posts.polls.actions import PollDraft
from intranet.search import asking, sources
from intranet.search.documents import changes, written
from intranet.search.index import Index, read_changes
from intranet.search.narrowing import Narrowing
from intranet.search.question import read_question
from intranet.topics.actions import describe_topic
from intranet.topics.vocabulary import topic_ids
from search_index.documents import Document
from tests.cast import SYSTEM, Cast
from tests.search.writing import reply, say, take_back


def source(kind: str) -> sources.Source:
    return sources._sources[kind]


def walked(database: Database, kind: str, *, after: str = "", until: str = "", limit: int = 3) -> Iterator[Document]:
    read = source(kind).read
    assert read is not None
    while True:
        with database.reading(SYSTEM) as session:
            found, after = read(session, after, until, limit)
        yield from found
        if not after:
            return


def test_stretches_give_the_same_documents_as_their_keys(database: Database, cast: Cast) -> None:
    posts = [say(database, cast.alice, f"valve {number} #pumps @bob") for number in range(7)]
    comments = [reply(database, cast.bob, posts[0], f"oil {number}, https://example.org #oil") for number in range(4)]
    take_back(database, cast.alice, posts[3])
    take_back(database, cast.bob, comments[1])
    for kind, ids in (("post", posts), ("comment", comments)):
        with database.reading(SYSTEM) as session:
            by_key = source(kind).load(session, [str(number) for number in ids])
        assert len(by_key) == len(ids) - 1
        for limit in (1, 2, 3, 100):
            assert list(walked(database, kind, limit=limit)) == sorted(by_key, key=lambda document: document.id)


def test_the_comments_of_a_deleted_post_are_no_documents(database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "valve")
    reply(database, cast.bob, post, "oil")
    take_back(database, cast.alice, post)
    assert list(walked(database, "comment")) == []


@pytest.mark.parametrize("parts", [1, 2, 3, 8])
def test_parts_hold_everything_once(database: Database, cast: Cast, parts: int) -> None:
    for number in range(11):
        say(database, cast.alice, f"valve {number}")
    split = source("post").split
    assert split is not None
    with database.reading(SYSTEM) as session:
        bounds = split(session, parts)
    assert len(bounds) == parts - 1
    edges = ["", *bounds, ""]
    pieces = [list(walked(database, "post", after=edges[at], until=edges[at + 1])) for at in range(parts)]
    whole = list(walked(database, "post"))
    assert [document for piece in pieces for document in piece] == whole
    assert max(len(piece) for piece in pieces) <= -(-11 // parts) + 1


def test_an_empty_table_has_no_parts(database: Database, cast: Cast) -> None:
    split = source("comment").split
    assert split is not None
    with database.reading(SYSTEM) as session:
        assert split(session, 4) == []


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("plain words", set()),
        ("see https://example.org/x", {written.LINK}),
        ("see www.example.org", {written.LINK}),
        ("no://link", set()),
        ("run `make` now", {written.CODE}),
        ("```\nmake\n```", {written.CODE}),
        ("a lone ` mark", set()),
        ("thanks @bob", {written.MENTION}),
        ("thanks @nobody", set()),
    ],
)
def test_a_document_says_what_it_carries(database: Database, cast: Cast, text: str, flags: set[str]) -> None:
    say(database, cast.alice, text)
    (document,) = walked(database, "post")
    assert document.has == flags


def test_a_poll_is_found_by_its_answers_and_shows_them(index: Index, database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        draft = PostDraft(
            text="Which valve?", kind=PostKind.POLL, poll=PollDraft(options=("the zirconium one", "none"))
        )
        poll = publish_post(session, cast.alice, draft).id
    say(database, cast.bob, "no poll about zirconium")
    for line in ("zirconium has:poll", "zirconium is:poll"):
        found = asking.search(cast.carol, read_question(line))
        assert [hit.id for hit in found.hits] == [f"post:{poll}"]
    with database.reading(cast.carol) as session:
        (result,) = asking.results(session, found.hits)
    assert result.shown.text == "the zirconium one · none"


def test_a_topic_s_new_name_reaches_the_posts_that_carry_it_in_bounded_steps(
    app: Flask, index: Index, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "STEP", 2)
    posts = [say(database, cast.alice, f"valve {number} #k8s") for number in range(5)]
    reply(database, cast.bob, posts[0], "oil #k8s")
    rename(database, cast, "k8s", "Kubernetes")
    with database.reading(SYSTEM) as session:
        start = outbox.newest_id(session)
    work(app, database)
    batch, _is_all = read_changes(database, start)
    assert batch is not None
    assert {document.topics for document in batch.add} == {("Kubernetes",)}
    assert len(batch.add) == 6
    with database.reading(SYSTEM) as session:
        steps = [outbox.restore(row) for row in outbox.after(session, start)]
    assert [len(step.item_ids) for step in steps] == [2, 2, 2]
    assert len(asking.search(cast.carol, read_question("kubernetes"), narrowing=Narrowing(kind=("post",))).hits) == 5


def test_a_topic_that_keeps_its_name_touches_no_post(app: Flask, index: Index, database: Database, cast: Cast) -> None:
    say(database, cast.alice, "valve #k8s")
    rename(database, cast, "k8s", "k8s")
    with database.reading(SYSTEM) as session:
        start = outbox.newest_id(session)
    work(app, database)
    batch, _is_all = read_changes(database, start)
    assert batch is None


def rename(database: Database, cast: Cast, slug: str, name: str) -> None:
    steward = Viewer(cast.dana.id, frozenset({Role.MEMBER, Role.STEWARD}))
    with database.unit_of_work(steward) as session:
        topic_id = topic_ids(session, [slug])[slug]
        describe_topic(session, steward, topic_id, name=name, description="About it", synonyms=())


def work(app: Flask, database: Database) -> None:
    """What the worker does until nothing is left."""
    while outbox.drain(database, "search", "here") + jobs.run_due(database):
        pass
