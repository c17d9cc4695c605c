"""The first minutes end with a followed topic and a found person; they can be left, taken up again, and refused."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.events import PersonJoined
from intranet.accounts.models import OneTimeLink, Person, SiteSetting
from intranet.groups import actions as groups
from intranet.groups.models import GroupKind, GroupMember
from intranet.kernel import jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.people.actions import ProfileDraft, follow_person, save_profile
from intranet.people.apart.actions import block, mute
from intranet.people.models import FollowKind, Profile
from intranet.people.queries import following_ids
from intranet.posts.actions import PostDraft, publish_post
from intranet.questions.asked.queries import limits_of
from intranet.questions.routing.choosing import PER_WEEK
from intranet.search.index import index_of
from intranet.topics.actions import claim_skills, follow_topic
from intranet.topics.models import Skill
from intranet.topics.vocabulary import ensure_topics, topic_ids
from intranet.welcome import founding, suggesting
from intranet.welcome.models import Welcome
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


@pytest.fixture
def company(database: Database, cast: Cast) -> Cast:
    """Alice and bob in Operations, where carol begins; alice knows kafka and follows on-call."""
    for viewer in (cast.alice, cast.bob, cast.carol):
        with database.unit_of_work(viewer) as session:
            save_profile(session, viewer, viewer.member_id, ProfileDraft(department="Operations", location="Turin"))
    with database.unit_of_work(cast.alice) as session:
        claim_skills(session, cast.alice, cast.alice.member_id, ["kafka"])
        follow_topic(session, cast.alice, ensure_topics(session, ["on-call"])["on-call"])
        groups.found_group(session, cast.alice, groups.GroupDraft(name="Night crew", kind=GroupKind.OPEN))
        groups.found_group(session, cast.alice, groups.GroupDraft(name="Closed crew", kind=GroupKind.CLOSED))
        publish_post(session, cast.alice, PostDraft(text="kafka lag comes from a slow consumer #kafka"))
    return cast


def began(database: Database, viewer: Viewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        outbox.record(session, PersonJoined(viewer.member_id, None))
    while outbox.drain(database, "welcome", "here"):
        pass


def test_the_whole_way_with_plain_forms(app: Flask, database: Database, company: Cast, as_viewer: AsViewer) -> None:
    carol = company.carol
    began(database, carol)
    client = as_viewer(carol)
    assert "/start" in client.get("/").text
    assert client.get("/start").headers["Location"] == "/start/you"
    sent = client.post(
        "/start/you", data={"about": "I mend ovens <script>", "ask_me_about": "ovens", "languages": "中文"}
    )
    assert sent.headers["Location"] == "/start/topics"
    page = client.get("/start/topics").text
    assert 'name="help" value="kafka"' in page
    assert 'name="follow" value="on-call"' in page
    sent = client.post("/start/topics", data={"help_more": "ovens, 焼き物", "follow": "kafka"})
    assert sent.headers["Location"] == "/start/people"
    page = client.get("/start/people").text
    assert "Knows kafka, which you follow" in page
    assert "Night crew" in page
    assert "Closed crew" not in page
    with database.reading(carol) as session:
        group = suggesting.group_to_join(session, carol)
    assert group is not None
    sent = client.post("/start/people", data={"person": str(company.alice.id), "group": str(group.group.id)})
    assert sent.headers["Location"] == "/start/ask"
    page = client.get("/start/ask").text
    assert "Alice Example" in page  # asked about kafka, which carol has just begun to follow
    assert client.get("/start").headers["Location"] == "/start/ask"
    client.post("/start/end")
    assert client.get("/start").headers["Location"] == "/"
    assert 'href="/start"' not in client.get("/").text
    with database.reading(carol) as session:
        assert following_ids(session, carol.member_id, FollowKind.PERSON) == {company.alice.id}
        followed = following_ids(session, carol.member_id, FollowKind.TOPIC)
        assert followed == set(topic_ids(session, ["kafka"]).values())
        assert session.scalar(select(Skill.topic_id).where(Skill.person_id == carol.id)) is not None
        assert session.get(GroupMember, (group.group.id, carol.id)) is not None
        profile = session.get(Profile, carol.id)
        assert profile is not None
        assert profile.ask_me_about == ["ovens"]
    index_of(app).close()


def test_the_card_colleagues_will_find_says_what_was_just_said(company: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(company.carol)
    assert '<span data-said="help" hidden>' in client.get("/start/topics").text
    client.post("/start/topics", data={"help_more": "<b>ovens", "follow": "kafka"})
    page = client.get("/start/people").text
    card = page[page.index("seen-card") : page.index("</figure>")]
    assert "Happy to help with <span data-names><b><bdi>&lt;b&gt;ovens</bdi>" in card
    assert "Wants to hear about <span data-names><b><bdi>kafka</bdi>" in card


def test_how_often_one_may_be_asked_is_said_with_what_one_helps_with(
    database: Database, company: Cast, as_viewer: AsViewer
) -> None:
    client = as_viewer(company.carol)
    assert f'name="per_week" value="{PER_WEEK}"' in client.get("/start/topics").text
    wrong = client.post("/start/topics", data={"help_more": "ovens", "per_week": "ninety"})
    assert wrong.status_code == 422
    assert 'name="per_week" value="ninety"' in wrong.text
    assert 'value="ovens"' in wrong.text
    with database.reading(company.carol) as session:
        assert session.scalar(select(Skill.topic_id).where(Skill.person_id == company.carol.id)) is None
    assert client.post("/start/topics", data={"help_more": "ovens", "per_week": "3"}).status_code == 303
    with database.reading(company.carol) as session:
        kept = limits_of(session, company.carol.member_id)
        assert (kept.per_week, kept.is_usual) == (3, True)
    assert 'name="per_week" value="3"' in client.get("/start/topics").text
    assert 'name="per_week" value="3"' in client.get("/settings/asking").text


def test_it_can_be_refused_at_once_and_does_not_come_back(
    database: Database, company: Cast, as_viewer: AsViewer
) -> None:
    began(database, company.carol)
    client = as_viewer(company.carol)
    client.post("/start/end")
    began(database, company.carol)  # the event comes twice
    assert 'href="/start"' not in client.get("/").text
    client.post("/start/topics", data={})
    assert client.get("/start").headers["Location"] == "/"


def test_who_was_here_before_is_not_bothered_and_may_still_look(company: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(company.bob)
    assert 'href="/start"' not in client.get("/").text
    assert client.get("/start/topics").status_code == 200


def test_mistakes_are_named_and_nothing_typed_is_lost(company: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(company.carol)
    wrong = client.post("/start/topics", data={"help_more": "!!!", "follow_more": "ovens", "help": "kafka"})
    assert wrong.status_code == 422
    assert 'value="!!!"' in wrong.text
    assert 'value="ovens"' in wrong.text
    assert 'value="kafka" checked' in wrong.text
    picture = {"about": "about me", "photo": (BytesIO(b"no picture"), "me.png")}
    wrong = client.post("/start/you", data=picture)
    assert wrong.status_code == 422
    assert "about me" in wrong.text
    assert client.post("/start/people", data={"person": "7", "group": "8"}).status_code == 303
    assert client.post("/start/people", data={"person": "x"}).status_code == 404


def test_nobody_is_proposed_whom_one_knows_or_keeps_apart_from(database: Database, company: Cast) -> None:
    carol = company.carol

    def proposed() -> dict[str, str]:
        with database.reading(carol) as session:
            return {one.person.username: one.because for one in suggesting.people_to_follow(session, carol)}

    assert proposed() == {"alice": "In Operations like you", "bob": "In Operations like you"}
    with database.unit_of_work(carol) as session:
        mute(session, carol, company.bob.member_id, is_on=True)
        follow_topic(session, carol, topic_ids(session, ["kafka"])["kafka"])
    assert proposed() == {"alice": "Knows kafka, which you follow"}
    with database.unit_of_work(company.alice) as session:
        block(session, company.alice, carol.member_id, is_on=True)
    assert proposed() == {}
    with database.unit_of_work(company.alice) as session:
        block(session, company.alice, carol.member_id, is_on=False)
    with database.unit_of_work(carol) as session:
        follow_person(session, carol, company.alice.member_id)
    assert proposed() == {}


def test_the_first_admin_names_the_place_invites_and_brings_the_list(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for person in session.scalars(select(Person).where(Person.id != cast.dana.id)):
            person.deactivated_at = person.created_at
    client = as_viewer(cast.dana)
    assert client.get("/start").headers["Location"] == "/start/company"
    assert client.post("/start/company", data={"name": " "}).status_code == 422
    assert client.post("/start/company", data={"name": "Tidemark"}).headers["Location"] == "/start/invite"
    wrong = client.post("/start/invite", data={"addresses": "ada@tidemark.example\nnobody"})
    assert wrong.status_code == 422
    assert "ada@tidemark.example" in wrong.text
    done = client.post("/start/invite", data={"addresses": "ada@tidemark.example, ben@tidemark.example"})
    assert done.text.count("/invitation/") == 2
    rows = "name,username,department\nAda Brook,ada,Lab\nBen Ito,ben,Lab\nDana,dana,Lab\n,nameless,Lab\n"
    shown = client.post("/start/list", data={"file": (BytesIO(rows.encode()), "people.csv")})
    assert "2 people" in shown.text
    assert "name is empty" in shown.text
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(Person.id).where(Person.username == "ada")) is None
        assert session.get_one(SiteSetting, "name").value == "Tidemark"
        assert len(session.scalars(select(OneTimeLink.id)).all()) == 2
    sent = client.post("/start/list", data={"rows": rows, "sure": "1"})
    assert sent.headers["Location"] == "/start/you"
    while jobs.run_due(database):
        pass
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(Person.name).where(Person.username == "ada")) == "Ada Brook"
        assert session.get_one(Welcome, cast.dana.id).step == "you"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose a file first."),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"nonsense\n1\n", "wrong header"),
        (b"name,username\n" + b"x" * 1000, "Larger than 1 MB"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(
    cast: Cast, as_viewer: AsViewer, monkeypatch: pytest.MonkeyPatch, data: bytes, words: str
) -> None:
    monkeypatch.setattr(founding, "LARGEST_LIST", 1000)
    answer = as_viewer(cast.dana).post("/start/list", data={"file": (BytesIO(data), "people.csv")})
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("path", ["company", "invite", "list"])
def test_only_an_admin_founds(cast: Cast, as_viewer: AsViewer, path: str) -> None:
    assert as_viewer(cast.alice).get(f"/start/{path}").status_code == 403
    assert as_viewer(cast.alice).post(f"/start/{path}").status_code == 403
