"""How fast one person may go at all: a fuse below the limits that single features set.

Nobody types, clicks or searches as fast; a script gone wild, or a stolen session, is stopped before it hurts others.
The counts are kept in this process: they cost no statement, and a restart forgets them.
"""

import time
from dataclasses import dataclass, field

from intranet.kernel.errors import TooFast

_MOST_KEYS = 20_000


@dataclass(slots=True)
class Pace:
    """``burst`` at once, and ``each_second`` from then on, for every key."""

    burst: float
    each_second: float
    _used: dict[str, tuple[float, float]] = field(default_factory=dict)

    def count(self, key: str) -> None:
        """Note one use.

        Raises:
            TooFast: ``key`` went faster than that.
        """
        now = time.monotonic()
        used, at = self._used.get(key, (0.0, now))
        used = max(0.0, used - (now - at) * self.each_second) + 1.0
        if used > self.burst:
            raise TooFast((used - self.burst) / self.each_second)
        if len(self._used) >= _MOST_KEYS and key not in self._used:
            self._forget(now)
        self._used[key] = used, now

    def _forget(self, now: float) -> None:
        """Those who are as if they had never come; where nobody is, everybody."""
        rested = [key for key, (used, at) in self._used.items() if used <= (now - at) * self.each_second]
        for key in rested or list(self._used):
            del self._used[key]


changes = Pace(burst=600, each_second=20)
"""Whatever changes something, by form, program or socket."""

searches = Pace(burst=2000, each_second=100)
"""Whatever has to be made ready apart from the page, as searches and suggestions are."""
