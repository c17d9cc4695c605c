"""What a picture shows is said in words, also afterwards, by who posted it."""

import io

import pytest
from flask import Flask
from PIL import Image

from intranet.files.actions import put_on_shelf, receive
from intranet.kernel.db import Database
from intranet.kernel.errors import Refused
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.posts import actions, queries
from tests.cast import Cast
from tests.fixtures import AsViewer


@pytest.fixture
def post(app: Flask, database: Database, cast: Cast) -> tuple[int, int]:
    """(post, file) of a picture that alice posted without words."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    with app.app_context():
        received = receive(runtime(app).settings.files_folder, "tank.png", out.getvalue())
    with database.unit_of_work(cast.alice) as session:
        file_id = put_on_shelf(session, cast.alice, received).id
        found = actions.publish_post(session, cast.alice, actions.PostDraft(text="Look", files=(file_id,)))
        return found.id, file_id


def alt(database: Database, viewer: Viewer, post_id: int) -> str:
    with database.reading(viewer) as session:
        return queries.post_card(session, viewer, post_id).pictures[0].alt


def test_its_author_describes_it_afterwards(
    database: Database, cast: Cast, as_viewer: AsViewer, post: tuple[int, int]
) -> None:
    post_id, file_id = post
    client = as_viewer(cast.alice)
    assert f'name="alt-{file_id}"' in client.get(f"/posts/{post_id}/edit").text
    client.post(f"/posts/{post_id}/edit", data={"text": "Look", f"alt-{file_id}": "A teal <tank>"})
    assert alt(database, cast.bob, post_id) == "A teal <tank>"
    page = as_viewer(cast.bob).get(f"/posts/{post_id}").text
    assert 'alt="A teal &lt;tank&gt;"' in page


def test_nobody_else_does_nor_through_another_post(database: Database, cast: Cast, post: tuple[int, int]) -> None:
    post_id, file_id = post
    with pytest.raises(Refused), database.unit_of_work(cast.bob) as session:
        actions.describe_pictures(session, cast.bob, post_id, {file_id: "mine"})
    with database.unit_of_work(cast.bob) as session:
        own = actions.publish_post(session, cast.bob, actions.PostDraft(text="Mine")).id
        actions.describe_pictures(session, cast.bob, own, {file_id: "mine"})
    assert alt(database, cast.alice, post_id) == ""
