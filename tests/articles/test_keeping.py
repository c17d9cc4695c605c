"""An accepted answer becomes an article, which somebody keeps right and nobody reads who may not read its question."""

from datetime import timedelta

import pytest

from intranet.accounts.models import Person
from intranet.articles import actions, queries
from intranet.articles.actions import ArticleDraft
from intranet.articles.forms import today
from intranet.articles.models import StepKind
from intranet.articles.queries import Filter, Show, State
from intranet.governance.leaving.actions import Wishes, pass_on
from intranet.governance.reports import reportable
from intranet.governance.reports.actions import decide, file_report, reopen
from intranet.governance.reports.models import Decision, ReportReason
from intranet.governance.reports.queries import cases
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict, Invalid, NotFound, Refused
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications.models import Source
from intranet.posts.actions import delete_item, restore_item
from intranet.questions.actions import withdraw_acceptance
from tests.articles.keeping import TITLE, WORDS, card, kept, look, row, settle, solved, steward, tasks
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer, Queries
from tests.questions.asking import answer, ask


def test_the_asker_the_answerer_and_stewards_make_one_and_nobody_else(database: Database, cast: Cast) -> None:
    question = solved(database, cast.alice, cast.bob)
    with pytest.raises(Refused):
        kept(database, cast.carol, question)
    for viewer in (cast.alice, cast.bob, steward(cast.carol)):
        asked = solved(database, cast.alice, cast.bob)
        made = card(database, cast.dana, kept(database, viewer, asked))
        assert (made.keeper.id, made.author.username, made.question_id) == (viewer.id, "bob", asked)
        assert (made.title, made.text, made.state) == (TITLE, WORDS, State.FRESH)


def test_only_what_solved_a_question_becomes_one_and_only_once(database: Database, cast: Cast) -> None:
    unsolved = ask(database, cast.alice, TITLE)
    answer(database, cast.bob, unsolved, WORDS)
    with pytest.raises(NotFound):
        kept(database, cast.alice, unsolved)
    question = solved(database, cast.alice, cast.bob)
    kept(database, cast.alice, question)
    with pytest.raises(Conflict):
        kept(database, cast.bob, question)


def test_it_is_there_for_the_readers_of_its_question_and_gone_with_it(database: Database, cast: Cast) -> None:
    question = solved(database, cast.alice, cast.bob, to=cast.group)
    made = kept(database, cast.alice, question)
    assert card(database, cast.bob, made).title == TITLE
    for outsider in (cast.carol, cast.dana):
        with pytest.raises(NotFound):
            card(database, outsider, made)
        with database.reading(outsider) as session:
            assert queries.articles(session, outsider, Filter()).items == []
            assert queries.titles_of(session, [made]) == {}
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, question)
    with pytest.raises(NotFound):
        card(database, cast.bob, made)
    with database.unit_of_work(cast.alice) as session:
        restore_item(session, cast.alice, question)
    assert card(database, cast.bob, made).title == TITLE


def test_nobody_keeps_what_they_cannot_read(database: Database, cast: Cast) -> None:
    question = solved(database, cast.alice, cast.bob, to=cast.group)
    for name in ("carol", "nobody", "erin"):
        with pytest.raises(Invalid) as refused:
            kept(database, cast.alice, question, keeper=name)
        assert set(refused.value.fields) == {"keeper"}
    made = kept(database, cast.alice, question, keeper="@bob")
    assert card(database, cast.alice, made).keeper.username == "bob"
    settle(database)
    assert tasks(database, cast.bob) == [Source.ARTICLE_GIVEN]
    assert tasks(database, cast.alice) == []


