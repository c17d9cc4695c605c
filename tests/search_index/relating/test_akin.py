"""A draft finds titles whose words are spelled like its own: compounds and their parts, and nobody's hidden words."""

from typing import Any

from search_index.documents import Document, Kind
from search_index.relating.akin import WEIGHT, akin, weighed
from search_index.relating.matrix import Matrix
from search_index.relating.similar import similar_documents
from search_index.relations import SimilarQuery
from search_index.storing.corpus import Corpus
from tests.search_index.relating.rows import in_memory
from tests.search_index.writing import ALL, document

GROUP = 20


def question(number: int, title: str, **more: Any) -> Document:
    return document(number, "", kind=Kind.QUESTION, title=title, **more)


def akin_to(corpus: Corpus, *words: str) -> dict[str, float]:
    return dict(akin(Matrix(corpus, ALL), words))


def found(corpus: Corpus, title: str) -> list[str]:
    return [hit.id for hit in similar_documents(corpus, SimilarQuery("", ALL, title=title, least=0.2, titled=0.5))]


def test_a_word_is_akin_by_its_share_of_letters_in_a_row() -> None:
    corpus = in_memory([question(1, "zipapp"), question(2, "zebra")])
    # ^zi zip ipa pap app, of which "zip" has ^zi zip, and "app" has app
    assert akin_to(corpus, "zip", "app") == {"zipapp": 3 / 5}
    assert akin_to(corpus, "zip") == {}
    assert akin_to(corpus, "zipapp") == {}


def test_an_akin_word_weighs_by_how_akin_and_how_rare_it_is() -> None:
    matrix = Matrix(in_memory([question(1, "zipapp"), question(2, "zebra")]), ALL)
    assert weighed(matrix, {"zipapp": 0.5}) == {"zipapp": WEIGHT * 0.5 * matrix.rarity(1) ** 2}


def test_a_compound_is_found_by_its_parts_and_a_part_by_its_compound() -> None:
    corpus = in_memory([question(1, "Urlaubsplanung"), question(2, "Motor"), question(3, "Приборная")])
    assert found(corpus, "Wer macht die Planung vom Urlaub?") == ["question:1"]
    assert found(corpus, "Motorhaube klemmt") == ["question:2"]
    assert found(corpus, "приборы") == ["question:3"]


def test_too_small_a_share_is_another_word() -> None:
    corpus = in_memory([question(1, "communication")])
    assert found(corpus, "common") == []


def test_words_that_cannot_be_read_are_not_akin_and_change_no_score() -> None:
    opened = [question(1, "zipapp"), question(2, "motor")]
    hidden = [question(number, "appzip", audience=GROUP) for number in range(10, 20)]
    assert akin_to(in_memory(hidden), "zip", "app") == {}
    assert set(akin(Matrix(in_memory(hidden), frozenset({GROUP})), ["zip", "app"])) == {"appzip"}
    assert akin_to(in_memory([*hidden, *opened]), "zip", "app") == akin_to(in_memory(opened), "zip", "app")
    query = SimilarQuery("", ALL, title="zip app")
    assert similar_documents(in_memory([*hidden, *opened]), query) == similar_documents(in_memory(opened), query)
