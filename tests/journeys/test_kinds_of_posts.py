"""Praise, polls and announcements between two browsers: what one gives, chooses or confirms, the other sees at once."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from intranet.kernel import clock
from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def begin(page: Page, kind: str, text: str) -> None:
    page.check(f"#composer [name=kind][value={kind}]", force=True)
    page.fill("#composer textarea", text)


def send(page: Page) -> None:
    page.click("#composer button[type=submit]:has-text('Post')")


def test_bob_sees_praise_arrive_on_his_wall_and_everywhere(opened: Open, town: Town) -> None:
    alice, bob, bob_at_home = opened("alice"), opened("bob", "/people/bob/praise"), opened("bob", "/?view=following")
    expect(bob.locator("[data-nothing]")).to_be_visible()
    begin(alice, "praise", "Found the drift the evening before the audit")
    send(alice)
    expect(alice.locator("#composer [data-note]")).to_contain_text("Name a colleague")  # and nothing typed is lost
    expect(alice.locator("#composer textarea")).to_have_value("Found the drift the evening before the audit")
    alice.locator("#praise-who").press_sequentially("bob ex")
    alice.get_by_role("option", name="Bob Example").click()
    expect(alice.locator(".picked li bdi")).to_have_text(["Bob Example"])
    alice.fill("#praise-topic", "fixtures")
    send(alice)
    expect(alice.locator(".post .praise")).to_contain_text("Bob Example")
    expect(alice.locator(".picked li")).to_have_count(0)
    expect(bob.locator(".toast", has_text="Alice Example praised you")).to_be_visible()
    for page in (bob, bob_at_home):
        expect(page.locator(".new-posts")).to_contain_text("1 new post")
        page.click(".new-posts")
        expect(page.locator(".post .praise")).to_contain_text("Found the drift")
    bob.locator(".post .menu summary").first.click()
    bob.click("text=Take my name out")
    expect(bob.locator(".post .praise")).to_have_count(0)
    expect(alice.locator(".post .praise")).to_have_count(0)
    expect(alice.locator(".post", has_text="Found the drift")).to_have_count(1)


def test_both_vote_and_see_each_others_bars_until_it_closes(opened: Open, town: Town) -> None:
    terms = {"kind": "poll", "options": ["Monday", "Tuesday"]}
    post_id = town.post("alice", "When do we freeze?", **terms)
    alice, bob = opened("alice", f"/posts/{post_id}"), opened("bob", f"/posts/{post_id}")
    alice.check("text=Monday")
    alice.click("text=Vote")
    expect(bob.locator("[data-votes]").first).to_have_text("100 %")
    bob.check("text=Tuesday")
    bob.click("text=Vote")
    for page in (alice, bob):
        expect(page.locator("[data-votes]")).to_have_text(["50 %", "50 %"])
        expect(page.locator("[data-voters]")).to_have_text("2 have voted")
    ends = clock.now() + timedelta(seconds=15)  # for one page to open
    bob.goto(f"/posts/{town.post('alice', 'When do we thaw?', **terms, closes_at=ends.isoformat())}")
    bob.check("text=Monday")
    bob.wait_for_timeout(max(0, (ends - clock.now()).total_seconds() * 1000 + 200))
    bob.click("text=Vote")
    expect(bob.locator(".poll")).to_contain_text("Closed")
    expect(bob.locator(".poll button")).to_have_count(0)
    expect(alice.locator("[data-votes]")).to_have_text(["50 %", "50 %"])


def test_bob_acknowledges_and_the_owners_count_goes_up(opened: Open) -> None:
    dana = opened("dana")
    begin(dana, "announcement", "Torque records go paperless")
    dana.select_option("#announcement-asks", "1")
    send(dana)
    announced = _torque_records(dana, "article")
    tally = announced.locator(".acknowledge [data-tally]")
    expect(tally).to_have_text(re.compile(r"^1 of \d+ have acknowledged$"))
    everybody = int(tally.inner_text().split()[2])  # other journeys bring people of their own
    bob, bob_again = opened("bob"), opened("bob", "/?view=everyone")
    _acknowledge_torque_records(bob)
    for page in (bob, bob_again):
        expect(_torque_records(page, "[data-asks]")).to_have_count(0)
        expect(_torque_records(page, "article").locator(".acknowledge")).to_contain_text("You acknowledged it")
    expect(tally).to_have_text(f"2 of {everybody} have acknowledged")
    expect(announced.locator(".acknowledge .meter")).to_have_attribute("aria-valuenow", str(200 // everybody))
    announced.get_by_text("Who has not").click()
    expect(dana.locator(".members")).to_contain_text("Carol Example")
    dana.click("text=Send the one reminder")
    expect(dana.locator(".acknowledge")).to_contain_text("Reminded on")
    carol = opened("carol")
    expect(_torque_records(carol, "[data-asks]")).to_contain_text("Reminder:")
    _acknowledge_torque_records(carol)
    expect(dana.locator("[data-tally]")).to_have_text(f"3 of {everybody} have acknowledged")


def _torque_records(page: Page, what: str) -> Locator:
    return page.locator(what, has_text="Torque records go paperless")  # other journeys announce in this town too


def _acknowledge_torque_records(page: Page) -> None:
    _torque_records(page, "[data-asks]").get_by_role("button").click()
