"""What falls due while its keeper is away: it goes to who can act, once, and to nobody outside."""

from datetime import timedelta

from intranet.accounts.models import Person
from intranet.articles import actions
from intranet.articles.forms import today
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications.models import Source
from intranet.people.apart.actions import mute
from intranet.questions.asked.limits import Wished, set_limits
from intranet.questions.routing.hours import USUAL
from intranet.questions.routing.models import AskingHours
from tests.articles.keeping import kept, look, solved, steward, tasks
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


def away(database: Database, viewer: Viewer, *, days: int) -> None:
    with database.unit_of_work(SYSTEM) as session:
        until = clock.now() + timedelta(days=days)
        session.add(AskingHours(person_id=viewer.member_id, away_until=until))


def make_steward(database: Database, viewer: Viewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, viewer.member_id).roles = [Role.STEWARD]


def test_while_its_keeper_is_away_for_long_the_stewards_have_the_task_once_and_learn_why(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob), review_by=today() + timedelta(days=1))
    make_steward(database, cast.carol)
    away(database, cast.bob, days=30)
    with clock.fixed(clock.now() + timedelta(days=2)):
        for _turn in range(3):
            look(database)
    assert [tasks(database, one) for one in (cast.bob, cast.carol, cast.alice)] == [[], [Source.ARTICLE_DUE], []]
    page = as_viewer(cast.carol).get("/notifications").text
    assert "cannot look at it now" in page
    assert "You keep" not in page
    with clock.fixed(clock.now() + timedelta(days=40)):  # back at work, and the task is dealt with already
        with database.unit_of_work(steward(cast.carol)) as session:
            actions.check(session, steward(cast.carol), made, review_by=today() + timedelta(days=20))
        look(database)
    assert [tasks(database, one) for one in (cast.bob, cast.carol)] == [[], []]


def test_a_steward_who_follows_it_or_mutes_its_keeper_has_the_task_and_nothing_else(
    database: Database, cast: Cast
) -> None:
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob), review_by=today() + timedelta(days=1))
    make_steward(database, cast.carol)
    away(database, cast.bob, days=30)
    with database.unit_of_work(cast.carol) as session:
        actions.follow_article(session, cast.carol, made, is_on=True)
        mute(session, cast.carol, cast.bob.member_id, is_on=True)
    with clock.fixed(clock.now() + timedelta(days=2)):
        look(database)
    told = (Source.ARTICLE_DUE, Source.ARTICLE_NEWS)
    assert tasks(database, cast.carol, *told) == [Source.ARTICLE_DUE]


def test_a_steward_who_is_away_lends_it_to_the_others(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    kept(database, cast.bob, solved(database, cast.alice, cast.bob), review_by=today() + timedelta(days=1))
    for viewer in (cast.bob, cast.carol):
        make_steward(database, viewer)
    away(database, cast.bob, days=30)
    with clock.fixed(clock.now() + timedelta(days=2)):
        look(database)
    assert [tasks(database, one) for one in (cast.bob, cast.carol)] == [[], [Source.ARTICLE_DUE]]
    assert "You keep" not in as_viewer(cast.carol).get("/notifications").text


def test_a_short_absence_leaves_the_task_with_its_keeper(database: Database, cast: Cast) -> None:
    kept(database, cast.bob, solved(database, cast.alice, cast.bob), review_by=today() + timedelta(days=1))
    make_steward(database, cast.carol)
    away(database, cast.bob, days=10)
    with clock.fixed(clock.now() + timedelta(days=2)):
        look(database)
    assert [tasks(database, one) for one in (cast.bob, cast.carol)] == [[Source.ARTICLE_DUE], []]


def test_a_steward_outside_hears_nothing_of_it_and_the_task_waits_for_its_keeper(
    database: Database, cast: Cast
) -> None:
    question = solved(database, cast.bob, cast.alice, to=cast.group)
    kept(database, cast.bob, question, review_by=today() + timedelta(days=1))
    make_steward(database, cast.carol)
    away(database, cast.bob, days=30)
    with clock.fixed(clock.now() + timedelta(days=2)):
        look(database)
    assert [tasks(database, one) for one in (cast.bob, cast.carol)] == [[Source.ARTICLE_DUE], []]


def test_an_absence_that_is_said_later_lends_what_is_due_already_once(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    kept(database, cast.bob, solved(database, cast.alice, cast.bob), review_by=today() + timedelta(days=1))
    make_steward(database, cast.carol)
    with clock.fixed(clock.now() + timedelta(days=2)):
        look(database)
        assert tasks(database, cast.carol) == []
        for days in (10, 30, 40):
            with database.unit_of_work(cast.bob) as session:
                set_limits(session, cast.bob, Wished(5, USUAL, today() + timedelta(days=days)))
            look(database)
            assert tasks(database, cast.carol) == ([Source.ARTICLE_DUE] if days > 14 else [])
        assert tasks(database, cast.bob) == [Source.ARTICLE_DUE], "whoever comes back finds it"
        assert "cannot look at it now" in as_viewer(cast.carol).get("/notifications").text
