"""Who a question could go to: the finder's answer as everybody who may read the question could have got it.

It ranks over what the question's audience reads and nothing else, so that who was asked tells no reader anything of a
place that they cannot see.
"""

from collections.abc import Collection
from dataclasses import dataclass

from intranet.expertise import wishes
from intranet.expertise.facets import Narrowing
from intranet.expertise.finding import LONGEST_QUESTION, narrower_for, rank
from intranet.kernel import reach
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from search_index.expertise import ExpertQuery, Signal

MOST = 60


@dataclass(frozen=True, slots=True)
class Knower:
    """``signal`` is what speaks loudest for them, ``topic`` their own topic among what matches, or nothing."""

    person_id: int
    confidence: float
    signal: Signal
    topic: str


def knowers(audience_id: int, question: str, *, without: Collection[int] = ()) -> list[Knower]:
    """Who knows it, best first. Call it outside any transaction."""
    viewer = system(reason="questions: who could be asked, for all readers of the question alike")
    with runtime().database.reading(viewer) as session:
        unnamed = wishes.not_to_be_named(session, question)
        lowered = wishes.not_their_field(session, question)
        open_to_all = reach.readable_ids(session, 0)  # nobody is in no audience, and reads what is open
    query = ExpertQuery(
        text=question[:LONGEST_QUESTION],
        audiences=open_to_all | {audience_id},
        limit=MOST,
        without=unnamed | frozenset(without),
        narrow=narrower_for(Narrowing()),
        evidence=0,
    )
    return [
        Knower(
            one.person_id,
            float(one.confidence),
            max(Signal, key=lambda signal: one.shares.get(signal, 0)),
            one.topics[0] if one.topics else "",
        )
        for one in rank(query, lowered).items
    ]
