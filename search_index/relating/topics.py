"""Topics that go with a topic or with words, told apart from topics that stand everywhere.

    together  = documents about both            usual = public documents about the other / all public documents
    strength  = (together - documents · usual) / sqrt(documents · usual + 1)

which is how far chance is exceeded, in standard deviations of a rare event. A topic that stands in every third
document has a large `together` and no strength.
"""

import math

import numpy as np
from numpy.typing import NDArray

from search_index.relating.matrix import Matrix
from search_index.relating.names import Subjects, topics_in, topics_named
from search_index.relating.similar import CLOSELY, draft_of, resembling
from search_index.relations import RelatedQuery, RelatedTopic, Vocabulary
from search_index.storing.corpus import Corpus
from search_index.storing.schema import label
from search_index.storing.words import Words, words_in

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_DOCUMENTS = 300
"""The newest documents of a topic, or those that answer words best, tell what goes with it."""

SUPPORT = 2
"""One document, or one person, that names two topics is an accident."""

CLEARLY, STRONG = 1.5, 0.8
"""Times the chance at least, and the least strength."""


def related_topics(corpus: Corpus, query: RelatedQuery) -> tuple[RelatedTopic, ...]:
    text, vocabulary = query.text, query.vocabulary
    matrix = Matrix(corpus, query.audiences)
    subjects = Subjects(matrix, vocabulary)
    about = _about(matrix, subjects, vocabulary, text)
    own = vocabulary.topic_of(label(text))
    asked = topics_named(words_in(text), vocabulary)
    candidates = {
        topic: flags
        for topic, flags in topics_of(matrix, about, matrix.words_of(about), vocabulary).items()
        if topic != own and topic not in asked and _has_support(matrix, about[flags])
    }
    return _strongest(subjects, matrix, len(about), candidates, limit=max(0, query.limit))


def _has_support(matrix: Matrix, documents: Numbers) -> bool:
    return len(documents) >= SUPPORT and bool(np.ptp(matrix.people_of(documents)))


def _strongest(
    subjects: Subjects, matrix: Matrix, documents: int, candidates: dict[str, Flags], *, limit: int
) -> tuple[RelatedTopic, ...]:
    """The best of them; those that could not be among the best even if nobody else wrote of them are not looked up."""
    everything = max(1, matrix.corpus.public_documents)
    counts = {topic: int(np.count_nonzero(flags)) for topic, flags in candidates.items()}
    found: list[RelatedTopic] = []
    for topic in sorted(counts, key=lambda topic: (-counts[topic], topic)):
        shared = counts[topic]
        if not limit or (len(found) == limit and shared < found[-1].strength):
            break
        chance = documents * matrix.public_count(subjects.documents(topic)) / everything
        strength = (shared - chance) / math.sqrt(chance + 1.0)
        if shared > CLEARLY * chance and strength >= STRONG:
            found.append(RelatedTopic(topic, shared, strength))
            found.sort(key=lambda one: (-one.strength, one.topic))
            del found[limit:]
    return tuple(found)


def _about(matrix: Matrix, subjects: Subjects, vocabulary: Vocabulary, text: str) -> Numbers:
    """The documents that stand for the question, rising."""
    asked = vocabulary.topic_of(label(text))
    if asked in vocabulary:
        return matrix.newest(subjects.documents(asked), MOST_DOCUMENTS)
    documents, _ = resembling(matrix, draft_of(matrix, text), coverage=CLOSELY, most=MOST_DOCUMENTS)
    return matrix.speaking(np.sort(documents))


def topics_of(matrix: Matrix, documents: Numbers, words: Words, vocabulary: Vocabulary) -> dict[str, Flags]:
    """Topics that documents are tagged with or name in their words, each with a flag per document."""
    found = topics_in(matrix.corpus, documents, words, vocabulary)
    for topic, flags in tagged(matrix, documents, vocabulary).items():
        found[topic] = found[topic] | flags if topic in found else flags
    return found


def tagged(matrix: Matrix, documents: Numbers, vocabulary: Vocabulary) -> dict[str, Flags]:
    """Topics that documents carry, each with a flag per document."""
    rows, codes = matrix.labels_of(documents)
    names = matrix.corpus.label_names.names
    found: dict[str, Flags] = {}
    for code in np.unique(codes).tolist():
        flags = found.setdefault(vocabulary.topic_of(names[code]), np.zeros(len(documents), np.bool_))
        flags[rows[codes == code]] = True
    return found
