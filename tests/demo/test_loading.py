"""The demo company as rows: everything is stored once, readable by members, and only where nobody lives yet."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Person
from intranet.accounts.passwords import check_new, is_right
from intranet.accounts.queries import credential_for_sign_in
from intranet.demo import loading
from intranet.demo.company import Company
from intranet.demo.generate import generate
from intranet.demo.signing_in import SIGN_INS
from intranet.kernel import clock, jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import Refused
from intranet.kernel.viewer import Role, Viewer
from intranet.people.models import Follow, Profile
from intranet.posts.models import Bookmark, Comment, Post, PostKind, PostMention, PostTopic, Reaction
from intranet.posts.polls.actions import vote
from intranet.posts.polls.models import Poll
from intranet.posts.polls.queries import PollCard
from intranet.posts.queries import post_card
from intranet.questions.routing.choosing import WAVE
from intranet.questions.routing.models import AskedPerson, Why
from intranet.topics.models import Endorsement, Skill, Topic
from tests.cast import SYSTEM, Cast

NOW = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)


@cache
def company() -> Company:
    return generate(NOW, posts=250)


@pytest.fixture
def loaded(database: Database) -> loading.Ids:
    return loading.load(database, company(), NOW, lambda _done: None)


def count(database: Database, table: type) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("loaded")
def test_every_part_of_the_company_is_stored(database: Database) -> None:
    made = company()
    assert count(database, Person) == count(database, Profile) == len(made.people)
    assert count(database, Topic) == len(made.topics)
    assert count(database, Post) == len(made.posts)
    assert count(database, Comment) == sum(len(post.comments) for post in made.posts)
    assert count(database, Endorsement) == len(made.endorsements)
    assert count(database, Follow) == len(made.follows)
    assert count(database, Skill) == sum(len(person.skills) for person in made.people)
    assert count(database, Bookmark) == sum(len(post.bookmarked_by) for post in made.posts)
    assert count(database, Reaction) >= sum(len(post.reactions) for post in made.posts)
    assert min(count(database, PostMention), count(database, PostTopic)) > 40


def test_a_plain_member_reads_it(database: Database, loaded: loading.Ids) -> None:
    viewer = Viewer(loaded.people["leila"], frozenset({Role.MEMBER}))
    shut = {group.name: group.members for group in company().groups if group.kind != "open"}
    for_her = [post for post in company().posts if post.group not in shut or "leila" in shut[post.group]]
    with database.reading(viewer) as session:
        posts = session.scalars(select(Post).order_by(Post.id)).all()
        comments = session.scalars(select(Comment)).all()
    assert [post.text for post in posts] == [post.text for post in for_her]
    assert {comment.post_id for comment in comments} <= {post.id for post in posts}
    assert all("<" in post.html for post in posts)
    assert any(post.kind is PostKind.ANNOUNCEMENT for post in posts)


def test_its_polls_have_their_votes_and_take_one_more(database: Database, loaded: loading.Ids) -> None:
    viewer = Viewer(loaded.people["leila"], frozenset({Role.MEMBER}))
    held = sorted((post.poll for post in company().posts if post.poll), key=lambda poll: poll.closes_at)
    with clock.fixed(NOW), database.unit_of_work(viewer) as session:
        over_id, running_id = session.scalars(select(Poll.post_id).order_by(Poll.closes_at)).all()

        def shown(post_id: int) -> PollCard:
            card = post_card(session, viewer, post_id).poll
            assert card
            return card

        over, running = shown(over_id), shown(running_id)
        assert [over.voters, running.voters] == [len(poll.votes) for poll in held]
        assert [sum(option.votes for option in poll.options) for poll in (over, running)] == [
            over.voters,
            running.voters,
        ]
        vote(session, viewer, running_id, [running.options[0].id])
        with pytest.raises(Refused):
            vote(session, viewer, over_id, [over.options[0].id])
        assert shown(running_id).voters == running.voters + 1


@pytest.mark.usefixtures("loaded")
def test_the_outbox_tells_search_about_it(database: Database) -> None:
    with database.reading(SYSTEM) as session:
        kinds = {row.type for row in outbox.after(session, 0, limit=1000)}
    assert "posts.imported" in kinds


@pytest.mark.usefixtures("loaded")
def test_it_knows_that_it_is_there(database: Database) -> None:
    assert loading.tenant(database) is loading.Tenant.DEMO


def test_an_empty_database_has_no_tenant(database: Database) -> None:
    assert loading.tenant(database) is loading.Tenant.NOBODY


@pytest.mark.usefixtures("cast")
def test_real_people_are_left_alone(app: Flask, database: Database, cast: Cast) -> None:
    assert loading.tenant(database) is loading.Tenant.REAL_PEOPLE
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 1
    assert "holds people already" in done.output
    assert count(database, Post) == 0


def test_the_command_moves_in_once_names_three_sign_ins_and_has_those_asked_who_know(
    app: Flask, database: Database
) -> None:
    with clock.fixed(datetime(2026, 11, 23, 4, 33, tzinfo=UTC)), app.app_context():
        first = app.test_cli_runner().invoke(args=["demo"])
        assert first.exit_code == 0, first.output
        while jobs.run_due(database):
            pass
    with database.reading(SYSTEM) as session:
        of_finder = AskedPerson.why.not_in((Why.FOLLOWS, Why.STEWARD))
        asked = session.execute(select(AskedPerson.post_id, AskedPerson.person_id).where(of_finder)).all()
        askers = {post_id: session.get_one(Post, post_id).author_id for post_id, _ in asked}
    assert max(Counter(post_id for post_id, _ in asked).values()) <= WAVE
    assert all(askers[post_id] != person_id for post_id, person_id in asked)
    people = count(database, Person)
    again = app.test_cli_runner().invoke(args=["demo"])
    assert again.exit_code == 0
    assert "there already" in again.output
    assert count(database, Person) == people
    for output in (first.output, again.output):
        assert all(name in output for name in ("leila", "samuel", "ingrid"))


@pytest.mark.usefixtures("loaded")
def test_a_half_finished_move_is_named_with_its_remedy(app: Flask, database: Database) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for bookmark in session.scalars(select(Bookmark)):
            session.delete(bookmark)
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 1
    assert "remove the data folder" in done.output


def test_the_three_passwords_open_the_door(app: Flask, database: Database, loaded: loading.Ids) -> None:
    assert loaded.people
    with database.reading(SYSTEM) as session:
        for sign_in in SIGN_INS:
            person_id, hashed = credential_for_sign_in(session, sign_in.username)
            assert person_id == loaded.people[sign_in.username]
            with app.app_context():
                assert is_right(hashed, sign_in.password)
        roles = session.scalars(select(Person.roles).where(Person.username == "ingrid")).one()
    assert Role.ADMIN in roles


def test_the_printed_passwords_would_be_accepted_from_a_person(app: Flask) -> None:
    with app.test_request_context():
        for sign_in in SIGN_INS:
            check_new(sign_in.password, personal=(sign_in.username,))
