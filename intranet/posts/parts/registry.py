"""How a kind of post, or a feature above, puts something on cards without costing a statement.

A page of posts is read in four statements whatever is on it: the posts, everything that hangs on them, the people whom
any of it names, and the timeline itself. What hangs on them is one ``UNION ALL`` of *parts*. To add one::

    add_part(
        Part(
            name="praise",                       # card.parts["praise"] in templates, "praise" in the API
            rows=lambda asked: (                 # one ORM select; its first column is called post_id
                select(Praised.post_id, Praised.person_id, Praise.reason)
                .join(Praise, Praise.post_id == Praised.post_id)
                .where(Praised.post_id.in_(asked.of_kind(PostKind.PRAISE)))
            ),
            people=lambda row: (row.person_id,), # whose cards ``show`` will need
            show=praise_card,                    # (rows of one post, around) -> the card, with as_json()
            kinds=frozenset({PostKind.PRAISE}),  # asked only where the page holds such a post; None: always
        )
    )

``rows`` may add several selects by being several parts. Reach what belongs to the viewer by ``asked.viewer_id`` (0 for
nobody), and count by scalar subqueries. Rows come in no order: sort them in ``show``. Times, enums and booleans arrive
as Python values. ``tests/feed/test_budget.py`` holds the budget with every part on one page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from intranet.kernel.together import Rows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard
from intranet.posts.models import PostKind


@dataclass(frozen=True, slots=True)
class Asked:
    """The posts of a page by id, with their kinds, and who asks for them."""

    viewer: Viewer
    kinds: Mapping[int, PostKind]

    @property
    def ids(self) -> list[int]:
        return list(self.kinds)

    @property
    def viewer_id(self) -> int:
        """The viewer's id; 0, which is nobody's, for the system."""
        return self.viewer.id or 0

    def of_kind(self, *kinds: PostKind) -> list[int]:
        """Ids of the posts of these kinds."""
        return [post_id for post_id, kind in self.kinds.items() if kind in kinds]


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
    rows: Callable[[Asked], Rows]
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
