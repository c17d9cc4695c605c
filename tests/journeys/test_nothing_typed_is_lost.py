"""Half a question, an answer, a comment, an article: whatever breaks while somebody types, their words are there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town
from tests.journeys.test_articles import kept, solved

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LIVE = '.frame[data-connection="live"]'


def stored(page: Page, words: str) -> None:
    """The script of a form that was just opened may come after the first words in it."""
    page.wait_for_function("(words) => Object.values(localStorage).some((one) => one.includes(words))", arg=words)


def come_back(page: Page) -> None:
    """As somebody who closed the tab and opens the page once more."""
    page.reload()
    page.wait_for_selector(LIVE)


def test_a_question_comes_back_with_all_that_was_chosen_for_it(opened: Open) -> None:
    alice = opened("alice", "/compose?kind=question")
    alice.get_by_label("Your question in one line").fill("How do I ask without my name?")
    alice.get_by_label("Your post").fill("I would rather not say.")
    alice.get_by_label("An answer helps").select_option("whenever")
    alice.get_by_label("Without my name").check()
    come_back(alice)
    expect(alice.get_by_label("Your question in one line")).to_have_value("How do I ask without my name?")
    expect(alice.get_by_label("Your post")).to_have_value("I would rather not say.")
    expect(alice.get_by_label("An answer helps")).to_have_value("whenever")
    expect(alice.get_by_label("Without my name")).to_be_checked()

    other = alice.context.new_page()
    other.goto("/compose?kind=question")
    expect(other.get_by_label("Without my name")).to_be_checked()
    other.get_by_label("Your post").fill("Nobody would.")
    expect(alice.get_by_label("Your post")).to_have_value("Nobody would.")  # one draft, in every tab
    other.get_by_role("button", name="Ask", exact=True).click()
    expect(other.get_by_role("alert")).to_contain_text("needs two stewards here")
    expect(other.get_by_label("Your post")).to_have_value("Nobody would.")
    other.get_by_label("Without my name").uncheck()
    other.get_by_role("button", name="Ask", exact=True).click()
    expect(other.locator(".post[data-item]", has_text="How do I ask")).to_have_count(1)
    for page in (other, alice):
        expect(page.get_by_label("Your post")).to_have_value("")
        expect(page.get_by_label("An answer helps")).to_have_value("soon")


def test_a_comment_on_an_answer_stays_one_and_the_next_words_are_an_answer(opened: Open, town: Town) -> None:
    question, _answer = solved(town, "What is a comment?")
    carol = opened("carol", f"/questions/{question}")
    box, note = carol.locator(".composer textarea"), carol.locator("[data-reply-note]")
    carol.locator("[data-reply]").first.click()
    box.fill("How far round?")
    expect(note).to_contain_text("A comment on the answer by Bob")
    come_back(carol)
    expect(box).to_have_value("How far round?")
    expect(note).to_contain_text("A comment on the answer by Bob")
    carol.get_by_role("button", name="Answer", exact=True).click()
    expect(carol.locator(".answer [data-replies] [data-item]", has_text="How far round?")).to_have_count(1)
    expect(note).to_be_hidden()
    refusal = {"status": 422, "fields": {"text": "Too many names."}}
    carol.route("**/comments", lambda route: route.fulfill(status=422, json=refusal, content_type="application/json"))
    box.fill("Or glue them.")
    carol.get_by_role("button", name="Answer", exact=True).click()
    refused = carol.locator("[data-state=failed]", has_text="Too many names.")
    refused.get_by_role("button", name="Edit").click()
    expect(refused).to_have_count(0)
    expect(box).to_have_value("Or glue them.")
    carol.unroute("**/comments")
    box.fill("Or glue it.")
    carol.get_by_role("button", name="Answer", exact=True).click()
    expect(carol.locator(".answer[data-item]", has_text="Or glue it.")).to_have_count(1)

    mine = carol.locator(".answer", has_text="Or glue it.")
    mine.locator("summary").first.click()
    mine.get_by_role("link", name="Edit").click()
    carol.get_by_label("Text", exact=True).fill("Or weld it.")
    stored(carol, "Or weld it.")
    come_back(carol)
    mine.locator("summary").first.click()
    mine.get_by_role("link", name="Edit").click()
    expect(carol.get_by_label("Text", exact=True)).to_have_value("Or weld it.")
    expect(carol.get_by_text("Your draft, kept on this device")).to_be_visible()
    carol.get_by_role("button", name="Save changes").click()
    expect(carol.locator(".answer", has_text="Or weld it.")).to_have_count(1)


def test_who_signs_in_again_in_another_tab_goes_on_where_they_typed(opened: Open, town: Town) -> None:
    question, _answer = solved(town, "What if my session ends?")
    carol = opened("carol", f"/questions/{question}")
    carol.locator(".composer textarea").fill("Written before the end of the session")
    other = carol.context.new_page()
    other.goto("/settings/security")
    other.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(carol.get_by_role("alert")).to_contain_text("You are signed out here.")
    carol.get_by_role("button", name="Answer", exact=True).click()
    waiting = carol.locator("[data-state=failed]", has_text="Written before the end of the session")
    expect(waiting).to_contain_text("you are signed out here")
    other.goto("/sign-in")
    other.fill("input[name=login]", "carol")
    other.fill("input[name=password]", town.passwords["carol"])
    other.locator("main form button[type=submit]").first.click()
    other.wait_for_url(lambda address: "/sign-in" not in address)
    carol.evaluate("dispatchEvent(new Event('focus'))")  # as when the tab is looked at again
    written = carol.locator(".answer[data-item]", has_text="Written before the end of the session")
    expect(written).to_have_count(1)
    expect(waiting).to_have_count(0)
    expect(carol.locator(".frame")).to_have_attribute("data-connection", "live")
    come_back(carol)
    expect(written).to_have_count(1)

    carol.goto("/compose?kind=question")
    carol.wait_for_selector(LIVE)
    carol.get_by_label("Your question in one line").fill("Where was I?")
    other.goto("/settings/security")
    other.get_by_role("button", name="Sign out", exact=True).first.click()
    carol.get_by_role("link", name="Sign in again").click()
    carol.fill("input[name=login]", "carol")
    carol.fill("input[name=password]", town.passwords["carol"])
    carol.locator("main form button[type=submit]").first.click()
    expect(carol.get_by_label("Your question in one line")).to_have_value("Where was I?")
    carol.get_by_label("Your question in one line").fill("")


def test_an_article_survives_a_broken_line_a_closed_tab_and_a_faster_colleague(opened: Open, town: Town) -> None:
    question, _answer = solved(town, "How is a gasket cut?")
    alice = opened("alice", f"/questions/{question}/article")
    alice.get_by_label("What to do").fill("Cut it with scissors.")
    alice.get_by_role("combobox", name="Who keeps the article").fill("nobody-of-that-name")
    stored(alice, "nobody-of-that-name")
    come_back(alice)
    expect(alice.get_by_label("What to do")).to_have_value("Cut it with scissors.")
    alice.get_by_role("button", name="Keep it").click()
    expect(alice.get_by_role("combobox", name="Who keeps the article")).to_have_attribute("aria-invalid", "true")
    expect(alice.get_by_label("What to do")).to_have_value("Cut it with scissors.")
    made = kept(town, question, "How is a gasket cut?")

    bob, there = opened("bob", f"/articles/{made}/edit"), opened("bob", f"/articles/{made}/edit")
    bob.get_by_label("What to do").fill("Cut it with a knife.")
    bob.context.set_offline(True)
    bob.get_by_role("button", name="Save").click()
    expect(bob.get_by_role("alert").filter(has_text="the connection dropped")).to_be_visible()
    bob.context.set_offline(False)
    there.get_by_label("What to do").fill("Cut it with a laser.")
    there.get_by_label("What changed, and why").fill("We have one now")
    there.get_by_role("button", name="Save").click()
    expect(there).to_have_url(re.compile(rf"/articles/{made}$"))

    come_back(bob)
    expect(bob.get_by_text("Your draft, kept on this device")).to_be_visible()
    bob.get_by_role("button", name="Save").click()
    expect(bob.get_by_role("alert").filter(has_text="changed meanwhile")).to_be_visible()
    expect(bob.get_by_text("We have one now")).to_be_visible()
    expect(bob.get_by_label("What to do")).to_have_value("Cut it with a knife.")
    bob.get_by_role("button", name="Save").click()
    expect(bob).to_have_url(re.compile(rf"/articles/{made}$"))
    expect(bob.locator("main")).to_contain_text("Cut it with a knife.")
    bob.goto(f"/articles/{made}/edit")
    expect(bob.get_by_label("What to do")).to_have_value("Cut it with a knife.")
    expect(bob.get_by_text("Your draft, kept on this device")).to_be_hidden()
