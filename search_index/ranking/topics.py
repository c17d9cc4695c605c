"""Topics that go with an answer: a person's own, and those for a wider or neighbouring search."""

from collections import Counter

import numpy as np

from search_index.ranking.question import Question
from search_index.ranking.reading import Reading
from search_index.ranking.scratch import Documents, Values
from search_index.storing.schema import LABEL

RELATED = 6
OWN_TOPICS = 4

SUPPORTED = 2
"""A related topic stands on at least so many of the documents that answer."""

LOOKED_AT = 60
"""Topics whose frequency is counted, those with the most votes first."""

FLOOR = 4.0
"""Added to a topic's frequency, so that one that stands twice in all is not the most telling."""


def own_topics(reading: Reading, documents: Documents) -> tuple[str, ...]:
    """The topics of a person's documents, most frequent first."""
    _, codes = reading.corpus.labels_of(documents)
    names = reading.corpus.columns.codes.labels.names
    counts = Counter(names[code] for code in codes.tolist())
    return tuple(sorted(counts, key=lambda name: (-counts[name], name))[:OWN_TOPICS])


def related_topics(reading: Reading, question: Question, documents: Documents, votes: Values) -> tuple[str, ...]:
    """Topics of the documents that answer, told apart from topics that stand everywhere."""
    rows, codes = reading.corpus.labels_of(documents)
    if not len(codes):
        return ()
    distinct, where = np.unique(codes, return_inverse=True)
    sums, support = np.bincount(where, votes[rows]), np.bincount(where)
    names = reading.corpus.columns.codes.labels.names
    asked = _asked(question)
    found: list[tuple[float, str]] = []
    likely = [place for place in np.argsort(-sums).tolist() if support[place] >= SUPPORTED]
    for place in likely[:LOOKED_AT]:
        name = names[distinct[place]]
        most = float(sums[place]) / FLOOR**0.5
        if len(found) == RELATED and most < -found[-1][0]:
            break
        if name not in asked:
            usual = reading.public_count(reading.corpus.postings(LABEL, name).documents)
            found = sorted([*found, (-float(sums[place]) / (usual + FLOOR) ** 0.5, name)])[:RELATED]
    return tuple(name for _, name in found)


def _asked(question: Question) -> frozenset[str]:
    words = [word.lower().lstrip("#") for word in question.words]
    return frozenset((*words, "-".join(words), " ".join(words)))
