"""axe finds nothing serious on any page: light on a desk, dark on a narrow phone; and nothing scrolls sideways."""

import re
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from intranet.config import ROOT
from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# What routes look like with something in their question: the bare address of each is found by itself.
ASKED = (
    "/?view=everyone",
    "/?view=for-you",
    "/?view=catch-up",
    "/people?view=cards",
    "/experts?q=kettles",
    "/experts?q=nobody-knows-this",
    "/experts/compare?people=alice&people=bob",
    "/search?q=kettles",
    "/search?q=kettles+-steam+from:alice&when=week",
    "/search?q=no-such-thing+from:nobody",
    "/questions?show=unanswered&topic=kettles",
    "/articles?show=due&topic=kettles",
    *(f"/compose?kind={kind}" for kind in ("question", "poll", "praise", "announcement")),
    "/org?q=e",
    "/start/ask?q=kettles",
    "/nothing-here",
)
ASKED_BY_ADMIN = ("/moderation?show=decided", "/topics/kettles/merge?into=teapots")
ADMINS = re.compile(r"^/(admin|moderation|start/(company|invite|list)|topics/kettles/edit)|/acknowledgements$")
# Answers that are no pages: for programs, parts that a page's own script asks for, files, and what leads elsewhere.
NO_PAGES = re.compile(
    r"/(api/v1|static|health|metrics|files|photos|site/logo|palette|g|notifications/(<|count|message)|feed/items|chat/with"
    r"|compose/(draft|people|topics)|experts/(related|top|ask)|search/(news|suggest)|chat/messages)\b"
    r"|/(card|picture|similar|comments|votes|deleted)$|\.\w+$|^/inside$|^/topics/<slug>/posts$|^/people/<username>/(posts|skills)$"
)
# Pages of what is not on stage: links in mails, versions of guidelines, what somebody keeps for themselves.
ELSEWHERE = re.compile(
    r"<token>|<id:(inspection_id|copy_id|list_id|scheduled_id|number|passkey_id)>|>/inspections|/merge$|^/sign-in/company(/|$)"
)
LOOKS: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    {"color_scheme": "dark", "viewport": {"width": 360, "height": 740}},
)
# Into how many tests somebody's pages are dealt: short ones, that several workers take at once.
SHARED_BY = {"alice": 4, "dana": 1}
SHARES = [(who, share) for who, shares in SHARED_BY.items() for share in range(shares)]


@pytest.fixture(scope="module")
def stage(town: Town) -> dict[str, str]:
    """Something to look at, by the names that routes give their arguments."""
    kettles = town.post("alice", "Descaling #kettles for @bob:\n\n1. vinegar\n2. wait\n\n```python\nboil(3)\n```\n")
    question, answer = _solved(town, "Why does the kettle whistle twice?")
    town.post("bob", "Two lids.", reply_to=answer)
    words = {"title": "Two whistles", "text": "1. lid\n2. lid"}
    article = _send(town, f"/questions/{question}/article", words)
    bobs = _send(town, f"/questions/{_solved(town, 'Why once?')[0]}/article", words, who="bob")
    said = {"says": "different", "note": "The second lid has a spring now"}
    _, voice = town.server.ask("PUT", f"/api/v1/articles/{article}/voice", token=town.tokens["bob"], body=said)
    reported = town.post("bob", "They whistle as well. #teapots")
    _ask(town, "/api/v1/groups", {"name": "Boilers", "kind": "open"})
    room = _ask(town, "/api/v1/conversations", {"room": "steam", "topic": "What rises"})["id"]
    _ask(town, f"/api/v1/conversations/{room}/messages", {"text": "It `boils`, @bob", "nonce": "looked at"})
    terms = {"kind": "announcement", "text": "New kettles on Monday.", "asks": True}
    announcement = _ask(town, "/api/v1/posts", terms, who="dana")["id"]
    return {
        "username": "bob",
        "slug": "kettles",
        "groups.slug": "boilers",
        "groups.report": "boilers",
        "people.report": "bob",
        "post_id": kettles,
        "item_id": kettles,
        "questions.post_id": question,
        "article_id": article,
        "articles.report": bobs,  # what one keeps is not to be reported
        "voices.report": str(voice["id"]),
        "posts.report": reported,  # one's own is not to be reported
        "acknowledgements": str(announcement),
        "conversation_id": str(room),
    }