def test_every_version_is_kept_and_can_come_back(database: Database, cast: Cast) -> None:
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob))
    with database.unit_of_work(cast.bob) as session:
        draft = ArticleDraft(title=TITLE, lead="Short.", text="Bleed it twice.", note="Twice is better")
        actions.edit(session, cast.bob, made, draft)
    with database.unit_of_work(cast.carol) as session, pytest.raises(Refused):
        actions.edit(session, cast.carol, made, draft)
    with database.reading(cast.bob) as session:
        edited, first = queries.steps(session, queries.article_card(session, cast.bob, made))
    assert (edited.kind, edited.note, first.kind) == (StepKind.EDITED, "Twice is better", StepKind.MADE)
    assert {"twice", "Short"} <= {
        word for piece in edited.changed if piece.kind == "new" for word in piece.text.split(".")
    } | {piece.text.strip() for piece in edited.changed}
    assert (edited.may_come_back, first.may_come_back) == (False, True)
    with database.unit_of_work(cast.bob) as session:
        actions.bring_back(session, cast.bob, made, first.id)
    assert card(database, cast.carol, made).text == WORDS


def test_when_its_day_has_passed_its_keeper_gets_one_task_and_no_other(database: Database, cast: Cast) -> None:
    made = kept(database, cast.alice, solved(database, cast.alice, cast.bob), review_by=today() + timedelta(days=10))
    day = clock.now() + timedelta(days=10)
    with clock.fixed(day):
        look(database)
        assert card(database, cast.carol, made).state is State.FRESH
    with clock.fixed(day + timedelta(days=1)):
        for _turn in range(3):
            look(database)
        assert card(database, cast.carol, made).state is State.DUE
        assert tasks(database, cast.alice) == [Source.ARTICLE_DUE]
        assert [tasks(database, other) for other in (cast.bob, cast.carol)] == [[], []]
        with database.reading(cast.alice) as session:
            due = queries.articles(session, cast.alice, Filter(Show.DUE)).items
        assert [one.id for one in due] == [made]
        with database.unit_of_work(cast.bob) as session, pytest.raises(Refused):
            actions.check(session, cast.bob, made, review_by=today() + timedelta(days=20))
        with database.unit_of_work(cast.alice) as session:
            actions.check(session, cast.alice, made, review_by=today() + timedelta(days=20))
        look(database)
        assert card(database, cast.carol, made).state is State.FRESH
        assert tasks(database, cast.alice) == []  # it was not read, and there is nothing left to do
    with clock.fixed(day + timedelta(days=22)):
        look(database)
        assert tasks(database, cast.alice) == [Source.ARTICLE_DUE]


def test_a_task_goes_along_with_the_article_to_who_keeps_it_next(database: Database, cast: Cast) -> None:
    made = kept(database, cast.alice, solved(database, cast.alice, cast.bob), review_by=today() + timedelta(days=1))
    with clock.fixed(clock.now() + timedelta(days=2)):
        look(database)
        with database.unit_of_work(cast.alice) as session:
            actions.hand_over(session, cast.alice, made, "carol")
        settle(database)
        assert tasks(database, cast.alice) == []
        assert tasks(database, cast.carol) == [Source.ARTICLE_DUE]


def test_an_answer_that_did_not_solve_it_after_all_makes_its_article_due(database: Database, cast: Cast) -> None:
    question = solved(database, cast.alice, cast.bob)
    made = kept(database, cast.bob, question)
    with database.unit_of_work(cast.alice) as session:
        withdraw_acceptance(session, cast.alice, row(database, cast.alice, made).answer_id)
    settle(database)
    assert card(database, cast.carol, made).state is State.DUE
    assert tasks(database, cast.bob, Source.ARTICLE_DUE) == [Source.ARTICLE_DUE]


def test_an_answer_that_is_taken_away_makes_its_article_due(database: Database, cast: Cast) -> None:
    made = kept(database, cast.alice, solved(database, cast.alice, cast.bob))
    with database.unit_of_work(cast.bob) as session:
        delete_item(session, cast.bob, row(database, cast.bob, made).answer_id)
    settle(database)
    assert card(database, cast.carol, made).state is State.DUE
    assert tasks(database, cast.alice) == [Source.ARTICLE_DUE]


