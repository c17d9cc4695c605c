"""Alice asks, Bob is found and answers, she says that this solved it: both see it at once, and Bob is who knows."""

import re
from urllib.parse import quote_plus, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

TITLE = "Why does the flux sensor drift after a cold restart?"


def ask(alice: Page, title: str = TITLE, text: str = "It is fine after an hour. #flux-sensors") -> str:
    """Ask by keyboard on the page that Ask opens; the address of the question."""
    expect(alice.locator("#composer [name=title]")).to_be_focused()
    alice.keyboard.type(title)
    alice.keyboard.press("Enter")
    alice.keyboard.type(text)
    alice.click("#composer button[type=submit]:has-text('Ask')")
    asked = alice.locator(".post[data-item]", has_text=title)
    expect(asked).to_contain_text("No answer yet")
    expect(alice.locator("#composer [name=title]")).to_have_value("")
    asked.get_by_role("link", name=title).click()
    expect(alice.locator("h1")).to_have_text(title)
    return urlsplit(alice.url).path


def work_round_the_clock(person: Page) -> None:
    """Whoever does can be asked whenever the tests run."""
    for name, moment in (("from", "00:00"), ("to", "23:59")):
        person.locator(f".asking-week [name^={name}-]").evaluate_all(
            "(boxes, moment) => boxes.forEach((box) => (box.value = moment))", moment
        )
    person.get_by_role("button", name="Save").click()
    expect(person.locator("main")).to_contain_text("Saved.")


def first_expert(page: Page, name: str, words: str = "flux sensor drift") -> Locator:
    """Who is named first, as soon as what everybody wrote is known."""
    first = page.locator(".expert").first
    for _time in range(120):
        page.goto(f"/experts?q={quote_plus(words)}")
        if name in first.locator(".expert-name").inner_text():
            break
        page.wait_for_timeout(250)
    expect(first.locator(".expert-name")).to_contain_text(name)
    return first


def be_asked_and_answer(bob: Page, alice: Page, question: str) -> None:
    """Bob looks at it, puts it off where he was told of it, then writes after all; Alice sees each of it."""
    doing = alice.locator("[data-asked-person]", has_text="Bob Example")
    expect(doing).to_contain_text("Asked", timeout=20_000)
    expect(doing).to_contain_text("Wrote")
    bob.goto(question)
    expect(doing).to_contain_text("Has seen it")
    bob.goto("/notifications")
    bob.locator(".notice", has_text=TITLE).get_by_role("button", name="Later").click()
    expect(bob.locator("main")).to_contain_text("You will be asked again on your next working day.")
    expect(doing).to_contain_text("Looks at it later")
    bob.goto(question)
    expect(bob.locator(".asked-me")).to_contain_text("You will be asked again")
    bob.wait_for_selector('.frame[data-connection="live"]')
    bob.locator(".composer textarea").press_sequentially("Let it warm up")
    expect(doing.get_by_text("Is writing")).to_be_visible()
    bob.fill(".composer textarea", "Let it warm up for ten minutes before it calibrates itself.")
    bob.click(".composer button[type=submit]")
    expect(doing).to_contain_text("Answered")


def test_a_question_finds_who_knows_and_is_solved_before_both_and_the_answerer_rises(opened: Open, town: Town) -> None:
    town.post("bob", "A flux sensor can drift when it is cold. #flux-sensors")
    for words in ("Flux sensor drift explained, part one", "Flux sensor drift explained, part two"):
        town.post("dana", f"{words}. #flux-sensors")
    carol = opened("carol")
    first_expert(carol, "Dana Example")
    bob = opened("bob", "/settings/asking")
    work_round_the_clock(bob)
    alice = opened("alice", "/compose?kind=question")
    be_asked_and_answer(bob, alice, ask(alice))
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

    expect(first_expert(carol, "Bob Example")).to_contain_text("Answered")
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


def test_a_question_is_passed_on_and_then_is_nobodys_field(opened: Open, town: Town) -> None:
    title = "Which ferrofluid seals a turbopump?"
    town.post("dana", "A ferrofluid of iron and oil seals every turbopump. #ferrofluid")
    bob, dana = opened("bob", "/settings/asking"), opened("dana", "/settings/asking")
    for person in (bob, dana):
        work_round_the_clock(person)
    first_expert(dana, "Dana Example", "ferrofluid turbopump")
    alice = opened("alice", "/compose?kind=question")
    question = ask(alice, title, "#ferrofluid")
    danas, bobs = (alice.locator(f"[data-asked-person]:has([data-person={name}])") for name in ("dana", "bob"))
    expect(danas).to_contain_text("Asked", timeout=20_000)

    dana.set_viewport_size({"width": 390, "height": 844})
    dana.goto(question)
    way = dana.locator(".asked-me-way")
    way.locator("summary").click()
    way.locator("[name=note]").fill("He cut them")
    way.locator("[name=to]").fill("nobody of that name")
    way.get_by_role("button", name="Pass it on").click()
    expect(way.get_by_role("alert")).to_be_visible()
    expect(way.locator("[name=note]")).to_have_value("He cut them")
    way.locator("[name=to]").fill("bob")
    way.get_by_role("button", name="Pass it on").click()
    expect(dana.locator("main")).to_contain_text("Passed on. They are asked as soon as they can be.")
    expect(dana.locator(".asked-me")).to_have_count(0)
    expect(danas).to_contain_text("Passed it on")
    expect(danas).to_contain_text("He cut them")

    expect(bobs).to_contain_text("Asked", timeout=20_000)
    bob.goto(question)
    expect(bob.locator(".asked-me")).to_contain_text("Dana Example")
    bob.get_by_role("button", name="Not my field").click()
    expect(bob.locator("main")).to_contain_text("The finder trusts less that you know ferrofluid")
    expect(bobs).to_contain_text("Cannot help")


def test_a_field_that_is_refused_reads_out_why_until_it_is_sent_again(opened: Open, town: Town) -> None:
    alice = opened("alice", "/compose?kind=question")
    title, note = alice.locator("#composer [name=title]"), alice.locator("#composer [data-note]")
    title.fill("Who opens the gate at night?")
    alice.fill("#composer textarea", "It is about the porter.")
    asked = alice.get_by_role("combobox", name="Ask by name")
    asked.fill("nobody of that name")
    alice.click("#composer button[type=submit]:has-text('Ask')")
    expect(note).to_be_visible()
    refused = alice.locator("#composer [aria-invalid=true]")
    expect(refused).to_have_count(1)
    expect(refused).to_be_focused()
    expect(refused).to_have_accessible_description(re.compile(re.escape(note.inner_text())))
    asked.fill("")
    alice.click("#composer button[type=submit]:has-text('Ask')")
    expect(title).to_have_value("")
    expect(refused).to_have_count(0)
