"""What the engine said of somebody lately. The rail asks at every visit of the home page, and the answer, for which all
that they ever wrote is read, hardly moves within minutes.

An answer is kept under all that decides what may be in it: the audiences that they read, and the people left out.
Following, muting or joining somebody asks anew; what was deleted or hidden meanwhile is left out where it is described.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from intranet.kernel.runtime import runtime
from search_index.relations import Meeting, MeetQuery

_PART, _MOST, _SECONDS = "meetings", 2_000, 600.0
_Key = tuple[frozenset[int], frozenset[int], int]
_Kept = OrderedDict[int, tuple[_Key, float, tuple[Meeting, ...]]]


def said_lately(query: MeetQuery, ask: Callable[[MeetQuery], tuple[Meeting, ...]]) -> tuple[Meeting, ...]:
    """The answer to the same question of the last ten minutes, or else a new one."""
    kept: _Kept = runtime().parts.setdefault(_PART, OrderedDict())
    key: _Key = (query.audiences, query.without, query.limit)
    found = kept.get(query.person_id)
    if found is not None and found[0] == key and time.monotonic() - found[1] < _SECONDS:
        return found[2]
    answer = ask(query)
    if answer:  # who has only just begun to write is not told for ten minutes that there is nobody
        kept[query.person_id] = (key, time.monotonic(), answer)
        kept.move_to_end(query.person_id)
        while len(kept) > _MOST:
            kept.popitem(last=False)
    return answer
