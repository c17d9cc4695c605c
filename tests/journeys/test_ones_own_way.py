"""What people set, gather and keep for themselves, in two browsers: dials, catch-up, lists, links, versions, drafts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def follow(page: Page, path: str) -> None:
    page.goto(path)
    button = page.locator("form.follow button").first
    if button.get_attribute("aria-pressed") != "true":
        button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def slide(page: Page, name: str, place: str) -> None:
    with page.expect_response(lambda answer: "view=for-you" in answer.url and answer.ok):
        page.locator(f".dials input[name={name}]").fill(place)


def expect_first(page: Page, first: str, *, before: str) -> None:
    """Of two posts in the ranked feed, once it was put in order."""
    both = page.locator(f"[data-view='for-you'] #item-{first}, [data-view='for-you'] #item-{before}")
    expect(both.first).to_have_id(f"item-{first}")


def test_the_dials_put_the_open_page_in_another_order_and_stay_on_another_device(opened: Open, town: Town) -> None:
    by_topic = town.post("carol", "A seal of another sort #gland-packing")
    by_person = town.post("alice", "What alice has to say")
    dana = opened("dana", "/topics/gland-packing")
    follow(dana, "/topics/gland-packing")
    follow(dana, "/people/alice")
    dana.goto("/?view=for-you")
    dana.locator(".tune > summary").click()
    slide(dana, "people", "4")
    slide(dana, "topics", "0")
    expect_first(dana, by_person, before=by_topic)
    expect(dana.locator(".dials label", has_text="Topics").locator("output")).to_have_text("hardly any")
    slide(dana, "people", "0")
    slide(dana, "topics", "4")
    expect_first(dana, by_topic, before=by_person)
    phone = opened("dana", "/?view=for-you", viewport={"width": 390, "height": 844})
    expect_first(phone, by_topic, before=by_person)
    phone.locator(".tune > summary").click()
    for name in ("people", "topics"):
        slide(phone, name, "2")


def test_catching_up_has_an_end_and_begins_again_with_what_comes_next(opened: Open, town: Town) -> None:
    dana = opened("dana", "/people/alice")
    follow(dana, "/people/alice")
    town.post("alice", "While dana was away")
    dana.goto("/?view=catch-up")
    shown: list[str] = []
    while dana.get_by_role("button", name="I have seen these").count():
        shown += dana.locator(".post[data-item] [data-body]").all_inner_texts()
        with dana.expect_navigation():
            dana.get_by_role("button", name="I have seen these").click()
    expect(dana.locator("[data-nothing]")).to_contain_text("You have seen all")
    assert shown[-1] == "While dana was away"  # the oldest first
    alice = opened("alice")
    alice.fill("#composer textarea[name=text]", "And this came after")
    alice.click("#composer button[type=submit]:has-text('Post')")
    expect(alice.locator(".post[data-item]").first).to_contain_text("And this came after")
    dana.goto("/?view=catch-up")
    expect(dana.locator(".post[data-item]")).to_have_count(1)
    expect(dana.locator(".post[data-item]")).to_contain_text("And this came after")


def test_a_list_has_a_timeline_that_takes_what_its_people_post_and_nothing_else(opened: Open, town: Town) -> None:
    bob = opened("bob", "/people/alice/lists")
    bob.fill("input[name=name]", "Who knows pumps")
    bob.get_by_role("button", name="Make the list").click()
    bob.goto("/lists")
    bob.get_by_role("link", name="Who knows pumps", exact=True).click()
    bob.wait_for_selector('.frame[data-connection="live"]')
    answer = opened("alice").request.get(bob.url)
    assert answer.status == 404
    town.post("carol", "Of somebody who is on no list")
    town.post("alice", "Of somebody who is on it")
    expect(bob.locator(".new-posts")).to_contain_text("1 new post")
    bob.click(".new-posts")
    expect(bob.locator(".post[data-item]").first).to_contain_text("Of somebody who is on it")
    assert bob.locator(".post", has_text="on no list").count() == 0


def test_a_link_is_copied_and_opened_and_what_was_said_before_can_be_read(opened: Open, town: Town) -> None:
    post_id = town.post("alice", "The valve opens at 4 bar")
    alice, bob = opened("alice"), opened("bob")
    bob.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bob.locator(f"#item-{post_id} > .post-main > .post-head summary").click()
    bob.locator(f"#item-{post_id}").get_by_role("link", name="Copy link").click()
    expect(bob.locator(".toast", has_text="Copied")).to_be_visible()
    link = bob.evaluate("navigator.clipboard.readText()")
    assert link == f"{town.address}/posts/{post_id}"
    carol = opened("carol", link)
    for page in (bob, carol):
        expect(page.locator(f"#item-{post_id} [data-edited]").first).to_be_hidden()
    alice.locator(f"#item-{post_id} > .post-main > .post-head summary").click()
    alice.locator(f"#item-{post_id} [data-edit]").first.click()
    alice.fill(f"#item-{post_id} [data-edit-form] textarea", "The valve opens at 6 bar")
    alice.click(f"#item-{post_id} [data-edit-form] button[type=submit]")
    for page in (bob, carol):
        expect(page.locator(f"#item-{post_id}")).to_contain_text("at 6 bar")
    carol.locator(f"#item-{post_id} [data-edited] a").first.click()
    expect(carol).to_have_url(re.compile(f"/posts/{post_id}/history$"))
    for said in ("at 4 bar", "at 6 bar"):
        expect(carol.locator("main")).to_contain_text(said)


def test_a_draft_goes_on_at_another_device_and_neither_writes_over_the_other(opened: Open) -> None:
    box = "#composer textarea[name=text]"

    def write(page: Page, words: str) -> None:
        with page.expect_response(lambda answer: answer.url.endswith("/compose/draft")):
            page.fill(box, words)

    desk = opened("carol")
    write(desk, "Begun at the desk")
    phone = opened("carol", viewport={"width": 390, "height": 844})
    expect(phone.locator(box)).to_have_value("Begun at the desk")
    write(phone, "Begun at the desk, and gone on with on the way")
    write(desk, "Begun at the desk, where somebody else sat down")
    note = desk.locator("[data-forked]")
    expect(note).to_contain_text("gone on with on the way")
    note.get_by_role("button", name="Take that").click()
    expect(desk.locator(box)).to_have_value("Begun at the desk, and gone on with on the way")
    expect(note).to_contain_text("where somebody else sat down")
    with desk.expect_response(lambda answer: answer.url.endswith("/compose/draft")):
        note.get_by_role("button", name="Keep what stands here").click()
    desk.reload()
    expect(desk.locator(box)).to_have_value("Begun at the desk, and gone on with on the way")
    write(desk, "")