def test_what_a_leaver_kept_passes_to_the_successor_who_may_read_it(database: Database, cast: Cast) -> None:
    for_all = kept(database, cast.bob, solved(database, cast.alice, cast.bob))
    inside = kept(database, cast.bob, solved(database, cast.bob, cast.alice, to=cast.group))
    admin = Viewer(cast.dana.id, cast.dana.roles)
    with database.unit_of_work(SYSTEM) as session:
        pass_on(session, admin, session.get_one(Person, cast.bob.member_id), Wishes("carol"))
    settle(database)
    assert card(database, cast.alice, for_all).keeper.username == "carol"
    assert card(database, cast.alice, inside).keeper.username == "alice"  # whose answer it was
    assert tasks(database, cast.carol) == [Source.ARTICLE_GIVEN]
    assert tasks(database, cast.alice) == [Source.ARTICLE_GIVEN]


def test_the_page_on_which_somebody_leaves_names_what_its_reader_may_read_and_lets_each_pass_on_alone(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    one = kept(database, cast.bob, solved(database, cast.alice, cast.bob, title="How are pumps primed?"), title="Pumps")
    kept(database, cast.bob, solved(database, cast.alice, cast.bob, to=cast.group), title="Our own affair")
    page = as_viewer(cast.dana).get("/admin/people/bob/leaving").text
    assert f'name="article-{one}"' in page
    assert "One more article" in page
    assert "Our own affair" not in page
    form = {"successor": "alice", f"article-{one}": "carol"}
    assert as_viewer(cast.dana).post("/admin/people/bob/leaving", data=form).status_code == 303
    assert card(database, cast.alice, one).keeper.username == "carol"
    assert "Pumps" not in as_viewer(cast.dana).get("/admin/people/bob/leaving").text


def test_of_what_nobody_keeps_the_stewards_are_told(database: Database, cast: Cast) -> None:
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob), review_by=today() + timedelta(days=1))
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, cast.bob.member_id).deactivated_at = clock.now()
        session.get_one(Person, cast.carol.member_id).roles = [Role.STEWARD]
    with clock.fixed(clock.now() + timedelta(days=2)):
        look(database)
    assert tasks(database, cast.carol) == [Source.ARTICLE_DUE]
    with database.unit_of_work(steward(cast.carol)) as session:
        actions.hand_over(session, steward(cast.carol), made, "carol")


def test_a_retired_one_opens_and_stands_in_no_list_until_it_is_right_again(database: Database, cast: Cast) -> None:
    made = kept(database, cast.alice, solved(database, cast.alice, cast.bob))
    with database.unit_of_work(cast.alice) as session:
        actions.retire(session, cast.alice, made)
    assert card(database, cast.carol, made).state is State.RETIRED
    with database.reading(cast.carol) as session:
        assert queries.articles(session, cast.carol, Filter()).items == []
    with database.unit_of_work(cast.alice) as session:
        actions.check(session, cast.alice, made, review_by=today() + timedelta(days=9))
    with database.reading(cast.carol) as session:
        assert [one.id for one in queries.articles(session, cast.carol, Filter()).items] == [made]


def test_what_moderators_hide_is_gone_for_all_until_it_is_given_back(database: Database, cast: Cast) -> None:
    made = kept(database, cast.bob, solved(database, cast.alice, cast.bob))
    moderator = Viewer(cast.dana.id, cast.dana.roles | {Role.MODERATOR})
    with database.unit_of_work(cast.bob) as session, pytest.raises(NotFound):
        reportable.article(session, cast.bob, made)  # who keeps it can retire it
    with database.unit_of_work(cast.carol) as session:
        file_report(session, cast.carol, reportable.article(session, cast.carol, made), ReportReason.UNTRUE)
    with database.reading(moderator) as session:
        (case,) = cases(session, is_open=True)
    assert WORDS in case.quote
    assert case.author.username == "bob"
    with database.unit_of_work(moderator) as session:
        decide(session, moderator, made, Decision.HIDE)
    settle(database)
    with pytest.raises(NotFound):
        card(database, cast.bob, made)
    with pytest.raises(Conflict):  # it cannot be made again around the decision
        kept(database, cast.alice, row(database, SYSTEM, made).question_id)
    with database.unit_of_work(moderator) as session:
        reopen(session, moderator, made)
    settle(database)
    assert card(database, cast.bob, made).title == TITLE


