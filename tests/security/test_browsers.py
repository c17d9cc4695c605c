"""What other places on the web can do in somebody's browser: frame, forge, listen, send them elsewhere."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from intranet import create_app
from intranet.accounts import actions, passwords
from intranet.config import Settings
from intranet.kernel.db import Database
from intranet.kernel.policy import ANYONE
from intranet.kernel.runtime import runtime
from intranet.kernel.web import own_path
from tests.architecture.sources import python_files, short, text
from tests.architecture.test_routes import doors
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

PASSWORD = "seven brass lanterns"

# What a wicked link may hold as the page to go on to. None of them is a page of ours.
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/%09/evil.example\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "evil.example",
    "https:/evil.example",
    "/.\\evil.example",
)
# Routes whose forms carry the page to go back to, and what else they need to get as far as that.
_FORMS = {
    "/people/bob/follow": {},
    "/people/bob/unfollow": {},
    "/people/bob/mute": {"on": "1"},
    "/people/bob/lists": {},
    "/here-today": {"place": "Lyon"},
    "/guidelines/agree": {"agree": "1"},
    "/topics/kafka/follow": {},
    "/presence/focus": {},
    "/people-to-meet/bob/not-now": {},
    "/feed/less": {},
}


_READS = re.compile(r'request\.(form|args|values)\.get\("(next|back)"')
_CHECKS = re.compile(r"own_path\(|== ./")


def stays_here(location: str) -> bool:
    """Read as browsers read it: backslashes are slashes, and tabs and line ends are not there at all."""
    seen = "".join(letter for letter in location if letter not in "\t\r\n").strip().replace("\\", "/")
    return seen.startswith("/") and not seen.startswith("//")


def test_nobody_is_sent_elsewhere(app: Flask, cast: Cast, as_viewer: AsViewer) -> None:
    member = as_viewer(cast.alice)
    for address in ELSEWHERE:
        for path, given in _FORMS.items():
            answer = member.post(path, data={**given, "next": address, "back": address})
            assert stays_here(answer.headers.get("Location", "/")), (path, address)
        for path in ("/sign-in", "/guidelines/agree"):
            answer = member.get(path, query_string={"next": address})
            assert stays_here(answer.headers.get("Location", "/")), (path, address)


def test_nobody_is_sent_elsewhere_after_signing_in(app: Flask, cast: Cast, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    hashed = passwords.hash_password(PASSWORD)
    with database.unit_of_work(SYSTEM) as session:
        actions.set_password(session, SYSTEM, cast.alice.member_id, hashed, spare=None)
    for address in ELSEWHERE[:4]:
        answer = app.test_client().post("/sign-in", data={"login": "alice", "password": PASSWORD, "next": address})
        assert answer.location == "/", address


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_page_to_go_on_to_is_one_of_ours(address: str) -> None:
    assert own_path(address, otherwise="/home") in {"/home", "/%09/evil.example"}


@pytest.mark.parametrize("address", ["/", "/people?q=a%20b#top", "/g/kaffee", "/posts/1#item-2", "/topics/größe"])
def test_pages_of_ours_stay_as_they_are(address: str) -> None:
    assert own_path(address) == address


def test_there_is_one_reader_of_where_to_go_on() -> None:
    """Whatever a form or an address says of it goes through ``own_path``, or is compared with a page of ours."""
    readers = [
        f"{short(path)}:{number}"
        for path in python_files("intranet")
        for number, line in enumerate(text(path).splitlines(), 1)
        if re.search(r'request\.(form|args|values)\.get\("(next|back)"', line)
        and not re.search(r"own_path\(|== ./", line)
    ]
    assert readers == []


def test_no_page_can_be_framed_sniffed_or_kept(app: Flask, cast: Cast, as_viewer: AsViewer) -> None:
    """Every page without an argument, also those that say no."""
    clients = {cast.dana: as_viewer(cast.dana)}
    for door in doors(app):
        if door.method == "GET" and not door.rule.arguments:
            answer = clients[cast.dana].get(door.rule.rule)
            policy = answer.headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy, door
            assert "object-src 'none'" in policy, door
            assert "base-uri 'none'" in policy, door
            assert "form-action 'self'" in policy, door
            assert "unsafe-eval" not in policy, door
            assert "script-src 'self' 'nonce-" in policy, door
            assert answer.headers["X-Content-Type-Options"] == "nosniff", door
            assert answer.headers["Referrer-Policy"] == "same-origin", door
            assert "Access-Control-Allow-Origin" not in answer.headers, door


def test_no_form_works_without_its_token(app: Flask, cast: Cast) -> None:
    """But for those whose address, or what is sent to it, is signed."""
    runtime(app).identify = lambda: cast.dana
    client = app.test_client()
    open_anyway = set()
    for door in doors(app):
        if door.method in {"GET", "HEAD", "OPTIONS"}:
            continue
        answer = door.knock(client)
        refused = answer.status_code == 400
        if not refused:
            open_anyway.add(door.rule.endpoint)
    assert open_anyway == {"notifications.stop", "accounts.end_for_company"}
    assert any(door.allow is ANYONE for door in doors(app))


@pytest.mark.parametrize(
    ("base_url", "origin", "is_let_in"),
    [
        ("", "http://localhost", True),
        ("", "", True),  # programs say nothing
        ("", "http://evil.example", False),
        ("", "null", False),
        ("", "http://localhost:8001", False),
        ("", "http://localhost.evil.example", False),
        ("https://couth.example.org", "https://couth.example.org", True),
        ("https://couth.example.org/", "https://couth.example.org", True),
        ("https://couth.example.org", "http://couth.example.org", False),
        ("https://couth.example.org", "https://couth.example.org.evil.example", False),
        ("https://couth.example.org", "https://evil.example", False),
    ],
)
@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_a_page_of_another_place_gets_no_socket(
    settings: Settings, base_url: str, origin: str, transport: str, *, is_let_in: bool
) -> None:
    """The cookie would go along with it: whoever may listen is asked where they come from."""
    app = create_app(replace(settings, base_url=base_url))
    headers = {"Origin": origin} if origin else {}
    answer = app.test_client().get(f"/socket.io/?EIO=4&transport={transport}", headers=headers)
    runtime(app).database.engine.dispose()
    is_refused = answer.status_code == 400 and "origin" in answer.text.lower()
    assert is_refused is not is_let_in, answer.text
