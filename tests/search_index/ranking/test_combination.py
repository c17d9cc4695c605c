"""A question of several topics is for whoever knows them together."""

from search_index.engine import Engine
from search_index.expertise import ExpertQuery
from tests.search_index.writing import ALL, document, experts, put


def test_who_knows_both_topics_stands_above_who_knows_one_of_them_much(engine: Engine) -> None:
    put(
        engine,
        *(document(n, f"kafka broker {n}", author=1) for n in range(20)),
        *(document(n, f"kafka topic {n}", author=2) for n in range(100, 105)),
        *(document(n, f"terraform module {n}", author=2) for n in range(105, 110)),
        *(document(n, f"terraform plan {n}", author=3) for n in range(200, 220)),
        *(document(n, "canteen menu", author=4) for n in range(300, 340)),
    )
    assert experts(engine, "kafka terraform")[0] == 2
    assert experts(engine, "who knows kafka and terraform?")[0] == 2
    assert experts(engine, "kafka")[0] == 1
    assert experts(engine, "terraform")[0] == 3


def test_a_long_question_is_answered_by_who_covers_most_of_it(engine: Engine) -> None:
    put(
        engine,
        document(1, "the paint line stops when the humidity sensor of the drying tunnel reports nonsense", author=1),
        *(document(n, "humidity in the greenhouse", author=2) for n in range(10, 30)),
        *(document(n, "canteen menu for tuesday", author=3) for n in range(40, 80)),
    )
    question = "The paint line stops again because the humidity sensor in the drying tunnel seems to be broken"
    assert experts(engine, question)[0] == 1


def test_a_question_of_hundreds_of_words_is_read_and_answered(engine: Engine) -> None:
    put(engine, document(1, "paint line humidity sensor", author=1), document(2, "lunch", author=2))
    words = " ".join(f"word{n}" for n in range(300))
    answer = engine.experts(ExpertQuery(f"paint humidity {words}", ALL))
    assert [expert.person_id for expert in answer.items] == [1]
    put(engine, document(3, words, author=3))
    assert [expert.person_id for expert in engine.experts(ExpertQuery(words, ALL)).items] == [3]
