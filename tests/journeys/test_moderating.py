"""A moderator closes a thread while others write in it: they read why at once, and no word of theirs is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

CLOSED = "This post is closed to replies."


def turn(page: Page, post_id: str, entry: str) -> None:
    """What a moderator's menu of a post offers."""
    head = page.locator(f"#item-{post_id} .post-head")
    head.locator("summary").click()
    head.get_by_role("button", name=entry).click()


def test_a_thread_closes_under_who_writes_and_opens_again(opened: Open, town: Town) -> None:
    post_id = town.post("alice", "Which editor is the best?")
    town.post("alice", "I begin: mine", reply_to=post_id)
    bob, carol, dana = (opened(who, f"/posts/{post_id}") for who in ("bob", "carol", "dana"))
    words = bob.get_by_label("Your reply")
    words.fill("Mine, and for ten reasons")
    expect(bob.get_by_role("button", name="Close to replies", include_hidden=True)).to_have_count(0)
    turn(dana, post_id, "Close to replies")
    for page in (bob, carol, dana):
        expect(page.locator(f"#item-{post_id}").get_by_text("Closed to replies", exact=True)).to_be_visible()
        expect(page.get_by_text(CLOSED)).to_be_visible()
        expect(page.get_by_role("link", name="Reply", exact=True)).to_have_count(0)
    expect(carol.get_by_label("Your reply")).to_be_hidden()
    expect(words).to_have_value("Mine, and for ten reasons")
    expect(bob.get_by_text("What you typed stays here.")).to_be_visible()
    expect(bob.get_by_role("button", name="Reply", exact=True)).to_be_disabled()
    words.press("Control+Enter")
    expect(bob.locator("[data-state=sending], [data-state=failed]")).to_have_count(0)
    bob.reload()
    bob.wait_for_selector('.frame[data-connection="live"]')
    expect(words).to_have_value("Mine, and for ten reasons")
    expect(bob.get_by_text(CLOSED)).to_be_visible()
    turn(dana, post_id, "Open to replies again")
    for page in (bob, carol, dana):
        expect(page.get_by_text(CLOSED)).to_be_hidden()
    expect(carol.get_by_label("Your reply")).to_be_visible()
    bob.get_by_role("button", name="Reply", exact=True).click()
    for page in (bob, carol):
        expect(page.locator(".reply", has_text="for ten reasons")).to_be_visible()


def test_a_question_closes_and_opens_in_the_same_way(opened: Open, town: Town) -> None:
    post_id = town.post("alice", "It hums.", kind="question", title="Why does the fridge hum?")
    bob, carol, dana = (opened(who, f"/questions/{post_id}") for who in ("bob", "carol", "dana"))
    answer = bob.get_by_label("Your answer")
    answer.fill("Because it does not know the words")
    turn(dana, post_id, "Close to replies")
    for page in (bob, carol):
        expect(page.get_by_text(CLOSED)).to_be_visible()
    expect(carol.get_by_label("Your answer")).to_be_hidden()
    expect(answer).to_have_value("Because it does not know the words")
    turn(dana, post_id, "Open to replies again")
    expect(carol.get_by_label("Your answer")).to_be_visible()
    bob.get_by_role("button", name="Answer", exact=True).click()
    expect(carol.locator("[data-answer]", has_text="does not know the words")).to_be_visible()


def test_without_script_a_reply_that_comes_too_late_is_handed_back(opened: Open, town: Town) -> None:
    post_id = town.post("alice", "Tea or coffee?")
    bob, dana = opened("bob", f"/posts/{post_id}", java_script_enabled=False), opened("dana", f"/posts/{post_id}")
    bob.get_by_label("Your reply").fill("Tea, if it is hot")
    turn(dana, post_id, "Close to replies")
    expect(dana.get_by_text(CLOSED)).to_be_visible()
    bob.get_by_role("button", name="Reply", exact=True).click()
    expect(bob.get_by_text(CLOSED)).to_be_visible()
    expect(bob.get_by_label("Your reply")).to_have_value("Tea, if it is hot")
