"""The card of a link to a page of ours shows each reader what that page would show them, and nothing to others."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from intranet.kernel.db import Database
from intranet.people.apart.actions import block
from intranet.posts.actions import PostDraft, delete_item, publish_post
from intranet.posts.models import PostKind
from tests.cast import Cast
from tests.fixtures import AsViewer


def card(client: FlaskClient, address: str) -> tuple[int, str]:
    answer = client.get(f"/inside?of={quote(address)}", headers={"X-Fragment": "1"})
    return answer.status_code, answer.get_data(as_text=True)


def test_readers_get_a_card_and_outsiders_get_none(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    draft = PostDraft(text="Under the <b>mat</b>", title="Where is the key?", kind=PostKind.QUESTION)
    with database.unit_of_work(cast.alice) as session:
        secret = publish_post(session, cast.alice, PostDraft(text="The curtain is red", audience_id=cast.group)).id
        question = publish_post(session, cast.alice, draft).id
    status, said = card(as_viewer(cast.bob), f"/posts/{secret}")
    assert (status, "The curtain is red" in said, "Alice Example" in said) == (200, True, True)
    for address in (f"/posts/{secret}", f"/questions/{secret}"):
        status, said = card(as_viewer(cast.carol), address)
        assert (status, "curtain" in said, "Alice" in said) == (404, False, False)
    status, said = card(as_viewer(cast.carol), f"/questions/{question}")
    assert (status, "Where is the key?" in said, "<b>mat" in said) == (200, True, False)
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, question)
    assert card(as_viewer(cast.bob), f"/questions/{question}")[0] == 404


def test_people_have_a_card_and_not_across_a_block(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    assert "Bob Example" in card(as_viewer(cast.carol), "/people/bob")[1]
    with database.unit_of_work(cast.bob) as session:
        publish = publish_post(session, cast.bob, PostDraft(text="A word of bob's")).id
        block(session, cast.bob, cast.carol.member_id, is_on=True)
    assert card(as_viewer(cast.carol), f"/posts/{publish}")[0] == 404


@pytest.mark.parametrize(
    "address",
    ["", "/", "/posts/9" + "9" * 18, "/posts/1/edit", "//evil.example/posts/1", "/people/../admin", "/chat/1"],
)
def test_other_addresses_have_none(cast: Cast, as_viewer: AsViewer, address: str) -> None:
    assert card(as_viewer(cast.alice), address)[0] == 404
