"""Chat under faults: 50 clients in 10 rooms, 100 messages a second, kill -9 of web and worker, lines cut at random.

`script/bench chat-faults [SECONDS]`: prints what was said, delivered and lost; ends non-zero where anything was.
"""

import sys
import tempfile
from pathlib import Path

from tests.faults.chatting import fault_run
from tests.faults.running import running_server


def main(arguments: list[str]) -> int:
    """One run of so many seconds (30)."""
    seconds = float(arguments[0]) if arguments else 30.0
    kills = ("web", "worker", "web", "worker", "web")
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "data") as server:
        outcome = fault_run(server, people=50, rooms=10, rate=100, seconds=seconds, kills=kills, cut=0.0005)
    print(
        f"{outcome.messages} messages in {outcome.seconds:.0f} s, {outcome.deliveries} deliveries, "
        f"{len(kills)} kills, {outcome.breaks} broken lines, {len(outcome.faults)} faults"
    )
    print("\n".join(outcome.faults[:20]))
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
