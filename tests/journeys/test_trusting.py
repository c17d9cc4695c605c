"""Trust in two browsers: a decision and its reason, one's own data, a successor, and guidelines that are agreed to.

A town of its own: guidelines hold for everybody in it.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.faults.running import eventually, running_server
from tests.journeys.conftest import Open, Town, founded
from tests.journeys.test_accessible_pages import _faults

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_server(tmp_path_factory.mktemp("trusting") / "data") as server:
        yield founded(server)


def test_what_is_hidden_tells_its_author_why_and_comes_back(opened: Open, town: Town) -> None:
    post = town.post("alice", "Read the runbook, will you")
    bob, dana = opened("bob", f"/posts/{post}/report"), opened("dana", "/moderation")
    bob.get_by_role("radio", name="It is unkind").check()
    bob.get_by_role("button", name="Report").click()
    expect(bob.get_by_text("Reported. Moderators look at it")).to_be_visible()
    dana.reload()
    dana.get_by_label("Why you decide so").fill("Say it kindly")
    dana.get_by_role("button", name="Hide").click()
    alice = opened("alice", "/")
    expect(alice.get_by_text("Say it kindly")).to_be_visible()
    alice.get_by_role("link", name="Read the reasons").click()
    expect(alice.get_by_role("blockquote")).to_have_text("Read the runbook, will you")
    assert not _faults(alice, "/settings/decisions")
    assert eventually(lambda: bob.goto(f"/posts/{post}").status == 404)  # type: ignore[union-attr]  # a page answers
    dana.goto("/moderation?show=decided")
    dana.get_by_role("button", name="Take it back").click()
    assert eventually(lambda: bob.goto(f"/posts/{post}").status == 200)  # type: ignore[union-attr]  # as above
    alice.reload()
    expect(alice.get_by_text("Moderators took nothing away from you.")).to_be_visible()


def test_a_copy_is_made_while_one_watches_and_taken_away(opened: Open, town: Town) -> None:
    town.post("bob", "All about kettles")
    page = opened("bob", "/settings/data")
    page.get_by_role("button", name="Prepare it").click()
    button = page.get_by_role("button", name="Download")
    expect(button).to_be_visible(timeout=30_000)
    with page.expect_download() as started:
        button.click()
    archive = zipfile.ZipFile(io.BytesIO(Path(started.value.path()).read_bytes()))
    assert "All about kettles" in archive.read("index.html").decode()


def test_followers_of_a_leaver_are_offered_who_carries_on(opened: Open, town: Town) -> None:
    alice, dana = opened("alice", "/people/carol"), opened("dana", "/admin/people/carol")
    alice.get_by_role("button", name="Follow").first.click()
    expect(alice.get_by_role("button", name="Following").first).to_be_visible()
    dana.get_by_role("link", name="Deactivate").click()
    dana.get_by_label("Who takes over", exact=True).fill("nobody-at-all")
    dana.get_by_role("button", name="Close the account and pass on").click()
    expect(dana.get_by_text("Nobody who works here is called")).to_be_visible()
    dana.get_by_label("Who takes over", exact=True).fill("bob")
    dana.get_by_role("button", name="Close the account and pass on").click()
    expect(dana.get_by_text("what they looked after has passed on")).to_be_visible()
    alice.goto("/")
    expect(alice.get_by_text("Carol Example has left. Bob carries on.")).to_be_visible()
    alice.get_by_role("button", name="Follow Bob Example").click()
    alice.goto("/people/bob")
    expect(alice.get_by_role("button", name="Following").first).to_be_visible()


def test_guidelines_are_agreed_to_at_the_next_visit(opened: Open) -> None:
    alice, dana = opened("alice", "/"), opened("dana", "/moderation/guidelines")
    dana.get_by_role("button", name="Publish version 1").click()
    expect(dana.get_by_text("Version 1 is in force.")).to_be_visible()
    alice.goto("/people?q=bob")
    expect(alice.get_by_role("heading", name="How we treat each other")).to_be_visible()
    assert not _faults(alice, "/guidelines/agree")
    alice.get_by_role("checkbox").check()
    alice.get_by_role("button", name="Come in").click()
    expect(alice).to_have_url(re.compile(r"/people\?q=bob$"))
    dana.goto("/moderation/guidelines/1")
    expect(dana.get_by_text("Alice Example")).to_be_visible()
