"""Searching in the browser: an open page announces what is new, filters answer at once, and everything goes by key."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def gaskets(town: Town) -> None:
    """Enough about gaskets to fill more than a page."""
    for number in range(23):
        town.post("carol" if number % 3 else "alice", f"Gasket number {number} #seals\n\nIt leaks a little.")


def top_of(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"]


def test_bens_open_page_announces_what_ada_posts_without_moving(opened: Open, town: Town, gaskets: None) -> None:
    bob = opened("bob", "/search?q=gasket")
    bob.get_by_text("Save this search").click()
    bob.fill("#save-name", "All about gaskets")
    bob.get_by_role("button", name="Save it").click()
    kept = bob.locator(".live-list", has_text="All about gaskets")
    expect(kept).to_be_visible()
    expect(bob.locator("[data-news]")).to_be_hidden()
    bob.wait_for_selector('.frame[data-connection="live"]')
    bob.evaluate("window.stayed = true; scrollTo(0, 400)")
    before, shown = top_of(bob, ".hit[data-kind=post]"), bob.locator(".hit").count()

    quiet = {"name": "Quiet", "kind": "hidden"}
    status, group = town.server.ask("POST", "/api/v1/groups", token=town.tokens["alice"], body=quiet)
    assert status == 201
    town.post("alice", "A secret gasket", audience={"group": group["id"]})
    town.post("alice", "A brand-new gasket")
    expect(bob.locator("[data-news]")).to_be_visible()
    expect(bob.locator("[data-news]")).to_have_text("1 new result")
    expect(kept.locator(".badge")).to_contain_text("1")
    assert bob.evaluate("window.stayed")
    assert top_of(bob, ".hit[data-kind=post]") == before
    assert bob.locator(".hit").count() == shown

    bob.click("[data-news]")
    expect(bob.locator(".hit").first).to_contain_text("A brand-new gasket")
    expect(bob.locator("[data-news]")).to_be_hidden()


def test_a_saved_search_counts_in_another_window_until_it_is_looked_at(opened: Open, town: Town, gaskets: None) -> None:
    carol = opened("carol", "/search?q=sprocket")
    carol.get_by_text("Save this search").click()
    carol.get_by_role("button", name="Save it").click()
    carol.goto("/search/saved")
    carol.wait_for_selector('.frame[data-connection="live"]')
    town.post("alice", "The sprocket squeaks")
    badge = carol.locator(".saved-rows .badge")
    expect(badge).to_contain_text("1")
    other = carol.context.new_page()
    other.goto("/search?q=sprocket")
    expect(other.locator(".hit", has_text="The sprocket squeaks")).to_have_count(1)
    expect(badge).to_be_hidden(timeout=15_000)


def test_filters_narrow_at_once_and_go_one_by_one(opened: Open, gaskets: None) -> None:
    bob = opened("bob", "/search?q=gasket&kind=post")
    bob.get_by_role("group", name="Who wrote it").get_by_label("Alice Example").check()
    chip = bob.locator(".query .operator", has_text="Alice Example")
    expect(chip).to_be_visible()
    expect(bob).to_have_url(re.compile(r"q=gasket&kind=post&by=alice$"))
    expect(bob.locator("h1")).to_contain_text(re.compile(r"^\d results"))
    chip.click()
    expect(bob.locator(".query")).to_have_count(0)
    expect(bob).to_have_url(re.compile(r"q=gasket&kind=post$"))


def test_more_comes_below_and_nothing_comes_twice(opened: Open, town: Town, gaskets: None) -> None:
    bob = opened("bob", "/search?q=gasket&order=newest&kind=post")
    expect(bob.locator(".hit")).to_have_count(20)
    town.post("alice", "One more gasket, meanwhile")
    bob.get_by_role("link", name="Show 20 more").click()
    expect(bob.get_by_role("link", name="Show 20 more")).to_have_count(0)
    ids = bob.locator(".hit").evaluate_all("hits => hits.map((hit) => hit.dataset.hit)")
    assert len(ids) == len(set(ids)) >= 23


def test_everything_goes_by_key(opened: Open, gaskets: None) -> None:
    bob = opened("bob", "/search?q=gasket&kind=post")
    bob.keyboard.press("/")
    box = bob.locator("[role=search] input")
    expect(box).to_be_focused()
    box.press_sequentially("carol")
    expect(bob.locator(".lookup [role=option][href='/people/carol']")).to_be_visible()
    bob.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("lookup-"))
    bob.keyboard.press("Escape")
    expect(bob.locator(".lookup")).to_be_hidden()
    bob.keyboard.press("ArrowDown")
    bob.keyboard.press("ArrowDown")
    expect(bob.locator(".hit").nth(1)).to_be_focused()
    bob.keyboard.press("Enter")
    expect(bob).to_have_url(re.compile(r"/posts/\d+"))


def test_what_was_searched_for_lately_is_offered_and_can_be_forgotten(opened: Open, gaskets: None) -> None:
    bob = opened("bob", "/search?q=gasket+number")
    bob.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('recent-searches'))")
    bob.goto("/search")
    box = bob.locator("[role=search] input")
    box.click()
    bob.keyboard.press("ArrowDown")
    expect(bob.locator(".lookup [data-line]", has_text="gasket number")).to_be_visible()
    bob.locator(".lookup [data-forget]").click()
    expect(bob.locator(".lookup [data-line]", has_text="gasket number")).to_have_count(0)


def test_searching_narrowing_paging_and_saving_work_without_script(opened: Open, gaskets: None) -> None:
    alice = opened("alice", "/search?q=gasket&kind=post", java_script_enabled=False)
    alice.get_by_role("link", name="Show 20 more").click()
    expect(alice.locator(".hit").first).to_be_visible()
    alice.goto("/search?q=gasket&kind=post")
    alice.get_by_role("group", name="Who wrote it").get_by_label("Carol Example").check()
    alice.get_by_role("button", name="Show these").click()
    expect(alice.locator(".query .operator", has_text="Carol Example")).to_be_visible()
    alice.get_by_text("Save this search").click()
    alice.fill("#save-name", "Carol's gaskets")
    alice.get_by_role("button", name="Save it").click()
    expect(alice.locator(".live-list")).to_contain_text("Carol's gaskets")
    alice.goto("/search/saved")
    alice.get_by_role("button", name=re.compile("^Delete")).click()
    expect(alice.locator("main")).to_contain_text("No saved search yet")


def test_filters_wait_in_a_sheet_on_a_phone(opened: Open, gaskets: None) -> None:
    bob = opened("bob", "/search?q=gasket&kind=post", viewport={"width": 360, "height": 740}, has_touch=True)
    bob.get_by_role("link", name="Filters").click()
    sheet = bob.get_by_role("dialog", name="Narrow it down")
    expect(sheet).to_be_visible()
    sheet.get_by_label("Alice Example").check()
    sheet.get_by_role("button", name="Show results").click()
    expect(bob.locator(".query .operator", has_text="Alice Example")).to_be_visible()
    assert bob.evaluate("document.documentElement.scrollWidth") <= 360
