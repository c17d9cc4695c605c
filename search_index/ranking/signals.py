"""What a kind of document shows about the person it speaks for."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Kind
from search_index.expertise import Signal

SIGNALS: Mapping[str, Signal] = {
    Kind.ANSWER: Signal.ANSWERED,
    Kind.POST: Signal.WROTE,
    Kind.COMMENT: Signal.WROTE,
    Kind.SAID: Signal.WROTE,
    Kind.ARTICLE: Signal.WROTE,
    Kind.ENDORSEMENT: Signal.ENDORSED,
    Kind.PRAISE: Signal.ENDORSED,
}
"""A claimed skill, a profile or being mentioned show what one worked on."""

OWN_WORDS = frozenset({Signal.ANSWERED, Signal.WROTE})
"""What people show by writing themselves; the rest is said of them, or claimed."""

SIGNAL_ORDER = tuple(Signal)
WORKED = SIGNAL_ORDER.index(Signal.WORKED)


def signal_codes(kinds: Sequence[str]) -> NDArray[np.int64]:
    """The place in `SIGNAL_ORDER` of each kind's signal."""
    return np.array([SIGNAL_ORDER.index(SIGNALS.get(kind, Signal.WORKED)) for kind in kinds], np.int64)


def own_kinds(kinds: Sequence[str]) -> NDArray[np.bool_]:
    """Which kinds are a person's own words."""
    return np.array([SIGNALS.get(kind) in OWN_WORDS for kind in kinds], np.bool_)
