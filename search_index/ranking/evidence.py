"""The proofs that a reader opens: the loudest documents, but not three of a kind.

Three posts of one day say little more than one of them, and a copy says nothing. So each proof is chosen with
the ones before it in view, and of nearly equal ones the recent one is taken.
"""

from collections.abc import Sequence
from typing import NamedTuple

LOUD = 0.25
"""A proof of another signal is taken before a louder one of the same if it has this share of the best vote."""

FRESHER = 0.2
"""A new document weighs so much more than one of long ago, among the same person's; it halves with the years."""

SAME_DAY, SAME_TEXT = 0.5, 0.1
"""What a further document of a day is worth, and one that looks like a copy: as long and as loud."""

SAME = 1e-9
"""Votes that are nearer than this are equal."""

DAY = 86_400_000
YEAR = 365 * DAY
"""Milliseconds."""


class Candidate(NamedTuple):
    """A document that speaks for a person. `signal` is a place in `SIGNAL_ORDER`, `created` in milliseconds, `length`
    in words."""

    document: int
    vote: float
    signal: int
    created: int
    length: int


def choose(candidates: Sequence[Candidate], wanted: int) -> list[Candidate]:
    """The proofs among what speaks for one person, in the order in which a reader gains most: whoever shows fewer of
    them shows the first."""
    if not candidates:
        return []
    newest = max(candidate.created for candidate in candidates)
    loud = LOUD * max(candidate.vote for candidate in candidates)
    worth = [each.vote * (1.0 + FRESHER * 0.5 ** ((newest - each.created) / YEAR)) for each in candidates]
    days = [each.created // DAY for each in candidates]
    left = list(range(len(candidates)))
    unshown = [at for at in left if candidates[at].vote >= loud]  # of signals that no proof has yet
    picked: list[Candidate] = []
    while left and len(picked) < wanted:
        best = max(unshown or left, key=worth.__getitem__)
        taken, day = candidates[best], days[best]
        picked.append(taken)
        left.remove(best)
        if unshown:
            unshown = [at for at in unshown if candidates[at].signal != taken.signal]
        for at in left:
            if days[at] == day:
                worth[at] *= SAME_DAY
            if candidates[at].length == taken.length and abs(candidates[at].vote - taken.vote) < SAME:
                worth[at] *= SAME_TEXT
    return picked
