"""What a post links to stands below it as a card, for its readers alone, and its author can take it away."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from intranet.config import Settings
from intranet.files.sweeping import sweep
from intranet.kernel import clock, jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound, Refused
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.links.models import LinkPage
from intranet.links.pruning import prune
from intranet.posts import actions, queries
from intranet.posts.cards import PostCard
from intranet.posts.events import LinkChanged
from intranet.posts.links.actions import show_link
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer, Queries
from tests.links import hostile
from tests.links.hostile import Hostile

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def wiki() -> Iterator[Hostile]:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(out, "JPEG")
    html = (
        '<title>Plain</title><meta property="og:title" content="Seal wear <script>alert(1)</script>">'
        '<meta name="description" content="Nine days&#39; warning"><meta property="og:image" content="/plot.jpg">'
    )
    with hostile.hostile_server() as found:
        found.answers["/d40"] = hostile.page(html)
        found.answers["/plot.jpg"] = hostile.raw(out.getvalue(), "image/jpeg")
        yield found


@pytest.fixture
def settings(settings: Settings, wiki: Hostile) -> Settings:
    """The worker may fetch from the one server of these tests."""
    return replace(settings, link_ports=str(wiki.port), link_networks="127.0.0.1/32")


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def local(wiki: Hostile, path: str) -> str:
    return wiki.url(path, host="127.0.0.1")


def publish(database: Database, viewer: Viewer, text: str, **more: Any) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text, **more)).id


def card(database: Database, viewer: Viewer, post_id: int) -> PostCard:
    with database.reading(viewer) as session:
        return queries.post_card(session, viewer, post_id)


def work(database: Database, *, after: timedelta = timedelta()) -> None:
    with clock.fixed(clock.now() + after):
        jobs.run_due(database)


def test_the_worker_brings_the_card_and_says_so(database: Database, cast: Cast, wiki: Hostile) -> None:
    post_id = publish(database, cast.alice, f"Read [this]({local(wiki, '/d40')})")
    assert card(database, cast.bob, post_id).link is None
    assert wiki.asked == []
    work(database)
    link = card(database, cast.bob, post_id).link
    assert link is not None
    assert (link.title, link.description) == ("Seal wear <script>alert(1)</script>", "Nine days' warning")
    assert (link.site, link.width, link.height) == ("127.0.0.1", 416, 312)
    with database.reading(SYSTEM) as session:
        told = [outbox.restore(row) for row in outbox.after(session, 0)]
        assert LinkChanged(post_id, 1) in told
        assert session.query(jobs.Job).filter_by(kind="posts.link").count() == 0


def test_the_page_shows_it_escaped_with_a_picture_of_our_own(
    database: Database, cast: Cast, wiki: Hostile, as_viewer: AsViewer
) -> None:
    post_id = publish(database, cast.alice, local(wiki, "/d40"))
    work(database)
    client = as_viewer(cast.bob)
    html = client.get(f"/posts/{post_id}").text
    assert "Seal wear &lt;script&gt;" in html
    assert "<script>alert" not in html
    assert f'src="/posts/{post_id}/link/picture?v=' in html
    assert "plot.jpg" not in html
    with client.get(f"/posts/{post_id}/link/picture") as picture:
        assert picture.mimetype == "image/webp"
        assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        with Image.open(io.BytesIO(picture.data)) as image:
            assert image.size == (416, 312)
    told = client.get(f"/api/v1/posts/{post_id}").json
    assert told is not None
    assert told["link"]["title"].startswith("Seal wear")
    assert "&lt;script&gt;" in told["link"]["html"]


def test_carol_learns_nothing_of_a_link_in_a_group(
    database: Database, cast: Cast, wiki: Hostile, as_viewer: AsViewer
) -> None:
    post_id = publish(database, cast.alice, local(wiki, "/d40"), audience_id=cast.group)
    work(database)
    with as_viewer(cast.bob).get(f"/posts/{post_id}/link/picture") as picture:
        assert picture.status_code == 200
    carol = as_viewer(cast.carol)
    for address in (f"/posts/{post_id}", f"/posts/{post_id}/link/picture", f"/api/v1/posts/{post_id}"):
        assert carol.get(address, headers=FRAGMENT).status_code == 404
    assert carol.post(f"/posts/{post_id}/link", data={"on": "0"}).status_code == 404
    missed = carol.get("/api/v1/events?since=0").json
    assert missed is not None
    assert "post.link_changed" not in {event["type"] for event in missed["items"]}
    assert "Seal wear" not in carol.get("/?view=everyone").text


def test_one_page_is_asked_once_for_many_posts_and_again_after_a_week(
    database: Database, cast: Cast, wiki: Hostile
) -> None:
    for _ in range(3):
        publish(database, cast.alice, local(wiki, "/d40"))
        work(database)
    assert [path for _host, path in wiki.asked] == ["/d40", "/plot.jpg"]
    publish(database, cast.bob, local(wiki, "/d40"))
    work(database, after=timedelta(days=8))
    assert [path for _host, path in wiki.asked] == ["/d40", "/plot.jpg"] * 2


def test_a_server_in_trouble_is_asked_again_later_and_then_left(database: Database, cast: Cast, wiki: Hostile) -> None:
    answer, wiki.answers["/d40"] = wiki.answers["/d40"], hostile.raw(b"", "text/html", status="503 Busy")
    post_id = publish(database, cast.alice, local(wiki, "/d40"))
    work(database)
    work(database)
    assert len(wiki.asked) == 1
    wiki.answers["/d40"] = answer
    work(database, after=timedelta(minutes=1))
    assert card(database, cast.bob, post_id).link is not None

    publish(database, cast.alice, local(wiki, "/never"))
    wiki.answers["/never"] = hostile.raw(b"", "text/html", status="503 Busy")
    for hours in range(2, 12):
        work(database, after=timedelta(hours=hours))
    assert [path for _host, path in wiki.asked].count("/never") == 4
    with database.reading(SYSTEM) as session:
        assert session.query(jobs.Job).filter_by(state=jobs.JobState.FAILED).count() == 0


def test_a_worker_that_dies_while_it_looks_looks_again(
    database: Database, cast: Cast, wiki: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id = publish(database, cast.alice, local(wiki, "/d40"))
    handed: list[Callable[[], None]] = []
    jobs.run_due(database, aside=handed.append)  # taken on, and never finished
    assert len(handed) == 1
    work(database, after=timedelta(minutes=1))
    assert card(database, cast.bob, post_id).link is None
    work(database, after=timedelta(minutes=3))
    assert card(database, cast.bob, post_id).link is not None
    handed[0]()  # the first one wakes up after all, and finds it done
    with database.reading(SYSTEM) as session:
        assert [row.type for row in outbox.after(session, 0)].count("post.link_changed") == 1


def test_nothing_is_fetched_when_cards_are_switched_off(
    app: Flask, database: Database, cast: Cast, wiki: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    publish(database, cast.alice, local(wiki, "/d40"))
    monkeypatch.setattr(runtime(app), "settings", replace(runtime(app).settings, link_cards=False))
    publish(database, cast.alice, local(wiki, "/d40"))
    work(database)
    assert wiki.asked == []


@pytest.mark.parametrize(
    "text",
    ["`http://127.0.0.1:{port}/d40`", "```\nhttp://127.0.0.1:{port}/d40\n```", "#topic @bob", "<mailto:a@example.org>"],
)
def test_what_is_no_link_is_not_fetched(database: Database, cast: Cast, wiki: Hostile, text: str) -> None:
    publish(database, cast.alice, text.replace("{port}", str(wiki.port)))
    work(database)
    assert wiki.asked == []


def test_an_edit_brings_the_card_of_the_new_link(database: Database, cast: Cast, wiki: Hostile) -> None:
    wiki.answers["/other"] = hostile.page("<title>Other</title>")
    post_id = publish(database, cast.alice, local(wiki, "/d40"))
    work(database)
    for text, title in ((f"Words, {local(wiki, '/d40')}", "Seal"), (local(wiki, "/other"), "Other"), ("No link", None)):
        with database.unit_of_work(cast.alice) as session:
            actions.edit_item(session, cast.alice, post_id, text)
        work(database)
        link = card(database, cast.bob, post_id).link
        assert (link and link.title[: len(title or "")]) == title


def test_the_author_takes_the_card_away_and_has_it_back(
    database: Database, cast: Cast, wiki: Hostile, as_viewer: AsViewer
) -> None:
    post_id = publish(database, cast.alice, local(wiki, "/d40"))
    work(database)
    with pytest.raises(Refused), database.unit_of_work(cast.bob) as session:
        show_link(session, cast.bob, post_id, is_on=False)
    assert "linked-remove" not in as_viewer(cast.bob).get(f"/posts/{post_id}").text
    alice = as_viewer(cast.alice)
    assert "link-card" not in alice.post(f"/posts/{post_id}/link", data={"on": "0"}, headers=FRAGMENT).text
    work(database)
    assert card(database, cast.bob, post_id).link is None
    with alice.get(f"/posts/{post_id}/link/picture") as picture:
        assert picture.status_code == 404
    assert "Show the link card" in alice.get(f"/posts/{post_id}").text
    alice.post(f"/posts/{post_id}/link", data={"on": "1"})
    work(database)
    assert card(database, cast.bob, post_id).link is not None


def test_a_link_to_a_post_of_ours_shows_it_to_those_who_may_read_it(
    app: Flask, database: Database, cast: Cast, wiki: Hostile, as_viewer: AsViewer
) -> None:
    hidden = publish(database, cast.alice, "Merger plans", audience_id=cast.group)
    open_id = publish(database, cast.alice, f"As [here](/posts/{hidden})")
    absolute = publish(database, cast.alice, f"{runtime(app).settings.address}/posts/{hidden}#item-5")
    publish(database, cast.alice, f"{runtime(app).settings.address}/people/alice")
    work(database)
    assert wiki.asked == []
    for post_id in (open_id, absolute):
        linked = card(database, cast.bob, post_id).linked
        assert linked is not None
        assert linked.text == "Merger plans"
        assert card(database, cast.carol, post_id).linked is None
    carol = as_viewer(cast.carol)
    for address in ("/?view=everyone", f"/posts/{open_id}", f"/api/v1/posts/{open_id}"):
        assert "Merger" not in carol.get(address).text


def test_cards_cost_no_statement_of_their_own(database: Database, cast: Cast, wiki: Hostile, queries: Queries) -> None:
    from intranet.posts.queries import post_cards

    plain = [publish(database, cast.alice, "No link") for _ in range(3)]
    linked = [publish(database, cast.alice, local(wiki, "/d40")) for _ in range(3)]
    work(database)
    counts = []
    for ids in (plain, linked):
        with queries(40) as seen, database.reading(cast.bob) as session:
            found = post_cards(session, cast.bob, ids)
        counts.append(len(seen))
    assert all(card.link for card in found)
    assert counts[0] == counts[1]


def test_the_picture_stays_as_long_as_a_post_shows_it(
    app: Flask, database: Database, cast: Cast, wiki: Hostile
) -> None:
    import os

    post_id = publish(database, cast.alice, local(wiki, "/d40"))
    work(database)
    link = card(database, cast.bob, post_id).link
    assert link is not None
    picture = link.picture
    path = runtime(app).settings.files_folder / picture[:2] / picture
    os.utime(path, (0, 0))
    turn = int(picture[:2], 16)
    moment = clock.now() + timedelta(days=30)
    moment -= timedelta(seconds=(moment.timestamp() // 1800 % 256 - turn) * 1800)

    def after_a_month() -> None:
        with clock.fixed(moment):
            database.transact(SYSTEM, lambda session: prune(session, {}))
            database.transact(SYSTEM, lambda session: sweep(session, {}))

    after_a_month()
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(LinkPage)).all() == []
    assert path.exists()
    with database.unit_of_work(cast.alice) as session:
        actions.delete_item(session, cast.alice, post_id)
    work(database, after=timedelta(hours=2))
    after_a_month()
    assert not path.exists()


def test_a_deleted_post_gets_no_card(database: Database, cast: Cast, wiki: Hostile) -> None:
    post_id = publish(database, cast.alice, local(wiki, "/d40"))
    with database.unit_of_work(cast.alice) as session:
        actions.delete_item(session, cast.alice, post_id)
    work(database)
    assert wiki.asked == []
    with pytest.raises(NotFound):
        card(database, cast.bob, post_id)
