"""kill -9 of everything in turn while an import runs: repeated to its end, each post is there once and is found."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from intranet.config import ROOT
from tests.faults.running import Server, eventually, running_server, search, whole_feed

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

PEOPLE = 20
POSTS = 2500
LETTERS = "bdfgklmnpr"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("imports") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    people = [{"id": number, "name": f"Writer {number}", "username": f"writer{number}"} for number in range(PEOPLE)]
    posts = [
        {
            "id": f"p{number}",
            "author_id": number % PEOPLE,
            "created_at": f"2024-05-{1 + number % 28:02d}T08:00:00+00:00",
            "text": f"We repaired the {word_of(number)} again",
        }
        for number in range(POSTS)
    ]
    for name, lines in (("people", people), ("posts", posts)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def word_of(number: int) -> str:
    """A word that no other post has; of letters alone, since search also finds a word by its parts."""
    return "ma" + "".join(LETTERS[int(digit)] + "u" for digit in f"{number:04d}") + "zak"


def start_import(server: Server, corpus: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "import", "jsonl", str(corpus)],
        cwd=ROOT,
        env={**os.environ, "COUTH_DATA": str(server.data)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def is_under_way(server: Server, token: str) -> bool:
    return len(whole_feed(server, token)) > 100


def test_an_import_through_every_kind_of_death_ends_whole(server: Server, corpus: Path) -> None:
    token = server.member("reader")

    cut_short = start_import(server, corpus)
    assert eventually(lambda: is_under_way(server, token)), server.log.read_text()
    cut_short.kill()
    cut_short.communicate()

    again = start_import(server, corpus)
    for name in ("worker", "web"):
        time.sleep(0.5)
        server.kill(name)
    told, _ = again.communicate(timeout=200)
    assert again.returncode == 0, told.decode()
    assert eventually(server.is_well), server.log.read_text()

    texts = Counter(item["text"] for item in whole_feed(server, token))
    assert texts == Counter(f"We repaired the {word_of(number)} again" for number in range(POSTS))
    for number in range(0, POSTS, 97):
        assert len(search(server, token, word_of(number))) == 1, word_of(number)

    told, _ = start_import(server, corpus).communicate(timeout=200)
    assert len(whole_feed(server, token)) == POSTS, f"repeating it changes nothing: {told.decode()}"
