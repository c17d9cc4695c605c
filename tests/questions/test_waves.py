"""Questions on their way: who is asked in which wave, what they can say to it, and that a crash asks nobody twice."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Person
from intranet.expertise import actions as finder
from intranet.expertise.finding import Asked, find_experts
from intranet.kernel import clock, jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications.models import Notice, Rhythm, Source
from intranet.people.models import Profile
from intranet.posts.actions import PostDraft, publish_post
from intranet.posts.asking.actions import AskingDraft
from intranet.posts.asking.models import Asking, Urgency
from intranet.posts.models import PostKind
from intranet.questions.asked import actions
from intranet.questions.asked.queries import who_is_asked
from intranet.questions.routing.models import AskedPerson, AskingHours, Doing, Why
from intranet.questions.routing.waves import go_on
from intranet.search.index import Index
from intranet.topics.models import NotMyField, Topic
from tests.cast import SYSTEM, Cast, add_person
from tests.questions.asking import accept, answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
ABOUT = "The flux sensor drifts after a cold restart. Flux sensors need ten minutes of warmth. #flux-sensors"


class Town:
    """Six people who know flux sensors, the worker, and a clock that is moved by hand."""

    def __init__(self, app: Flask, database: Database, cast: Cast, index: Index) -> None:
        self.app, self.database, self.cast, self.index = app, database, cast, index
        self.stopped = ExitStack()
        self.now = NOON - timedelta(days=3)
        self.go_on()
        with database.unit_of_work(SYSTEM) as session:
            names = ("fay", "gus", "hal", "ida", "jon", "kim")
            self.people = {name: Viewer(add_person(session, name).id, frozenset({Role.MEMBER})) for name in names}
        for place, viewer in enumerate(self.people.values()):
            for _time in range(6 - place):
                with database.unit_of_work(viewer) as session:
                    publish_post(session, viewer, PostDraft(text=f"{ABOUT} Note {place} {_time}."))
        self.now = NOON
        self.go_on()
        self.work()

    def go_on(self, **more: float) -> None:
        self.now += timedelta(**more)
        self.stopped.enter_context(clock.fixed(self.now))

    def work(self) -> None:
        with self.app.app_context():
            while any(
                outbox.drain(self.database, name, "here") for name in ("questions", "notifications")
            ) or jobs.run_due(self.database):
                pass

    def ask(self, viewer: Viewer | None = None, *, to: int = 1, **wishes: Any) -> int:
        asker = viewer or self.cast.alice
        draft = PostDraft(
            text="It is fine after an hour. #flux-sensors",
            title="Why does the flux sensor drift after a cold restart?",
            kind=PostKind.QUESTION,
            audience_id=to,
            asking=AskingDraft(**wishes),
        )
        with self.database.unit_of_work(asker) as session:
            return publish_post(session, asker, draft).id

    def set(self, row: Any) -> None:
        with self.database.unit_of_work(SYSTEM) as session:
            session.merge(row)

    def asked(self, question: int) -> list[str]:
        with self.database.reading(SYSTEM) as session:
            rows = select(Person.username).join(AskedPerson, AskedPerson.person_id == Person.id)
            return sorted(session.scalars(rows.where(AskedPerson.post_id == question)))

    def row(self, question: int, name: str) -> AskedPerson:
        with self.database.reading(SYSTEM) as session:
            row = session.get(AskedPerson, (question, self.people[name].member_id))
            assert row is not None
            return row

    def told(self, name: str) -> list[str]:
        with self.database.reading(SYSTEM) as session:
            mine = select(Notice.about).where(
                Notice.person_id == self.people[name].member_id, Notice.source == Source.ASKED
            )
            return sorted(session.scalars(mine))


@pytest.fixture
def town(app: Flask, database: Database, cast: Cast, index: Index) -> Iterator[Town]:
    found = Town(app, database, cast, index)
    yield found
    found.stopped.close()


def test_three_are_asked_then_three_more_and_each_has_one_notice_that_says_why(town: Town) -> None:
    question = town.ask()
    town.work()
    first = town.asked(question)
    assert len(first) == 3
    town.go_on(hours=1)
    town.work()
    assert town.asked(question) == first
    town.go_on(hours=2, minutes=1)
    town.work()
    assert town.asked(question) == ["fay", "gus", "hal", "ida", "jon", "kim"]
    for name in town.people:
        assert town.told(name) == [f"asked:{question}"]
    assert town.row(question, "fay").why is Why.WROTE


def test_urgency_shortens_the_wait(town: Town) -> None:
    question = town.ask(urgency=Urgency.NOW)
    town.work()
    town.go_on(minutes=31)
    town.work()
    assert len(town.asked(question)) == 6


def test_nobody_else_is_asked_once_somebody_who_was_asked_answers(town: Town) -> None:
    question = town.ask()
    town.work()
    name = town.asked(question)[0]
    answer(town.database, town.people[name], question, "Warm it up")
    town.work()
    town.go_on(days=1)
    town.work()
    assert len(town.asked(question)) == 3
    assert town.row(question, name).doing is Doing.ANSWERED


def test_nobody_else_is_asked_once_it_is_solved(town: Town) -> None:
    question = town.ask()
    town.work()
    accept(town.database, town.cast.alice, answer(town.database, town.cast.carol, question, "Warm it up"))
    town.work()
    town.go_on(days=1)
    town.work()
    assert len(town.asked(question)) == 3


def test_a_step_that_is_repeated_after_a_crash_asks_nobody_twice(town: Town) -> None:
    question = town.ask()
    town.work()
    with town.database.reading(SYSTEM) as session:
        turn = session.get_one(Asking, question).turn
    before = town.asked(question)
    for past in range(turn):
        with town.database.unit_of_work(SYSTEM) as session:
            go_on(session, {"post_id": str(question), "turn": past}, [])
    town.work()
    assert town.asked(question) == before


def test_limits_wishes_and_hours_of_the_asked_hold_and_the_asker_is_never_limited(town: Town) -> None:
    database, people = town.database, town.people
    town.set(AskingHours(person_id=people["fay"].member_id, per_week=0))
    with database.unit_of_work(people["gus"]) as session:
        topic = session.scalars(select(Topic.id).where(Topic.slug == "flux-sensors")).one()
        finder.stop_questions(session, people["gus"], topic)
    with database.unit_of_work(people["hal"]) as session:
        finder.opt_out(session, people["hal"])
    town.set(Rhythm(person_id=people["ida"].member_id, quiet_days=[0]))
    town.set(Profile(person_id=people["jon"].member_id, timezone="Pacific/Auckland"))
    town.work()
    questions = [town.ask(town.cast.carol) for _time in range(7)]
    town.work()
    asked = [name for question in questions for name in town.asked(question)]
    assert set(asked) == {"kim"}
    assert asked.count("kim") == 5  # her weekly limit; carol asked seven times


def test_the_hour_somewhere_else_is_explained_and_nothing_else_is(town: Town) -> None:
    people = town.people
    town.set(Profile(person_id=people["fay"].member_id, timezone="America/Monterrey", location="Monterrey"))
    town.set(Rhythm(person_id=people["gus"].member_id, quiet_days=[0]))
    town.work()
    question = town.ask()
    town.work()
    with town.app.test_request_context(), town.database.reading(town.cast.carol) as session:
        shown = who_is_asked(session, town.cast.carol, question)
    assert shown is not None
    assert [(one.person.username, one.clock, one.until) for one in shown.spared] == [("fay", "06:00", "09:00")]
    assert "gus" not in {one.person.username for one in shown.asked}


def test_only_who_may_read_it_is_asked(town: Town) -> None:
    question = town.ask(to=town.cast.group)
    town.work()
    town.go_on(days=2)
    town.work()
    assert town.asked(question) == []
    with town.app.test_request_context(), town.database.reading(town.cast.carol) as session, pytest.raises(NotFound):
        who_is_asked(session, town.cast.carol, question)


def test_whom_the_asker_names_is_asked_first_and_alone(town: Town) -> None:
    question = town.ask(people=("bob", "kim"))
    town.work()
    assert town.asked(question) == ["bob", "kim"]
    town.go_on(hours=3, minutes=1)
    town.work()
    assert len(town.asked(question)) == 5


def test_somebody_who_cannot_read_it_cannot_be_named(town: Town) -> None:
    with pytest.raises(Invalid, match="ask"):
        town.ask(to=town.cast.group, people=("carol",))


def test_passing_it_on_asks_whom_they_name_instead(town: Town) -> None:
    question = town.ask()
    town.work()
    first = town.asked(question)[0]
    with pytest.raises(Invalid, match="note"), town.database.unit_of_work(town.people[first]) as session:
        actions.pass_on(session, town.people[first], question, to="bob", note="n" * 201)
    with town.database.unit_of_work(town.people[first]) as session:
        actions.pass_on(session, town.people[first], question, to="bob", note="He built it")
    town.work()
    assert "bob" in town.asked(question)
    assert town.row(question, first).doing is Doing.PASSED
    with town.app.test_request_context(), town.database.reading(town.cast.bob) as session:
        mine = who_is_asked(session, town.cast.bob, question)
    assert mine is not None
    assert mine.mine is not None
    assert f"{first.capitalize()} Example" in mine.mine.why


def test_not_my_field_lowers_them_in_the_finder_until_they_take_it_back(town: Town) -> None:
    def place(name: str) -> int:
        with town.app.app_context():
            found = find_experts(town.cast.carol, Asked("flux-sensors drift", limit=10)).experts.items
        return [one.person_id for one in found].index(town.people[name].member_id)

    before = place("fay")
    question = town.ask()
    town.work()
    with town.database.unit_of_work(town.people["fay"]) as session:
        topics = actions.decline(session, town.people["fay"], question)
    assert [topic.slug for topic in topics] == ["flux-sensors"]
    assert place("fay") > before
    with town.database.unit_of_work(town.people["fay"]) as session:
        assert session.scalars(select(NotMyField.topic_id)).all() == [topics[0].id]
        finder.my_field_after_all(session, town.people["fay"], topics[0].id)
    assert place("fay") == before


def test_once_all_of_a_wave_declined_the_next_is_asked_at_once(town: Town) -> None:
    question = town.ask()
    town.work()
    for name in town.asked(question):
        with town.database.unit_of_work(town.people[name]) as session:
            actions.decline(session, town.people[name], question)
    town.work()
    assert len(town.asked(question)) == 6


def test_later_asks_again_once_at_the_chosen_time(town: Town) -> None:
    question = town.ask()
    town.work()
    name = town.asked(question)[0]
    viewer = town.people[name]
    with town.database.unit_of_work(viewer) as session:
        actions.answer_later(session, viewer, question, clock.now() + timedelta(hours=1))
    town.work()
    assert town.told(name) == [f"asked:{question}"]
    town.go_on(hours=1)
    town.work()
    assert town.told(name) == [f"asked:{question}", f"asked:{question}:again"]
    with town.database.unit_of_work(viewer) as session, pytest.raises(Refused):
        actions.answer_later(session, viewer, question, clock.now() + timedelta(hours=1))


def test_seeing_it_shows_and_only_the_asked_can_say_so(town: Town) -> None:
    question = town.ask()
    town.work()
    name = town.asked(question)[0]
    with town.database.unit_of_work(town.people[name]) as session:
        actions.mark_seen(session, town.people[name], question)
    assert town.row(question, name).doing is Doing.SEEN
    with town.database.unit_of_work(town.cast.carol) as session, pytest.raises(NotFound):
        actions.mark_seen(session, town.cast.carol, question)


def test_the_asker_need_not_wait_and_others_cannot_hurry(town: Town) -> None:
    question = town.ask()
    town.work()
    with town.database.unit_of_work(town.cast.carol) as session, pytest.raises(Refused):
        actions.ask_more(session, town.cast.carol, question)
    with town.database.unit_of_work(town.cast.alice) as session:
        actions.ask_more(session, town.cast.alice, question)
    town.work()
    assert len(town.asked(question)) == 6


def test_a_question_that_is_deleted_asks_nobody(town: Town) -> None:
    from intranet.posts.actions import delete_item

    question = town.ask()
    with town.database.unit_of_work(town.cast.alice) as session:
        delete_item(session, town.cast.alice, question)
    town.work()
    assert town.asked(question) == []


def test_ones_own_limits_are_set_on_a_page_and_hold(town: Town, as_viewer: Any) -> None:
    client = as_viewer(town.people["fay"])
    week = {f"{end}-{day}": "" for end in ("from", "to") for day in range(7)}
    refused = client.post("/settings/asking", data={**week, "per_week": "3", "from-0": "17:00", "to-0": "09:00"})
    assert refused.status_code == 422
    assert "later end" in refused.get_data(as_text=True)
    assert 'value="17:00"' in refused.get_data(as_text=True)
    client.post("/settings/asking", data={**week, "per_week": "3", "from-1": "09:00", "to-1": "00:00"})
    question = town.ask()
    town.work()
    assert "fay" not in town.asked(question)
    page = as_viewer(town.people["fay"]).get("/settings/asking").get_data(as_text=True)
    assert 'value="3"' in page


def test_the_page_tells_the_asked_why_and_everybody_who_is_asked(town: Town, as_viewer: Any) -> None:
    question = town.ask()
    town.work()
    name = town.asked(question)[0]
    mine = as_viewer(town.people[name]).get(f"/questions/{question}").get_data(as_text=True)
    assert "because you wrote about" in mine
    theirs = as_viewer(town.cast.carol).get(f"/questions/{question}").get_data(as_text=True)
    assert "because you wrote about" not in theirs
    assert f"{name.capitalize()} Example" in theirs
    assert re.search(r"the next people are asked: \d\d:\d\d\.", theirs)
    bell = as_viewer(town.people[name]).get("/notifications").get_data(as_text=True)
    assert "You are being asked" in bell
    assert "Why does the flux sensor drift" in bell
