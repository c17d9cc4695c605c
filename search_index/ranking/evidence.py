"""The proofs that a reader opens: the loudest documents, but not three of a kind.

Three posts of one day say little more than one of them, and a copy says nothing. So each proof is chosen with
the ones before it in view, and of nearly equal ones the recent one is taken.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.ranking.scratch import Documents, Values

LOUD = 0.25
"""A proof of another signal is taken before a louder one of the same if it has this share of the best vote."""

FRESHER = 0.2
"""A new document weighs so much more than one of long ago, among the same person's; it halves with the years."""

SAME_DAY, SAME_TEXT = 0.5, 0.1
"""What a further document of a day is worth, and one that looks like a copy: as long and as loud."""

DAY = 86_400_000
YEAR = 365 * DAY
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Documents that speak for one person, loudest first within what they wrote and within what names them.
    `created` in milliseconds, `signals` as places in `SIGNAL_ORDER`, `lengths` in words."""

    documents: Documents
    votes: Values
    signals: NDArray[np.int64]
    created: NDArray[np.int64]
    lengths: NDArray[np.int64]


def choose(candidates: Candidates, wanted: int) -> list[int]:
    """The places of the proofs among the candidates, loudest first."""
    if not len(candidates.votes) or wanted < 1:
        return []
    votes, signals = candidates.votes, candidates.signals
    days = candidates.created // DAY
    age = (candidates.created.max() - candidates.created) / YEAR
    worth = votes * (1.0 + FRESHER * 0.5**age)
    loud = votes >= LOUD * votes.max()
    shown: set[int] = set()
    picked: list[int] = []
    while len(picked) < min(wanted, len(votes)):
        new = loud & ~np.isin(signals, list(shown))
        place = int(np.argmax(np.where(new, worth, -1.0) if new.any() else worth))
        picked.append(place)
        shown.add(int(signals[place]))
        alike = (candidates.lengths == candidates.lengths[place]) & (np.abs(votes - votes[place]) < 1e-9)
        worth = np.where(days == days[place], worth * SAME_DAY, worth)
        worth = np.where(alike, worth * SAME_TEXT, worth)
        worth[place] = -2.0
    return sorted(picked, key=lambda place: (-float(votes[place]), place))
