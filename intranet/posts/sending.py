"""What happens to a new post or comment before its transaction: how often, and its files."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from intranet.files.uploads import Uploads, take_uploads
from intranet.kernel import ratelimit
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.posts.models import Post

# More than anybody types, less than a script gone wild.
_MOST, _PER = 120, timedelta(minutes=1)


class Companion(Protocol):
    """What a feature above lets the composer carry along, under field names of its own, which begin with ``prefix``."""

    prefix: str

    def files(self, session: Session, viewer: Viewer, given: Mapping[str, str]) -> Sequence[int]:
        """Waiting files of the viewer that hang on the post too."""

    def published(self, session: Session, viewer: Viewer, post: Post, given: Mapping[str, str]) -> None:
        """The post is there."""


_companions: list[Companion] = []


def accompany(companion: Companion) -> None:
    """Have every post from the composer accompanied; a feature says so once at start."""
    if companion not in _companions:
        _companions.append(companion)


def files_along(session: Session, viewer: Viewer, given: Mapping[str, str]) -> tuple[int, ...]:
    """Files that features above add to what was attached."""
    return tuple(one for companion in _companions for one in companion.files(session, viewer, given))


def carried_along(given: Mapping[str, str]) -> dict[str, str]:
    """What companions must be told again when a post goes out later."""
    prefixes = tuple(companion.prefix for companion in _companions)
    return {name: value for name, value in given.items() if prefixes and name.startswith(prefixes)}


def tell_companions(session: Session, viewer: Viewer, post: Post, given: Mapping[str, str]) -> None:
    """The composer's post was published."""
    for companion in _companions:
        companion.published(session, viewer, post, given)


def count_post(viewer: Viewer) -> None:
    """Count one sending: for ``prepare=``.

    Raises:
        TooFast: the viewer sent more than anybody types.
    """
    ratelimit.limit(runtime().database, f"posts:{viewer.id}", most=_MOST, per=_PER)


def prepare_post(viewer: Viewer) -> Uploads:
    """Count the sending and take in its files: for ``prepare=``."""
    count_post(viewer)
    return take_uploads(viewer)
