"""What people expect around a post, in two browsers: link cards, posts for later, undoing a deletion, passing on."""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.faults.running import running_server
from tests.journeys.conftest import Open, Town, founded
from tests.links import hostile
from tests.links.hostile import Hostile

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def wiki() -> Iterator[Hostile]:
    with hostile.hostile_server() as found:
        yield found


@pytest.fixture(scope="module")
def town(wiki: Hostile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town whose worker may look at the one wiki of these journeys."""
    settings = {"COUTH_LINK_PORTS": f"80,{wiki.port}", "COUTH_LINK_NETWORKS": "127.0.0.1/32"}
    with pytest.MonkeyPatch.context() as environment:
        for name, value in settings.items():
            environment.setitem(os.environ, name, value)
        with running_server(tmp_path_factory.mktemp("wiki-town") / "data") as server:
            yield founded(server)


def menu(page: Page, post_id: str) -> None:
    page.locator(f"#item-{post_id} > .post-main > .post-head summary").click()


def test_a_link_card_appears_on_both_pages_and_goes_from_both(opened: Open, town: Town, wiki: Hostile) -> None:
    html = "<title>Seal wear <b>early</b></title><meta name=description content='Nine days'>"
    wiki.answers["/d40"] = hostile.page(html)
    post_id = town.post("alice", "Read this")
    alice, bob = opened("alice"), opened("bob", f"/posts/{post_id}")
    assert bob.locator(".link-card").count() == 0
    menu(alice, post_id)
    alice.locator(f"#item-{post_id} [data-edit]").first.click()
    alice.fill(f"#item-{post_id} [data-edit-form] textarea", f"Read {wiki.url('/d40', host='127.0.0.1')}")
    alice.click(f"#item-{post_id} [data-edit-form] button[type=submit]")
    for page in (alice, bob):
        expect(page.locator(f"#item-{post_id} .link-card")).to_contain_text("Seal wear <b>early</b>")
    expect(bob.get_by_role("button", name="Remove the link card")).to_have_count(0)
    alice.locator(f"#item-{post_id}").get_by_role("button", name="Remove the link card").click()
    for page in (alice, bob):
        expect(page.locator(f"#item-{post_id} .link-card")).to_have_count(0)
    alice.locator(".toast").get_by_role("button", name="Undo").click()
    for page in (alice, bob):
        expect(page.locator(f"#item-{post_id} .link-card")).to_contain_text("Nine days")


def test_a_post_for_later_goes_out_on_both_pages_at_its_moment(opened: Open) -> None:
    alice, bob = opened("alice"), opened("bob")
    alice.fill("#composer textarea[name=text]", "Good morning, all")
    alice.locator(".later > summary").click()
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT08:00")
    alice.fill("#goes-at", tomorrow)
    alice.click("[data-schedule]")
    expect(alice.locator(".toast", has_text="It goes out on")).to_be_visible()
    expect(alice.locator("#composer textarea[name=text]")).to_have_value("")
    alice.goto("/scheduled")
    expect(alice.locator(".later-list")).to_contain_text("Good morning, all")
    alice.wait_for_selector('.frame[data-connection="live"]')

    soon = (datetime.now(UTC) + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%S")
    sent = """async ([soon]) => {
      const token = document.querySelector('meta[name="csrf-token"]').content;
      const body = new URLSearchParams({ text: "Just in time", goes_at: soon, zone: "UTC" });
      const headers = { "X-Fragment": "1", "X-CSRFToken": token };
      return (await fetch("/posts/schedule", { method: "POST", body, headers })).status;
    }"""
    assert alice.evaluate(sent, [soon]) == 201
    expect(alice.locator(".later-list li")).to_have_count(2)
    expect(bob.locator(".new-posts")).to_contain_text("1 new post", timeout=20_000)
    bob.click(".new-posts")
    expect(bob.locator(".post").first).to_contain_text("Just in time")
    expect(alice.locator(".later-list li")).to_have_count(1)  # the list follows by itself
    alice.get_by_role("button", name="Send now").click()
    expect(alice.locator(".post").first).to_contain_text("Good morning, all")
    expect(bob.locator(".new-posts")).to_contain_text("1 new post")


def test_a_deletion_and_its_undo_show_on_both_pages(opened: Open, town: Town) -> None:
    above, post_id, below = (town.post("alice", words) for words in ("Above", "Said too soon", "Below"))
    alice, bob = opened("alice"), opened("bob")
    order = "[...document.querySelectorAll('.post[data-item]')].map((post) => post.dataset.item).slice(0, 3)"
    assert bob.evaluate(order) == [below, post_id, above]
    menu(alice, post_id)
    alice.locator(f"#item-{post_id} [data-delete] button").first.click()
    for page in (alice, bob):
        expect(page.locator(f"#item-{post_id}")).to_have_count(0)
    alice.locator(".toast").get_by_role("button", name="Undo").click()
    for page in (alice, bob):
        expect(page.locator(f"#item-{post_id}")).to_contain_text("Said too soon")
        assert page.evaluate(order) == [below, post_id, above]


def test_passing_on_and_muting_work_by_keyboard(opened: Open, town: Town) -> None:
    post_id = town.post("alice", "Worth more readers")
    bob = opened("bob")
    bob.keyboard.press("j")
    expect(bob.locator(f"#item-{post_id}")).to_be_focused()
    bob.locator(f"#item-{post_id} > .post-main > .post-head summary").focus()
    bob.keyboard.press("Enter")
    bob.locator(f"#item-{post_id} [data-share]").focus()
    bob.keyboard.press("Enter")
    sheet = bob.get_by_role("dialog", name="Pass on what Alice wrote")
    expect(sheet).to_contain_text("All 4 can read it in full")
    sheet.get_by_label("Your line above it").fill("Look at this")
    sheet.get_by_role("button", name="Pass on to 4").press("Enter")
    expect(bob.locator(".toast", has_text="Passed on.")).to_be_visible()
    menu(bob, post_id)
    bob.locator(f"#item-{post_id} [data-mute] button").click()
    expect(bob.locator(f"#item-{post_id}")).to_have_count(0)
    bob.locator(".toast", has_text="Muted").get_by_role("button", name="Undo").click()
    expect(bob.locator(f"#item-{post_id}")).to_be_visible()


def test_a_documents_first_page_shows_on_both_pages_and_code_is_copied_by_key(opened: Open) -> None:
    paper = io.BytesIO()
    Image.new("RGB", (400, 560), "teal").save(paper, "PDF")
    alice, bob = opened("alice"), opened("bob")
    alice.set_input_files("[data-files]", {"name": "plan.pdf", "mimeType": "", "buffer": paper.getvalue()})
    alice.fill("#composer textarea", "How it starts\n\n```python\nprint(42)\n```")
    alice.click("#composer button[type=submit]:has-text('Post')")
    bob.locator("[data-new-posts]").click()
    for page in (alice, bob):
        post = page.locator(".post[data-item]", has_text="How it starts")
        expect(post.locator("[data-preview='page'] img")).to_be_visible(timeout=30_000)
        expect(post.get_by_text("1 page")).to_be_visible()
    bob.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bob.get_by_role("button", name="Copy code").focus()
    bob.keyboard.press("Enter")
    expect(bob.locator(".toast", has_text="Copied")).to_be_visible()
    assert bob.evaluate("navigator.clipboard.readText()") == "print(42)\n"
