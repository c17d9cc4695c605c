"""Words are read the same way in documents and questions, in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis import LONGEST_WORD, term_counts, tokens, words
from search_index.ranking.frames import without_frame


def terms(text: str) -> set[str]:
    return set(term_counts(text))


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("max_poll_interval", "poll"),
        ("max_poll_interval", "max_poll_interval"),
        ("getAddrInfo", "addr"),
        ("getAddrInfo", "getaddrinfo"),
        ("socket.makefile", "makefile"),
        ("HTTPServer", "server"),
        ("utf-8", "utf8"),
        ("__init__", "init"),
        ("_winreg", "winreg"),
        ("C++", "c++"),
        ("Müller", "muller"),
        ("naïve", "naive"),
        ("Straße", "STRASSE"),
        ("Łódź", "łodz"),
        ("migrations", "migration"),
        ("#kafka", "Kafka"),
        ("ｋａｆｋａ", "kafka"),
        ("Ёлка", "елка"),
        ("東京タワー", "タワー"),
        ("가나다라", "나다"),
        ("हिन्दी", "हिन्दी"),
        ("ไฟฟ้า", "ไฟฟ้า"),
    ],
)
def test_a_word_is_found_by_what_people_type_for_it(written: str, asked: str) -> None:
    assert terms(asked) <= terms(f"about {written} today")


def test_the_whole_compound_comes_first_and_its_parts_follow() -> None:
    (word,) = words("socket.makefile")
    assert word.terms[0].startswith("socket.")
    assert {"socket", "makefil"} <= set(word.terms)


def test_parts_of_a_compound_stand_one_after_another_and_the_next_word_behind_them() -> None:
    assert list(zip(*tokens("set max_poll_interval now"), strict=True)) == [
        ("set", 0),
        ("max_poll_interv", 1),
        ("maxpollinterv", 1),
        ("max", 1),
        ("poll", 2),
        ("interv", 3),
        ("now", 4),
    ]


@pytest.mark.parametrize(
    ("written", "phrase"),
    [
        ("raise the max_poll_interval of it", "max poll interval"),
        ("raise the max poll interval of it", "max_poll_interval"),
        ("it is time to live in the header", "time to live"),
        ("a getAddrInfo call fails", "getaddrinfo call fails".replace("getaddrinfo", "getAddrInfo")),
        ("昨日は東京タワーの高さを", "東京タワー"),
        ("foo_bar_foo again", "bar foo again"),
    ],
)
def test_a_phrase_typed_as_it_is_written_stands_at_neighbouring_positions(written: str, phrase: str) -> None:
    asked = [term for word in words(phrase) for term in word.sequence]
    placed = set(zip(*tokens(written), strict=True))
    assert any({(term, start + at) for at, term in enumerate(asked)} <= placed for start in range(20))


@given(st.text(max_size=200))
def test_positions_never_fall_and_no_term_stands_twice_in_one_place(text: str) -> None:
    terms_read, places = tokens(text)
    assert list(places) == sorted(places)
    assert len(set(zip(terms_read, places, strict=True))) == len(terms_read)


@given(
    st.lists(st.sampled_from(["kafka", "getAddrInfo", "the", "東京タワー", "C++", "foo_foo", "Müller’s"]), max_size=8)
)
def test_tokens_are_the_forms_of_the_words_in_order(written: list[str]) -> None:
    text = " ".join(written)
    assert set(tokens(text)[0]) == {term for word in words(text) for term in word.terms}


def test_kana_keep_their_marks() -> None:
    assert terms("ガス") != terms("カス")


def test_stop_words_of_english_and_german_are_left_out() -> None:
    assert terms("who knows about the und oder mit") == set()


def test_an_endless_word_costs_no_more_than_its_beginning() -> None:
    assert max(map(len, terms("x" * 100_000))) <= LONGEST_WORD


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("who knows about time zones?", "time zones"),
        ("Who can help me with ssl", "ssl"),
        ("I'm looking for somebody who knows asyncio", "asyncio"),
        ("Hi all, I am looking for an expert in welding", "welding"),
        ("Is there anyone here who has experience with kafka consumer lag?", "kafka consumer lag"),
        ("does anybody know how to use git bisect?", "git bisect"),
        ("wer kennt sich mit Drehmomentschlüsseln aus?", "Drehmomentschlüsseln"),
        ("Kennt sich hier jemand mit Rust aus?", "Rust"),
        ("Ich suche jemanden, der sich mit SAP auskennt", "SAP"),
        ("Wer hat Erfahrung mit Kubernetes?", "Kubernetes"),
        ("Wer ist Ansprechpartner für Reisekosten?", "Reisekosten"),
        ("kafka consumer lag", "kafka consumer lag"),
        ("who?", "who"),
        ("The environment where code is run", "The environment where code is run"),
    ],
)
def test_the_frame_of_a_question_is_not_its_topic(question: str, topic: str) -> None:
    assert without_frame(question) == topic


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for word in words(text):
        assert word.terms
        assert all(word.terms)
    assert isinstance(without_frame(text), str)
