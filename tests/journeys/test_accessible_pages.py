"""axe finds nothing serious on any page: light on a desk, dark on a narrow phone; and nothing scrolls sideways."""

from typing import Any

import pytest

from intranet.config import ROOT
from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "/?view=everyone",
    "/people",
    "/people?view=cards",
    "/people/alice",
    "/people/bob",
    "/people/alice/knows",
    "/people-to-meet",
    "/topics",
    "/topics/kettles",
    "/experts",
    "/experts?q=kettles",
    "/experts?q=nobody-knows-this",
    "/search?q=kettles",
    "/search",
    "/search?q=kettles+-steam+from:alice&when=week",
    "/search?q=no-such-thing+from:nobody",
    "/search/saved",
    "/questions",
    "/questions?show=unanswered&topic=kettles",
    "/compose?kind=question",
    "/bookmarks",
    "/following",
    "/lists",
    "/people/bob/lists",
    "/people/bob/block",
    "/here-today",
    "/org?q=e",
    "/people/bob/org",
    "/start/you",
    "/start/topics",
    "/start/people",
    "/start/ask?q=kettles",
    "/settings/apart",
    "/settings/profile",
    "/settings/known",
    "/settings/feed",
    "/?view=for-you",
    "/?view=catch-up",
    "/settings/security",
    "/settings/appearance",
    "/settings/data",
    "/settings/decisions",
    "/guidelines",
    "/people/bob/report",
    "/nothing-here",
)
ADMIN_PAGES = (
    "/admin",
    "/admin/people/bob",
    "/admin/invitations",
    "/admin/site",
    "/admin/inspections",
    "/admin/audit",
    "/start/company",
    "/start/invite",
    "/start/list",
    "/admin/people/bob/leaving",
    "/moderation",
    "/moderation?show=decided",
    "/moderation/guidelines",
)
LOOKS: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    {"color_scheme": "dark", "viewport": {"width": 360, "height": 740}},
)


@pytest.fixture(scope="module")
def kettles(town: Town) -> str:
    """Something to look at: a post with code, a list and a topic."""
    return town.post("alice", "Descaling #kettles for @bob:\n\n1. vinegar\n2. wait\n\n```python\nboil(3)\n```\n")


@pytest.mark.parametrize("look", LOOKS, ids=["desk-light", "phone-dark"])
def test_no_page_has_a_serious_fault(look: dict[str, Any], town: Town, opened: Open, kettles: str) -> None:
    page = opened("alice", "/", **look)
    faults: list[str] = []
    question = town.post("alice", "It whistles. #kettles", kind="question", title="Why does the kettle whistle twice?")
    town.post("bob", "Two lids.", reply_to=town.post("bob", "The **lid** is loose", reply_to=question))
    for path in (*PAGES, f"/posts/{kettles}", f"/questions/{question}"):
        page.goto(path)
        faults += _faults(page, path)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("look", LOOKS, ids=["desk-light", "phone-dark"])
def test_no_admin_page_has_a_serious_fault(look: dict[str, Any], town: Town, opened: Open) -> None:
    page = opened("dana", "/", **look)
    faults: list[str] = []
    for path in ADMIN_PAGES:
        page.goto(path)
        faults += _faults(page, path)
    assert not faults, "\n".join(faults)


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
