"""Passing a post on never widens who can read it, and pins are the owners' to set."""

import pytest

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.viewer import Viewer
from intranet.posts import actions, queries
from intranet.posts.actions import PostDraft
from tests.cast import Cast
from tests.fixtures import AsViewer


def found(database: Database, viewer: Viewer, kind: GroupKind) -> int:
    with database.unit_of_work(viewer) as session:
        return groups.found_group(session, viewer, groups.GroupDraft(name=f"{kind} guild", kind=kind)).id


def posted(database: Database, viewer: Viewer, text: str, to: int = EVERYONE, quoted: int | None = None) -> int:
    with database.unit_of_work(viewer) as session:
        draft = PostDraft(text=text, audience_id=to, quoted_id=quoted)
        return actions.publish_post(session, viewer, draft).id


def test_what_a_closed_group_reads_is_not_passed_on_to_more(database: Database, cast: Cast) -> None:
    closed, opened = found(database, cast.alice, GroupKind.CLOSED), found(database, cast.alice, GroupKind.OPEN)
    secret = posted(database, cast.alice, "the price is 12", closed)
    for wider in (EVERYONE, opened):
        with pytest.raises(Refused):
            posted(database, cast.alice, "look", wider, secret)
    assert posted(database, cast.alice, "look", closed, secret)
    with pytest.raises(NotFound):
        posted(database, cast.carol, "look", EVERYONE, secret)


def test_what_everyone_reads_goes_anywhere_and_opens_for_each_reader(database: Database, cast: Cast) -> None:
    opened = found(database, cast.alice, GroupKind.OPEN)
    news = posted(database, cast.alice, "new torches", opened)
    shared = posted(database, cast.alice, "", EVERYONE, news)
    with database.reading(cast.carol) as session:
        card = queries.post_card(session, cast.carol, shared)
        assert card.quoted is not None
        assert card.quoted.text == "new torches"


def test_a_group_that_closes_takes_what_was_passed_on_with_it(database: Database, cast: Cast) -> None:
    opened = found(database, cast.alice, GroupKind.OPEN)
    news = posted(database, cast.alice, "new torches", opened)
    shared = posted(database, cast.alice, "see", EVERYONE, news)
    with database.unit_of_work(cast.alice) as session:
        groups.change_group(session, cast.alice, opened, groups.GroupDraft(name="guild", kind=GroupKind.CLOSED))
    with database.reading(cast.carol) as session:
        card = queries.post_card(session, cast.carol, shared)
        assert (card.quoted, card.quoted_id) == (None, news)


def test_passing_on_what_only_passes_on_names_the_first(database: Database, cast: Cast) -> None:
    first = posted(database, cast.alice, "new torches")
    second = posted(database, cast.bob, "", EVERYONE, first)
    third = posted(database, cast.carol, "yes", EVERYONE, second)
    with database.reading(cast.dana) as session:
        assert queries.post_card(session, cast.dana, third).quoted_id == first


def test_owners_pin_up_to_three_in_their_group(database: Database, cast: Cast) -> None:
    opened = found(database, cast.alice, GroupKind.OPEN)
    posts = [posted(database, cast.alice, f"number {number}", opened) for number in range(4)]
    with pytest.raises(Refused), database.unit_of_work(cast.carol) as session:
        actions.pin(session, cast.carol, posts[0], is_on=True)
    with database.unit_of_work(cast.alice) as session:
        for post_id in posts[:3]:
            actions.pin(session, cast.alice, post_id, is_on=True)
    with pytest.raises(Invalid), database.unit_of_work(cast.alice) as session:
        actions.pin(session, cast.alice, posts[3], is_on=True)
    with database.reading(cast.carol) as session:
        assert [card.id for card in queries.pinned(session, cast.carol, opened)] == posts[2::-1]


def test_a_deleted_post_leaves_its_place_among_the_pinned(database: Database, cast: Cast) -> None:
    opened = found(database, cast.alice, GroupKind.OPEN)
    posts = [posted(database, cast.alice, f"number {number}", opened) for number in range(4)]
    with database.unit_of_work(cast.alice) as session:
        for post_id in posts[:3]:
            actions.pin(session, cast.alice, post_id, is_on=True)
        actions.delete_item(session, cast.alice, posts[0])
    with database.unit_of_work(cast.alice) as session:
        actions.pin(session, cast.alice, posts[3], is_on=True)
    with database.reading(cast.carol) as session:
        assert [card.id for card in queries.pinned(session, cast.carol, opened)] == posts[3:0:-1]


def test_the_page_offers_only_audiences_that_are_no_wider(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    closed = found(database, cast.alice, GroupKind.CLOSED)
    secret = posted(database, cast.alice, "the price is 12", closed)
    page = as_viewer(cast.alice).get(f"/compose?quote={secret}").text
    assert "the price is 12" in page
    assert 'value="everyone"' not in page
    assert as_viewer(cast.carol).get(f"/compose?quote={secret}").status_code == 404
