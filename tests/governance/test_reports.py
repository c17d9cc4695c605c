"""Reporting shows moderators the words that are meant and nothing else; every decision is audited and can be undone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from intranet.accounts.models import Person
from intranet.files.actions import put_on_shelf, receive
from intranet.files.models import StoredFile
from intranet.governance.models import AuditEntry
from intranet.governance.reports import actions, queries
from intranet.governance.reports.models import Decision, Withheld
from intranet.groups import actions as groups
from intranet.groups.models import Group, GroupKind, GroupMember
from intranet.kernel import outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import Refused
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer
from intranet.people.actions import ProfileDraft, save_profile
from intranet.people.models import Profile
from intranet.posts.actions import PostDraft, add_comment, delete_item, publish_post
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.governance.reporting import finish, is_there, posted, reported


@pytest.fixture
def moderator(cast: Cast) -> Viewer:
    """Carol, who is in none of alice's groups."""
    return Viewer(cast.carol.id, frozenset({Role.MEMBER, Role.MODERATOR}))


def test_two_reports_of_one_post_are_one_case(database: Database, cast: Cast, moderator: Viewer) -> None:
    post_id = posted(database, cast.alice, "read the runbook")
    reported(database, cast.bob, post_id, "not like this")
    reported(database, cast.dana, post_id)
    reported(database, cast.bob, post_id, "really not")
    with database.reading(moderator) as session:
        (case,) = queries.cases(session, is_open=True)
        assert (case.quote, queries.waiting_count(session)) == ("read the runbook", 1)
        assert [voice.words for voice in case.voices] == ["really not", ""]


