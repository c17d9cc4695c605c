"""kill -9 of web or worker while people post: what was acknowledged is there, once, found and delivered."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPException

import pytest

from tests.faults.running import Server, eventually, running_server, search, whole_feed

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

AUTHORS = ("alice", "bob", "carol")
POSTS_EACH = 25
PAUSE = 0.1  # seconds between one author's posts: the killing has to fall into the posting


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("killed") / "data") as running:
        yield running


def word_of(author: str, number: int) -> str:
    """A word that no other post has; of letters alone, since search also finds a word by its parts."""
    return author + "".join("bdfgklmnpr"[int(digit)] + "u" for digit in f"{number:03d}") + "zak"


def post_until_acknowledged(server: Server, token: str, word: str) -> str:
    """Post as a careful client does, trying again with the same key; returns the post's id."""
    body = {"text": f"Found a {word} in the yard"}
    while True:
        try:
            status, answer = server.ask("POST", "/api/v1/posts", token=token, body=body, key=word)
        except (OSError, HTTPException):
            time.sleep(0.1)
            continue
        if status == 201:
            return str(answer["id"])
        assert status == 429 or status >= 500, (status, answer)
        time.sleep(0.2)


def keep_posting(server: Server, author: str, token: str, acknowledged: dict[str, str]) -> None:
    for number in range(POSTS_EACH):
        word = word_of(author, number)
        acknowledged[word] = post_until_acknowledged(server, token, word)
        time.sleep(PAUSE)


def pushed(server: Server, token: str) -> list[str]:
    """Ids of the posts that a client which saw nothing is told of."""
    ids: list[str] = []
    since = "0"
    while since:
        _, page = server.ask("GET", f"/api/v1/events?since={since}", token=token)
        ids += [str(item["data"]["id"]) for item in page["items"] if item["type"] == "post.published"]
        since = page["next"] or ""
    return ids


def test_every_acknowledged_post_survives_once_found_and_delivered(server: Server) -> None:
    tokens = {author: server.member(author) for author in AUTHORS}
    acknowledged: dict[str, str] = {}
    authors = [
        threading.Thread(target=keep_posting, args=(server, author, token, acknowledged), daemon=True)
        for author, token in tokens.items()
    ]
    for author in authors:
        author.start()
    for name in ("web", "worker", "web", "worker", "web"):
        time.sleep(0.7)
        server.kill(name)
    for author in authors:
        author.join(timeout=120)
        assert not author.is_alive(), server.log.read_text()

    assert len(acknowledged) == len(AUTHORS) * POSTS_EACH
    assert eventually(server.is_well), server.log.read_text()
    reader = tokens["alice"]

    stored = Counter(str(item["id"]) for item in whole_feed(server, reader))
    assert stored == Counter(acknowledged.values()), "there, once, and nothing else"
    assert Counter(pushed(server, reader)) == stored, "each delivered to whoever asks for what they missed, once"
    for word, post_id in acknowledged.items():
        assert search(server, reader, word) == [post_id], word


def test_a_worker_that_dies_again_and_again_leaves_a_whole_index(server: Server) -> None:
    token = server.member("dora")
    for number in range(3):
        post_until_acknowledged(server, token, word_of("dora", number))
        server.kill("worker")
    assert eventually(server.is_well), server.log.read_text()
    for number in range(3):
        word = word_of("dora", number)
        assert len(search(server, token, word)) == 1, word
    assert "documents" in server.command("index", "check")
