"""What happens to a new post or comment before its transaction: how often, and its files."""

from datetime import timedelta

from intranet.files.uploads import Uploads, take_uploads
from intranet.kernel import ratelimit
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer

# More than anybody types, less than a script gone wild.
_MOST, _PER = 120, timedelta(minutes=1)


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
