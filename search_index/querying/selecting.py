"""The best of many by value, without sorting them all; equals are settled the same way every time."""

import numpy as np

from search_index.querying.bm25 import Values
from search_index.querying.lists.matches import Ids

SAMPLED = 4_096
"""The best of so many values already say below what no value can matter."""

MANY_EQUALS = 1_000


def best_places(values: Values | Ids, count: int) -> Ids:
    """Places of at least the `count` greatest values, all that equal the last of them included, in any order."""
    if count <= 0:
        return np.empty(0, np.int64)
    if len(values) <= count:
        return np.arange(len(values))
    candidates: Ids | None = None
    if len(values) > 4 * SAMPLED and count < SAMPLED // 4:
        # From the whole row: the newest documents stand at its end.
        sample = values[:: len(values) // SAMPLED]
        enough = np.partition(sample, len(sample) - count)[len(sample) - count]
        candidates = np.flatnonzero(values >= enough)
        values = values.take(candidates)
    least = np.partition(values, len(values) - count)[len(values) - count]
    places = np.flatnonzero(values >= least)
    return places if candidates is None else candidates.take(places)


def by_score(documents: Ids, scores: Values, created: Ids, tie: Ids, count: int) -> Ids:
    """Places of the `count` best: the greater score first, then the newer, then by `tie`; both are columns."""
    if len(scores) <= count:
        return np.lexsort((tie.take(documents), -created.take(documents), -scores))
    places = _fewest(scores, best_places(scores, count), documents, created, count)
    chosen = documents.take(places)
    order = np.lexsort((tie.take(chosen), -created.take(chosen), -scores.take(places)))
    return places.take(order[:count])


def _fewest(scores: Values, places: Ids, documents: Ids, created: Ids, count: int) -> Ids:
    """Of very many that equal the last of the best, only the newest."""
    if len(places) <= MANY_EQUALS + count:
        return places
    values = scores.take(places)
    least = values.min()
    above, equal = places.compress(values > least), places.compress(values == least)
    newest = best_places(created.take(documents.take(equal)), count - len(above))
    return np.concatenate([above, equal.take(newest)])


def by_time(documents: Ids, created: Ids, tie: Ids, count: int) -> Ids:
    """Places of the `count` newest."""
    times = created.take(documents)
    places = best_places(times, count)
    order = np.lexsort((tie.take(documents.take(places)), -times.take(places)))
    return places.take(order[:count])
