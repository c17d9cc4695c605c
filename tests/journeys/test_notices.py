"""What reached somebody, in two windows of theirs: read with the keyboard, taken back, and the same in both."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def notice(page: Page, words: str) -> Locator:
    return page.locator(".notice").filter(has_text=words)


def is_unread(row: Locator, *, so: bool = True) -> None:
    expect(row.get_by_role("button", name="Mark as read")).to_have_count(1 if so else 0)


def at_notices(page: Page, *all_words: str) -> None:
    """The page of notices, once the worker has told of all these."""
    told = (
        "async words => (await (await fetch('/notifications', {headers: {'X-Fragment': '1'}})).text()).includes(words)"
    )
    for words in all_words:
        page.wait_for_function(told, arg=words, polling=250)
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
