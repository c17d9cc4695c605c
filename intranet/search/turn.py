"""The worker's share: it alone stores the index, a little at every turn."""

import logging
import threading
import time
from collections.abc import Callable

from flask import Flask

from intranet.search.index import Index, index_of

log = logging.getLogger(__name__)

# Whoever searches follows the outbox for themselves: the files may be a moment behind, so that what is written in a
# lively hour is read together.
EVERY = 1.0
_TURN_SECONDS = 1.0
_TELL_SECONDS = 10.0


def store(app: Flask) -> bool | None:
    """Follow the outbox and write segments; rebuild beside the other work where the index needs it. True where there is
    more to follow."""
    index = index_of(app)
    if not index.become_writer():
        return None  # a command is storing; it goes on here when that has ended
    if index.rebuilding is not None and index.rebuilding.is_alive():
        return None
    index.rebuilding = None
    if index.needs_rebuild():
        index.rebuilding = threading.Thread(target=_rebuild, args=(index,), name="index rebuild", daemon=True)
        index.rebuilding.start()
        return None
    is_behind = not index.follow(seconds=_TURN_SECONDS)
    index.flush()
    return is_behind


def _telling() -> Callable[[int], None]:
    """Says in the log now and then how far it is."""
    told = time.monotonic()

    def tell(done: int) -> None:
        nonlocal told
        if time.monotonic() - told >= _TELL_SECONDS:
            told = time.monotonic()
            log.info("rebuilding the search index: %s documents so far", done)

    return tell


def _rebuild(index: Index) -> None:
    try:
        log.info("rebuilding the search index; searches go on over what there is")
        count = index.rebuild(_telling())
    except Exception:
        log.exception("the search index could not be rebuilt; trying again")
    else:
        log.info("the search index is rebuilt: %s documents", count)
