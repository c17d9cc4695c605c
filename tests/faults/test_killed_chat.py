"""kill -9 of web and worker and broken lines while people talk: what was acknowledged reaches all, once, in order.

`script/bench chat-faults` runs the same with 50 clients in 10 rooms at 100 messages a second.
"""

from pathlib import Path

import pytest

from tests.faults.chatting import fault_run
from tests.faults.running import running_server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


def test_no_acknowledged_message_is_lost_doubled_or_moved(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        outcome = fault_run(server, people=8, rooms=3, rate=15, seconds=12, kills=("web", "worker", "web"), cut=0.002)
    assert outcome.faults == []
    assert outcome.breaks > 0  # the lines did break
    assert outcome.deliveries > outcome.messages
