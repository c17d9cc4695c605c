"""What surrounds every page, used as people use it: by keyboard, by thumb, without script and without a line."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def test_somebody_finds_a_topic_without_touching_the_mouse(opened: Open, town: Town) -> None:
    town.post("bob", "Where is the spare key of the #boathouse?")
    page = opened("alice", "/people")
    page.keyboard.press("/")
    box = page.locator(".topbar [role=combobox]")
    expect(box).to_be_focused()
    page.keyboard.type("boath")
    option = page.get_by_role("option", name=re.compile("^boathouse"))
    expect(option).to_be_visible()
    while option.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/boathouse")


def test_escape_closes_the_suggestions_and_keeps_the_words(opened: Open) -> None:
    page = opened("alice", "/people")
    page.keyboard.press("/")
    page.keyboard.type("bob")
    box = page.locator(".topbar [role=combobox]")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("bob")


def test_keys_lead_to_places_and_can_be_turned_off(opened: Open) -> None:
    page = opened("alice", "/people")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/topics")
    page.wait_for_selector('.frame[data-connection="live"]')
    page.keyboard.press("?")
    page.get_by_role("switch", name="Single keys on this device").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator(".topbar [role=combobox]")).not_to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=combobox]")).to_be_focused()
    page.keyboard.type("groups")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_a_letter_in_a_field_is_a_letter(opened: Open) -> None:
    page = opened("alice")
    page.focus("#composer textarea")
    page.keyboard.type("gt/n?")
    expect(page.locator("#composer textarea")).to_have_value("gt/n?")
    assert "/topics" not in page.url


def test_the_drawer_takes_the_focus_and_gives_it_back(opened: Open) -> None:
    page = opened("alice", "/people", **PHONE)
    more = page.locator(".tabbar [aria-controls=nav]")
    expect(page.locator("#nav")).to_be_hidden()
    more.tap()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#nav li a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(page.locator("#nav")).to_be_hidden()


def test_without_script_every_place_can_still_be_reached_on_a_phone(opened: Open) -> None:
    page = opened("alice", "/people", java_script_enabled=False, **PHONE)
    page.locator(".tabbar [aria-controls=nav]").tap()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.locator("#nav").get_by_role("link", name="Settings").tap()
    page.wait_for_url("**/settings/profile")


def test_the_chosen_colours_are_there_before_the_first_paint(opened: Open) -> None:
    page = opened("alice", "/people", color_scheme="light")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.reload(wait_until="commit")
    page.wait_for_selector("html[data-theme=dark]", state="attached")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != dark


def test_a_lost_line_says_so_and_a_found_one_too(opened: Open) -> None:
    page = opened("alice", "/people")
    banner = page.locator("[data-connection-banner]")
    page.context.set_offline(True)
    expect(banner).to_contain_text("Reconnecting.", timeout=60_000)
    page.context.set_offline(False)
    expect(banner).to_contain_text("Back online.", timeout=30_000)
    expect(banner).to_be_empty(timeout=10_000)
