"""Two words become one topic while somebody follows them; and the palette, by keyboard alone."""

import re
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_steward_merges_two_words_and_old_links_lead_on(opened: Open, town: Town) -> None:
    town.post("bob", "The #gaskit leaks")
    town.post("bob", "The #gasket holds")
    alice, dana = opened("alice", "/topics/gaskit"), opened("dana", "/topics/gaskit")
    alice.get_by_role("button", name=re.compile("^Follow")).click()
    expect(alice.get_by_role("button", name=re.compile("^Following"))).to_be_visible()
    dana.get_by_role("link", name="Edit", exact=True).click()
    dana.get_by_label("The topic that stays").fill("gasket")
    dana.get_by_role("button", name="See what would change").click()
    expect(dana.locator("main")).to_contain_text("It cannot be undone")
    dana.get_by_role("button", name="Make it one topic").click()
    dana.wait_for_url("**/topics/gasket")

    def arrived(page: Page) -> bool:
        page.goto("/topics/gaskit")  # the old address, until it leads on
        return page.url.endswith("/topics/gasket")

    for _try in range(120):
        if arrived(alice):
            break
        alice.wait_for_timeout(250)
    expect(alice.locator("main")).to_contain_text("Also found as")
    expect(alice.locator("main")).to_contain_text("The #gaskit leaks")
    expect(alice.locator("main")).to_contain_text("The #gasket holds")
    expect(alice.get_by_role("button", name=re.compile("^Following"))).to_be_visible()


def test_an_old_word_leads_on_when_a_steward_names_it(opened: Open, town: Town) -> None:
    town.post("bob", "A new #gearwheel")
    alice, dana = opened("alice", "/topics"), opened("dana", "/topics/gearwheel/edit")
    there = alice.goto("/topics/cogwheel")
    assert there
    assert there.status == 404
    dana.get_by_label("Other names, one per line").fill("Cogwheel\nZahnrad")
    dana.get_by_role("button", name="Save").click()
    dana.wait_for_url("**/topics/gearwheel")
    alice.reload()
    expect(alice).to_have_url(re.compile("/topics/gearwheel$"))
    expect(alice.locator("main")).to_contain_text("Zahnrad")
    alice.wait_for_selector('.frame[data-connection="live"]')
    alice.goto("/")
    alice.fill("#composer textarea", "Two #Cogwheel too many")
    alice.click("#composer button[type=submit]:has-text('Post')")
    alice.locator(".post[data-item]", has_text="too many").get_by_role("link", name="#Cogwheel").click()
    expect(alice).to_have_url(re.compile("/topics/gearwheel$"))
    for words in ("A new #gearwheel", "Two #Cogwheel too many"):
        expect(alice.locator(".post", has_text=words)).to_be_visible()
    # A word that is one already is refused, and what the steward typed stands.
    dana.goto("/topics/gearwheel/edit")
    town.post("bob", "One #sprocket")
    dana.get_by_label("Other names, one per line").fill("Cogwheel\nsprocket")
    dana.get_by_role("button", name="Save").click()
    expect(dana.get_by_text("Already a topic or another name of one: sprocket")).to_be_visible()
    expect(dana.get_by_label("Other names, one per line")).to_have_value("Cogwheel\nsprocket")


def pick(page: Page, words: str, option: str) -> None:
    """Ctrl-K, a few letters, arrows until it is chosen, Enter."""
    page.keyboard.press("Control+k")
    box = page.locator("#palette [role=combobox]")
    expect(box).to_be_focused()
    with page.expect_response(re.compile(rf"/palette\?q={re.escape(quote_plus(words))}$")):
        page.keyboard.type(words, delay=5)
    wanted = page.locator("#palette [role=option]", has_text=option).first
    expect(wanted).to_be_visible()
    for _step in range(30):
        if wanted.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", wanted.get_attribute("id") or "?")
    page.keyboard.press("Enter")


def test_the_palette_leads_does_and_remembers(opened: Open) -> None:
    page = opened("alice", "/topics")
    pick(page, "bob ex", "Bob Example")
    page.wait_for_url("**/people/bob")
    page.wait_for_selector('.frame[data-connection="live"]')
    before = page.evaluate("document.documentElement.dataset.theme ?? ''")
    pick(page, "dark", "Switch between light and dark")
    expect(page.locator("#palette")).to_be_hidden()
    assert page.evaluate("document.documentElement.dataset.theme") not in {before, None}
    pick(page, "deutsch", "Read Couth in Deutsch")
    page.wait_for_url("**/settings/appearance")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.wait_for_selector('.frame[data-connection="live"]')
    pick(page, "english", "Couth auf English lesen")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.wait_for_selector('.frame[data-connection="live"]')
    page.keyboard.press("Control+k")
    lately = page.get_by_role("group", name="Lately")
    expect(lately.get_by_role("option")).to_have_count(1)
    expect(lately).to_contain_text("Bob Example")
    expect(page.locator("#palette [data-count]")).to_contain_text(re.compile(r"\d+ places"))


def test_what_takes_a_while_has_the_shape_of_rows_until_it_comes(opened: Open, town: Town) -> None:
    town.post("bob", "The #sprocket turns")
    page = opened("alice", "/topics")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/experts/top?*", hold)
    page.goto("/topics/sprocket")
    place = page.locator('[data-source^="/experts/top"]')
    expect(place.locator(".skeleton").first).to_be_visible()
    expect(place.get_by_role("status")).to_have_text("Loading")
    for route in held:
        route.continue_()
    expect(page.locator(".skeleton")).to_have_count(0)
    expect(place).not_to_have_attribute("aria-busy", "true")
