"""A draft finds what was said already, in other words too, and nothing that its writer may not read."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from intranet.demo.generate import generate
from search_index.documents import EVERYONE, Document, Kind
from search_index.relating.similar import LONGEST_DRAFT, similar_documents
from search_index.relations import SimilarQuery
from search_index.storing.corpus import Corpus
from tests.search_index.relating.paraphrases import PARAPHRASES
from tests.search_index.relating.rows import in_memory, stored
from tests.search_index.writing import ALL, document

GROUP = 20


def similar(corpus: Corpus, text: str, **more: Any) -> list[str]:
    query = SimilarQuery(text, **{"audiences": ALL, **more})
    return [hit.id for hit in similar_documents(corpus, query)]


def test_hand_made_paraphrases_find_what_the_demo_company_said(tmp_path: Path) -> None:
    posts = generate(datetime(2026, 11, 2, 9, tzinfo=UTC)).posts
    texts = {f"post:{number}": f"{post.title}\n{post.text}".strip() for number, post in enumerate(posts)}
    written = (
        Document(name, Kind.POST, text, EVERYONE, posts[0].written_at, author_id=1) for name, text in texts.items()
    )
    corpus = stored(written, tmp_path)
    missed = [
        draft
        for draft, sign in PARAPHRASES
        if not any(sign in texts[found].lower() for found in similar(corpus, draft, limit=3))
    ]
    assert len(missed) <= 0.2 * len(PARAPHRASES), missed


def test_the_same_words_come_first_and_rare_words_count_most() -> None:
    corpus = in_memory(
        [
            *(document(number, f"the pump was checked on day {number}") for number in range(20)),
            document(30, "the diffuser of the pump stalls"),
            document(31, "a diffuser was ordered"),
        ]
    )
    assert similar(corpus, "Our pump: the diffuser stalls")[:2] == ["post:30", "post:31"]


def test_only_the_kinds_that_were_asked_for_and_not_the_draft_itself() -> None:
    corpus = in_memory(
        [document(1, "diffuser stalls"), document(2, "diffuser stalls", kind=Kind.COMMENT), document(3, "diffuser")]
    )
    assert similar(corpus, "diffuser", kinds=frozenset({Kind.COMMENT})) == ["comment:2"]
    assert "post:1" not in similar(corpus, "diffuser stalls", without=frozenset({"post:1"}))
    assert len(similar(corpus, "diffuser stalls", without=frozenset({"post:1"}), limit=1)) == 1


def test_a_hit_can_be_asked_to_say_most_of_what_the_draft_says() -> None:
    corpus = in_memory([document(1, "the diffuser stalls"), document(2, "the diffuser"), document(3, "other")])
    assert similar(corpus, "diffuser stalls", least=0.8) == ["post:1"]
    assert similar(corpus, "diffuser stalls after seventeen unheard hours", least=0.8) == []
    assert len(similar(corpus, "diffuser stalls after seventeen unheard hours")) == 2


def test_a_title_weighs_more_than_the_text_below_it() -> None:
    corpus = in_memory([document(1, "cavitation"), document(2, "welding"), document(3, "nothing")])
    assert similar(corpus, "welding", title="cavitation") == ["post:1", "post:2"]


def said_of_csv(audience: int = EVERYONE) -> list[Document]:
    """Posts in which delimited files are called csv, and others about something else."""
    told = [
        document(number, f"delimited files: the csv reader of part {number}", audience=audience) for number in (1, 2)
    ]
    return [*told, *(document(number, f"the pump was checked on day {number}") for number in range(20, 120))]


def asked_about_csv() -> Document:
    return document(10, "", kind=Kind.QUESTION, title="Quotes in csv")


def test_who_calls_it_otherwise_finds_it_by_what_others_wrote() -> None:
    questions = {"kinds": frozenset({Kind.QUESTION})}
    corpus = in_memory([*said_of_csv(), asked_about_csv()])
    assert similar(corpus, "reading delimited files", **questions) == ["question:10"]
    assert similar(in_memory([asked_about_csv()]), "reading delimited files", **questions) == []


def test_a_title_that_the_draft_nearly_says_is_near_enough() -> None:
    corpus = in_memory([*said_of_csv(), asked_about_csv()])
    near = {"kinds": frozenset({Kind.QUESTION}), "least": 0.9}
    assert similar(corpus, "reading delimited files", **near) == []
    assert similar(corpus, "reading delimited files", titled=0.5, **near) == ["question:10"]
    assert similar(corpus, "reading delimited files", titled=0.6, **near) == []


def test_posts_that_cannot_be_read_do_not_tell_which_words_go_together() -> None:
    corpus = in_memory([*said_of_csv(GROUP), asked_about_csv()])
    questions = {"kinds": frozenset({Kind.QUESTION}), "titled": 0.5}
    assert similar(corpus, "reading delimited files", **questions) == []
    inside = frozenset({EVERYONE, GROUP})
    assert similar(corpus, "reading delimited files", audiences=inside, **questions) == ["question:10"]


def test_what_cannot_be_read_is_not_named_and_changes_no_score() -> None:
    open_posts = [document(1, "diffuser stalls", day=1), document(2, "pump stalls", day=2)]
    secret = [document(number, "diffuser merger stalls", audience=GROUP) for number in range(10, 20)]
    query = SimilarQuery("diffuser stalls", ALL)
    before = similar_documents(in_memory(open_posts), query)
    assert similar_documents(in_memory([*secret, *open_posts]), query) == before
    assert similar(in_memory(secret), "merger", audiences=frozenset({EVERYONE, GROUP}))


def test_a_deleted_post_is_not_named() -> None:
    corpus = in_memory([document(1, "diffuser")])
    corpus.remove("post:1")
    assert similar(corpus, "diffuser") == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300) | st.text(alphabet="ab 東\U0001f600#@\x00", max_size=3_000), st.text(max_size=80))
def test_no_draft_breaks_it(text: str, title: str) -> None:
    corpus = in_memory([document(1, "a b ab 東京 aa bb")])
    assert set(similar(corpus, text, title=title)) <= {"post:1"}


def test_a_very_long_draft_is_read_in_part() -> None:
    corpus = in_memory([document(1, "needle"), document(2, "hay")])
    assert set(similar(corpus, "hay " * 2_000 + "needle")) == {"post:1", "post:2"}
    assert similar(corpus, "hay " * LONGEST_DRAFT + "needle") == ["post:2"]


def test_it_needs_no_documents() -> None:
    assert similar(in_memory([]), "anything") == []
    assert similar(in_memory([document(1, "x")]), "") == []
