"""Praise, polls and announcements between two browsers: what one gives, chooses or confirms, the other sees at once."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def begin(page: Page, kind: str, text: str) -> None:
    page.check(f"#composer [name=kind][value={kind}]", force=True)
    page.fill("#composer textarea", text)


def send(page: Page) -> None:
    page.click("#composer button[type=submit]:has-text('Post')")


def test_bob_sees_praise_arrive_on_his_wall_and_everywhere(opened: Open, town: Town) -> None:
    alice, bob, bob_at_home = opened("alice"), opened("bob", "/people/bob/praise"), opened("bob", "/?view=following")
    expect(bob.locator("[data-nothing]")).to_be_visible()
    begin(alice, "praise", "Found the drift the evening before the audit")
    send(alice)
    expect(alice.locator("#composer [data-note]")).to_contain_text("Name a colleague")  # and nothing typed is lost
    expect(alice.locator("#composer textarea")).to_have_value("Found the drift the evening before the audit")
    alice.locator("#praise-who").press_sequentially("bob ex")
    alice.get_by_role("option", name="Bob Example").click()
    expect(alice.locator(".picked li bdi")).to_have_text(["Bob Example"])
    alice.fill("#praise-topic", "fixtures")
    send(alice)
    expect(alice.locator(".post .praise")).to_contain_text("Bob Example")
    expect(alice.locator(".picked li")).to_have_count(0)
    expect(bob.locator(".toast")).to_contain_text("Alice Example praised you")
    for page in (bob, bob_at_home):
        expect(page.locator(".new-posts")).to_contain_text("1 new post")
        page.click(".new-posts")
        expect(page.locator(".post .praise")).to_contain_text("Found the drift")
    bob.locator(".post .menu summary").first.click()
    bob.click("text=Take my name out")
    expect(bob.locator(".post .praise")).to_have_count(0)
    expect(alice.locator(".post .praise")).to_have_count(0)
    expect(alice.locator(".post")).to_contain_text("Found the drift")
