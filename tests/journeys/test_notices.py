"""What reached somebody, in two windows of theirs: read with the keyboard, taken back, and the same in both."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def notice(page: Page, words: str) -> Locator:
    return page.locator(".notice").filter(has_text=words)


def is_unread(row: Locator, *, so: bool = True) -> None:
    expect(row.get_by_role("button", name="Mark as read")).to_have_count(1 if so else 0)


TOLD = """async words => {
    for (let left = 200; left; left--) {
        const answer = await fetch("/notifications", { headers: { "X-Fragment": "1" } });
        if ((await answer.text()).includes(words)) return;
        await new Promise((go) => setTimeout(go, 100));
    }
    throw new Error(`nobody was told of ${words}`);
}"""


def at_notices(page: Page, *all_words: str) -> None:
    """The page of notices, once the worker has told of all these."""
    for words in all_words:
        page.evaluate(TOLD, words)
    page.goto("/notifications")


def test_what_is_read_in_one_window_is_read_in_the_other_and_back(opened: Open, town: Town) -> None:
    for words in ("the first heron", "the second heron"):
        town.post("alice", f"@bob {words}")
    near = opened("bob")
    at_notices(near, "the first heron", "the second heron")
    is_unread(notice(near, "the second heron"))
    far = near.context.new_page()
    far.goto("/notifications")
    notice(near, "the second heron").get_by_role("button", name="Mark as read").focus()
    near.keyboard.press("Enter")
    is_unread(notice(near, "the second heron"), so=False)
    expect(notice(near, "the first heron").get_by_role("button", name="Mark as read")).to_be_focused()
    is_unread(notice(far, "the second heron"), so=False)
    is_unread(notice(far, "the first heron"))
    near.locator(".toast").get_by_role("button", name="Undo").click()
    for page in (near, far):
        is_unread(notice(page, "the second heron"))


def test_whoever_goes_where_a_notice_leads_has_seen_it(opened: Open, town: Town) -> None:
    wardens = {"name": "Heron wardens", "kind": "closed"}
    status, group = town.server.ask("POST", "/api/v1/groups", token=town.tokens["alice"], body=wardens)
    assert status == 201, group
    bob = opened("bob", group["url"])
    bob.get_by_role("button", name="Ask to join").first.click()
    expect(bob.get_by_text("You have asked")).to_be_visible()
    alice = opened("alice")
    at_notices(alice, "Heron wardens")
    is_unread(notice(alice, "Heron wardens"))
    notice(alice, "Heron wardens").get_by_role("link", name="Heron wardens").click()
    expect(alice).to_have_url(f"{town.address}{group['url']}/members")
    alice.goto("/notifications")
    is_unread(notice(alice, "Heron wardens"), so=False)


def test_what_is_urgent_comes_in_on_a_phone_and_is_settled_by_one_touch(opened: Open, town: Town) -> None:
    status, group = town.server.ask(
        "POST", "/api/v1/groups", token=town.tokens["dana"], body={"name": "Dry dock", "kind": "open"}
    )
    assert status == 201, group
    status, _joined = town.server.ask(
        "POST", f"/api/v1/groups/{group['id']}/members", token=town.tokens["alice"], body={"username": "alice"}
    )
    assert status == 201
    phone = opened("alice", "/people", viewport={"width": 390, "height": 844}, has_touch=True)
    words = {"kind": "announcement", "urgent": True, "audience": {"group": group["id"]}}
    post_id = town.post("dana", "The **dock** is flooded: keep out\n\nUntil noon.", **words)
    banner = phone.locator(f".urgent [data-asks='{post_id}']")
    expect(banner).to_contain_text("The dock is flooded: keep out")
    expect(banner).not_to_contain_text("*")
    at_notices(phone, "The dock is flooded")
    row = notice(phone, "The dock is flooded")
    is_unread(row)
    banner.get_by_role("button", name="Acknowledge").tap()
    expect(banner).to_have_count(0)
    is_unread(row, so=False)
    expect(row.get_by_role("button", name="Acknowledge")).to_have_count(0)


def test_older_notices_come_in_below_and_the_way_to_more_stays_last(opened: Open, town: Town) -> None:
    for number in range(30):
        town.post("alice", f"@carol gull number {number}!")
    carol = opened("carol")
    at_notices(carol, "gull number 29!")
    carol.get_by_role("link", name="Show older").scroll_into_view_if_needed()
    expect(notice(carol, "gull number 0!")).to_be_attached()
    gulls = [text.split("gull number ")[1].split("!")[0] for text in notice(carol, "gull number").all_inner_texts()]
    assert gulls == [str(number) for number in range(29, -1, -1)]
    expect(carol.locator("[data-list] [rel=next]")).to_have_count(0)
    carol.locator(".page-rail").get_by_role("button", name="Until tomorrow").click()
    expect(carol.locator(".page-rail")).to_contain_text("Left alone until")
    carol.locator(".page-rail").get_by_role("button", name="End it").click()
    expect(carol.get_by_role("button", name="Until tomorrow")).to_be_visible()


ADDED = """async () => {
    const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const words = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
    const body = new URLSearchParams({
        endpoint: "https://push.example.org/journey",
        p256dh: words(await crypto.subtle.exportKey("raw", pair.publicKey)).replaceAll("+", "-").replaceAll("/", "_"),
        auth: words(new Uint8Array(16)),
    });
    const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
    return (await fetch("/settings/devices", { method: "POST", headers, body })).status;
}"""


def test_a_device_is_tried_and_removed_where_the_list_stands(opened: Open) -> None:
    carol = opened("carol", "/settings/notices")
    assert carol.evaluate(ADDED) == 204
    carol.goto("/settings/notices")
    devices = carol.locator("#devices")
    devices.get_by_role("button", name="Try it").click()
    expect(carol.locator(".toast", has_text="It shows there within a few seconds")).to_be_visible()
    devices.get_by_role("button", name="Remove").click()
    expect(devices.get_by_role("button", name="Try it")).to_have_count(0)
