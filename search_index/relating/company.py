"""Words that keep company with a draft: what was written in answer to such words says besides them.

Who asks about "reading delimited files" means what others call `csv`. The readable documents that hold most of the
draft are read, and the words that several of them share and few others hold stand for the draft as well:

    w(t)  = Σ s(d) of those that hold t / Σ s(d) · idf(t)²     the weightiest, made to sum to `WEIGHT` times the draft

This is the relevance model RM3 (Lavrenko and Croft 2001; Abdul-Jaleel and others 2004). What is chosen here was chosen
on both corpora of `script/bench similar-questions`.
"""

from collections.abc import Container, Mapping

import numpy as np
from numpy.typing import NDArray

from search_index.relating.matrix import Matrix
from search_index.storing.schema import TEXT

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

DOCUMENTS = 100
"""Documents that are read, the best; with thirty a twentieth fewer drafts find what was meant, with 300 no more."""

MOST, SUPPORT = 100, 2
"""Words taken, and the documents that share each: what one alone says is an accident."""

COMMON = 0.05
"""A word in more documents than this share stands everywhere and means nothing."""

WEIGHT = 0.1
"""What all of them count beside the draft's own words: enough to order what the draft says nothing of. From .3 on the
paraphrases of the invented company are found less often."""


def companions(matrix: Matrix, own: Container[str], documents: Numbers, scores: Values) -> Mapping[str, float]:
    """Terms, heaviest first, and the share of `WEIGHT` that each has. `documents` are readable and best first."""
    speaking = np.isin(documents, matrix.speaking(np.sort(documents)))
    best, worth = documents[speaking][:DOCUMENTS], scores[speaking][:DOCUMENTS]
    if not len(best):
        return {}
    rank = np.argsort(best)  # words come by the number of their document
    words = matrix.words_of(best[rank])
    share = np.bincount(words.codes, worth[rank][words.rows], len(words.terms)) / worth.sum()
    most = matrix.corpus.public_documents * COMMON
    found: list[tuple[float, str]] = []
    for code in np.flatnonzero(words.counts() >= SUPPORT).tolist():
        term = words.terms[code]
        usual = 0 if term in own else matrix.public_count(matrix.corpus.postings(TEXT, term).documents)
        if 0 < usual <= most:
            found.append((-share[code] * matrix.rarity(usual) ** 2, term))
    chosen = sorted(found)[:MOST]
    total = sum(weight for weight, _ in chosen)
    return {term: WEIGHT * weight / total for weight, term in chosen}
