"""Topics that go with an answer, for a wider or neighbouring search."""

import numpy as np

from search_index.ranking.question import Question
from search_index.ranking.reading import Reading
from search_index.ranking.scratch import Documents, Values
from search_index.ranking.standing import counted

RELATED = 6
OWN_TOPICS = 4

SUPPORTED = 2
"""A related topic stands on at least so many of the documents that answer."""

LOOKED_AT = 100
"""The most telling topics, of which those that the question names fall away."""

FLOOR = 4.0
"""Added to a topic's frequency, so that one that stands twice in all is not the most telling."""


def related_topics(reading: Reading, question: Question, documents: Documents, votes: Values) -> tuple[str, ...]:
    """Topics of the documents that answer, told apart from topics that stand everywhere."""
    rows, codes = reading.corpus.labels_of(documents)
    if not len(codes):
        return ()
    distinct, where = np.unique(codes, return_inverse=True)
    sums, support = np.bincount(where, votes[rows]), np.bincount(where)
    usual = counted(reading.corpus.statistics.label_documents.view(), distinct.astype(np.int64))
    worth = sums / np.sqrt(usual + FLOOR)
    names, asked = reading.corpus.columns.codes.labels.names, _asked(question)
    likely = np.flatnonzero(support >= SUPPORTED)
    if len(likely) > LOOKED_AT:
        likely = likely[worth[likely] >= np.partition(worth[likely], -LOOKED_AT)[-LOOKED_AT]]
    found = sorted((-float(worth[place]), names[distinct[place]]) for place in likely.tolist())
    return tuple([name for _, name in found if name not in asked][:RELATED])


def _asked(question: Question) -> frozenset[str]:
    words = [word.lower().lstrip("#") for word in question.words]
    return frozenset((*words, "-".join(words), " ".join(words)))
