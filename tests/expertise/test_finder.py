"""Who knows? Ranked by what the asker may read, silent about the rest, obedient to everybody's wishes."""

import threading
from functools import partial
from typing import Any

from flask import Flask

from intranet.accounts.models import Person
from intranet.expertise.describing import ExpertCard, describe
from intranet.expertise.finding import Answer, Asked, find_experts
from intranet.imports.batches import Pace
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.people.models import PresenceMark, Profile, SpokenLanguage
from intranet.posts.actions import ImportedPost, prepare_posts, store_prepared
from intranet.search import asking
from intranet.search.index import Index
from intranet.search.question import read_question
from intranet.topics.models import Endorsement, Skill
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.search.writing import reply, say, take_back


def named(answer: Answer) -> list[int]:
    return [expert.person_id for expert in answer.experts.items]


def who(viewer: Viewer, text: str, **more: Any) -> list[int]:
    return named(find_experts(viewer, Asked(text, **more)))


def endorse(database: Database, *, by: Viewer, of: Viewer, topic: str, reason: str) -> None:
    with database.unit_of_work(SYSTEM) as session:
        topic_id = next(iter(ensure_topics(session, [topic]).values()))
        session.add(Endorsement(endorser_id=by.member_id, person_id=of.member_id, topic_id=topic_id, reason=reason))
        session.add(Skill(person_id=of.member_id, topic_id=topic_id))


def test_whoever_wrote_about_it_is_named_best_first(index: Index, database: Database, cast: Cast) -> None:
    for number in range(3):
        say(database, cast.alice, f"Kafka consumer lag explained, part {number}")
    say(database, cast.bob, "I once saw a kafka poster")
    say(database, cast.carol, "Lunch is at noon")
    assert who(cast.carol, "who knows about kafka lag?") == [cast.alice.id, cast.bob.id]


def test_comments_and_words_of_colleagues_count(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.carol, "Help, the valve sticks")
    reply(database, cast.bob, post, "Turn the valve left, then grease the valve")
    endorse(database, by=cast.bob, of=cast.alice, topic="valves", reason="She repaired every valve we have")
    assert index.become_writer()
    index.rebuild()
    answer = find_experts(cast.dana, Asked("valve"))
    assert set(named(answer)) == {cast.alice.id, cast.bob.id, cast.carol.id}
    kinds = {proof.kind for expert in answer.experts.items for proof in expert.evidence}
    assert {"comment", "endorsement", "post"} <= kinds


def test_a_leaver_is_not_named(index: Index, database: Database, cast: Cast) -> None:
    say(database, cast.alice, "valve")
    with database.unit_of_work(SYSTEM) as session:
        person = session.get(Person, cast.alice.id)
        assert person is not None
        person.deactivated_at = clock.now()
    assert who(cast.carol, "valve") == []


def test_private_evidence_changes_no_byte_of_an_outsiders_answer(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.alice, "valve basics")
    say(database, cast.carol, "valve basics for all of us, and more about pumps")
    client = as_viewer(cast.carol)

    def seen() -> object:
        answer = client.get("/api/v1/experts?q=valve").get_json()
        del answer["took_ms"]
        return answer

    before = seen()
    for number in range(30):
        say(database, cast.bob, f"valve secret {number} @carol #hush", audience_id=cast.group)
    assert seen() == before
    assert cast.bob.id in who(cast.alice, "valve")


def test_a_private_topic_shows_in_no_outsiders_answer(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.bob, "the zirconium valve #merger-plan", audience_id=cast.group)
    say(database, cast.bob, "a valve")
    client = as_viewer(cast.carol)
    for address in ("/experts?q=valve", "/people/bob/knows", "/experts/top?q=valve", "/api/v1/experts?q=valve"):
        answer = client.get(address, headers={"X-Fragment": "1"} if "top" in address else {}).get_data(as_text=True)
        assert "merger-plan" not in answer, address
        assert "zirconium" not in answer, address
    assert "zirconium" in as_viewer(cast.alice).get("/api/v1/experts?q=valve").get_data(as_text=True)


def test_a_deleted_proof_is_gone_at_once(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.alice, "valve")
    assert who(cast.carol, "valve") == [cast.alice.id]
    take_back(database, cast.alice, post)
    assert who(cast.carol, "valve") == []


