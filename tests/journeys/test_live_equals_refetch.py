"""A page that was kept up to date by pushes says the same as one that was loaded afresh."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

STATE = """() => [...document.querySelectorAll('[data-item]')].map((item) => {
  const form = item.querySelector(`[data-reactions="${item.dataset.item}"]`);
  return {
    id: item.dataset.item,
    title: item.querySelector('[data-title]')?.innerHTML,
    body: [...item.querySelector('[data-body]').querySelectorAll('*')]
      .map((one) => [one.tagName, [...one.attributes].map((a) => `${a.name}=${a.value}`).sort(), one.textContent]),
    edited: !(item.querySelector('[data-edited]')?.hidden ?? true),
    reactions: [...(form?.querySelectorAll(':scope > [data-kind]') ?? [])]
      .map((button) => `${button.dataset.kind} ${button.innerText.trim()} ${button.ariaPressed}`).sort(),
    replies: item.querySelector(':scope > .post-main [data-count]')?.innerText,
  };
})"""


def state(page: Page) -> Any:
    return page.evaluate(STATE)


def edit(page: Page, item_id: str, text: str, *, title: str = "") -> None:
    page.goto(f"/posts/{item_id}/edit")
    page.fill("[data-edit-form] textarea", text)
    if title:
        page.fill("[data-edit-form] [name=title]", title)
    page.click("[data-edit-form] button[type=submit]")
    page.wait_for_url(lambda address: "/edit" not in address)


def react(page: Page, post_id: str, kind: str) -> None:
    page.locator(f"#item-{post_id} > .post-main > .post-actions .reaction-menu summary").click()
    page.locator(f"#item-{post_id} > .post-main > .post-actions .reaction-menu [data-kind={kind}]").click()
    expect(page.locator(f"[data-reactions='{post_id}'] > [data-kind={kind}]")).to_be_visible()


def test_live_equals_refetch(opened: Open, town: Town) -> None:
    changed, gone, quiet = (
        town.post("alice", f"{word} words, @bob, with\n\n- [ ] a task") for word in ("Some", "Other", "Quiet")
    )
    reply = town.post("bob", "First reply", reply_to=changed)
    _press(opened, "/people/carol/block", "Block")
    try:
        _compare(opened, town, (changed, gone, quiet), reply)
    finally:  # the town is everybody's
        _press(opened, "/settings/apart", "Unblock Carol Example")


def _press(opened: Open, path: str, name: str) -> None:
    page = opened("bob", path)
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    page.close()


def _compare(opened: Open, town: Town, posts: tuple[str, str, str], reply: str) -> None:
    changed, gone, quiet = posts
    asked = town.post("alice", "It hums at night", kind="question", title="Which hums?")
    bob, thread = opened("bob"), opened("bob", f"/posts/{changed}")
    alice = opened("alice", f"/posts/{changed}")
    react(alice, changed, "agree")
    react(alice, changed, "eye")
    unread = town.post("carol", "A reply that bob does not want to read", reply_to=changed)
    second = town.post("alice", "A second reply, @bob", reply_to=reply)
    edit(alice, changed, "Better **words**, @bob\n\n- [x] done")
    edit(alice, second, "A better reply")
    edit(alice, asked, "It hums at night", title="Which of `pump.py` and <b>`valve`</b> hums?")
    assert town.server.ask("DELETE", f"/api/v1/posts/{gone}", token=town.tokens["alice"])[0] == 204
    expect(bob.locator(f"#item-{gone}")).to_have_count(0)
    expect(bob.locator(f"[data-title='{asked}'] code")).to_have_text(["pump.py", "valve"])
    expect(thread.locator(f"#item-{second} > div > [data-body]")).to_have_text("A better reply")
    for page in (bob, thread):
        kept_up_to_date = state(page)
        page.reload()
        again = state(page)[: len(kept_up_to_date)]  # older posts move up to where one is gone
        assert kept_up_to_date == again
        assert unread not in {item["id"] for item in kept_up_to_date}
    assert quiet in {item["id"] for item in state(bob)}
