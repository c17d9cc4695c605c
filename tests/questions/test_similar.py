"""Who asks in other words what was asked already sees it among the first three."""

from datetime import UTC, datetime
from pathlib import Path

from intranet.demo.generate import generate
from intranet.questions.asking import ALIKE, LEAST, TITLED
from search_index.documents import EVERYONE, Document, Kind
from search_index.relating.similar import similar_documents
from search_index.relations import SimilarQuery
from tests.questions.paraphrases import PARAPHRASES
from tests.search_index.relating.rows import stored
from tests.search_index.writing import ALL


def test_four_of_five_questions_in_other_words_find_the_one_that_was_asked(tmp_path: Path) -> None:
    posts = generate(datetime(2026, 11, 2, 9, tzinfo=UTC)).posts
    kinds = {False: Kind.POST, True: Kind.QUESTION}
    written = (
        Document(
            f"post:{number}",
            kinds[bool(post.title)],
            post.text,
            EVERYONE,
            post.written_at,
            author_id=1,
            title=post.title,
        )
        for number, post in enumerate(posts)
    )
    corpus = stored(written, tmp_path)
    missed = []
    for asked, sign in PARAPHRASES:
        query = SimilarQuery(
            "", ALL, title=asked, kinds=frozenset({Kind.QUESTION}), least=LEAST, titled=TITLED, limit=ALIKE
        )
        found = [posts[int(hit.id.partition(":")[2])].title.lower() for hit in similar_documents(corpus, query)]
        if not any(sign in title for title in found):
            missed.append((asked, found))
    assert all(any(sign in post.title.lower() for post in posts) for _asked, sign in PARAPHRASES)
    assert len(missed) <= 0.2 * len(PARAPHRASES), missed