def test_facets_narrow_and_count_what_the_others_leave(index: Index, database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for viewer, department, place in (
            (cast.alice, "Plant", "Leeds"),
            (cast.bob, "Plant", "Pune"),
            (cast.carol, "Office", "Pune"),
        ):
            session.merge(Profile(person_id=viewer.member_id, department=department, location=place))
            session.add(SpokenLanguage(person_id=viewer.member_id, language="English", position=0))
        session.add(PresenceMark(person_id=cast.bob.member_id, seen_at=clock.now()))
    for viewer in (cast.alice, cast.bob, cast.carol):
        say(database, viewer, "valve")
    from intranet.expertise.facets import Narrowing

    answer = find_experts(cast.dana, Asked("valve", narrowing=Narrowing(departments=("Plant",)), with_facets=True))
    assert set(named(answer)) == {cast.alice.id, cast.bob.id}
    assert {(c.value, c.count) for c in answer.facets.departments} == {("Plant", 2), ("Office", 1)}
    assert {(c.value, c.count) for c in answer.facets.locations} == {("Leeds", 1), ("Pune", 1)}
    assert [(c.value, c.count) for c in answer.facets.languages] == [("English", 2)]
    assert answer.facets.available.count == 1
    assert answer.unfiltered == 3
    assert who(cast.dana, "valve", narrowing=Narrowing(is_available=True)) == [cast.bob.id]


def test_narrowing_keeps_scores_and_order(index: Index, database: Database, cast: Cast) -> None:
    for times, viewer in ((3, cast.alice), (2, cast.bob), (1, cast.carol)):
        for number in range(times):
            say(database, viewer, f"valve {number}")
    everybody = find_experts(cast.dana, Asked("valve"))
    some = find_experts(cast.dana, Asked("valve", only=frozenset({cast.bob.member_id, cast.carol.member_id})))
    assert named(some) == named(everybody)[1:]
    assert [e.score for e in some.experts.items] == [e.score for e in everybody.experts.items][1:]


def test_the_finder_answers_while_an_import_runs(app: Flask, index: Index, database: Database, cast: Cast) -> None:
    say(database, cast.alice, "valve")
    failures: list[BaseException] = []

    def take_in() -> None:
        try:
            pace = Pace(database)
            for start in range(0, 600, 60):
                rows = [
                    ImportedPost(
                        source="old",
                        external_id=str(number),
                        author_id=cast.bob.member_id,
                        created_at=clock.now(),
                        text=f"valve {number}",
                    )
                    for number in range(start, start + 60)
                ]
                with pace.reading() as session:
                    prepared = prepare_posts(session, rows)
                pace.write(partial(store_prepared, batch=prepared))
        except BaseException as error:  # noqa: BLE001 (told by the test below)
            failures.append(error)

    thread = threading.Thread(target=take_in)
    thread.start()
    while thread.is_alive():
        assert cast.alice.id in who(cast.carol, "valve")
    thread.join()
    assert not failures
    answer = find_experts(cast.carol, Asked("valve"))
    assert {e.person_id: e.documents for e in answer.experts.items} == {cast.alice.id: 1, cast.bob.id: 600}


def test_a_username_finds_its_person_and_makes_nobody_an_expert(index: Index, database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        person = session.get(Person, cast.alice.id)
        assert person is not None
        person.username = "kafka"
    assert index.become_writer()
    index.rebuild()
    assert who(cast.carol, "kafka") == []
    hits = asking.search(cast.carol, read_question("kafka")).hits
    assert [hit.id for hit in hits] == [f"person:{cast.alice.id}"]


def test_proofs_are_of_different_threads_and_words(index: Index, database: Database, cast: Cast) -> None:
    post = say(database, cast.carol, "The valve of pump three sticks")
    for number in range(4):
        reply(database, cast.alice, post, f"valve: answer {number} about the valve spring and its valve seat")
    say(database, cast.alice, "How the valve is greased: open it, wait, grease the valve, close it again")
    say(database, cast.alice, "A valve from last year was replaced by the supplier without any charge")
    (card,) = (card for card in described(database, cast.dana, "valve") if card.person.id == cast.alice.id)
    assert len(card.proofs) == 3
    assert len({proof.url.partition("#")[0] for proof in card.proofs}) == 3
    assert all("<mark>" in proof.quote for proof in card.proofs)


def test_who_only_asks_is_interested_and_no_expert(
    index: Index, database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    say(database, cast.bob, "Who knows how the valve is greased?")
    say(database, cast.alice, "Who has seen the key of the valve?", audience_id=cast.group)
    page = as_viewer(cast.carol).get("/experts?q=valve").get_data(as_text=True)
    assert "Nobody has shown they know" in page
    assert "/people/bob" in page
    assert "/people/alice" not in page
    say(database, cast.bob, "It is greased from below, valve by valve")
    (card,) = described(database, cast.carol, "valve")
    assert (card.person.id, card.asked, card.written) == (cast.bob.id, 1, 1)


def described(database: Database, viewer: Viewer, text: str) -> list[ExpertCard]:
    answer = find_experts(viewer, Asked(text))
    with database.reading(viewer) as session:
        return describe(session, viewer, answer)
