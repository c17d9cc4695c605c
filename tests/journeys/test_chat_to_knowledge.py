"""From chat to knowledge, live for two: who here knows, a message passed on, and its author asked before it is told."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, Town
from tests.journeys.test_chat import conversation, message, said

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_message_is_told_outside_when_its_author_says_so(opened: Open, town: Town) -> None:
    chat = conversation(town, people=["bob"])
    alice, bob = opened("alice", f"/chat/{chat}"), opened("bob", f"/chat/{chat}")
    said(town, "bob", chat, "Relief valves want grease every spring")
    there = message(alice, "Relief valves")
    there.hover()
    there.locator('summary[aria-label="More"]').click()
    there.get_by_role("link", name="Make it a post").click()
    expect(alice.get_by_text("This was said in private")).to_be_visible()
    alice.get_by_role("button", name="Ask Bob").click()
    expect(message(alice, "Relief valves")).to_contain_text("Bob is asked whether this may leave the conversation.")
    request = message(bob, "Relief valves").locator("[data-request]")
    expect(request).to_contain_text("Alice Example would like to make a post of this")
    request.get_by_role("button", name="Agree").click()
    expect(request).to_have_count(0)
    expect(message(alice, "Relief valves")).to_contain_text("Bob agrees.")
    message(alice, "Relief valves").locator("[data-request]").get_by_role("link", name="Make it a post").click()
    quoted = "> Relief valves want grease every spring\n\n— @bob"
    expect(alice.locator("#composer textarea[name=text]")).to_have_value(quoted)
    alice.get_by_role("button", name="Post", exact=True).click()
    post = alice.locator("[data-posts] .post", has_text="Relief valves")
    expect(post).to_contain_text("Said by Bob Example in chat")
    expect(alice.locator("#composer [name=retells]")).to_have_count(0)
    bob.goto("/?view=everyone")
    told = bob.locator(".post", has_text="Said by Bob Example in chat")
    expect(told.get_by_text("where it was said")).to_be_visible()


def test_a_message_is_passed_on_live_and_a_name_is_put_into_the_draft(opened: Open, town: Town) -> None:
    chat, room = conversation(town, people=["bob"]), conversation(town, room="passed on here", people=["bob"])
    first = said(town, "bob", chat, "the pump hums in b flat")
    bob = opened("bob", f"/chat/{room}")
    alice = opened("alice", f"/chat/messages/{first}/forward")
    alice.select_option("#forward-to", room)
    alice.fill("#forward-text", "worth knowing")
    alice.get_by_role("button", name="Pass on").click()
    expect(alice.get_by_role("alert")).to_contain_text("could not read this where it was said")
    alice.check('[name="confirm"]')
    alice.get_by_role("button", name="Pass on").click()
    arrived = message(bob, "worth knowing")
    expect(arrived.locator("[data-forwarded]")).to_contain_text("the pump hums in b flat")
    expect(arrived.get_by_text("where it was said")).to_be_visible()

    expect(message(alice, "worth knowing")).to_have_count(1)
    alice.locator(".who > summary").click()
    alice.fill(".who input", "b flat")
    expect(alice.locator(".who footer")).to_be_visible()
    alice.keyboard.press("Escape")
    expect(alice.locator(".who-panel")).to_be_hidden()
    alice.goto(f"/chat/{room}?newest=1&name=bob")
    expect(alice.locator("#box-0 textarea")).to_have_value("@bob ")


def test_a_message_is_copied_and_come_back_to_from_its_sheet_on_a_phone(opened: Open, town: Town) -> None:
    chat = conversation(town, people=["bob"])
    said(town, "bob", chat, "Valve 12 wants a new seal")
    phone = {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "permissions": ["clipboard-read", "clipboard-write"],
    }
    alice = opened("alice", f"/chat/{chat}", **phone)
    there = message(alice, "Valve 12")

    def choose(words: str) -> None:
        there.click()
        there.locator('summary[aria-label="More"]').click()
        expect(there.locator(".touch-quote")).to_contain_text("Valve 12 wants a new seal")
        there.get_by_text(words).click()

    choose("Copy the words")
    expect(alice.locator("[data-toasts]")).to_contain_text("Copied")
    assert alice.evaluate("navigator.clipboard.readText()") == "Valve 12 wants a new seal"
    choose("Remind me…")
    sheet = alice.get_by_role("dialog", name="Remind me of this")
    sheet.get_by_role("button", name="Remind me then").click()
    expect(sheet.get_by_role("alert")).to_have_text("Choose the day and the time.")
    sheet.get_by_role("button", name="In 20 minutes").click()
    expect(sheet).to_have_count(0)
    expect(alice.locator("[data-toasts]")).to_contain_text("You will be reminded")
    expect(there.locator('a[href$="/report"]')).to_have_count(1)


def test_words_begun_in_chat_become_a_question(opened: Open, town: Town) -> None:
    chat = conversation(town, people=["bob"])
    alice = opened("alice", f"/chat/{chat}")
    alice.fill("#box-0 textarea", "Which seal fits valve 12?\n\nThe old one is brown.")
    alice.get_by_role("button", name="As a question").click()
    expect(alice.locator("#composer [name=title]")).to_have_value("Which seal fits valve 12?")
    expect(alice.locator("#composer textarea[name=text]")).to_have_value("The old one is brown.")
    alice.goto(f"/chat/{chat}")
    expect(alice.locator("#box-0 textarea")).to_have_value("Which seal fits valve 12?\n\nThe old one is brown.")
    alice.get_by_role("button", name="As a question").click()
    alice.locator("#composer button[type=submit]", has_text="Ask").last.click()
    expect(alice.locator("[data-posts] .post", has_text="Which seal fits")).to_have_count(1)
    alice.goto(f"/chat/{chat}")
    expect(alice.locator("#box-0 textarea")).to_have_value("")
