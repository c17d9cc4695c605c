"""However a server behaves, the worker gets a little of it, soon, or nothing."""

import ipaddress
import socket
import time
from collections.abc import Iterator

import pytest

from intranet.links.addresses import Forbidden, Rules
from intranet.links.fetching import Fetched, Unreachable, Unusable, Wanted, fetch
from tests.links import hostile
from tests.links.hostile import Hostile

PAGE = Wanted(("text/html",), most=64 * 1024, may_be_cut=True)
WHOLE = Wanted(("image/",), most=64 * 1024)


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile.hostile_server() as found:
        yield found


def get(
    server: Hostile, path: str, wanted: Wanted = PAGE, *, seconds: float = 5.0, rules: Rules | None = None
) -> Fetched:
    # The one address at which this server listens is opened; every other of this machine stays closed.
    rules = rules or Rules(ports=frozenset({server.port}), networks=(ipaddress.ip_network("127.0.0.1/32"),))
    return fetch(server.url(path), wanted, rules=rules, resolve=lambda host, _port: [known(host)], seconds=seconds)


def known(host: str) -> str:
    return {"wiki.example": "127.0.0.1", "inside.example": "127.0.0.2"}.get(host, host)


def test_a_page_comes_with_its_charset_and_the_request_says_little(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.answers["/a?b=1"] = hostile.page("<title>Hello</title>", content_type="text/html; charset=latin-1")
    found = get(server, "/a?b=1#part")
    assert (found.body, found.charset) == (b"<title>Hello</title>", "latin-1")
    assert server.asked == [(f"wiki.example:{server.port}", "/a?b=1")]
    assert "Cookie" not in server.sent[0]
    assert "Authorization" not in server.sent[0]
    assert "Referer" not in server.sent[0]


def test_redirects_are_followed_a_few_times(server: Hostile) -> None:
    server.answers["/1"] = hostile.redirect("/2")
    server.answers["/2"] = hostile.redirect(server.url("/3"))
    server.answers["/3"] = hostile.page("here")
    found = get(server, "/1")
    assert (found.body, found.url) == (b"here", server.url("/3"))
    server.answers["/round"] = hostile.redirect("/round")
    with pytest.raises(Unusable):
        get(server, "/round")
    assert len(server.asked) == 3 + 5


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.2:{port}/", "http://inside.example:{port}/", "http://169.254.169.254:{port}/latest/meta-data/",
        "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://2130706434:{port}/",
        "http://127.0.0.1:22/", "https://wiki.example/", "file:///etc/passwd", "gopher://wiki.example:{port}/",
        "//inside.example:{port}/", "http://me:pass@wiki.example:{port}/",
    ],
)  # fmt: skip
def test_a_redirect_inside_is_refused_and_never_asked(server: Hostile, to: str) -> None:
    server.answers["/go"] = hostile.redirect(to.replace("{port}", str(server.port)))
    with pytest.raises(Forbidden):
        get(server, "/go")
    assert len(server.asked) == 1


def test_a_name_that_changes_its_mind_gains_nothing(server: Hostile) -> None:
    """First the good address, from then on one inside: each request resolves once and goes where it looked."""
    answers = iter(["127.0.0.1", "127.0.0.2", "127.0.0.2"])
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [next(answers)]

    rules = Rules(ports=frozenset({server.port}), networks=(ipaddress.ip_network("127.0.0.1/32"),))
    server.answers["/"] = hostile.page("as checked")
    assert fetch(server.url("/"), PAGE, rules=rules, resolve=rebinding).body == b"as checked"
    assert asked == ["wiki.example"]
    with pytest.raises(Forbidden):
        fetch(server.url("/"), PAGE, rules=rules, resolve=rebinding)
    assert len(server.asked) == 1


def test_a_port_that_was_not_opened_is_never_asked(server: Hostile) -> None:
    with pytest.raises(Forbidden):
        get(server, "/", rules=Rules(networks=(ipaddress.ip_network("127.0.0.1/32"),)))
    assert server.asked == []


def test_a_bomb_is_unpacked_no_further_than_what_is_wanted(server: Hostile) -> None:
    server.answers["/bomb"] = hostile.bomb(60)
    assert len(get(server, "/bomb").body) == PAGE.most


def test_what_is_packed_is_unpacked_and_what_is_packed_wrongly_is_left(server: Hostile) -> None:
    import gzip

    server.answers["/good"] = hostile.raw(gzip.compress(b"<title>x</title>"), "text/html", Content_Encoding="gzip")
    server.answers["/bad"] = hostile.raw(b"not gzip", "text/html", Content_Encoding="gzip")
    server.answers["/odd"] = hostile.raw(b"x", "text/html", Content_Encoding="br")
    assert get(server, "/good").body == b"<title>x</title>"
    for path in ("/bad", "/odd"):
        with pytest.raises(Unusable):
            get(server, path)


def test_of_an_endless_page_the_beginning_is_read_and_an_endless_picture_is_left(server: Hostile) -> None:
    server.answers["/endless"] = hostile.endless
    found = get(server, "/endless")
    assert len(found.body) == PAGE.most
    server.answers["/picture"] = hostile.raw(b"x" * (WHOLE.most + 1), "image/png")
    with pytest.raises(Unusable):
        get(server, "/picture", WHOLE)


@pytest.mark.parametrize("answer", [hostile.drip, hostile.drip_headers, hostile.silence])
def test_the_time_is_for_all_of_it_however_slowly_it_drips(server: Hostile, answer: hostile.Answer) -> None:
    server.answers["/slow"] = answer
    began = time.monotonic()
    with pytest.raises(Unreachable):
        get(server, "/slow", seconds=0.6)
    assert time.monotonic() - began < 15  # what dripped on would never end


def test_slow_redirects_share_the_same_time(server: Hostile) -> None:
    def late(connection: socket.socket) -> None:
        time.sleep(0.4)
        hostile.redirect("/late")(connection)

    server.answers["/late"] = late
    with pytest.raises(Unreachable):
        get(server, "/late", seconds=0.6)
    assert len(server.asked) <= 2  # each takes 0.4


@pytest.mark.parametrize("status", ["500 Oh", "503 Busy", "429 Slow down"])
def test_a_server_in_trouble_may_be_better_later(server: Hostile, status: str) -> None:
    server.answers["/"] = hostile.raw(b"", "text/html", status=status)
    with pytest.raises(Unreachable):
        get(server, "/")


@pytest.mark.parametrize(
    ("status", "kind"),
    [("404 Gone", "text/html"), ("403 No", "text/html"), ("200 OK", "application/pdf"), ("200 OK", "image/svg+xml")],
)
def test_what_is_no_page_is_left(server: Hostile, status: str, kind: str) -> None:
    server.answers["/"] = hostile.raw(b"<svg/>", kind, status=status)
    with pytest.raises(Unusable):
        get(server, "/")


def test_nonsense_and_a_line_that_breaks_are_no_answer(server: Hostile) -> None:
    server.answers["/nonsense"] = lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9\r\n\r\n")
    server.answers["/header"] = lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000)
    server.answers["/cut"] = hostile.cut
    for path in ("/nonsense", "/header", "/cut"):
        with pytest.raises((Unreachable, Unusable)):
            get(server, path)
