"""Alice asks, Bob answers, she says that this solved it: both see it at once, and Bob is who knows."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

TITLE = "Why does the flux sensor drift after a cold restart?"


def ask(alice: Page) -> str:
    """Ask by keyboard on the page that Ask opens; the address of the question."""
    expect(alice.locator("#composer [name=title]")).to_be_focused()
    alice.keyboard.type(TITLE)
    alice.keyboard.press("Enter")
    alice.keyboard.type("It is fine after an hour. #flux-sensors")
    alice.click("#composer button[type=submit]:has-text('Ask')")
    asked = alice.locator(".post[data-item]", has_text=TITLE)
    expect(asked).to_contain_text("No answer yet")
    expect(alice.locator("#composer [name=title]")).to_have_value("")
    asked.get_by_role("link", name=TITLE).click()
    expect(alice.locator("h1")).to_have_text(TITLE)
    return urlsplit(alice.url).path


def test_a_question_is_asked_answered_and_solved_before_both_and_the_answerer_is_found(opened: Open) -> None:
    alice = opened("alice", "/compose?kind=question")
    bob = opened("bob", ask(alice))
    bob.fill(".composer textarea", "Let it warm up for ten minutes before it calibrates itself.")
    bob.click(".composer button[type=submit]")
    for page in (alice, bob):
        expect(page.locator(".answer[data-item]", has_text="Let it warm up")).to_have_count(1)
        expect(page.locator("[data-answer-count]")).to_have_text("1 answer")
    expect(bob.get_by_role("button", name="This solved it")).to_have_count(0)

    alice.locator(".answer", has_text="Let it warm up").get_by_role("button", name="This solved it").click()
    for page in (alice, bob):
        expect(page.locator(".answer[data-accepted]", has_text="Let it warm up")).to_contain_text("This solved it")
        expect(page.locator(".question-head")).to_contain_text("Solved")

    bob.locator(".answer [data-leads]").click()
    expect(alice.locator(".answer [data-leads] [data-number]")).to_have_text("1")

    kept = keep(bob)
    expect(alice.locator(".question-head")).to_contain_text("Kept as an article")

    carol = opened("carol", "/experts?q=flux+sensor+drift")
    expect(carol.locator(".expert-name").first).to_contain_text("Bob Example")
    expect(carol.locator(".expert").first).to_contain_text("Answered")
    carol.goto("/compose?kind=question")
    carol.fill("#composer [name=title]", "Flux sensor drift after a cold restart")
    expect(carol.locator(".before-asking li").first).to_contain_text(TITLE)
    expect(carol.locator(".before-asking li").first).to_contain_text("Article, kept by Bob Example")
    expect(carol.locator(".before-asking")).to_contain_text("Bob Example")

    alice.get_by_role("button", name="It did not solve it").click()
    expect(alice.locator(".answer[data-accepted]")).to_have_count(0)
    expect(bob.locator(".answer[data-accepted]")).to_have_count(0)
    expect(bob.locator(".question-head")).not_to_contain_text("Solved")
    expect(kept.locator(".freshness")).to_contain_text("Review due")
    kept.goto("/notifications")
    expect(kept.locator("main")).to_contain_text(f"You keep {TITLE}: is it still right?")


def keep(bob: Page) -> Page:
    """Bob keeps his answer, in another window; its page."""
    made = bob.context.new_page()
    made.goto(bob.url)
    made.get_by_role("link", name="Keep it as an article").click()
    expect(made.locator("textarea[name=text]")).to_have_value(re.compile("Let it warm up"))
    made.get_by_role("button", name="Keep it").click()
    expect(made.locator("h1")).to_have_text(TITLE)
    expect(made.locator(".freshness")).to_contain_text("Checked, and not due yet")
    return made


def test_asking_and_accepting_work_without_script(opened: Open, town: Town) -> None:
    alice = opened("alice", "/compose?kind=question", java_script_enabled=False)
    alice.fill("#composer [name=title]", "Who keeps the spare keys?")
    alice.click("#composer button[type=submit]:has-text('Ask')")
    expect(alice.locator("h1")).to_have_text("Who keeps the spare keys?")
    question = re.sub(r"\D", "", alice.url.rpartition("/")[2])
    town.post("bob", "The porter does", reply_to=question)
    alice.reload()
    alice.get_by_role("button", name="This solved it").click()
    expect(alice.locator(".answer[data-accepted]")).to_contain_text("The porter does")
