"""Everybody takes a copy of what is theirs, and of nothing else; and who wishes so is deleted, word for word."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from intranet.accounts.actions import make_token
from intranet.accounts.models import Credential, Person
from intranet.accounts.passwords import hash_password
from intranet.articles.models import ArticleStep
from intranet.files.actions import put_on_shelf, receive
from intranet.governance.mydata import actions, clerk, erasing
from intranet.governance.mydata.belongings import models, unclaimed
from intranet.governance.mydata.copying import copy_path, make_copy, remove_old
from intranet.governance.mydata.models import GRACE, CopyState, DataCopy, ErasureWish
from intranet.governance.reports import reportable
from intranet.governance.reports.actions import file_report
from intranet.governance.reports.models import Report, ReportReason
from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer
from intranet.people.actions import ProfileDraft, follow_person, save_profile
from intranet.posts.actions import PostDraft, add_comment, delete_item, edit_item, publish_post
from intranet.posts.models import Comment, Post
from intranet.posts.polls.actions import PollDraft
from intranet.search.index import index_of
from intranet.topics.actions import claim_skill, endorse
from intranet.topics.vocabulary import topic_ids
from tests.articles.keeping import kept, row, said, solved
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

NAME, USERNAME, EMAIL = "Zdenka Quirrelova", "zdenka.q", "zdenka@quirrel.example"
WORDS = "obsidian teapot"


@pytest.fixture
def zdenka(app: Flask, database: Database, cast: Cast) -> Viewer:
    """Somebody who left traces everywhere."""
    with database.unit_of_work(SYSTEM) as session:
        person = Person(username=USERNAME, name=NAME, folded_name="zdenka quirrelova", email=EMAIL)
        session.add(person)
        session.flush()
        viewer = Viewer(person.id, frozenset({Role.MEMBER}))
        session.add(Credential(person_id=person.id, password_hash=hash_password("a long password")))
        make_token(session, SYSTEM, person, "a program")
        save_profile(
            session, SYSTEM, person.id, ProfileDraft(title="Potter", about=f"I know the {WORDS}", manager="dana")
        )
    with app.test_request_context():
        received = receive(runtime(app).settings.files_folder, f"{WORDS}.txt", WORDS.encode())
    with database.unit_of_work(viewer) as session:
        file_id = put_on_shelf(session, viewer, received).id
        post = publish_post(session, viewer, PostDraft(text=f"Look at my {WORDS} #pots", files=(file_id,)))
        poll = PollDraft(options=(f"{WORDS} one", f"{WORDS} two"))
        publish_post(session, viewer, PostDraft(text=f"Which {WORDS}?", kind=post.kind.POLL, poll=poll))
        edit_item(session, viewer, post.id, f"Look at my glazed {WORDS} #pots")
        claim_skill(session, viewer, "pots")
        follow_person(session, viewer, cast.alice.member_id)
        group = groups.found_group(session, viewer, groups.GroupDraft(name="Potters", kind=GroupKind.OPEN))
        groups.take_in(session, group, cast.bob.member_id, actor_id=viewer.id)
    with database.unit_of_work(cast.alice) as session:
        under = publish_post(session, cast.alice, PostDraft(text=f"Thanks @{USERNAME} for the tea, {NAME} is kind"))
        endorse(session, cast.alice, viewer.member_id, _topic(session), reason=f"{NAME} makes good pots")
        follow_person(session, cast.alice, viewer.member_id)
    with database.unit_of_work(viewer) as session:
        add_comment(session, viewer, reply_to=under.id, text=f"It was the {WORDS}")
        fresh = reportable.item(session, viewer, under.id)
        file_report(session, viewer, fresh, ReportReason.UNKIND, words=f"not about the {WORDS}")
    with database.unit_of_work(cast.bob) as session:
        fresh = reportable.item(session, cast.bob, post.id)
        file_report(session, cast.bob, fresh, ReportReason.UNKIND, words="secret word of bob")
    return viewer


def _topic(session: Session) -> int:
    return next(iter(topic_ids(session, ["pots"]).values()))


def copied(app: Flask, database: Database, viewer: Viewer) -> zipfile.ZipFile:
    with database.unit_of_work(viewer) as session:
        row = actions.ask_copy(session, viewer)
    with app.app_context():
        make_copy(app, row.id)
    return zipfile.ZipFile(copy_path(runtime(app).settings.data, row.key))


def erased(app: Flask, database: Database, viewer: Viewer, *, takes_words: bool) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for group in groups.owned_alone(session, viewer.member_id):
            groups.pass_group_on(session, group, viewer.member_id, None, actor_id=None)
    with database.unit_of_work(viewer) as session:
        actions.ask_erasure(session, viewer, takes_words=takes_words)
    with app.app_context(), clock.fixed(clock.now() + GRACE + timedelta(minutes=1)):
        erasing.erase_person(app, viewer.member_id)


def everything(database: Database) -> str:
    """Every value of every row of every table."""
    with database.reading(SYSTEM) as session:
        return "\n".join(
            repr(tuple(row))
            for model in models()
            for row in session.execute(select(*(getattr(model, a.key) for a in inspect(model).column_attrs)))
        )


def test_every_table_that_names_people_is_thought_about() -> None:
    """A new one: call its column as in ``belongings._NAMES``, or say in ``NOT_THEIRS`` why it is nobody's."""
    assert unclaimed() == []


