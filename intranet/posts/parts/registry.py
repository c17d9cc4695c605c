"""How a kind of post, or a feature above, puts something on cards without costing a statement.

A page of posts is read in four statements whatever is on it: the posts, everything that hangs on them, the people whom
any of it names, and the timeline itself. What hangs on them is one ``UNION ALL`` of *parts*. To add one::

    add_part(
        Part(
            name="praise",                       # card.parts["praise"] in templates, "praise" in the API
            rows=lambda places: (                # one ORM select; its first column is called post_id
                select(Praised.post_id, Praised.person_id, Praise.reason)
                .join(Praise, Praise.post_id == Praised.post_id)
                .where(Praised.post_id.in_(places.of_kind(PostKind.PRAISE)))
            ),
            people=lambda row: (row.person_id,), # whose cards ``show`` will need
            show=praise_card,                    # (rows of one post, around) -> the card, with as_json()
            kinds=frozenset({PostKind.PRAISE}),  # asked only where the page holds such a post; None: always
        )
    )

``rows`` may add several selects by being several parts. The select is made once and kept: what differs from page to
page it takes from its places (``places.viewer_id`` is 0 for nobody). Count by scalar subqueries. Rows come in no order:
sort them in ``show``. Times, enums and booleans arrive as Python values. ``tests/feed/test_budget.py`` holds the budget
with every part on one page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam

from intranet.kernel import clock
from intranet.kernel.tables import BigId, UtcDateTime
from intranet.kernel.together import Rows, Writing
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard
from intranet.posts.models import PostKind


class Places:
    """What a select of a part leaves open, since it is made once for all pages: use these in conditions, several ids
    with ``in_``."""

    viewer_id: Any = bindparam("viewer_id", type_=BigId)
    now: Any = bindparam("now", type_=UtcDateTime)

    def __init__(self, writing: Writing) -> None:
        self._among = writing.among

    @property
    def ids(self) -> Any:
        """Ids of the posts."""
        return self._among("ids")

    @property
    def audiences(self) -> Any:
        """Ids of their audiences."""
        return self._among("audiences")

    def of_kind(self, kind: PostKind) -> Any:
        """Ids of the posts of a kind."""
        return self._among(f"ids_{kind.value}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The posts of a page by id, with their kinds, their audiences, and who asks for them."""

    viewer: Viewer
    kinds: Mapping[int, PostKind]
    audiences: frozenset[int] = frozenset()

    @property
    def values(self) -> dict[str, Any]:
        """What belongs into the places. The system has the viewer's id 0, which is nobody's."""
        found: dict[str, Any] = {f"ids_{kind.value}": [] for kind in PostKind}
        for post_id, kind in self.kinds.items():
            found[f"ids_{kind.value}"].append(post_id)
        return {
            **found,
            "ids": list(self.kinds),
            "viewer_id": self.viewer.id or 0,
            "audiences": list(self.audiences),
            "now": clock.now(),
        }


@dataclass(frozen=True, slots=True)
class Around:
    """What ``show`` may look at beside its rows. ``keeps`` says whether the viewer owns the group of the post."""

    viewer: Viewer
    people: Mapping[int, PersonCard]


def _nobody(_row: Any) -> Iterable[int]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that hangs on posts; see above."""

    name: str
    rows: Callable[[Places], Rows]
    show: Callable[[Sequence[Any], Around], Any]
    people: Callable[[Any], Iterable[int]] = field(default=_nobody)
    kinds: frozenset[PostKind] | None = None

    def is_wanted(self, asked: Asked) -> bool:
        """Whether a post of the page can have it."""
        return self.kinds is None or any(kind in self.kinds for kind in asked.kinds.values())


_parts: dict[str, Part] = {}


def add_part(part: Part) -> None:
    """Have cards show a part; a feature says so once at start."""
    _parts[part.name] = part


def parts() -> list[Part]:
    """All of them, in the order in which they were added."""
    return list(_parts.values())
