"""Posts are rendered once for all who would see the same: each reader gets what would be rendered for them alone."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intranet.kernel import clock, parts
from intranet.kernel.db import Database
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer
from intranet.posts import actions
from intranet.posts.announcements.actions import AnnouncementDraft
from intranet.posts.models import Post, PostKind
from intranet.posts.polls.actions import PollDraft
from intranet.posts.praise.actions import PraiseDraft
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

_OF_ONE_PAGE = re.compile(r'csrf.token" (?:value|content)="[^"]*"|idempotency_key" value="[^"]*"|nonce="[^"]*"')
_ENDS = timedelta(hours=2)


def _published(database: Database, author: Viewer, draft: actions.PostDraft) -> int:
    with database.unit_of_work(author) as session:
        return actions.publish_post(session, author, draft).id


@pytest.fixture
def posts(database: Database, cast: Cast) -> dict[str, int]:
    """One of each kind; ``hidden`` is in alice's and bob's group, and ``open`` links to it."""
    speaker = Viewer(cast.dana.id, frozenset({Role.MEMBER, Role.COMMUNICATOR}))
    soon = clock.now() + _ENDS
    poll, praise = PollDraft(options=("Tea", "Beer"), closes_at=soon), PraiseDraft(people=("bob",), topic="pumps")
    told = AnnouncementDraft(ends_at=soon, asks=True)
    drafts = {
        "hidden": (cast.alice, actions.PostDraft(text="Merger plans", audience_id=cast.group)),
        "open": (cast.alice, actions.PostDraft(text="For @bob, see there")),
        "asked": (cast.carol, actions.PostDraft(text="It leaks", title="Which seal?", kind=PostKind.QUESTION)),
        "poll": (cast.carol, actions.PostDraft(text="Which?", kind=PostKind.POLL, poll=poll)),
        "praise": (cast.carol, actions.PostDraft(text="Saved us", kind=PostKind.PRAISE, praise=praise)),
        "told": (speaker, actions.PostDraft(text="Doors", kind=PostKind.ANNOUNCEMENT, announcement=told)),
    }
    made = {name: _published(database, author, draft) for name, (author, draft) in drafts.items()}
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Post, made["open"]).linked_id = made["hidden"]
    with database.unit_of_work(cast.bob) as session:
        actions.bookmark(session, cast.bob, made["open"], is_on=True)
        actions.react(session, cast.bob, made["open"], ReactionKind.AGREE, is_on=True)
        passed = actions.PostDraft(text="Look", audience_id=cast.group, quoted_id=made["hidden"])
        actions.publish_post(session, cast.bob, passed)
    return made


def _page(reader: FlaskClient, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200
    return _OF_ONE_PAGE.sub("", answer.text)


@pytest.mark.usefixtures("posts")
def test_what_was_kept_for_others_and_earlier_is_what_would_be_rendered_now(
    app: Flask, cast: Cast, as_viewer: AsViewer
) -> None:
    moderator = Viewer(cast.dana.id, frozenset({Role.MEMBER, Role.MODERATOR, Role.ADMIN}))
    asked = [
        (viewer, address, clock.now() + later)
        for later in (timedelta(), timedelta(minutes=5), _ENDS, timedelta(days=2), timedelta(days=400))
        for viewer in (cast.bob, cast.carol, cast.alice, moderator)
        for address in ("/?view=everyone", "/?view=for-you", "/bookmarks", "/people/alice/posts")
    ]

    def shown(*, is_kept: bool) -> list[str]:
        found = []
        for viewer, address, now in asked:
            if not is_kept:
                runtime(app).parts.pop(parts.NAME, None)
            with clock.fixed(now):
                found.append(_page(as_viewer(viewer), address))
        return found

    anew = shown(is_kept=False)
    shown(is_kept=True)
    for known, fresh in zip(shown(is_kept=True), anew, strict=True):
        assert known == fresh


def test_carol_gets_nothing_of_what_was_kept_for_bob(posts: dict[str, int], cast: Cast, as_viewer: AsViewer) -> None:
    for address in ("/?view=everyone", f"/posts/{posts['open']}", "/people/alice/posts"):
        for_bob = [as_viewer(cast.bob).get(address).text for _ in range(2)]
        for_carol = as_viewer(cast.carol).get(address).text
        for page in for_bob:
            assert "Merger plans" in page
            assert f'action="/posts/{posts["open"]}/bookmark"' in page
            assert 'aria-pressed="true"' in page
            assert 'data-me data-person="bob"' in page
        assert "For " in for_carol
        assert "Merger" not in for_carol
        assert str(posts["hidden"]) not in for_carol
        assert 'aria-pressed="true"' not in for_carol
        assert "data-me" not in for_carol


def test_each_reader_sends_their_own_token(app: Flask, posts: dict[str, int], cast: Cast, as_viewer: AsViewer) -> None:
    tokens: list[str] = []
    for viewer in (cast.bob, cast.carol):
        page = as_viewer(viewer).get(f"/posts/{posts['poll']}").text
        found = set(re.findall(r'csrf.token" (?:value|content)="([^"]*)"', page))
        assert len(found) == 1
        tokens += found
    assert tokens[0] != tokens[1]


def test_what_changes_shows_at_once(posts: dict[str, int], database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    bob = as_viewer(cast.bob)
    assert "see there" in bob.get("/?view=everyone").text
    with database.unit_of_work(cast.alice) as session:
        actions.edit_item(session, cast.alice, posts["open"], "Said better")
    page = bob.get("/?view=everyone").text
    assert "Said better" in page
    assert "see there" not in page