def test_a_hundred_in_a_list_cost_no_more_statements_than_two(database: Database, cast: Cast, queries: Queries) -> None:
    from intranet.articles.queries import articles

    for number in range(6):
        kept(database, cast.alice, solved(database, cast.alice, cast.bob, title=f"{TITLE} {number}"))
    with database.reading(cast.carol) as session, queries(6):
        found = articles(session, cast.carol, Filter(), limit=4)
    assert len(found.items) == 4
    assert found.older is not None
    with database.reading(cast.carol) as session:
        assert len(articles(session, cast.carol, Filter(), before=found.older).items) == 2


def test_what_cannot_be_taken_comes_back_with_what_was_typed(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    question = solved(database, cast.alice, cast.bob)
    alice = as_viewer(cast.alice)
    page = alice.get(f"/questions/{question}/article").text
    assert WORDS in page
    assert 'value="bob"' in page
    typed = {"title": "<script>x</script>", "text": "- one\n- 二 مرحبا", "keeper": "zoe", "review_by": "2001-01-01"}
    refused = alice.post(f"/questions/{question}/article", data=typed)
    assert refused.status_code == 422
    assert "This day has passed" in refused.text
    assert "二 مرحبا" in refused.text
    assert "<script>x" not in refused.text
    assert "called “zoe”" in alice.post(f"/questions/{question}/article", data={**typed, "review_by": ""}).text
    made = alice.post(f"/questions/{question}/article", data={**typed, "keeper": "", "review_by": ""})
    assert made.status_code == 303
    shown = alice.get(made.location).text
    assert "Checked, and not due yet" in shown
    assert "&lt;script&gt;x" in shown
    assert "<script>x" not in shown
    assert alice.get(f"/questions/{question}/article").location == made.location
    assert made.location in alice.get(f"/questions/{question}").text
    assert as_viewer(cast.carol).get(made.location).status_code == 200
    too_long = {"title": TITLE, "lead": "x" * 301, "text": WORDS}
    assert "At most 300" in as_viewer(cast.alice).post(f"{made.location}/edit", data=too_long).text


def test_programs_make_check_hand_over_and_retire_one(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    question = solved(database, cast.alice, cast.bob)
    door = f"/api/v1/questions/{question}/article"
    words = {"title": TITLE, "text": WORDS, "keeper": "bob"}
    assert as_viewer(cast.carol).post(door, json=words).status_code == 403
    refused = as_viewer(cast.alice).post(door, json={**words, "review_by": "2001-01-01"})
    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["review_by"])
    made = as_viewer(cast.alice).post(door, json=words)
    assert (made.status_code, made.get_json()["keeper"]["username"], made.get_json()["state"]) == (201, "bob", "fresh")
    assert as_viewer(cast.alice).post(door, json=words).status_code == 409

    here = f"/api/v1/articles/{made.get_json()['id']}"
    assert as_viewer(cast.alice).post(f"{here}/retire").status_code == 403
    assert as_viewer(cast.bob).post(f"{here}/retire").get_json()["state"] == "retired"
    day = (today() + timedelta(days=9)).isoformat()
    checked = as_viewer(cast.bob).post(f"{here}/check", json={"review_by": day}).get_json()
    assert (checked["state"], checked["review_by"]) == ("fresh", day)
    assert (
        as_viewer(cast.bob).put(f"{here}/keeper", json={"keeper": "carol"}).get_json()["keeper"]["username"] == "carol"
    )
