"""Two people in one conversation, each in a browser of their own; then one of them loses the line in mid-send."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Open, Town
from tests.journeys.silent import between
from tests.journeys.test_accessible_pages import LOOKS, _faults

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# In milliseconds: when a silent line is given up, when the page says so, how long an attempt at a new one is let be.
PINGED_WITHIN, SAID_WITHIN, OPENED_WITHIN = 46_000, 4_000, 9_000


def conversation(town: Town, **wanted: Any) -> str:
    status, answer = town.server.ask("POST", "/api/v1/conversations", token=town.tokens["alice"], body=wanted)
    assert status == 201, answer
    return str(answer["id"])


def said(town: Town, who: str, chat: str, text: str, **more: Any) -> str:
    body = {"text": text, "nonce": f"{chat} {text}"[:100], **more}
    address = f"/api/v1/conversations/{chat}/messages"
    status, answer = town.server.ask("POST", address, token=town.tokens[who], body=body)
    assert status == 201, answer
    return str(answer["id"])


def write(page: Page, text: str, *, box: str = "#box-0") -> None:
    page.fill(f"{box} textarea", text)
    page.press(f"{box} textarea", "Enter")


def message(page: Page, text: str, *, log: str = "#messages") -> Locator:
    return page.locator(f"{log} .message:not([data-pending])", has_text=text)


def texts(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#messages .message [data-body]").all_inner_texts()]


def test_what_one_does_the_other_sees_at_once(opened: Open, town: Town, tmp_path: Path) -> None:
    chat = conversation(town, people=["bob"])
    alice, bob = opened("alice", f"/chat/{chat}"), opened("bob", f"/chat/{chat}")
    bob.locator("#box-0 textarea").press_sequentially("hel")
    expect(alice.locator("[data-typing-line]")).to_contain_text("Bob Example is writing")
    write(bob, "hello **alice**")
    expect(message(alice, "hello alice").locator("strong")).to_have_text("alice")
    expect(alice.locator("[data-typing-line]")).to_be_empty()
    expect(message(bob, "hello alice")).to_have_count(1)
    alice.bring_to_front()
    expect(bob.locator("[data-seen]")).to_contain_text("Seen by Alice")

    (tmp_path / "readings.csv").write_text("a,b\n1,2\n")
    alice.set_input_files("#box-0 [data-files]", tmp_path / "readings.csv")
    expect(alice.locator("#box-0 .attached li:not([data-state])")).to_have_count(1)
    write(alice, "the file")
    expect(message(bob, "the file").locator("[data-file]")).to_contain_text("readings.csv")

    bob.bring_to_front()
    message(bob, "the file").hover()
    message(bob, "the file").locator('summary[aria-label="React"]').click()
    message(bob, "the file").locator('[data-kind="thanks"]').first.click()
    expect(message(alice, "the file").locator('[data-reactions] [data-kind="thanks"]')).to_contain_text("1")

    mine = message(bob, "hello alice")
    mine.hover()
    mine.locator('summary[aria-label="More"]').click()
    mine.locator("[data-edit]").click()
    bob.fill("[data-edit-form] textarea", "hello dear alice")
    bob.press("[data-edit-form] textarea", "Enter")
    expect(message(alice, "hello dear alice").locator("[data-edited]")).to_be_visible()
    mine = message(bob, "hello dear alice")
    mine.hover()
    mine.locator('summary[aria-label="More"]').click()
    mine.locator('button[value="delete"]').click()
    expect(message(alice, "This message was deleted.")).to_have_count(1)
    bob.click(".toast button")
    expect(message(alice, "hello dear alice")).to_have_count(1)
    expect(message(bob, "hello dear alice")).to_have_count(1)


def test_a_thread_is_answered_live_and_counts_where_it_hangs(opened: Open, town: Town) -> None:
    room = conversation(town, room="threads here", people=["bob"])
    root = said(town, "alice", room, "who keeps the key?")
    alice = opened("alice", f"/chat/{room}?thread={root}")
    bob = opened("bob", f"/chat/{room}")
    expect(message(bob, "who keeps the key?").locator("[data-thread]")).to_be_hidden()
    write(alice, "the porter", box=f"#box-{root}")
    expect(message(alice, "the porter", log="[data-thread-log]")).to_have_count(1)
    replies = alice.locator("[data-thread-log] [data-replies] ~ .message")
    expect(replies).to_contain_text(["the porter"])
    expect(message(bob, "who keeps the key?").locator("[data-thread]")).to_contain_text("1 reply")
    assert message(bob, "the porter").count() == 0
    said(town, "bob", room, "not today", root=root)
    expect(message(alice, "not today", log="[data-thread-log]")).to_have_count(1)
    expect(alice.locator("[data-reply-count]")).to_have_text("2 replies")
    expect(alice.locator("[data-people]")).to_have_text("2 people")
    expect(alice.locator('[data-follow-thread] [aria-pressed="true"]')).to_have_text("Following")
    expect(replies).to_contain_text(["the porter", "not today"])


def test_a_pin_and_what_becomes_of_a_room_show_at_once_and_a_line_without_end_stays_in_its_box(
    opened: Open, town: Town
) -> None:
    room = conversation(town, room="works", people=["bob"])
    kept = said(town, "alice", room, "the number of the porter")
    bob = opened("bob", f"/chat/{room}")
    address, alice = f"/api/v1/conversations/{room}", opened("alice", f"/chat/{room}")
    mine = alice.locator(f"#message-{kept}")
    mine.hover()
    mine.locator('summary[aria-label="More"]').click()
    mine.locator("[data-pin]").click()
    for page in (alice, bob):
        expect(page.locator("[data-pins]")).to_contain_text("1 pinned")
    bob.fill("#box-0 textarea", "x" * 100_000)
    expect(bob.locator("#box-0 [data-note]")).to_contain_text("80000 characters too long")
    assert bob.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    changes = {"name": "roadworks", "topic": "Until Friday"}
    assert town.server.ask("PATCH", address, token=town.tokens["alice"], body=changes)[0] == 200
    expect(bob.locator("#room-name")).to_have_text("roadworks")
    expect(bob.locator(".room-topic")).to_contain_text("Until Friday")
    expect(bob.locator(f'.room-link[data-conversation="{room}"]')).to_contain_text("roadworks")
    assert town.server.ask("PATCH", address, token=town.tokens["alice"], body={"archived": True})[0] == 200
    expect(bob.locator(".room-foot")).to_contain_text("This room is archived")
    assert town.server.ask("PATCH", address, token=town.tokens["alice"], body={"archived": False})[0] == 200
    write(bob, "open again")
    expect(message(alice, "open again")).to_have_count(1)


def test_counts_are_right_on_every_page_and_device_at_once(opened: Open, town: Town) -> None:
    room = conversation(town, room="counting", people=["bob"])
    desk, phone = opened("bob", "/chat"), opened("bob", "/people")
    said(town, "alice", room, "one")
    said(town, "alice", room, "two @bob")
    link = desk.locator(f'.room-link[data-conversation="{room}"]')
    expect(link.locator("[data-badge]")).to_have_text(re.compile("^1 mention"))
    expect(phone.locator('.nav-link[href="/chat"] [data-badge]')).to_be_visible()
    waiting = int(phone.locator('.nav-link[href="/chat"] [data-badge]').inner_text().split()[0])
    desk.goto(f"/chat/{room}")
    desk.bring_to_front()
    expect(desk.locator('[data-kind="unread"]')).to_contain_text("2 new")
    expect(desk.locator(f'.room-link[data-conversation="{room}"] [data-badge]')).to_have_count(0)
    if waiting == 1:
        expect(phone.locator('.nav-link[href="/chat"] [data-badge]')).to_have_count(0)
    else:
        expect(phone.locator('.nav-link[href="/chat"] [data-badge]')).to_contain_text(str(waiting - 1))


def test_nothing_is_lost_when_the_line_breaks_in_mid_send_and_the_page_is_reloaded(opened: Open, town: Town) -> None:
    chat = conversation(town, people=["bob"])
    alice, bob = opened("alice", f"/chat/{chat}"), opened("bob", f"/chat/{chat}")
    before = texts(bob)
    alice.context.set_offline(True)
    write(alice, "first from the tunnel")
    write(alice, "second from the tunnel")
    expect(alice.locator("[data-pending]")).to_have_count(2)
    for number in range(5):
        said(town, "bob", chat, f"meanwhile {number}")
    assert message(bob, "from the tunnel").count() == 0
    alice.context.set_offline(False)
    alice.reload()  # the page is gone, the outbox is not
    expect(message(bob, "second from the tunnel")).to_have_count(1, timeout=30_000)
    expect(message(alice, "second from the tunnel")).to_have_count(1, timeout=30_000)
    expect(alice.locator("[data-pending]")).to_have_count(0)
    wanted = [*before, *(f"meanwhile {number}" for number in range(5))]
    wanted += ["first from the tunnel", "second from the tunnel"]
    assert texts(bob) == wanted
    assert texts(alice) == wanted


def test_where_no_websocket_gets_through_all_goes_by_polling(opened: Open, town: Town) -> None:
    room = conversation(town, room="behind a wall", people=["bob"])
    bob = opened("bob")
    bob.add_init_script(
        """WebSocket = class {
            constructor() { setTimeout(() => this.onerror?.(new Event("error"))); }
            send() {}
            close() {}
        };"""
    )
    bob.goto(f"/chat/{room}")
    bob.wait_for_selector('.frame[data-connection="live"]')
    alice = opened("alice", f"/chat/{room}")
    write(bob, "by post")
    expect(message(alice, "by post")).to_have_count(1)
    write(alice, "has come")
    expect(message(bob, "has come")).to_have_count(1)


def test_where_a_websocket_hangs_the_page_says_so_and_goes_on_by_polling(opened: Open, town: Town) -> None:
    room = conversation(town, room="behind a silent wall", people=["bob"])
    with between(town.server.port) as wall:
        bob = opened("bob", f"/chat/{room}", base_url=wall.address)
        bob.clock.install()
        bob.reload()
        bob.wait_for_selector('.frame[data-connection="live"]')
        wall.is_silent = True
        said(town, "alice", room, "said into the silence")
        write(bob, "asked into the silence")
        bob.clock.fast_forward(PINGED_WITHIN)
        bob.clock.fast_forward(SAID_WITHIN)
        expect(bob.locator('.frame[data-connection="lost"]')).to_have_count(1)
        expect(bob.locator("[data-connection-banner]")).not_to_be_empty()
        bob.clock.fast_forward(OPENED_WITHIN)
        bob.wait_for_selector('.frame[data-connection="live"]')
        assert wall.hung
        wanted = ["said into the silence", "asked into the silence"]
        expect(bob.locator("[data-log] [data-message]:not([data-pending])")).to_have_count(len(wanted))
        assert sorted(texts(bob)) == sorted(wanted)
        alice = opened("alice", f"/chat/{room}")
        assert texts(alice) == texts(bob)
        write(alice, "and it goes on")
        expect(message(bob, "and it goes on")).to_have_count(1)
        bob.close()


def test_an_open_page_that_was_away_shows_exactly_what_a_fresh_one_shows(opened: Open, town: Town) -> None:
    room = conversation(town, room="away", people=["bob"])
    said(town, "alice", room, "start")
    bob = opened("bob", f"/chat/{room}")
    bob.context.set_offline(True)
    bob.wait_for_selector(".frame:not([data-connection='live'])", timeout=60_000)
    for number in range(8):
        kept = said(town, "alice", room, f"missed {number} `code` @bob")
    said(town, "carol", conversation(town, room="elsewhere", people=["carol"]), "not here")
    town.server.ask("PATCH", f"/api/v1/messages/{kept}", token=town.tokens["alice"], body={"text": "changed"})
    bob.context.set_offline(False)
    bob.wait_for_selector('.frame[data-connection="live"]', timeout=60_000)
    expect(message(bob, "changed")).to_have_count(1)
    live = _shape(bob)
    fresh = opened("bob", f"/chat/{room}?newest=1")
    assert live == _shape(fresh)


def _shape(page: Page) -> list[tuple[str, ...]]:
    """What a page says of each message, without what tells how it came."""
    script = """all => all.map(item => [item.dataset.message, item.dataset.position, item.dataset.author,
        String(item.hasAttribute("data-mentions-me")), String(item.hasAttribute("data-follows")),
        item.querySelector("[data-body]").innerHTML.trim(), item.querySelector("[data-permalink]").textContent.trim(),
        String(item.querySelector("[data-edited]").hidden), item.getAttribute("aria-labelledby")])"""
    found: list[list[str]] = page.locator("#messages .message").evaluate_all(script)
    return [tuple(one) for one in found]


@pytest.mark.parametrize("look", LOOKS, ids=["desk-light", "phone-dark"])
def test_chat_has_no_serious_fault(look: dict[str, Any], town: Town, opened: Open) -> None:
    room = conversation(town, room=f"look {look['color_scheme']}", topic="a topic", people=["bob"])
    root = said(town, "bob", room, "Descaling for @alice:\n\n```python\nboil(3)\n```")
    said(town, "bob", room, "answer", root=root)
    page = opened("alice", "/chat", **look)
    faults: list[str] = []
    places = (
        "",
        f"/{room}",
        f"/{room}?thread={root}",
        f"/{room}?panel=members",
        f"/{room}/settings",
        f"/{room}/search?q=descaling",
    )
    for path in (*places, "/rooms", "/new", "/threads", "/saved"):
        page.goto(f"/chat{path}")
        faults += _faults(page, f"/chat{path}")
    page.goto("/settings/chat")
    faults += _faults(page, "/settings/chat")
    assert not faults, "\n".join(faults)
