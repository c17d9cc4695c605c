"""The formula of the ranked feed; ``docs/feed-ranking.md`` says the same in plain words.

Nothing here counts reactions, comments, views or time: what is loud gets no louder.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from intranet.feed.ranked.reasons import Reason, Why
from intranet.posts.models import PostKind

WEIGHTS: Mapping[Why, float] = {
    Why.NAMED: 4.0,
    Why.ANNOUNCED: 3.0,
    Why.TALKS: 2.0,
    Why.PERSON: 1.6,
    Why.TOPIC: 1.3,
    Why.KNOWN: 1.0,
    Why.GROUP: 1.0,
    Why.OWN: 0.6,
}
FURTHER = 0.25  # of the weight of every reason beside the strongest
DIALS = (0.15, 0.5, 1.0, 2.0, 4.0)
LESS = 0.1
SEEN = 0.2
HALF_LIFE = timedelta(hours=36)
KINDS: Mapping[str, float] = {"question": 1.3, "announcement": 1.2, "praise": 0.9}
AGAIN = 0.7  # each further post by the same author in the list

_DIAL_OF = {
    Why.PERSON: "people",
    Why.TALKS: "people",
    Why.TOPIC: "topics",
    Why.KNOWN: "topics",
    Why.GROUP: "groups",
}
# Turned down together: whoever wants less of a person does not care for which of two reasons they were there.
_SAME = {Why.TALKS: Why.PERSON, Why.KNOWN: Why.TOPIC}


@dataclass(frozen=True, slots=True)
class Taste:
    """What a reader wants more and less of."""

    people: int = 2
    topics: int = 2
    groups: int = 2
    less: frozenset[tuple[str, int]] = frozenset()

    def wants(self, reason: Reason) -> float:
        """How strongly a reason counts for this reader."""
        dial = _DIAL_OF.get(reason.why)
        level: int = getattr(self, dial) if dial else 2
        turned_down = (turns_down(reason.why).value, reason.target_id) in self.less
        return WEIGHTS[reason.why] * DIALS[level] * (LESS if turned_down else 1.0)


def turns_down(why: Why) -> Why:
    """The reason under which "less of this" is kept."""
    return _SAME.get(why, why)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that may be shown, with everything that speaks for it."""

    post_id: int
    author_id: int
    kind: PostKind
    created_at: datetime
    reasons: tuple[Reason, ...]
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in the feed."""

    post_id: int
    reason: Reason


def score(candidate: Candidate, taste: Taste, moment: datetime) -> tuple[float, Reason]:
    """How high it stands, and the reason that says why: the strongest."""
    strengths = sorted(((taste.wants(one), one) for one in candidate.reasons), key=lambda pair: -pair[0])
    best, reason = strengths[0]
    wanted = best + FURTHER * sum(strength for strength, _reason in strengths[1:])
    # Wanting less of something is wanting less of the post, whatever else speaks for it.
    turned_down = any((turns_down(one.why).value, one.target_id) in taste.less for one in candidate.reasons)
    age = max(timedelta(0), moment - candidate.created_at)
    fresh = 0.5 ** (age / HALF_LIFE)
    kind, seen = KINDS.get(candidate.kind.value, 1.0), SEEN if candidate.is_seen else 1.0
    return wanted * fresh * kind * seen * (LESS if turned_down else 1.0), reason


def rank(candidates: Iterable[Candidate], taste: Taste, moment: datetime) -> list[Ranked]:
    """Best first, the newer one where two are equal; each further post of an author counts less."""
    scored = [(*score(one, taste, moment), one) for one in candidates if one.reasons]
    scored.sort(key=lambda item: (-item[0], -item[2].post_id))
    met: dict[int, int] = {}
    spread: list[tuple[float, int, Reason]] = []
    for value, reason, one in scored:
        times = met.get(one.author_id, 0)
        met[one.author_id] = times + 1
        spread.append((value * AGAIN**times, one.post_id, reason))
    spread.sort(key=lambda item: (-item[0], -item[1]))
    return [Ranked(post_id, reason) for _value, post_id, reason in spread]
