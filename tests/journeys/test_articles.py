"""An article and the list of articles, open before others who change it, say what they found, and close its door."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, Town
from tests.journeys.test_accessible_pages import _ask, _send
from tests.journeys.test_nothing_moves import WATCH, shifts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

TITLE = "Why does the gasket leak?"


def solved(town: Town, title: str = TITLE, **more: object) -> tuple[str, str]:
    """A question of alice's and bob's answer, which solved it."""
    question = town.post("alice", "It drips. #gaskets", kind="question", title=title, **more)
    answer = town.post("bob", "1. Turn it round\n2. Tighten it", reply_to=question)
    _send(town, f"/answers/{answer}/accept", {"on": "1"})
    return question, answer


def kept(town: Town, question: str, title: str = TITLE) -> str:
    words = {"title": title, "text": "1. Turn it round\n2. Tighten it", "keeper": "bob"}
    return str(_ask(town, f"/api/v1/questions/{question}/article", words)["id"])


def test_an_open_list_follows_what_is_made_changed_handed_over_due_and_closed(opened: Open, town: Town) -> None:
    group = _ask(town, "/api/v1/groups", {"name": "Gaskets", "kind": "open"})["id"]
    inside = kept(town, solved(town, "Which gasket is ours?", audience={"group": group})[0], "Our own gaskets")
    page, reader = opened("carol", "/articles"), opened("carol", f"/articles/{inside}")
    expect(page.locator("li", has_text="Our own gaskets")).to_have_count(1)
    expect(reader.locator("h1")).to_have_text("Our own gaskets")
    question, answer = solved(town)
    made = kept(town, question)
    page.locator("[data-newer]").click()
    line = page.locator(f"li[data-item='{made}']")
    expect(line).to_contain_text("Kept by Bob Example")
    page.wait_for_selector('.frame[data-connection="live"]')

    _send(town, f"/articles/{made}/edit", {"title": f"{TITLE} Always?", "text": "1. Turn it"})
    expect(line).to_contain_text(TITLE)  # alice neither keeps it nor wrote the answer
    bob = opened("bob", f"/articles/{made}/edit")
    bob.fill("[name=title]", "Leaking gaskets")
    bob.get_by_role("button", name="Save").click()
    expect(line).to_contain_text("Leaking gaskets")
    bob.locator(".article-handing summary").click()
    bob.fill(".article-handing [name=keeper]", "alice")
    bob.locator(".article-handing button").click()
    expect(line).to_contain_text("Kept by Alice Example")
    expect(line).to_contain_text("Fresh")
    _send(town, f"/answers/{answer}/accept", {"on": "0"})
    expect(line).to_contain_text("Review due")
    expect(page.locator("[data-newer]")).to_be_hidden()

    alice = opened("alice", "/groups/gaskets/settings")
    alice.check("input[name=kind][value=closed]")
    alice.get_by_role("button", name="Save").first.click()
    expect(page.locator(f"li[data-item='{inside}']")).to_have_text("This article is not in the list any more.")
    expect(page.locator("main")).not_to_contain_text("Our own gaskets")
    expect(reader.locator("main")).to_contain_text("This article is gone.")
    expect(reader.locator("main")).not_to_contain_text("Tighten")


def test_what_readers_say_shows_on_open_pages_and_moves_nothing(opened: Open, town: Town) -> None:
    made = kept(town, solved(town, "Why does the other gasket leak?")[0], "The other gasket")
    bob = opened("bob")
    bob.add_init_script(WATCH)
    bob.goto(f"/articles/{made}")
    bob.wait_for_selector('.frame[data-connection="live"]')
    bob.locator("#revisions").scroll_into_view_if_needed()
    bob.wait_for_load_state("networkidle")  # the questions beside it have come
    bob.evaluate("window.shifts.length = 0")
    carol = opened("carol", f"/articles/{made}", viewport={"width": 390, "height": 844})
    carol.get_by_role("button", name="Still right").click()
    expect(carol.get_by_role("button", name="Still right")).to_have_attribute("aria-pressed", "true")
    expect(bob.locator(".tally")).to_contain_text("1 says it is still right")
    carol.get_by_text("Something is different now").click()
    carol.fill("[name=note]", "Step 2: by hand, not with the wrench")
    carol.get_by_role("button", name="Tell Bob").click()
    expect(carol.locator("#notes")).to_contain_text("by hand, not with the wrench")
    expect(bob.locator(".tally")).to_contain_text("1 says something changed")
    newer = bob.get_by_role("button", name="Other notes now. Show them")
    expect(newer).to_be_visible()
    expect(bob.locator("#notes")).to_have_count(0)
    assert shifts(bob) == []
    newer.click()
    note = bob.locator(".reply", has_text="by hand, not with the wrench")
    note.get_by_role("button", name="Done").click()
    expect(note).to_have_count(0)
    expect(carol.locator(".tally")).to_contain_text("Nobody has said anything of this version yet.")
    expect(carol.locator("#notes")).to_have_count(1)  # until she wants to see what is new
    carol.get_by_role("button", name="Other notes now. Show them").click()
    expect(carol.locator("#notes")).to_have_count(0)
    carol.get_by_role("button", name="Follow").first.click()
    expect(carol.get_by_role("button", name="Following")).to_have_attribute("aria-pressed", "true")
    expect(carol.locator("form.follow [aria-busy]")).to_have_count(0)
    carol.goto("/following")
    expect(carol.locator("main")).to_contain_text("The other gasket")
