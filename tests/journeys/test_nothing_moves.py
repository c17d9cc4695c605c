"""Nothing moves under a reader's eyes: not while a page opens, and not while others write and answer."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Open, Town
from tests.journeys.test_chat import conversation, said

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# Every shift that no hand of the reader's caused, the page's opening included.
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (shift.hadRecentInput) continue;
    const moved = shift.sources.map(({ previousRect, currentRect, node }) =>
      `${previousRect.y} to ${currentRect.y}: ${node?.outerHTML?.slice(0, 120) ?? "gone"}`);
    window.shifts.push([shift.value, ...moved]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def shifts(page: Page) -> list[list[object]]:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
    found: list[list[object]] = page.evaluate("window.shifts")
    return found


def test_home_opens_and_takes_news_without_a_shift(opened: Open, town: Town) -> None:
    earlier = [town.post("alice", f"Valve {number} holds.\n\nSeen twice.") for number in range(12)]
    bob = opened("bob")
    bob.add_init_script(WATCH)
    bob.goto("/?view=everyone")
    bob.wait_for_selector('.frame[data-connection="live"]')
    expect(bob.locator(f"#item-{earlier[-1]}")).to_be_visible()
    assert shifts(bob) == []

    bob.evaluate("scrollTo(0, 600)")
    for number in range(3):
        town.post("carol", f"A new valve {number}")
    expect(bob.locator(".new-posts")).to_contain_text("3 new posts")
    town.post("carol", "It does", reply_to=earlier[6])
    expect(bob.locator(f"#item-{earlier[6]} [data-show-thread]")).to_contain_text("Show 1 reply")
    assert shifts(bob) == []


HEAR = """document.addEventListener("couth:event", ({ detail }) => {
  if (detail.type === "post.published") window.heard = (window.heard ?? 0) + 1;
})"""


@pytest.mark.parametrize("address", ["{group}", "/people/alice", "/experts?q=sluices"])
def test_other_pages_open_and_take_news_without_a_shift(opened: Open, town: Town, address: str) -> None:
    place: dict[str, Any] = {}
    if address == "{group}":
        founding = {"name": "Keepers of sluices", "kind": "open"}
        status, group = town.server.ask("POST", "/api/v1/groups", token=town.tokens["carol"], body=founding)
        assert status == 201, group
        place, address = {"audience": {"group": group["id"]}}, group["url"]
        town.server.ask(
            "POST", f"/api/v1/groups/{group['id']}/members", token=town.tokens["carol"], body={"username": "alice"}
        )
    read = [town.post("alice", f"Sluice {number} opens late. #sluices", **place) for number in range(8)]
    bob = opened("bob", viewport={"width": 390, "height": 844})
    bob.add_init_script(WATCH)
    bob.goto(address)
    bob.wait_for_selector('.frame[data-connection="live"]')
    assert shifts(bob) == []
    bob.evaluate(HEAR)
    bob.evaluate("scrollTo(0, 300)")
    town.post("alice", "One more sluice. #sluices", **place)
    town.post("alice", "And another for everybody. #sluices")
    town.post("carol", "Seen from here too", reply_to=read[-1])
    bob.wait_for_function("window.heard >= 1")
    assert shifts(bob) == []


def test_reactions_and_a_first_reply_arrive_on_what_is_being_read_without_a_shift(opened: Open, town: Town) -> None:
    read = town.post("alice", "Read on a phone while others react.")
    below = town.post("bob", "A reply to it", reply_to=read)
    bare = town.post("alice", "Nobody has said a thing here.")
    bob = opened("bob", viewport={"width": 390, "height": 844})
    bob.add_init_script(WATCH)
    bob.goto("/?view=everyone")
    bob.wait_for_selector('.frame[data-connection="live"]')
    expect(bob.locator(f"#item-{read}")).to_be_in_viewport()
    for who, kinds in {"carol": ("agree", "bulb", "eye"), "dana": ("agree", "smile", "thanks")}.items():
        others = opened(who, f"/posts/{read}")
        for kind in kinds:
            react(others, read, kind)
        react(others, below, "agree")
    town.post("carol", "Now somebody has", reply_to=bare)
    expect(bob.locator(f"#item-{bare} [data-show-thread]")).to_contain_text("Show 1 reply")
    expect(bob.locator(f"[data-reactions='{read}'] > [data-kind=agree] [data-number]")).to_have_text("2")
    expect(bob.locator(f"[data-reactions='{read}'] > [data-kind]")).to_have_count(5)
    react(others, read, "agree")  # which takes it back
    expect(bob.locator(f"[data-reactions='{read}'] > [data-kind=agree] [data-number]")).to_have_text("1")
    assert shifts(bob) == []
    bob.locator(f"#item-{bare} [data-show-thread]").click()
    expect(bob.locator(f"#item-{bare}")).to_contain_text("Now somebody has")


def test_a_first_reaction_and_a_first_reply_in_chat_hang_below_their_message_without_a_shift(
    opened: Open, town: Town
) -> None:
    chat = conversation(town, people=["bob"])
    crowded, *_others = [said(town, "alice", chat, f"One after the other: {number}") for number in range(3)]
    read = said(town, "alice", chat, "Nobody has reacted to this yet.")
    said(town, "bob", chat, "Nor to what is below it.")
    alice = opened("alice", f"/chat/{chat}")
    bob = opened("bob", viewport={"width": 390, "height": 844})
    bob.add_init_script(WATCH)
    bob.goto(f"/chat/{chat}")
    bob.wait_for_selector('.frame[data-connection="live"]')
    expect(bob.locator(f"#message-{read}")).to_be_in_viewport()
    mark = alice.locator(f"#message-{read}")
    mark_message(alice, read, "agree")
    pill = bob.locator(f"#message-{read} [data-reactions] [data-kind=agree]")
    expect(pill).to_be_in_viewport()
    said(town, "alice", chat, "A reply", root=read)
    expect(bob.locator(f"#message-{read} [data-thread]")).to_contain_text("1 reply")
    said(town, "alice", chat, "A reply here too", root=crowded)
    expect(bob.locator(f"#message-{crowded} [data-thread]")).to_contain_text("1 reply")
    for kind in ("agree", "bulb", "smile", "eye", "thanks"):
        mark_message(alice, crowded, kind)
    kinds = bob.locator(f"#message-{crowded} [data-reactions] [data-kind]")
    expect(kinds).to_have_count(5)
    one, other = kinds.last.bounding_box(), bob.locator(f"#message-{crowded} [data-thread]").bounding_box()
    assert one
    assert other
    assert one["x"] + one["width"] <= other["x"]
    assert shifts(bob) == []
    bob.reload()
    expect(pill).to_be_visible()
    bob.wait_for_selector('.frame[data-connection="live"]')
    mark.locator('[data-reactions] [data-kind="agree"]').click()
    expect(pill).to_have_count(0)
    assert shifts(bob) == []


def mark_message(page: Page, message_id: str, kind: str) -> None:
    item = page.locator(f"#message-{message_id}")
    item.hover()
    item.locator('summary[aria-label="React"]').click()
    item.locator(f'.reaction-menu [data-kind="{kind}"]').click()
    expect(item.locator(f'[data-reactions] [data-kind="{kind}"]')).to_be_visible()


def react(page: Page, item_id: str, kind: str) -> None:
    form = page.locator(f"[data-reactions='{item_id}']")
    mine = form.locator(f":scope > [data-kind={kind}]")
    if mine.count():
        pressed = mine.get_attribute("aria-pressed")
        mine.click()
        expect(form.locator(f":scope > [data-kind={kind}][aria-pressed={pressed}]")).to_have_count(0)
        return
    form.locator("summary").click()
    form.locator(f"details [data-kind={kind}]").click()
    expect(mine).to_be_visible()


def test_what_is_read_in_chat_stays_when_a_message_above_it_grows(opened: Open, town: Town) -> None:
    linked = town.post("alice", "How the valve is set")
    chat = conversation(town, room="reading", people=["bob"])
    ids = [said(town, "alice", chat, f"Said before: {number}") for number in range(40)]
    bob = opened("bob", f"/chat/{chat}?newest=1", viewport={"width": 390, "height": 844})
    end = "log => log.scrollHeight - log.scrollTop - log.clientHeight"
    middle = bob.locator(f"#message-{ids[20]}")
    middle.evaluate("item => item.scrollIntoView({ block: 'center' })")
    stood = top_of(middle)
    for above, text in ((15, "Longer now. " * 60), (18, f"With a card: {town.address}/posts/{linked}")):
        edit(town, ids[above], text)
        expect(bob.locator(f"#message-{ids[above]} [data-edited]")).to_have_count(1)
    expect(bob.locator(f"#message-{ids[18]} [data-link] *").first).to_be_attached()
    assert abs(top_of(middle) - stood) < 1
    said(town, "alice", chat, "One more at the end")
    expect(bob.locator("[data-newest]")).to_contain_text("1 new below")
    assert abs(top_of(middle) - stood) < 1

    bob.locator("[data-newest]").click()
    edit(town, ids[39], "Longer at the end. " * 60)
    expect(bob.locator(f"#message-{ids[39]} [data-body]")).to_contain_text("Longer at the end")
    assert bob.locator("#messages").evaluate(end) < 2


def top_of(item: Locator) -> float:
    box = item.bounding_box()
    assert box
    return box["y"]


def edit(town: Town, message_id: str, text: str) -> None:
    address = f"/api/v1/messages/{message_id}"
    status, answer = town.server.ask("PATCH", address, token=town.tokens["alice"], body={"text": text})
    assert status == 200, answer
