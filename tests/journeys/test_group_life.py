"""A group from its founding to its archive, in two browsers at once; and that nobody outside hears of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def found(page: Page, name: str, kind: str) -> str:
    """Start a group through its form; returns its path."""
    page.goto("/groups/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.check(f"input[name=kind][value={kind}]")
    page.get_by_role("button", name="Start it").click()
    page.wait_for_url(re.compile(r"/groups/(?!new)"))
    page.wait_for_selector('.frame[data-connection="live"]')
    return page.url.removeprefix(page.evaluate("location.origin"))


def write(page: Page, text: str) -> None:
    page.fill("#composer textarea", text)
    page.click("#composer button[type=submit]:has-text('Post')")
    expect(page.locator(".post", has_text=text)).to_have_count(1)


def at(page: Page, path: str) -> Page:
    page.goto(path)
    page.wait_for_selector('.frame[data-connection="live"]')
    return page


def test_a_closed_group_from_the_first_request_to_the_door(opened: Open, town: Town) -> None:
    alice, bob = opened("alice", "/groups"), opened("bob", "/groups")
    path = found(alice, "Night shift", "closed")
    at(bob, path)
    expect(bob.locator("main")).to_contain_text("Its members alone can read Night shift")
    bob.fill("textarea[name=words]", "I start on Monday")
    bob.get_by_role("button", name="Ask to join").click()
    expect(bob.locator("main")).to_contain_text("You have asked")
    expect(alice.locator(".toast", has_text="would like to join")).to_contain_text(
        "Bob Example"
    )  # her open page says so
    at(alice, path).get_by_role("button", name="Let in Bob Example").click()
    expect(alice.locator(".readers")).to_contain_text("Only its 2 members can read this.")

    at(bob, path)
    alice.wait_for_selector('.frame[data-connection="live"]')
    write(alice, "The boiler hums at four")
    expect(bob.locator(".new-posts")).to_contain_text("1 new post")
    bob.click(".new-posts")
    expect(bob.locator(".post", has_text="The boiler hums at four")).to_have_count(1)

    # Taken out while he reads: his page is the door again, and nothing more comes.
    other = alice.context.new_page()
    at(other, f"{path}/members")
    line = other.locator("#members > li", has_text="Bob Example")
    line.locator("summary").click()
    line.get_by_role("button", name="Take out of the group").click()
    expect(bob.locator("main")).to_contain_text("Its members alone can read Night shift")
    expect(bob.locator("body")).not_to_contain_text("The boiler hums at four")
    bob.wait_for_selector('.frame[data-connection="live"]')
    at(alice, path)
    write(alice, "And stops at five")
    town.post("dana", "The canteen has soup, @bob")  # what he hears of after it
    expect(bob.locator(".toast", has_text="Dana Example mentioned you")).to_be_visible(timeout=20_000)
    expect(bob.locator(".new-posts:visible")).to_have_count(0)
    expect(bob.locator("body")).not_to_contain_text("stops at five")


def test_an_open_group_that_closes_shuts_the_page_of_who_only_read(opened: Open) -> None:
    alice, carol = opened("alice", "/groups"), opened("carol", "/groups")
    path = found(alice, "Bird watch", "open")
    write(alice, "Cranes at noon")
    at(carol, path)
    expect(carol.locator(".post", has_text="Cranes at noon")).to_have_count(1)
    at(alice, f"{path}/settings")
    alice.check("input[name=kind][value=closed]")
    expect(alice.locator(".group-consequence[data-kind=closed]")).to_contain_text("no longer will")
    alice.get_by_role("button", name="Save").click()
    expect(carol.locator("main")).to_contain_text("Its members alone can read Bird watch")
    expect(carol.locator("body")).not_to_contain_text("Cranes at noon")


def test_what_an_owner_pins_shows_on_the_open_page_of_a_member(opened: Open) -> None:
    alice, bob = opened("alice", "/groups"), opened("bob", "/groups")
    path = found(alice, "Rope team", "open")
    write(alice, "Where the keys hang")
    write(alice, "Who comes along")
    expect(alice.locator(".post[data-item]")).to_have_count(2)  # they have arrived
    at(bob, path)
    post, other = (bob.locator(".post[data-item]", has_text=words) for words in ("Where the keys", "Who comes"))
    top = other.evaluate("one => one.getBoundingClientRect().top")
    _turn(at(alice, path), "Where the keys hang", "Pin in the group")
    expect(alice.get_by_role("list", name="Pinned")).to_contain_text("Where the keys hang")
    expect(post.get_by_text("Pinned", exact=True)).to_be_visible()
    assert other.evaluate("one => one.getBoundingClientRect().top") == top  # what he reads stands where it stood
    expect(bob.get_by_role("button", name="Unpin", include_hidden=True)).to_have_count(0)
    pinned = at(bob, path).get_by_role("list", name="Pinned")
    expect(pinned.get_by_role("listitem")).to_have_count(1)
    pinned.get_by_role("link").press("Enter")
    expect(bob).to_have_url(re.compile(r"/posts/\d+$"))
    bob.wait_for_selector('.frame[data-connection="live"]')
    expect(post.get_by_text("Pinned", exact=True)).to_be_visible()
    _turn(alice, "Where the keys hang", "Unpin")
    expect(post.get_by_text("Pinned", exact=True)).to_be_hidden()
    expect(at(bob, path).get_by_role("list", name="Pinned")).to_have_count(0)


def _turn(page: Page, words: str, entry: str) -> None:
    """An entry in the menu of the post with those words."""
    post = page.locator(".post[data-item]", has_text=words)
    post.locator(".post-head summary").click()
    with page.expect_navigation():
        post.get_by_role("button", name=entry).click()
    page.wait_for_selector('.frame[data-connection="live"]')


def test_a_hidden_group_is_nowhere_for_carol(opened: Open) -> None:
    alice, carol = opened("alice", "/groups"), opened("carol", "/?view=everyone")
    path = found(alice, "Zugvogel", "hidden")
    write(alice, "Wings for #zugvogelplan")
    for place in ("/groups", "/?view=everyone", "/people/alice", "/search?q=Wings", "/search?q=Zugvogel&kind=group"):
        at(carol, place)
        expect(carol.locator("main")).not_to_contain_text("Wings for")
        assert carol.locator(f'a[href^="{path}"]').count() == 0, place
    assert at(carol, "/people").request.get(f"{carol.evaluate('location.origin')}{path}").status == 404
    for page, count in ((carol, 0), (at(alice, "/people"), 1)):
        page.keyboard.press("Control+k")
        with page.expect_response(re.compile(r"/palette\?q=zugvo")):
            page.keyboard.type("zugvo")
        expect(page.locator("#palette [role=option]", has_text="Who knows about")).to_be_visible()
        expect(page.locator(f'#palette [role=option][href="{path}"]')).to_have_count(count)


def test_a_group_is_handed_over_and_archived(opened: Open, town: Town) -> None:
    alice, bob = opened("alice", "/groups"), opened("bob", "/groups")
    path = found(alice, "Boat crew", "open")
    at(bob, path).get_by_role("button", name="Join Boat crew").click()
    bob.wait_for_selector("#composer")
    at(alice, f"{path}/settings")
    alice.get_by_role("combobox", name="Who keeps it from now on").press_sequentially("Bob Ex")
    alice.get_by_role("option", name="Bob Example").click()
    alice.get_by_role("button", name="Hand it over").click()
    expect(alice.locator("main")).to_contain_text("Bob Example keeps Boat crew from now on.")
    assert alice.request.get(f"{town.address}{path}/settings").status == 404
    at(bob, f"{path}/settings").locator('main form[action$="/archive"] button:visible').last.click()
    expect(bob.locator(".readers")).to_contain_text("It is archived")
    expect(bob.locator("#composer")).to_have_count(0)
    expect(at(alice, path).locator("#composer")).to_have_count(0)
    at(alice, "/groups?show=archived")
    expect(alice.locator("#groups")).to_contain_text("Boat crew")


def test_the_longest_name_of_a_group_scrolls_nothing_sideways_on_a_phone(opened: Open) -> None:
    alice = opened("alice", "/groups", viewport={"width": 360, "height": 740})
    path = found(alice, "Wasserzählerfernablesungsarbeitsgemeinschaft" + "s" * 16, "closed")
    for page in (f"{path}/settings", "/groups", "/following", "/", path):
        alice.goto(page)
        assert alice.evaluate("document.documentElement.scrollWidth") <= 360, page
    write(alice, "The lock stands beside the name")
    place = alice.locator(".post .post-meta a", has=alice.locator(".icon"))
    lock, name = place.locator(".icon").bounding_box(), place.locator("bdi").bounding_box()
    assert lock
    assert name
    assert name["y"] - 4 < lock["y"] < name["y"] + name["height"]
