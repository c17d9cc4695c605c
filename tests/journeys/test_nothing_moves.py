"""Nothing moves under a reader's eyes: not while a page opens, and not while others write and answer."""

import pytest
from playwright.sync_api import Page, expect

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
    for number in range(3):
        said(town, "alice", chat, f"One after the other: {number}")
    read = said(town, "alice", chat, "Nobody has reacted to this yet.")
    said(town, "bob", chat, "Nor to what is below it.")
    alice = opened("alice", f"/chat/{chat}")
    bob = opened("bob", viewport={"width": 390, "height": 844})
    bob.add_init_script(WATCH)
    bob.goto(f"/chat/{chat}")
    bob.wait_for_selector('.frame[data-connection="live"]')
    expect(bob.locator(f"#message-{read}")).to_be_in_viewport()
    mark = alice.locator(f"#message-{read}")
    mark.hover()
    mark.locator('summary[aria-label="React"]').click()
    mark.locator('.reaction-menu [data-kind="agree"]').click()
    pill = bob.locator(f"#message-{read} [data-reactions] [data-kind=agree]")
    expect(pill).to_be_in_viewport()
    said(town, "alice", chat, "A reply", root=read)
    expect(bob.locator(f"#message-{read} [data-thread]")).to_contain_text("1 reply")
    assert shifts(bob) == []
    bob.reload()
    expect(pill).to_be_visible()
    bob.wait_for_selector('.frame[data-connection="live"]')
    mark.locator('[data-reactions] [data-kind="agree"]').click()
    expect(pill).to_have_count(0)
    assert shifts(bob) == []


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
