"""What a process let go of is not kept from the rest of the machine."""

import ctypes
import sys
from pathlib import Path

import pytest

from intranet.kernel import memory

MUCH = 20_000  # pieces of four kilobytes: too small to be given back one by one


def resident() -> int:
    """Bytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="other C libraries have other ways")
def test_what_was_let_go_of_goes_back_to_the_machine() -> None:
    held = [ctypes.create_string_buffer(b"x" * 4000) for _ in range(MUCH)]
    keeper = held[-1]  # on top of the heap, so that it cannot simply shrink
    at_most = resident()
    del held
    memory.give_back()
    assert at_most - resident() > MUCH * 4000 / 2
    assert keeper.raw.startswith(b"x")
