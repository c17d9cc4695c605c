"""What is pressed or typed while nobody answers: the page stays as it is, says so, and the next press is heard."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town
from tests.journeys.silent import between
from tests.journeys.test_articles import kept, solved
from tests.journeys.test_installed import controlled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def unsent(page: Page) -> None:
    expect(page.locator("[data-toasts]")).to_contain_text("Not sent: the connection dropped.")


def test_an_article_found_right_without_a_line_stays_where_it_was(opened: Open, town: Town) -> None:
    made = kept(town, solved(town, "Why does the lid stick?")[0], "The lid")
    with between(town.server.port) as line:
        carol = opened("carol", f"/articles/{made}", base_url=line.address)
        right = carol.get_by_role("button", name="Still right")
        line.cut()
        right.click()
        unsent(carol)
        line.is_cut = False
        right.click()
        expect(right).to_have_attribute("aria-pressed", "true")


def test_a_form_without_a_script_of_its_own_stays_as_well(opened: Open, town: Town) -> None:
    with between(town.server.port) as line:
        alice = opened("alice", "/settings/notices", base_url=line.address)
        controlled(alice)
        alice.reload()  # from here on the service worker stands before what the page sends
        alice.get_by_label("Words", exact=True).fill("herons")
        save = alice.get_by_role("button", name="Save", exact=True).first
        line.cut()
        save.click()
        unsent(alice)
        expect(alice.get_by_label("Words", exact=True)).to_have_value("herons")
        line.is_cut = False
        save.click()
        expect(alice.get_by_text("Saved.")).to_be_visible()
        alice.get_by_label("Words", exact=True).fill("")
        alice.get_by_role("button", name="Save", exact=True).first.click()
        expect(alice.get_by_label("Words", exact=True)).to_have_value("")
