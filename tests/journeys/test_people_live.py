"""Profiles, vouching, following and presence in two browsers, without a reload, and without script where it is off."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_what_alice_says_she_knows_is_vouched_for_by_bob_before_her_eyes(opened: Open) -> None:
    alice, bob = opened("alice", "/people/alice"), opened("bob", "/people/alice")
    alice.fill("#claim", "seal wear")
    alice.click(".skill-add button[type=submit]")
    expect(alice.locator(".skills li", has_text="seal wear")).to_have_count(1)
    expect(bob.locator(".skills li", has_text="seal wear")).to_have_count(1)  # his page fetched the list again
    bob.locator(".skills li", has_text="seal wear").get_by_role("link", name="Vouch").click()
    bob.fill("#field-reason", "Saved our night shift")
    bob.get_by_role("button", name="Vouch").click()
    expect(bob.locator(".kudos", has_text="Saved our night shift")).to_have_count(1)
    expect(alice.locator(".skills li", has_text="seal wear")).to_contain_text("colleagues agree")


def test_following_answers_at_once_and_is_still_there_after_a_reload(opened: Open) -> None:
    bob = opened("bob", "/people/carol")
    button = bob.locator(".profile-actions .follow button")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(bob.locator("[data-follower-count]")).to_have_text("1 follower")
    bob.reload()
    expect(bob.locator(".profile-actions .follow button")).to_have_attribute("aria-pressed", "true")


def test_a_colleague_who_comes_in_is_seen_as_around(opened: Open) -> None:
    alice = opened("alice", "/people/dana")
    dot = alice.locator(".profile-head [data-person-presence]")
    opened("dana", "/people")
    expect(dot).to_have_attribute("data-state", "around")


def test_a_profile_is_edited_and_a_topic_followed_without_script(opened: Open) -> None:
    carol = opened("carol", "/settings/profile", java_script_enabled=False)
    carol.fill("#field-title", "Gateway engineer")
    carol.fill("#field-links", "Evil javascript:alert(1)")
    carol.get_by_role("button", name="Save profile").click()
    expect(carol.locator("#field-links-error")).to_be_visible()
    expect(carol.locator("#field-title")).to_have_value("Gateway engineer")
    carol.fill("#field-links", "Runbook https://example.org/runbook")
    carol.get_by_role("button", name="Save profile").click()
    carol.goto("/people/carol")
    expect(carol.locator(".profile-about")).to_contain_text("Gateway engineer")
    carol.fill("#claim", "edge gateways")
    carol.locator(".skill-add button[type=submit]").click()
    carol.goto("/topics/edge-gateways")
    carol.get_by_role("button", name="Follow").click()
    expect(carol.get_by_role("button", name="Following")).to_be_visible()