def test_a_moderator_decides_about_what_they_cannot_read(database: Database, cast: Cast, moderator: Viewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Quiet", kind=GroupKind.HIDDEN))
        groups.take_in(session, group, cast.bob.member_id, actor_id=cast.alice.id)
        group_id = group.id
    post_id, other = (
        posted(database, cast.alice, "mean words", group_id),
        posted(database, cast.alice, "kept", group_id),
    )
    reported(database, cast.bob, post_id)
    with database.reading(moderator) as session:
        assert [case.quote for case in queries.cases(session, is_open=True)] == ["mean words"]
    with database.unit_of_work(moderator) as session:
        actions.decide(session, moderator, post_id, Decision.HIDE, note="unkind")
    finish(database)
    assert not is_there(database, cast.alice, post_id)
    assert is_there(database, cast.alice, other)
    assert not is_there(database, moderator, other)
    with database.unit_of_work(moderator) as session:
        actions.reopen(session, moderator, post_id)
    finish(database)
    assert is_there(database, cast.bob, post_id)


def test_reopening_takes_back_all_that_was_decided_one_report_after_the_other(
    database: Database, cast: Cast, moderator: Viewer
) -> None:
    post_id = posted(database, cast.alice, "mean words")
    for reporter, decision in (
        (cast.bob, Decision.NOTHING),
        (cast.carol, Decision.FREEZE),
        (cast.dana, Decision.HIDE),
    ):
        reported(database, reporter, post_id)
        with database.unit_of_work(moderator) as session:
            actions.decide(session, moderator, post_id, decision)
        finish(database)
    assert not is_there(database, cast.bob, post_id)
    with database.unit_of_work(moderator) as session:
        actions.reopen(session, moderator, post_id)
    finish(database)
    with database.unit_of_work(cast.bob) as session:
        assert add_comment(session, cast.bob, reply_to=post_id, text="I can read it, and answer").id


def test_who_wrote_it_cannot_bring_back_what_was_hidden(
    database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer
) -> None:
    post_id = posted(database, cast.alice, "mean words")
    reported(database, cast.bob, post_id)
    with database.unit_of_work(moderator) as session:
        actions.decide(session, moderator, post_id, Decision.HIDE)
    finish(database)
    assert as_viewer(cast.alice).post(f"/posts/{post_id}/restore").status_code == 403


def test_a_frozen_post_takes_no_reply_until_it_thaws(database: Database, cast: Cast, moderator: Viewer) -> None:
    post_id = posted(database, cast.alice, "which editor?")
    reported(database, cast.bob, post_id)
    with database.unit_of_work(moderator) as session:
        actions.decide(session, moderator, post_id, Decision.FREEZE)
    finish(database)
    with pytest.raises(Refused), database.unit_of_work(cast.bob) as session:
        add_comment(session, cast.bob, reply_to=post_id, text="emacs")
    with database.unit_of_work(moderator) as session:
        actions.reopen(session, moderator, post_id)
    finish(database)
    with database.unit_of_work(cast.bob) as session:
        assert add_comment(session, cast.bob, reply_to=post_id, text="emacs").id


def test_plain_members_neither_see_nor_decide(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = posted(database, cast.alice, "read the runbook")
    reported(database, cast.bob, post_id)
    browser = as_viewer(cast.bob)
    assert browser.get("/moderation").status_code == 403
    assert browser.post(f"/moderation/{post_id}/decide", data={"decision": "hide"}).status_code == 403
    with pytest.raises(Refused), database.unit_of_work(cast.bob) as session:
        actions.decide(session, cast.bob, post_id, Decision.HIDE)
    assert "/moderation" not in browser.get("/").text


def test_what_one_cannot_read_one_cannot_report(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = posted(database, cast.alice, "for us", cast.group)
    carol = as_viewer(cast.carol)
    assert carol.get(f"/posts/{post_id}/report").status_code == 404
    assert carol.post(f"/posts/{post_id}/report", data={"reason": "unkind"}).status_code == 404


def test_the_pages_report_decide_and_take_back(
    database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer
) -> None:
    post_id = posted(database, cast.alice, "read the runbook")
    bob = as_viewer(cast.bob)
    assert f"/posts/{post_id}/report" in bob.get("/?view=everyone").text
    wrong = bob.post(f"/posts/{post_id}/report", data={"words": "no reason given"})
    assert (wrong.status_code, "no reason given" in wrong.text) == (422, True)
    assert bob.post(f"/posts/{post_id}/report", data={"reason": "unkind", "words": "no"}).status_code == 303
    judge = as_viewer(moderator)
    assert "read the runbook" in judge.get("/moderation").text
    judge.post(f"/moderation/{post_id}/decide", data={"decision": "nothing", "note": "fair question"})
    assert "read the runbook" not in judge.get("/moderation").text
    assert "fair question" in judge.get("/moderation?show=decided").text
    judge.post(f"/moderation/{post_id}/reopen")
    assert "read the runbook" in judge.get("/moderation").text


def test_all_of_it_is_audited(database: Database, cast: Cast, moderator: Viewer) -> None:
    post_id = posted(database, cast.alice, "read the runbook")
    reported(database, cast.bob, post_id)
    with database.unit_of_work(moderator) as session:
        actions.decide(session, moderator, post_id, Decision.NOTHING)
    with database.unit_of_work(moderator) as session:
        actions.reopen(session, moderator, post_id)
    while outbox.drain(database, "audit", "here"):
        pass
    with database.reading(SYSTEM) as session:
        noted = session.execute(select(AuditEntry.action, AuditEntry.actor_id).order_by(AuditEntry.id)).all()
    told = [(action, actor) for action, actor in noted if action.startswith("report.")]
    who = [cast.bob.id, moderator.id, moderator.id]
    assert told == list(zip(["report.filed", "report.decided", "report.reopened"], who, strict=True))


def test_what_its_author_took_away_does_not_come_back_with_a_decision(
    database: Database, cast: Cast, moderator: Viewer
) -> None:
    post_id = posted(database, cast.alice, "mean words")
    reported(database, cast.bob, post_id)
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, post_id)
    with database.unit_of_work(moderator) as session:
        actions.decide(session, moderator, post_id, Decision.HIDE)
    finish(database)
    with database.unit_of_work(moderator) as session:
        actions.reopen(session, moderator, post_id)
    finish(database)
    assert not is_there(database, cast.bob, post_id)


def test_a_post_with_a_file_is_hidden_with_it_and_comes_back_with_it(
    app: Flask, database: Database, cast: Cast, moderator: Viewer
) -> None:
    with app.test_request_context():
        received = receive(runtime(app).settings.files_folder, "plan.txt", b"the plan")
    with database.unit_of_work(cast.alice) as session:
        file_id = put_on_shelf(session, cast.alice, received).id
        post_id = publish_post(session, cast.alice, PostDraft(text="With a file", files=(file_id,))).id
    reported(database, cast.bob, post_id)
    with database.unit_of_work(moderator) as session:
        actions.decide(session, moderator, post_id, Decision.HIDE)
    finish(database)
    assert not is_there(database, cast.alice, post_id)
    with database.reading(cast.carol) as session:
        assert session.get(StoredFile, file_id) is None
    with database.unit_of_work(moderator) as session:
        actions.reopen(session, moderator, post_id)
    finish(database)
    with database.reading(cast.carol) as session:
        assert session.get(StoredFile, file_id) is not None


def test_what_a_profile_says_is_hidden_and_given_back(
    database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        save_profile(session, cast.alice, cast.alice.member_id, ProfileDraft(about="Rude words", ask_me_about=("tea",)))
    bob = as_viewer(cast.bob)
    assert "Rude words" in bob.get("/people/alice/report").text
    assert bob.post("/people/alice/report", data={"reason": "unkind"}).status_code == 303
    with database.unit_of_work(moderator) as session:
        actions.decide(session, moderator, cast.alice.member_id, Decision.HIDE, note="Say it kindly")
    finish(database)
    assert "Rude words" not in as_viewer(cast.bob).get("/people/alice").text
    with database.unit_of_work(cast.alice) as session:
        save_profile(session, cast.alice, cast.alice.member_id, ProfileDraft(about="Kind words"))
    with database.unit_of_work(moderator) as session:
        actions.reopen(session, moderator, cast.alice.member_id)
    finish(database)
    with database.reading(SYSTEM) as session:
        profile = session.get_one(Profile, cast.alice.id)
        assert (profile.about, profile.ask_me_about) == ("Kind words", ["tea"])
        assert session.query(Withheld).count() == 0


def test_a_group_is_archived_or_its_words_are_hidden_until_that_is_undone(
    database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        draft = groups.GroupDraft(name="Loud", kind=GroupKind.OPEN, about="Shouting")
        group_id = groups.found_group(session, cast.alice, draft).id
    assert as_viewer(cast.bob).post("/groups/loud/report", data={"reason": "unkind"}).status_code == 303
    for decision in (Decision.HIDE, Decision.FREEZE):
        with database.unit_of_work(moderator) as session:
            actions.decide(session, moderator, group_id, decision)
        finish(database)
        with database.reading(SYSTEM) as session:
            group = session.get_one(Group, group_id)
            assert (group.about, group.archived_at is not None) == (
                ("", False) if decision is Decision.HIDE else ("Shouting", True)
            )
        with database.unit_of_work(moderator) as session:
            actions.reopen(session, moderator, group_id)
        finish(database)
        with database.reading(SYSTEM) as session:
            assert session.get_one(Group, group_id).archived_at is None
            assert session.get_one(Group, group_id).about == "Shouting"


def test_a_hidden_group_cannot_be_reported_by_who_does_not_know_it(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(cast.alice) as session:
        draft = groups.GroupDraft(name="Quiet", kind=GroupKind.HIDDEN)
        slug = groups.found_group(session, cast.alice, draft).slug
    assert as_viewer(cast.carol).get(f"/groups/{slug}/report").status_code == 404


def test_its_author_reads_why_and_not_who(
    database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer
) -> None:
    post_id = posted(database, cast.alice, "read the runbook")
    reported(database, cast.bob, post_id, "word of bob")
    with database.unit_of_work(moderator) as session:
        actions.decide(session, moderator, post_id, Decision.HIDE, note="Too sharp <b>")
    finish(database)
    alice = as_viewer(cast.alice)
    for address in ("/settings/decisions", "/"):
        page = alice.get(address).text
        assert "read the runbook" in page
        assert "Too sharp &lt;b&gt;" in page
        assert "word of bob" not in page
    assert "read the runbook" not in as_viewer(cast.bob).get("/settings/decisions").text
    with database.unit_of_work(moderator) as session:
        actions.reopen(session, moderator, post_id)
    assert "Too sharp" not in as_viewer(cast.alice).get("/settings/decisions").text


def test_a_reply_can_be_reported_from_its_foot(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post_id = posted(database, cast.alice, "read the runbook")
    with database.unit_of_work(cast.bob) as session:
        comment_id = add_comment(session, cast.bob, reply_to=post_id, text="no").id
    assert f"/posts/{comment_id}/report" in as_viewer(cast.carol).get(f"/posts/{post_id}").text
    assert f"/posts/{comment_id}/report" not in as_viewer(cast.bob).get(f"/posts/{post_id}").text


def test_a_moderator_closes_a_post_to_replies_without_a_report(
    app: Flask, database: Database, cast: Cast, moderator: Viewer, as_viewer: AsViewer
) -> None:
    post_id = posted(database, cast.alice, "A long quarrel")
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, moderator.id).roles = [Role.MODERATOR]
    address = f"/moderation/posts/{post_id}/freeze"
    assert address not in as_viewer(cast.bob).get(f"/posts/{post_id}").text
    assert as_viewer(cast.bob).post(address, data={"on": "1"}).status_code == 403
    carol = as_viewer(moderator)
    assert address in carol.get(f"/posts/{post_id}").text
    carol.post(address, data={"on": "1"})
    assert as_viewer(cast.bob).post(f"/posts/{post_id}/comments", data={"text": "And"}).status_code == 403
    carol = as_viewer(moderator)
    assert "Open to replies again" in carol.get(f"/posts/{post_id}").text
    carol.post(address, data={"on": "0"})
    assert as_viewer(cast.bob).post(f"/posts/{post_id}/comments", data={"text": "And"}).status_code == 303


def test_nobody_is_offered_to_report_themselves(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    post = posted(database, cast.alice, "Mine")
    with database.unit_of_work(cast.alice) as session:
        reply = add_comment(session, cast.alice, reply_to=post, text="And this").id
    for viewer, is_offered in ((cast.alice, False), (cast.bob, True)):
        client = as_viewer(viewer)
        page = client.get(f"/posts/{post}").text
        for item_id in (post, reply):
            assert (f"/posts/{item_id}/report" in page) is is_offered
            assert client.get(f"/posts/{item_id}/report").status_code == (200 if is_offered else 404)


def refused(client: FlaskClient, address: str) -> bool:
    """The form does not open, and sending it is no way around that."""
    answers = (client.get(address), client.post(address, data={"reason": "unkind"}))
    return {answer.status_code for answer in answers} == {404}


def test_no_form_opens_for_what_cannot_be_reported(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    with database.unit_of_work(cast.alice) as session:
        group = groups.found_group(session, cast.alice, groups.GroupDraft(name="Left alone", kind=GroupKind.OPEN))
        address = f"/groups/{group.slug}"
    assert refused(as_viewer(cast.alice), "/people/alice/report")
    assert refused(as_viewer(cast.bob), "/people/erin/report")  # who has left
    assert f"{address}/report" in as_viewer(cast.bob).get(address).text
    with database.unit_of_work(SYSTEM) as session:
        session.execute(delete(GroupMember).where(GroupMember.group_id == group.id))
    assert f"{address}/report" not in as_viewer(cast.bob).get(address).text
    assert refused(as_viewer(cast.bob), f"{address}/report")
