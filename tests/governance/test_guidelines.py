"""Guidelines: written in drafts, published in versions, agreed to by each before they go on; nobody is locked out."""

import pytest
from flask import Flask

from intranet.accounts.actions import get_person, make_token
from intranet.accounts.models import Person
from intranet.accounts.sessions import viewer_of_person
from intranet.governance.guidelines import actions, queries
from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict, Invalid, Refused
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


@pytest.fixture
def moderator(cast: Cast) -> Viewer:
    return Viewer(cast.bob.id, frozenset({Role.MEMBER, Role.MODERATOR}))


def published(
    database: Database, viewer: Viewer, text: str = "1. **Ask.** Others wonder too.", summary: str = ""
) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.publish(session, viewer, text, summary)


def as_they_are(database: Database, viewer: Viewer) -> Viewer:
    """The viewer as the next request would have them."""
    with database.reading(SYSTEM) as session:
        return viewer_of_person(session.get_one(Person, viewer.id), queries.in_force(session))


def test_a_draft_holds_for_nobody(database: Database, cast: Cast, moderator: Viewer) -> None:
    with database.unit_of_work(moderator) as session:
        actions.save_draft(session, moderator, "1. Not yet", "")
    assert not as_they_are(database, cast.alice).must_agree
    with database.reading(cast.alice) as session:
        assert queries.versions(session) == []