def test_a_copy_holds_what_is_theirs(app: Flask, database: Database, zdenka: Viewer) -> None:
    archive = copied(app, database, zdenka)
    names = set(archive.namelist())
    assert {"index.html", "data/account.json", "data/posts.json", "data/comments.json", "data/skills.json"} <= names
    account = json.loads(archive.read("data/account.json"))
    assert (account["username"], account["email"]) == (USERNAME, EMAIL)
    posts = json.loads(archive.read("data/posts.json"))
    assert f"glazed {WORDS}" in posts[0]["text"]
    (file,) = (name for name in names if name.startswith("files/"))
    assert archive.read(file) == WORDS.encode()
    page = archive.read("index.html").decode()
    assert NAME in page
    assert f"glazed {WORDS}" in page
    assert "<script" not in page


def test_a_copy_holds_no_secret_and_nothing_of_others(
    app: Flask, database: Database, cast: Cast, zdenka: Viewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        hashed = session.get_one(Credential, zdenka.id).password_hash
        closed = Post(author_id=zdenka.member_id, text="said in a group they left", html="", audience_id=cast.group)
        session.add(closed)
    archive = copied(app, database, zdenka)
    whole = "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert hashed not in whole
    assert "token_hash" not in whole
    assert "secret word of bob" not in whole
    assert str(cast.bob.id) not in whole
    assert "said in a group they left" not in whole
    assert "for the tea" not in whole


def test_only_its_person_fetches_a_copy_and_only_for_a_week(
    app: Flask, database: Database, cast: Cast, zdenka: Viewer, as_viewer: AsViewer
) -> None:
    archive = copied(app, database, zdenka)
    with database.reading(SYSTEM) as session:
        row = session.scalars(select(DataCopy)).one()
    address = f"/settings/data/copies/{row.id}"
    with as_viewer(zdenka).post(address) as answer:
        assert answer.mimetype == "application/zip"
        assert set(zipfile.ZipFile(io.BytesIO(answer.data)).namelist()) == set(archive.namelist())
    for other in (cast.alice, cast.dana):
        assert as_viewer(other).post(address).status_code == 404
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert as_viewer(zdenka).post(address).status_code == 404
        with app.app_context(), database.unit_of_work(SYSTEM) as session:
            remove_old(session, {})
    with database.reading(SYSTEM) as session:
        assert session.get_one(DataCopy, row.id).state is CopyState.GONE
    assert not copy_path(runtime(app).settings.data, row.key).exists()


def test_the_worker_makes_what_was_asked_for(app: Flask, database: Database, zdenka: Viewer) -> None:
    with database.unit_of_work(zdenka) as session:
        first = actions.ask_copy(session, zdenka).id
        assert actions.ask_copy(session, zdenka).id == first
    clerk.turn(app)
    runtime(app).parts["my-data"].join(20)
    with database.reading(SYSTEM) as session:
        row = session.get_one(DataCopy, first)
        assert (row.state, row.done) == (CopyState.READY, row.total)


def test_after_erasure_no_row_and_no_index_holds_their_name_or_words(
    app: Flask, database: Database, zdenka: Viewer
) -> None:
    before = everything(database)
    for trace in (NAME, USERNAME, EMAIL, WORDS, "obsidian"):
        assert trace in before
    with app.app_context():
        index_of(app).become_writer()
        index_of(app).follow(seconds=5)
        index_of(app).flush(at_once=True)
    erased(app, database, zdenka, takes_words=True)
    after = everything(database)
    for trace in (NAME, USERNAME, EMAIL, WORDS, "Zdenka", "obsidian"):
        assert trace not in after, [line for line in after.splitlines() if trace in line]
    with app.app_context():
        index = index_of(app)
        assert index.needs_rebuild()
        index.rebuild()
        index.flush(at_once=True)
        index.close()
        stored = b"".join(path.read_bytes() for path in index.folder.rglob("*") if path.is_file())
    for trace in ("quirrelova", "obsidian", "zdenka"):
        assert trace.encode() not in stored.lower()


def test_who_leaves_their_words_leaves_them_without_a_name(
    app: Flask, database: Database, cast: Cast, zdenka: Viewer, as_viewer: AsViewer
) -> None:
    erased(app, database, zdenka, takes_words=False)
    after = everything(database)
    assert f"glazed {WORDS}" in after
    for trace in (NAME, USERNAME, EMAIL, "Potter'"):
        assert trace not in after, [line for line in after.splitlines() if trace in line]
    alice = as_viewer(cast.alice)
    assert "Former colleague" in alice.get("/?view=everyone").text
    assert "Ehemalige Kollegin" in alice.get("/?view=everyone", headers={"Accept-Language": "de"}).text
    assert "Former colleague" not in after
    assert f"Thanks @former-{zdenka.id}" in after
    with database.reading(SYSTEM) as session:
        person = session.get_one(Person, zdenka.id)
        assert person.deactivated_at is not None
        assert session.get(Credential, zdenka.id) is None
        assert session.get_one(ErasureWish, zdenka.id).done_at is not None
        assert session.scalars(select(Report).where(Report.reporter_id == cast.bob.id)).one().words


def test_articles_made_of_their_answers_are_in_the_copy_and_go_with_their_words(
    app: Flask, database: Database, cast: Cast, zdenka: Viewer, as_viewer: AsViewer
) -> None:
    """Also what somebody else wrote down of them, and what they once said there before."""
    made = kept(database, cast.alice, solved(database, cast.alice, zdenka), text=f"Glaze the {WORDS}", keeper="alice")
    own = kept(database, zdenka, solved(database, cast.bob, zdenka), text=f"Fire the {WORDS}")
    said(database, zdenka, made, f"The {WORDS} has a lid now")
    archive = copied(app, database, zdenka)
    assert [voice["note"] for voice in json.loads(archive.read("data/article_voices.json"))] == [
        f"The {WORDS} has a lid now"
    ]
    assert {f"Glaze the {WORDS}", f"Fire the {WORDS}"} <= {
        article["text"] for article in json.loads(archive.read("data/articles.json"))
    }
    assert [step["text"] for step in json.loads(archive.read("data/article_steps.json"))] == [f"Fire the {WORDS}"]
    assert "data/articles.json" not in copied(app, database, cast.carol).namelist()
    erased(app, database, zdenka, takes_words=True)
    after = everything(database)
    assert "obsidian" not in after, [line for line in after.splitlines() if "obsidian" in line]
    assert [as_viewer(cast.alice).get(f"/articles/{one}").status_code for one in (made, own)] == [404, 404]


def test_articles_of_who_leaves_their_words_stay_with_somebody_who_is_here(
    app: Flask, database: Database, cast: Cast, zdenka: Viewer, as_viewer: AsViewer
) -> None:
    kept_for_bob = kept(database, cast.bob, solved(database, cast.alice, cast.bob), text="Bleed it", keeper=USERNAME)
    own = kept(database, cast.alice, solved(database, cast.alice, zdenka), text=f"Glaze the {WORDS}", keeper="alice")
    erased(app, database, zdenka, takes_words=False)
    assert row(database, cast.alice, kept_for_bob).keeper_id == cast.bob.id
    page = as_viewer(cast.carol).get(f"/articles/{own}").text
    assert f"Glaze the {WORDS}" in page
    assert NAME not in page
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(ArticleStep.text).where(ArticleStep.article_id == own)).all() == [
            f"Glaze the {WORDS}"
        ]


