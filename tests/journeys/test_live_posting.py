"""Alice and Bob, each in a browser of their own: what one does the other sees, at once and without a reload."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def write(page: Page, text: str) -> None:
    page.fill("#composer textarea", text)
    page.click("#composer button[type=submit]:has-text('Post')")


def texts(page: Page) -> list[str]:
    return page.locator(".post [data-body]").all_inner_texts()


def test_alice_posts_and_bobs_page_shows_it_without_asking_for_it(opened: Open) -> None:
    alice, bob = opened("alice"), opened("bob")
    asked: list[str] = []
    bob.on("request", lambda request: asked.append(request.url))
    write(alice, "The **gateway** is back")
    expect(alice.locator(".post", has_text="The gateway is back")).to_have_count(1)
    expect(bob.locator(".new-posts")).to_be_visible()
    assert not [url for url in asked if "feed" in url or "events" in url or "posts" in url]
    expect(bob.locator(".new-posts")).to_contain_text("1 new post")
    assert bob.locator(".post", has_text="The gateway is back").count() == 0  # nothing moved under his eyes
    bob.click(".new-posts")
    expect(bob.locator(".post").first).to_contain_text("The gateway is back")
    expect(bob.locator(".new-posts")).to_be_hidden()
    expect(alice.locator(".new-posts")).to_be_hidden()  # her own post is no news to her


def test_bob_loses_his_line_misses_ten_posts_and_gets_exactly_those_ten(opened: Open, town: Town) -> None:
    bob = opened("bob")
    before = texts(bob)
    bob.context.set_offline(True)
    bob.wait_for_selector(".frame:not([data-connection='live'])", timeout=60_000)
    missed = [f"Missed number {number}" for number in range(10)]
    for text in missed:
        town.post("alice", text)
    bob.context.set_offline(False)
    expect(bob.locator(".new-posts")).to_contain_text("10 new posts", timeout=30_000)
    bob.click(".new-posts")
    expect(bob.locator(".post", has_text="Missed number")).to_have_count(10)
    assert texts(bob) == [*reversed(missed), *before]


def test_a_mention_a_comment_a_reaction_an_edit_and_a_deletion_arrive_live(opened: Open, town: Town) -> None:
    post_id = town.post("bob", "Who knows about seals?")
    alice, bob = opened("alice", f"/posts/{post_id}"), opened("bob", f"/posts/{post_id}")
    elsewhere = opened("bob", "/people")
    alice.fill(".reply-form textarea", "I do, @bob")
    alice.click(".reply-form button[type=submit]")
    expect(bob.locator(".reply", has_text="I do, @Bob Example")).to_have_count(1)
    expect(
        elsewhere.locator(".toast", has_text="Alice Example mentioned you")
    ).to_be_visible()  # here he sees it himself
    expect(bob.locator(".toast", has_text="mentioned you")).to_have_count(0)
    expect(alice.locator(".reply", has_text="I do, @Bob Example")).to_have_count(1)

    alice.locator(f"#item-{post_id} > .post-main > .post-actions .reaction-menu summary").click()
    alice.locator(f"#item-{post_id} > .post-main > .post-actions .reaction-menu [data-kind=bulb]").click()
    for page, pressed in ((alice, "true"), (bob, "false")):
        button = page.locator(f"[data-reactions='{post_id}'] > [data-kind=bulb]")
        expect(button).to_contain_text("1")
        expect(button).to_have_attribute("aria-pressed", pressed)

    bob.locator(f"#item-{post_id} > .post-main > .post-head summary").click()
    bob.locator(f"#item-{post_id} [data-edit]").first.click()
    bob.fill(f"#item-{post_id} [data-edit-form] textarea", "Who knows about pump seals?")
    bob.click(f"#item-{post_id} [data-edit-form] button[type=submit]")
    expect(alice.locator(f"#body-{post_id}")).to_have_text("Who knows about pump seals?")
    expect(alice.locator(f"#item-{post_id} [data-edited]").first).to_be_visible()

    bob.locator(f"#item-{post_id} > .post-main > .post-head summary").click()
    bob.locator(f"#item-{post_id} > .post-main > .post-head [data-delete] button").click()
    expect(alice.locator(".stream[data-gone]")).to_contain_text("This post was deleted.")


def test_what_could_not_be_sent_waits_through_a_reload_and_goes_once(opened: Open) -> None:
    alice = opened("alice")
    tries: list[str] = []

    def cut(route: Route) -> None:
        tries.append(route.request.url)
        route.abort()

    alice.route("**/posts", cut)
    write(alice, "Written in a tunnel")
    pending = alice.locator(".post[data-state=failed]", has_text="Written in a tunnel")
    pending.get_by_role("button", name="Try again").click()
    expect(pending.get_by_role("button", name="Discard")).to_be_visible()
    assert len(tries) > 1
    alice.reload()
    expect(pending.get_by_role("button", name="Discard")).to_be_visible()
    alice.unroute("**/posts")
    # it goes by itself as soon as there is a line
    expect(alice.locator(".post[data-item]", has_text="Written in a tunnel")).to_have_count(1, timeout=30_000)
    alice.reload()
    expect(alice.locator(".post", has_text="Written in a tunnel")).to_have_count(1)


def test_what_was_typed_is_there_after_a_reload(opened: Open) -> None:
    alice = opened("alice")
    alice.locator("#composer textarea").press_sequentially("Half a thou")
    alice.reload()
    expect(alice.locator("#composer textarea")).to_have_value("Half a thou")
    alice.fill("#composer textarea", "")


def test_typing_a_name_completes_it(opened: Open) -> None:
    alice = opened("alice")
    alice.locator("#composer textarea").press_sequentially("Thanks @bo")
    expect(alice.locator("#composer [role=option]")).to_contain_text("Bob Example")
    alice.keyboard.press("Enter")
    expect(alice.locator("#composer textarea")).to_have_value("Thanks @bob ")
    alice.fill("#composer textarea", "")


def test_an_impatient_hand_posts_once_and_is_told_what_is_missing(opened: Open) -> None:
    alice = opened("alice")
    send = alice.locator("#composer button[type=submit]:has-text('Post')")
    send.click()
    expect(alice.locator("#composer [data-note]")).to_have_text("Write something first.")
    alice.locator("#composer textarea").press_sequentially("Twice pressed by @bo")
    expect(alice.locator("#composer-options")).to_be_visible()
    send.dblclick()  # the list between words and button goes only when the button was pressed
    expect(alice.locator(".post:not([data-state])", has_text="Twice pressed")).to_have_count(1)
    expect(alice.locator("#composer textarea")).to_have_value("")
    expect(alice.locator("#composer [data-note]")).to_be_hidden()
    files = [FilePayload(name=f"{number}.txt", mimeType="text/plain", buffer=b"words") for number in range(12)]
    alice.set_input_files("#composer [data-files]", files)
    expect(alice.locator("#composer [data-attached] > li")).to_have_count(10)
    expect(alice.locator("#composer [data-note]")).to_have_text("At most 10 files.")
    alice.reload()
    expect(alice.locator(".post", has_text="Twice pressed")).to_have_count(1)


def test_a_picture_travels_with_its_description(opened: Open) -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (640, 400), "teal").save(out, "PNG")
    alice = opened("alice")
    alice.set_input_files("[data-files]", {"name": "tank.png", "mimeType": "image/png", "buffer": out.getvalue()})
    alice.get_by_label("Describe tank.png").fill("A teal tank")
    alice.keyboard.press("Tab")
    write(alice, "Look at this tank")
    shown = alice.locator(".post[data-item]", has_text="Look at this tank").get_by_role("img", name="A teal tank")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.complete && image.naturalWidth") == 640


def test_reading_posting_and_replying_work_without_script(opened: Open) -> None:
    alice = opened("alice", java_script_enabled=False)
    write(alice, "Posted without script")
    post = alice.locator(".post", has_text="Posted without script")
    expect(post).to_have_count(1)
    post.get_by_role("link", name="Reply").click()
    alice.fill(".reply-form textarea", "And replied")
    alice.click(".reply-form button[type=submit]")
    expect(alice.locator(".reply", has_text="And replied")).to_have_count(1)
    expect(alice).to_have_url(re.compile(r"/posts/\d+#item-\d+"))


@pytest.mark.parametrize("path", ["/", "/?view=everyone", "/bookmarks", "/compose", "/people/alice/posts"])
def test_nothing_scrolls_sideways_at_360_pixels(opened: Open, town: Town, path: str) -> None:
    town.post("alice", "\n".join(f"{'  ' * depth}- deep" for depth in range(60)))
    town.post("alice", ">" * 300 + " quoted in a quote, Z" + "\u0301" * 300)
    town.post("alice", "`a_very_long_identifier_" + "x" * 200 + "`\n\n```\n" + "wide " * 80 + "\n```")
    page = opened("alice", path, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
