"""Pages of the ranked feed.

The order is worked out once, when the feed is opened; the cursor to its next page *is* the rest of that order. Whatever
happens meanwhile, nothing is shown twice and nothing is passed over, and nothing has to be kept on the server.
"""

import base64
import struct
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from intranet.feed.ranked.choosing import CANDIDATES, candidates
from intranet.feed.ranked.formula import rank, score
from intranet.feed.ranked.reasons import OPENED, Reason
from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.page import Page
from intranet.kernel.viewer import Viewer
from intranet.posts.cards import PostCard
from intranet.posts.queries import post_cards


@dataclass(frozen=True, slots=True)
class RankedPage:
    """A page of posts, with the reason for each by its id."""

    page: Page[PostCard]
    reasons: dict[int, Reason]


def for_you(session: Session, viewer: Viewer, *, rest: str | None = None, limit: int = 20) -> RankedPage:
    """The first page, or the one that ``rest`` leads to. Five statements with those of the cards.

    Raises:
        Invalid: ``rest`` was not made here.
    """
    if rest:
        ids = decode_rest(rest)
        reasons = reasons_for(session, viewer, ids[:limit])
    else:
        found, taste = candidates(session, viewer)
        ranked = rank(found, taste, clock.now())
        ids = [place.post_id for place in ranked]
        reasons = {place.post_id: place.reason for place in ranked[:limit]}
    shown, remaining = ids[:limit], ids[limit:]
    cards = post_cards(session, viewer, shown)
    return RankedPage(Page(cards, older=encode_rest(remaining) if remaining else None), reasons)


def reasons_for(session: Session, viewer: Viewer, ids: Sequence[int]) -> dict[int, Reason]:
    """Why each of these posts is there for the viewer now."""
    found, taste = candidates(session, viewer, ids)
    moment = clock.now()
    reasons = {one.post_id: score(one, taste, moment)[1] for one in found if one.reasons}
    return {post_id: reasons.get(post_id, OPENED) for post_id in ids}


def encode_rest(ids: Sequence[int]) -> str:
    """The places that are still to come."""
    return base64.urlsafe_b64encode(struct.pack(f">{len(ids)}Q", *ids)).decode().rstrip("=")


def decode_rest(token: str) -> list[int]:
    """The ids in a cursor.

    Raises:
        Invalid: it was not made here.
    """
    try:
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        ids = list(struct.unpack(f">{len(packed) // 8}Q", packed))
    except (ValueError, Base64Error, struct.error) as error:
        raise Invalid({"before": "not a cursor of this list"}) from error
    if len(ids) > CANDIDATES or any(one > MAX_ID for one in ids):
        raise Invalid({"before": "not a cursor of this list"})
    return ids