def test_a_namesake_keeps_their_name(app: Flask, database: Database, cast: Cast, zdenka: Viewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        twin = Person(username="zdenka.other", name=NAME, folded_name="zdenka quirrelova", email="other@example.org")
        session.add(twin)
        session.flush()
        both = f"{NAME} and @zdenka.other and @{USERNAME}.x and @{USERNAME}."
        text = publish_post(session, cast.alice, PostDraft(text=both)).id
        twin_id = twin.id
    erased(app, database, zdenka, takes_words=True)
    with database.reading(SYSTEM) as session:
        assert session.get_one(Person, twin_id).name == NAME
        assert (
            session.get_one(Post, text).text == f"{NAME} and @zdenka.other and @{USERNAME}.x and @former-{zdenka.id}."
        )


def test_it_can_be_undone_until_the_day_and_begun_anew_after_a_crash(
    app: Flask, database: Database, zdenka: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for group in groups.owned_alone(session, zdenka.member_id):
            groups.pass_group_on(session, group, zdenka.member_id, None, actor_id=None)
    with database.unit_of_work(zdenka) as session:
        actions.ask_erasure(session, zdenka, takes_words=True)
        actions.withdraw_erasure(session, zdenka)
    with pytest.raises(NotFound), database.unit_of_work(zdenka) as session:
        actions.withdraw_erasure(session, zdenka)
    with monkeypatch.context() as power:
        power.setattr(erasing, "_take_words", _power_cut)
        with pytest.raises(RuntimeError):
            erased(app, database, zdenka, takes_words=True)
    assert NAME in everything(database)
    with app.app_context():
        erasing.erase_person(app, zdenka.member_id)
        erasing.erase_person(app, zdenka.member_id)
    assert NAME not in everything(database)


def _power_cut(*_given: object) -> None:
    raise RuntimeError("the power is gone")


def test_what_a_moderator_hid_goes_too(app: Flask, database: Database, cast: Cast, zdenka: Viewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for comment in session.scalars(select(Comment).where(Comment.author_id == zdenka.id)):
            delete_item(session, SYSTEM, comment.id, for_good=False)
    erased(app, database, zdenka, takes_words=True)
    assert "obsidian" not in everything(database)


def test_the_last_admin_and_owners_of_groups_are_told_what_to_do_first(
    database: Database, cast: Cast, zdenka: Viewer, as_viewer: AsViewer
) -> None:
    for viewer in (cast.dana, zdenka):
        with pytest.raises(Invalid), database.unit_of_work(viewer) as session:
            actions.ask_erasure(session, viewer, takes_words=False)
    assert "Somebody must run the place" in as_viewer(cast.dana).get("/settings/data").text
    page = as_viewer(zdenka).get("/settings/data").text
    assert "Potters" in page
    assert "Delete me" not in page


def test_the_page_asks_for_the_password_and_keeps_the_choice(
    database: Database, cast: Cast, zdenka: Viewer, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for group in groups.owned_alone(session, zdenka.member_id):
            groups.pass_group_on(session, group, zdenka.member_id, None, actor_id=None)
    client = as_viewer(zdenka)
    wrong = client.post("/settings/data/erase", data={"current": "not it", "takes_words": "1"})
    assert wrong.status_code == 422
    assert 'value="1" checked' in wrong.text
    right = client.post("/settings/data/erase", data={"current": "a long password", "takes_words": "1"})
    assert right.status_code == 303
    assert "What you wrote goes too." in client.get("/settings/data").text
    client.post("/settings/data/stay")
    assert "Delete me in 14 days" in client.get("/settings/data").text
