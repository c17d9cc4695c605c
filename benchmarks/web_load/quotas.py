"""A process that may use only a part of a processor, by a Linux control group of its own.

Two web processes, a database and the clients that ask them want more than two cores have; held to a part of one each,
a second process shows what it adds and not what it takes from the others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PERIOD = 20_000  # microseconds: short beside a request, so that what waits for the next one waits little
_VERSION_1, _VERSION_2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


@contextmanager
def held_to(share: float, pid: int) -> Iterator[None]:
    """All threads of the process together use at most so much of one processor.

    Raises:
        RuntimeError: this machine does not let us set it.
    """
    is_old = (_VERSION_1 / "cpu.cfs_quota_us").exists()
    parent = _VERSION_1 if is_old else _VERSION_2
    folder = parent / f"couth-bench-{pid}"
    quota = str(int(share * _PERIOD))
    try:
        folder.mkdir()
        if is_old:
            (folder / "cpu.cfs_period_us").write_text(str(_PERIOD))
            (folder / "cpu.cfs_quota_us").write_text(quota)
        else:
            (folder / "cpu.max").write_text(f"{quota} {_PERIOD}")
        (folder / "cgroup.procs").write_text(str(pid))
    except OSError as error:
        raise RuntimeError(f"--share needs a control group for each process, as root: {error}") from error
    try:
        yield
    finally:
        for one in (folder / "cgroup.procs").read_text().split():
            (parent / "cgroup.procs").write_text(one)
        folder.rmdir()
