"""Alice posts; Bob's open feeds show it with its reason, and "less of this" acts on it at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_what_alice_posts_reaches_bobs_feeds_with_its_reason_and_can_be_turned_down(opened: Open, town: Town) -> None:
    bob = opened("bob", "/people/alice")
    bob.locator("form.follow button").first.click()
    expect(bob.locator("form.follow button").first).to_have_attribute("aria-pressed", "true")
    bob.goto("/?view=for-you")
    bob.wait_for_selector('.frame[data-connection="live"]')
    newest = opened("bob", "/?view=following")
    town.post("alice", "The flow meters are calibrated")
    for page in (bob, newest):
        expect(page.locator(".new-posts")).to_contain_text("1 new post")
        assert page.locator(".post", has_text="The flow meters are calibrated").count() == 0
        page.click(".new-posts")
    shown = bob.locator(".post", has_text="The flow meters are calibrated")
    expect(shown).to_contain_text(
        re.compile("Here because you (follow Alice Example|and Alice Example answer each other)")
    )
    expect(newest.locator(".post", has_text="The flow meters are calibrated")).to_have_count(1)

    shown.locator(".post-head summary").click()
    shown.locator("button", has_text="Less of what Alice Example posts").click()
    expect(bob.locator("[data-why=person]", has_text="Alice Example")).to_have_count(0)
    bob.locator(".toast button", has_text="Undo").click()
    expect(shown).to_have_count(1)
