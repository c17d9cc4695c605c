"""Two people who keep apart, somebody's first minutes, and who is here: in browsers, live, and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_after_a_block_neither_sees_the_other_and_nothing_arrives_live(town: Town, opened: Open) -> None:
    town.post("carol", "a heron before")
    alice, carol = opened("alice"), opened("carol")
    second = alice.context.new_page()
    second.goto("/people/carol")
    second.get_by_label("More about Carol Example").click()
    second.get_by_role("link", name="Block…").click()
    second.get_by_role("button", name="Block", exact=True).click()
    expect(second.get_by_text("You have blocked Carol")).to_be_visible()
    try:
        # What alice's other window showed of carol is gone without a reload.
        expect(alice.locator("article", has_text="a heron before")).to_have_count(0)
        town.post("carol", "a heron behind the block")
        town.post("alice", "an otter behind the block")
        town.post("bob", "the last word is bob's")
        for page in (alice, carol):
            expect(page.locator("[data-new-posts]")).to_be_visible()
            page.locator("[data-new-posts]").click()
            expect(page.locator("article", has_text="the last word is bob's")).to_have_count(1)
        expect(alice.locator("article", has_text="behind the block")).to_have_count(1)  # her own
        expect(carol.locator("article", has_text="an otter behind")).to_have_count(0)
        expect(alice.locator("article", has_text="a heron behind")).to_have_count(0)
        carol.goto("/search?q=otter")
        expect(carol.get_by_text("an otter behind")).to_have_count(0)
    finally:
        second.goto("/settings/apart")
        second.get_by_role("button", name="Unblock Carol Example").click()
    carol.goto("/?view=everyone")
    expect(carol.locator("article", has_text="an otter behind")).to_have_count(1)


def test_somebody_new_follows_a_topic_and_a_person_and_finds_another_on_a_phone(town: Town, opened: Open) -> None:
    town.post("alice", "How we descale: vinegar, then wait. #kettles")
    said = town.server.command("people", "add", "noor", "--name", "Noor Al-Farsi", "--role", "member")
    town.passwords["noor"] = said.split()[-1]
    page = opened("noor", "/", viewport={"width": 390, "height": 844})
    page.goto("/start")
    _fits(page, "#field-about")
    page.fill("#field-about", "I connect things. مرحبا")
    page.get_by_role("button", name="Next: give and take").click()
    _fits(page, "#field-help_more")
    page.fill("#field-help_more", "integrations")
    page.fill("#field-follow_more", "kettles")
    page.get_by_role("button", name="Next: first people").click()
    _fits(page, "input[name=person]")
    page.locator("input[name=person]").first.check()
    page.get_by_role("button", name="Next: one question").click()
    expect(page.locator("input[name=q]")).to_have_value("kettles")
    expect(page.locator(".meet")).to_contain_text("Alice Example")
    page.get_by_role("button", name="Show me around").click()
    expect(page.get_by_text("Good to have you here")).to_be_visible()
    page.goto("/start")
    expect(page).to_have_url(f"{town.address}/")
    page.goto("/following")
    expect(page.locator("main")).to_contain_text("kettles")
    expect(page.locator(".follow-list .person")).not_to_have_count(0)


def _fits(page: Page, field: str) -> None:
    expect(page.locator(field).first).to_be_visible()  # of the page that was asked for, not of the one before it
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_who_is_here_is_seen_by_others_without_a_reload(opened: Open) -> None:
    alice, bob = opened("alice", "/here-today"), opened("bob", "/here-today")
    alice.fill("#field-place", "Calibration lab")
    alice.get_by_role("button", name="Set place").click()
    place = bob.locator("[data-said] li", has_text="Calibration lab").first
    expect(place).to_contain_text("Alice Example")
    alice.fill("#field-place", "")
    alice.get_by_role("button", name="Set place").click()
    expect(bob.locator("[data-said]", has_text="Calibration lab")).to_have_count(0)
