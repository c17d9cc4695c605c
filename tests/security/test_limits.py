"""Nobody goes faster than any person, by whatever route; and what is worth guessing or hurts others has a limit of its
own."""

import json
import sys
from collections.abc import Iterator

import pytest
from flask import Flask

from intranet.kernel import live, pace, ratelimit
from intranet.kernel.errors import TooFast
from intranet.kernel.pace import Pace
from intranet.kernel.policy import ANYONE
from intranet.kernel.runtime import runtime
from tests.architecture.test_routes import Door, doors
from tests.cast import Cast
from tests.fixtures import AsViewer

# Open to strangers, and not limited one by one: each for a reason. Everything else that they may send is.
UNLIMITED_FOR_STRANGERS = {
    "accounts.give_code": "without the first proof it looks at nothing; with it every code is counted",
    "accounts.give_recovery_code": "as the code",
    "accounts.finish_set_up": "as the code",
    "accounts.sign_out": "ends what the browser itself has, and nothing else",
    "notifications.stop": "the address is signed: whoever has it may say the same thing often",
}


@pytest.fixture(autouse=True)
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pace at which the second request is too many."""
    monkeypatch.setattr(pace, "changes", Pace(burst=1, each_second=0.001))
    monkeypatch.setattr(pace, "searches", Pace(burst=1, each_second=0.001))


def changing(app: Flask) -> Iterator[Door]:
    yield from (door for door in doors(app) if door.method not in {"GET", "HEAD", "OPTIONS"})


def test_whatever_changes_something_is_stopped_by_any_route(app: Flask, cast: Cast, as_viewer: AsViewer) -> None:
    admin = as_viewer(cast.dana)
    assert len(list(changing(app))) > 150
    admin.post("/presence")  # uses up what there is
    assert [str(door) for door in changing(app) if door.knock(admin).status_code != 429] == []


def test_whatever_is_made_ready_apart_is_stopped_too(app: Flask, cast: Cast, as_viewer: AsViewer) -> None:
    member = as_viewer(cast.alice)
    for costly in ("/search", "/search/suggest", "/experts", "/api/v1/search", "/api/v1/experts", "/people-to-meet"):
        pace.searches._used.clear()
        assert member.get(f"{costly}?q=kafka").status_code == 200, costly
        answer = member.get(f"{costly}?q=kafka")
        assert answer.status_code == 429, costly
        assert int(answer.headers["Retry-After"]) > 0


def test_calls_over_a_socket_are_stopped_as_well(app: Flask, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    socket = runtime(app).socketio.test_client(app, flask_test_client=client)
    socket.emit("presence:seen", {}, callback=True)
    for name in (one for one in live._calls if not one.startswith("tests:")):
        answer = socket.emit(name, {}, callback=True)
        assert answer["error"]["type"] == "too-fast", name


def test_one_persons_haste_stops_nobody_else(app: Flask, cast: Cast, as_viewer: AsViewer) -> None:
    for _ in range(2):
        hasty = as_viewer(cast.alice).post("/presence").status_code
    assert hasty == 429
    assert as_viewer(cast.bob).post("/presence").status_code != 429


def test_strangers_are_counted_by_what_they_try(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, as_viewer: AsViewer
) -> None:
    """Signing in, joining, a new password: each is worth guessing at, and counted where every process sees it."""
    monkeypatch.setattr(pace, "changes", Pace(burst=1000, each_second=1000))
    app.config["WTF_CSRF_ENABLED"] = False
    counted: list[str] = []

    def count(_database: object, key: str, **_given: object) -> None:
        counted.append(key)
        raise TooFast(60)

    for module in _users_of_limits():
        monkeypatch.setattr(module, "limit", count)
    given = {"login": "alice", "name": "Ada", "username": "ada", "password": "lanterns of brass", "q": "x"}
    uncounted = set()
    for door in changing(app):
        if door.allow is ANYONE:
            counted.clear()
            adapter = app.url_map.bind("localhost")
            address = adapter.build(door.rule.endpoint, dict.fromkeys(door.rule._converters, "x"), method=door.method)
            app.test_client().open(address, method=door.method, data=given)
            if not counted:
                uncounted.add(door.rule.endpoint)
    assert uncounted == set(UNLIMITED_FOR_STRANGERS)


def _users_of_limits() -> list[object]:
    return [
        module
        for name, module in sys.modules.items()
        if name.startswith("intranet.") and getattr(module, "limit", None) is ratelimit.limit
    ]


def test_a_pace_is_a_burst_and_then_so_many_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("intranet.kernel.pace.time.monotonic", lambda: now[0])
    tried = Pace(burst=3, each_second=2)
    for _ in range(3):
        tried.count("ada")
    with pytest.raises(TooFast) as stopped:
        tried.count("ada")
    assert stopped.value.retry_after == 1
    tried.count("grace")
    now[0] += 0.5
    tried.count("ada")
    with pytest.raises(TooFast):
        tried.count("ada")


def test_strangers_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_MOST_KEYS", 100)
    tried = Pace(burst=3, each_second=1000)
    for number in range(5000):
        tried.count(f"2001:db8::{number:x}")
    assert len(tried._used) <= 100


def test_too_fast_is_told_to_programs(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    client.post("/presence")
    answer = client.post("/api/v1/posts", json={"text": "once more"})
    assert answer.status_code == 429
    assert json.loads(answer.data)["type"].endswith("too-fast")