def _ask(town: Town, path: str, body: dict[str, Any], *, who: str = "alice") -> dict[str, Any]:
    status, answer = town.server.ask("POST", path, token=town.tokens[who], body=body)
    assert status in {200, 201}, answer
    return answer


def _solved(town: Town, title: str) -> tuple[str, str]:
    """A question of alice's, and the answer by bob that she took."""
    question = town.post("alice", "It whistles. #kettles", kind="question", title=title)
    answer = town.post("bob", "The **lid** is loose", reply_to=question)
    _send(town, f"/answers/{answer}/accept", {"on": "1"})
    return question, answer


def _send(town: Town, path: str, fields: dict[str, str], *, who: str = "alice") -> str:
    """A form of theirs; the last word of the address that it leads to."""
    token = {"Authorization": f"Bearer {town.tokens[who]}", "Content-Type": "application/x-www-form-urlencoded"}
    connection = HTTPConnection("127.0.0.1", town.server.port, timeout=10)
    connection.request("POST", path, body=urlencode(fields), headers=token)
    leads_to = connection.getresponse().headers["Location"] or ""
    connection.close()
    return leads_to.partition("#")[0].rpartition("/")[2]


@pytest.fixture
def paths(app: Flask, stage: dict[str, str]) -> list[str]:
    return pages(app, stage)


@pytest.mark.parametrize("look", LOOKS, ids=["desk-light", "phone-dark"])
@pytest.mark.parametrize(("who", "share"), SHARES, ids=[f"{who}-{share + 1}" for who, share in SHARES])
def test_no_page_has_a_serious_fault(
    who: str, share: int, look: dict[str, Any], opened: Open, paths: list[str]
) -> None:
    is_admin = who == "dana"
    found = [path for path in paths if bool(ADMINS.search(path)) == is_admin]
    assert len(found) > (8 if is_admin else 50)
    everything = (*found, *(ASKED_BY_ADMIN if is_admin else ASKED))
    page = opened(who, "/", **look)
    faults: list[str] = []
    for path in everything[share :: SHARED_BY[who]]:
        answer = page.goto(path)
        if answer is None or (answer.status != 200 and path != "/nothing-here"):
            faults.append(f"{path}: answered {answer.status if answer else 'nothing'}")
        faults += _faults(page, path)
    assert not faults, "\n".join(faults)


def pages(app: Flask, stage: dict[str, str]) -> list[str]:
    """Every page of the product, filled in from what is on stage: a new route is looked at without being named here."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    wanted = sorted(rule for rule in rules if not NO_PAGES.search(rule) and not ELSEWHERE.search(rule))
    argument = re.compile(r"(\w+)/<(?:\w+:)?(\w+)>(?=/?(\w*))")
    return [argument.sub(lambda found: f"{found[1]}/{_thing(found, stage)}", rule) for rule in wanted]


def _thing(found: re.Match[str], stage: dict[str, str]) -> str:
    place, name, page = found.groups()
    thing = stage.get(f"{place}.{page}") or stage.get(page) or stage.get(f"{place}.{name}") or stage.get(name)
    assert thing, f"{found.string}: put a {name} on the stage, or say in ELSEWHERE or NO_PAGES why it is none"
    return thing


def test_the_door_has_no_serious_fault(town: Town, opened: Open) -> None:
    page = opened("alice", "/")
    page.context.clear_cookies()
    page.goto("/sign-in")
    faults = _faults(page, "/sign-in")
    assert not faults, "\n".join(faults)


def _faults(page: Any, path: str) -> list[str]:
    """What axe finds serious on the page that is open, and whether it scrolls sideways."""
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_load_state("load")
    page.wait_for_timeout(150)
    # The page's own rules forbid foreign scripts; the test's protocol may still evaluate one.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    serious = [
        f"{path}: {fault['id']} {node['target']} {node['html'][:120]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"][:3]
    ]
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [*serious, *([f"{path}: {width[0]} wide in a window of {width[1]}"] if width[0] > width[1] else [])]
