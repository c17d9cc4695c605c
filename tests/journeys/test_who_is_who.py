"""Whom one works with, in two browsers: the chart walked by key and searched, who wrote when, and somebody who goes.

A town of its own: one of its people is deleted, and it has a chart.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.faults.running import eventually, running_server
from tests.journeys.conftest import Open, Town, founded
from tests.journeys.test_accessible_pages import _faults

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

CHART = """name,username,manager
Yan Lead,yan,
Xenia Deputy,xenia,yan
Alice Example,alice,xenia
Bob Example,bob,xenia
Carol Example,carol,yan
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    place = tmp_path_factory.mktemp("who-is-who")
    with running_server(place / "data") as server:
        found = founded(server)
        chart = place / "chart.csv"
        chart.write_text(CHART, encoding="utf-8")
        server.command("people", "import", str(chart))
        yield found


def walk(page: Page, key: str, to: str) -> None:
    page.keyboard.press(key)
    page.wait_for_url(f"**/people/{to}/org")
    expect(page.locator(".walk-card h2")).to_be_visible()
    page.wait_for_selector('.frame[data-connection="live"]')


def test_the_chart_is_walked_by_key_and_searched(opened: Open) -> None:
    alice = opened("alice", "/org")
    expect(alice).to_have_url(re.compile("/people/alice/org$"))
    walk(alice, "ArrowRight", "bob")
    walk(alice, "ArrowLeft", "alice")
    walk(alice, "ArrowUp", "xenia")
    expect(alice.get_by_role("heading", name="2 people report to Xenia")).to_be_visible()
    walk(alice, "ArrowUp", "yan")
    walk(alice, "ArrowDown", "carol")
    alice.get_by_label("A name").press("ArrowUp")  # in a box the keys belong to the box
    expect(alice).to_have_url(re.compile("/people/carol/org$"))
    alice.get_by_label("A name").fill("xen")
    alice.get_by_label("A name").press("Enter")
    alice.wait_for_url("**/people/xenia/org")
    alice.wait_for_selector('.frame[data-connection="live"]')
    alice.keyboard.press("Enter")
    alice.wait_for_url("**/people/xenia")


def test_the_chart_is_walked_by_thumb_and_says_who_is_called_so(opened: Open) -> None:
    bob = opened("bob", "/people/bob/org", viewport={"width": 360, "height": 740}, color_scheme="dark")
    bob.get_by_role("list", name="Line up").get_by_role("link", name="Xenia Deputy").click()
    expect(bob.get_by_role("heading", name="Xenia Deputy")).to_be_visible()
    bob.get_by_label("A name").fill("exam")
    bob.get_by_label("A name").press("Enter")
    found = bob.get_by_role("region", name="People, by name")
    expect(found.get_by_role("listitem")).to_have_count(4)
    assert not _faults(bob, "/org?q=exam")
    bob.get_by_label("A name").fill("nobody-at-all")
    bob.get_by_label("A name").press("Enter")
    expect(bob.get_by_text("Nobody is called that")).to_be_visible()
    bob.get_by_role("link", name="Back to your own place").click()
    expect(bob).to_have_url(re.compile("/people/bob/org$"))


def test_what_one_writes_shows_in_the_rhythm_that_others_see(opened: Open, town: Town) -> None:
    alice, token = town.tokens["alice"], town.tokens["alice"]
    _, group = town.server.ask("POST", "/api/v1/groups", token=token, body={"name": "Small hours", "kind": "closed"})
    members = f"/api/v1/groups/{group['id']}/members"
    assert town.server.ask("POST", members, token=alice, body={"username": "bob"})[0] in {200, 201}
    bob, carol = opened("bob", "/people/alice"), opened("carol", "/people/alice")

    def say(page: Page) -> int:
        page.reload()
        year = page.get_by_role("img", name="of the past year")
        if not year.count():
            return 0
        said = re.fullmatch(r"(\d+) posts? .* on 1 day of the past year", year.get_attribute("aria-label") or "")
        assert said
        return int(said[1])

    before = say(bob), say(carol)
    post_id = town.post("alice", "Said to everybody")
    town.post("alice", "And below it", reply_to=post_id)
    assert (say(bob), say(carol)) == (before[0] + 2, before[1] + 2)
    town.post("alice", "Said in the small hours", audience={"group": group["id"]})
    assert (say(bob), say(carol)) == (before[0] + 3, before[1] + 2)
    expect(bob.locator(".heat-months")).to_be_visible()
    bob.get_by_text("By month").press("Enter")
    expect(bob.locator(".heat-months dd")).to_have_text(str(before[0] + 3))


def frida(town: Town) -> str:
    """A colleague who will go; returns what she wrote."""
    said = town.server.command("people", "add", "frida", "--name", "Frida Faraway", "--email", "frida@example.org")
    town.passwords["frida"] = said.split()[-1]
    town.tokens["frida"] = town.server.command("token", "frida").splitlines()[-1]
    return town.post("frida", "How the kiln is lit")


def test_somebody_asks_to_be_deleted_thinks_better_of_it_and_goes_in_the_end(opened: Open, town: Town) -> None:
    post_id = frida(town)
    town.post("alice", "Thank you, @frida", reply_to=post_id)
    page, bob = opened("frida", "/settings/data"), opened("bob", "/people/frida")
    erase = page.get_by_role("button", name="Delete me in 14 days")
    page.get_by_label("Your password").fill("not this one")
    erase.click()
    expect(page.get_by_label("Your password")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Your password").fill(town.passwords["frida"])
    erase.click()
    expect(page.get_by_text("You asked to be deleted.")).to_be_visible()
    assert not _faults(page, "/settings/data")
    bob.reload()
    expect(bob.get_by_role("heading", name="Frida Faraway")).to_be_visible()  # nobody hears of a wish
    expect(bob.locator("main")).not_to_contain_text(re.compile("delet", re.IGNORECASE))
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_text("Nothing is deleted. Good that you stay.")).to_be_visible()

    page.get_by_label("Your password").fill(town.passwords["frida"])
    erase.click()
    expect(page.get_by_role("button", name="Stay")).to_be_visible()
    days_pass(town.server.data)
    assert eventually(lambda: town.server.ask("GET", "/api/v1/me", token=town.tokens["frida"])[0] == 401)
    expect(page.get_by_text("You are signed out here.")).to_be_visible(timeout=20_000)
    assert eventually(lambda: _is_named_nowhere(bob, post_id))
    expect(bob.locator(f"#item-{post_id}")).to_contain_text("How the kiln is lit")  # what she left to others stays
    page.get_by_role("link", name="Sign in again").click()
    page.fill("input[name=login]", "frida")
    page.fill("input[name=password]", town.passwords["frida"])
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("alert")).to_be_visible()


def days_pass(data: Path) -> None:
    """Nobody waits fourteen days for a test: what is due is due now."""
    with closing(sqlite3.connect(data / "couth.db", timeout=20)) as database, database:
        changed = database.execute("UPDATE erasure_wishes SET due_at = asked_at WHERE done_at IS NULL")
        assert changed.rowcount == 1


def _is_named_nowhere(page: Page, post_id: str) -> bool:
    for path in ("/people", "/search?q=kiln", "/search?q=Faraway&kind=person", f"/posts/{post_id}"):
        page.goto(path)
        if page.locator("main").get_by_text(re.compile("@frida|Frida Faraway", re.IGNORECASE)).count():
            return False
    there = page.request.get("/people/frida")
    return there.status == 404
