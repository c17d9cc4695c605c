"""Chat under faults: 50 clients in 10 rooms, 100 messages a second, kill -9 of web and worker, lines cut at random.

Prints what was said, delivered and lost; ends non-zero where anything was.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.chatting import fault_run
from tests.faults.running import running_server


def main(arguments: list[str]) -> int:
    """One run."""
    parser = argparse.ArgumentParser(prog="script/bench chat-faults", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("seconds", nargs="?", type=float, default=30.0, help="how long people go on talking (30)")
    parser.add_argument("--rate", type=float, default=100.0, help="messages a second, of all together (100)")
    asked = parser.parse_args(arguments)
    kills = ("web", "worker", "web", "worker", "web")
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "data") as server:
        outcome = fault_run(
            server, people=50, rooms=10, rate=asked.rate, seconds=asked.seconds, kills=kills, cut=0.0005
        )
    print(
        f"{outcome.messages} messages in {outcome.seconds:.0f} s, {outcome.deliveries} deliveries, "
        f"{len(kills)} kills, {outcome.breaks} broken lines, {len(outcome.faults)} faults"
    )
    print("\n".join(outcome.faults[:20]))
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
