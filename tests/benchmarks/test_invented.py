"""The invented company is the same at every run, and has the shape that the measurements rest on."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.search_speed.corpus import Corpus, posts
from benchmarks.search_speed.invented import VOCABULARY, Company, vocabulary
from benchmarks.search_speed.questions import Census, draw
from search_index.analysis import STOP_WORDS, term_counts
from search_index.documents import EVERYONE


@pytest.fixture(scope="module")
def company() -> Company:
    return Company(people=300, amount=4_000)


def test_two_companies_of_one_size_write_the_same(company: Company) -> None:
    again = Company(people=300, amount=4_000)
    assert list(company.posts()) == list(again.posts())
    assert list(company.colleagues()) == list(again.colleagues())


def test_every_word_is_a_term_of_its_own_under_the_products_analysis() -> None:
    words = vocabulary()
    assert len(set(words)) == VOCABULARY
    assert not STOP_WORDS.intersection(words)
    assert [word for word in words if list(term_counts(word)) != [word]] == []


def test_posts_come_oldest_first_with_ids_of_their_own_from_people_who_exist(company: Company) -> None:
    written = list(company.posts())
    assert len({post.id for post in written}) == 4_000
    assert [post.id for post in written] == sorted(post.id for post in written)
    known = {person.id for person in company.colleagues()}
    assert {post.author for post in written} <= known
    assert {person for post in written for person in post.mentions} <= known


def test_activity_is_heavy_tailed_and_a_third_of_the_posts_is_not_for_everyone(company: Company) -> None:
    written = list(company.posts())
    by_author = Counter(post.author for post in written)
    busiest = sum(count for _, count in by_author.most_common(30))  # a tenth of the people
    assert busiest > 0.3 * len(written)
    shared = sum(post.audience == EVERYONE for post in written) / len(written)
    assert 0.6 < shared < 0.7


def test_who_has_a_topic_writes_its_words_most(company: Company) -> None:
    starts, holders = company.holders
    topic = 0
    word = company.topic_name(topic)
    experts = set(company.person_ids[holders[starts[topic] : starts[topic + 1]]].tolist())
    by_author = Counter(post.author for post in company.posts() if word in post.text.split())
    by_experts = sum(count for author, count in by_author.items() if author in experts)
    assert by_experts > len(experts) / company.people * by_author.total() * 1.5


def test_a_corpus_on_disk_is_what_was_written(company: Company, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    written = list(company.posts())
    corpus.write_posts(written)
    corpus.write_people(company.colleagues())
    assert list(corpus.posts()) == written
    assert list(corpus.people()) == list(company.colleagues())
    first = next(posts(tmp_path))
    assert (first.id, first.author_id, first.text) == (f"post:{written[0].id}", written[0].author, written[0].text)


def test_questions_are_the_same_at_every_run_and_ask_for_words_as_common_as_their_class(company: Company) -> None:
    def asked() -> tuple[Census, dict[str, list[object]]]:
        census = Census()
        assert len(list(census.watch(company.posts()))) == 4_000
        return census, draw(census)

    census, questions = asked()
    assert asked()[1] == questions
    assert all(5 <= census.holding[str(word)] <= 50 for word in questions["rare"])
    assert all(0.03 <= census.holding[str(word)] / census.posts <= 0.4 for word in questions["common"])
    assert {len(str(beginning)) for beginning in questions["prefix"]} == {3}
    texts = [post.text for post in company.posts()]
    assert all(any(str(phrase) in text for text in texts) for phrase in questions["phrase"][:5])
