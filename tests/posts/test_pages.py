"""Posts over HTTP: pages, fragments, plain forms, JSON."""

import re

import pytest

from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.posts import actions
from tests.cast import Cast
from tests.fixtures import AsViewer

FRAGMENT = {"X-Fragment": "1"}


def publish(database: Database, viewer: Viewer, text: str = "Hello there", audience_id: int = 1) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text, audience_id=audience_id)).id


def test_posting_works_as_a_plain_form(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    answer = alice.post("/posts", data={"text": "Posted **plainly**"})
    assert answer.status_code == 303
    page = alice.get(answer.location).text
    assert "<strong>plainly</strong>" in page


def test_the_composer_names_its_audience_in_words_and_number(cast: Cast, as_viewer: AsViewer) -> None:
    page = as_viewer(cast.alice).get("/").text
    assert "Everyone at" in page
    assert "4 people" in page  # erin has left


def test_a_text_that_cannot_be_taken_comes_back_with_the_reason(cast: Cast, as_viewer: AsViewer) -> None:
    words = "x" * 20_001
    answer = as_viewer(cast.alice).post("/posts", data={"text": words})
    assert answer.status_code == 422
    assert words in answer.text
    assert "1 characters too long" in answer.text


def test_the_same_key_posts_once(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    for _try in range(3):
        answer = alice.post("/posts", data={"text": "Once"}, headers={**FRAGMENT, "Idempotency-Key": "k1"})
        assert answer.status_code == 201
    feed = alice.get("/api/v1/feed?view=everyone").json
    assert feed is not None
    assert len(feed["items"]) == 1


def test_the_page_the_fragment_and_the_history_show_a_post(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = publish(database, cast.alice, "First words")
    with database.unit_of_work(cast.alice) as session:
        actions.edit_item(session, cast.alice, post_id, "Better words")
    bob = as_viewer(cast.bob)
    assert "Better words" in bob.get(f"/posts/{post_id}").text
    fragment = bob.get(f"/posts/{post_id}", headers=FRAGMENT).text
    assert fragment.lstrip().startswith("<article")
    assert "First words" in bob.get(f"/posts/{post_id}/history").text


def test_a_reply_without_script_leads_back_to_itself(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = publish(database, cast.alice)
    bob = as_viewer(cast.bob)
    answer = bob.post(f"/posts/{post_id}/comments", data={"text": "I agree with this"})
    assert re.fullmatch(rf"/posts/{post_id}#item-\d+", answer.location)
    assert "I agree with this" in bob.get(f"/posts/{post_id}").text


def test_an_edit_that_came_second_comes_back_with_its_words_and_the_newer_ones(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    post_id = publish(database, cast.alice)
    alice, script = as_viewer(cast.alice), {"X-Fragment": "1"}
    page = alice.get(f"/posts/{post_id}/edit", headers=script).text
    began = re.findall(r'name="version" value="([^"]+)"', page)
    sent = [
        alice.post(f"/posts/{post_id}/edit", data={"text": text, "version": began[0]}, headers=script)
        for text in ("First", "First", "Second")
    ]
    assert [answer.status_code for answer in sent] == [200, 200, 409]  # what is sent once more is no conflict
    assert sent[2].text.lstrip().startswith("<form")
    assert "Second</textarea>" in sent[2].text
    assert ">First</p>" in sent[2].text
    now = re.findall(r'name="version" value="([^"]+)"', sent[2].text)
    empty = alice.post(f"/posts/{post_id}/edit", data={"text": "", "version": now[0]}, headers=script)
    assert (empty.status_code, "cannot be empty" in empty.text or "Write something" in empty.text) == (422, True)
    assert alice.post(f"/posts/{post_id}/edit", data={"text": "Second", "version": now[0]}).status_code == 303


def test_without_script_a_comment_stays_one(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = publish(database, cast.alice)
    bob = as_viewer(cast.bob)
    reply = bob.post(f"/posts/{post_id}/comments", data={"text": "Why?"}).location.rpartition("-")[2]
    field = f'name="reply_to" value="{reply}"'
    assert field in bob.get(f"/posts/{post_id}?reply_to={reply}").text
    refused = bob.post(f"/posts/{post_id}/comments", data={"text": "", "reply_to": reply})
    assert refused.status_code == 422
    assert field in refused.text


def test_reacting_saving_editing_and_deleting_work_as_plain_forms(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    post_id = publish(database, cast.alice)
    alice = as_viewer(cast.alice)
    assert alice.post(f"/posts/{post_id}/reactions", data={"set": "agree 1"}).status_code == 303
    assert alice.post(f"/posts/{post_id}/bookmark", data={"on": "1"}).status_code == 303
    assert "Hello there" in alice.get("/bookmarks").text
    assert "Hello there" in alice.get(f"/posts/{post_id}/edit").text
    assert alice.post(f"/posts/{post_id}/edit", data={"text": "Changed"}).status_code == 303
    assert alice.post(f"/posts/{post_id}/delete").status_code == 303
    assert alice.get(f"/posts/{post_id}").status_code == 404
    assert alice.post(f"/posts/{post_id}/restore").status_code == 303
    assert "Changed" in alice.get(f"/posts/{post_id}").text


def test_a_form_sends_nobody_to_another_site(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = publish(database, cast.alice)
    alice = as_viewer(cast.alice)
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = alice.post(f"/posts/{post_id}/bookmark", data={"on": "1", "back": target})
        assert answer.location == f"/posts/{post_id}"


def test_the_api_posts_replies_reads_and_deletes(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    made = alice.post("/api/v1/posts", json={"text": "From a **program** #api"})
    assert made.status_code == 201
    assert made.json is not None
    post_id = made.json["id"]
    assert made.location == f"/api/v1/posts/{post_id}"
    assert made.json["topics"] == ["api"]
    assert made.json["author"]["username"] == "alice"
    reply = alice.post("/api/v1/posts", json={"text": "And more", "reply_to": post_id}).json
    assert reply is not None
    assert (reply["post_id"], reply["reply_to"]) == (post_id, post_id)
    comments = alice.get(f"/api/v1/posts/{post_id}/comments").json
    assert comments is not None
    assert [one["text"] for one in comments["items"]] == ["And more"]
    assert alice.delete(f"/api/v1/posts/{post_id}").status_code == 204
    assert alice.get(f"/api/v1/posts/{post_id}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": 3}, 422),
        ({"text": "x", "kind": "novel"}, 422),
        ({"text": "x", "audience": "nobody"}, 422),
        ({"text": "x", "audience": {"group": "7"}}, 404),
        ({"text": "x", "reply_to": "99999999999999999999"}, 404),
        ({"text": "x", "reply_to": "5"}, 404),
        ({"text": "x", "files": ["5"]}, 422),
    ],
)
def test_the_api_says_what_is_wrong(cast: Cast, as_viewer: AsViewer, body: dict[str, object], status: int) -> None:
    answer = as_viewer(cast.alice).post("/api/v1/posts", json=body)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_broken_json_and_broken_utf8_are_refused(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    for body in (b"{", b'"text"', b'{"text": "\xff\xfe"}'):
        assert alice.post("/api/v1/posts", data=body, content_type="application/json").status_code == 422


def test_a_draft_waits_on_the_server_and_goes_with_the_post(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    alice.post("/compose/draft", data={"place": "home", "text": "Half a thou"}, headers=FRAGMENT)
    assert "Half a thou" in alice.get("/").text
    alice.post("/posts", data={"text": "A whole thought"})
    assert "Half a thou" not in alice.get("/").text


def test_a_draft_is_nobody_elses(cast: Cast, as_viewer: AsViewer) -> None:
    as_viewer(cast.alice).post("/compose/draft", data={"place": "home", "text": "Half a thou"}, headers=FRAGMENT)
    assert "Half a thou" not in as_viewer(cast.bob).get("/").text


def test_the_preview_is_what_the_post_will_look_like(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    shown = alice.post("/compose/preview", data={"text": "**b** @bob <script>"}, headers=FRAGMENT).json
    assert shown is not None
    assert "<strong>b</strong>" in shown["html"]
    assert "/people/bob" in shown["html"]
    assert "<script" not in shown["html"]
    assert "<strong>b</strong>" in alice.post("/compose/preview", data={"text": "**b**"}).text


def test_the_composer_completes_people_and_topics(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    publish(database, cast.alice, "#kubernetes")
    alice = as_viewer(cast.alice)
    assert 'data-insert="@bob"' in alice.get("/compose/people?q=bo").text
    topics = alice.get("/compose/topics?q=kub").text
    assert 'data-insert="#kubernetes"' in topics
    assert 'data-insert="#kub"' in topics  # a new one