def test_a_member_writes_none(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session, pytest.raises(Refused):
        actions.publish(session, cast.alice, "Mine", "")


def test_everybody_is_asked_and_whoever_published_has_agreed(database: Database, cast: Cast, moderator: Viewer) -> None:
    assert published(database, moderator) == 1
    assert as_they_are(database, cast.alice).must_agree
    assert not as_they_are(database, moderator).must_agree


def test_the_next_version_says_what_changed_and_is_asked_for_again(
    database: Database, cast: Cast, moderator: Viewer
) -> None:
    published(database, moderator)
    with database.unit_of_work(cast.alice) as session:
        actions.agree(session, cast.alice, 1)
    assert not as_they_are(database, cast.alice).must_agree
    with pytest.raises(Invalid) as silent:
        published(database, moderator, "1. Other words")
    assert "summary" in silent.value.fields
    with pytest.raises(Invalid) as same:
        published(database, moderator, summary="Nothing at all")
    assert "text" in same.value.fields
    published(database, moderator, "1. Other words", "Other words")
    assert as_they_are(database, cast.alice).must_agree
    with database.unit_of_work(cast.alice) as session, pytest.raises(Conflict):
        actions.agree(session, cast.alice, 1)


def test_a_page_leads_to_the_guidelines_and_back(
    database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer
) -> None:
    published(database, moderator)
    alice = as_viewer(as_they_are(database, cast.alice))
    asked = alice.get("/people?q=bob")
    assert (asked.status_code, asked.location) == (302, "/guidelines/agree?next=%2Fpeople%3Fq%3Dbob")
    assert "Others wonder too" in alice.get(asked.location).text
    unticked = alice.post("/guidelines/agree", data={"version": "1", "next": "/people?q=bob"})
    assert unticked.status_code == 422
    agreed = alice.post("/guidelines/agree", data={"version": "1", "agree": "1", "next": "/people?q=bob"})
    assert (agreed.status_code, agreed.location) == (303, "/people?q=bob")
    assert as_viewer(as_they_are(database, cast.alice)).get("/people?q=bob").status_code == 200


def test_agreeing_leads_nowhere_else(database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer) -> None:
    published(database, moderator)
    alice = as_viewer(as_they_are(database, cast.alice))
    for elsewhere in ("//evil.example", "https://evil.example/"):
        answer = alice.post("/guidelines/agree", data={"version": "1", "agree": "1", "next": elsewhere})
        assert answer.location == "/"


def test_signing_out_and_what_an_open_page_sends_are_never_locked(
    database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer
) -> None:
    published(database, moderator)
    alice = as_viewer(as_they_are(database, cast.alice))
    assert alice.post("/sign-out").location == "/sign-in"
    assert alice.post("/posts", data={"text": "typed before they were published"}).status_code == 303
    assert alice.get("/", headers={"X-Fragment": "1"}).status_code == 200


def test_a_program_is_told_what_to_do_and_can_agree(
    app: Flask, database: Database, cast: Cast, moderator: Viewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        token = make_token(session, cast.alice, get_person(session, cast.alice.member_id), "a program")
    published(database, moderator)
    program = app.test_client()
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    refused = program.get("/api/v1/me")
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")
    assert refused.json is not None
    assert refused.json["type"] == "agreement-needed"
    assert "/api/v1/guidelines" in refused.json["detail"]
    holding = program.get("/api/v1/guidelines").json
    assert holding is not None
    assert (holding["version"], holding["agreed"]) == (1, False)
    assert program.post("/api/v1/guidelines/agree", json={"version": 1}).status_code == 200
    assert program.get("/api/v1/me").status_code == 200


def test_the_markdown_of_guidelines_is_safe(database: Database, cast: Cast, moderator: Viewer) -> None:
    published(database, moderator, "<script>alert(1)</script> [x](javascript:alert(1)) 中文 العربية")
    with database.reading(cast.alice) as session:
        html = queries.version(session, 1).html
    assert "<script" not in html
    assert "href" not in html
    assert "中文 العربية" in html


def test_moderators_see_who_agreed_and_who_has_not(
    database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, cast.carol.id).name = "=HYPERLINK(evil)"
    published(database, moderator)
    with database.unit_of_work(cast.alice) as session:
        actions.agree(session, cast.alice, 1)
    with database.reading(moderator) as session:
        agreed = queries.signatures(session, 1, cursor=None)
        missing = queries.missing(session, 1, cursor=None)
    assert [line.person.username for line in agreed.items] == ["alice", "bob"]
    assert [line.person.username for line in missing.items] == ["carol", "dana"]
    client = as_viewer(moderator)
    assert "Alice" in client.get("/moderation/guidelines/1").text
    assert "Dana" in client.get("/moderation/guidelines/1?show=missing").text
    table = client.post("/moderation/guidelines/1.csv").text.splitlines()
    assert table[0] == "username,name,version,accepted_at"
    assert {line.split(",")[0] for line in table[1:]} == {"alice", "bob", "carol", "dana"}
    assert "carol,'=HYPERLINK(evil),," in table
    assert as_viewer(cast.alice).get("/moderation/guidelines/1").status_code == 403


def test_the_lists_go_on_where_they_ended(
    database: Database, moderator: Viewer, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 1)
    published(database, moderator)
    for viewer in (cast.alice, cast.carol):
        with database.unit_of_work(viewer) as session:
            actions.agree(session, viewer, 1)
    with database.reading(moderator) as session:
        seen, cursor = [], None
        while page := queries.signatures(session, 1, cursor=cursor):
            seen += [line.person.username for line in page.items]
            if not (cursor := page.older):
                break
    assert seen == ["carol", "alice", "bob"]


def test_the_editor_begins_with_a_text_and_keeps_what_was_typed(
    app: Flask, database: Database, moderator: Viewer, as_viewer: AsViewer
) -> None:
    assert runtime(app)
    client = as_viewer(moderator)
    assert "Ask in the open" in client.get("/moderation/guidelines").text
    client.post("/moderation/guidelines", data={"text": "1. Ours", "draft": "1"})
    assert "1. Ours" in client.get("/moderation/guidelines").text
    long = client.post("/moderation/guidelines", data={"text": "1. Kept", "summary": "x" * 600, "publish": "1"})
    assert long.status_code == 422
    assert "1. Kept" in long.text
    with database.reading(moderator) as session:
        assert queries.in_force(session) == 0
