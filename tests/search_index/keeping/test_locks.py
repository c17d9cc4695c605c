"""Locks that hold between real threads, whatever an event loop has made of the standard ones."""

import subprocess
import sys
from pathlib import Path
from threading import Thread

from search_index.keeping.locks import Mutex, locked, locked_if_free

COUNT_IN_A_REAL_POOL = """
import warnings
warnings.simplefilter("ignore")
import eventlet, eventlet.tpool
eventlet.monkey_patch()
from search_index.keeping.locks import Mutex
mutex, counted = Mutex(), [0]
real_sleep = eventlet.patcher.original("time").sleep
def count():
    for _ in range(20):
        with mutex:
            before = counted[0]
            real_sleep(0.0005)
            counted[0] = before + 1
pool = eventlet.GreenPool()
for _ in range(8):
    pool.spawn(eventlet.tpool.execute, count)
pool.waitall()
print(counted[0])
"""


def test_one_thread_at_a_time_holds_a_mutex() -> None:
    mutex, inside, most = Mutex(), [0], [0]

    def work() -> None:
        for _ in range(200):
            with mutex:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_a_mutex_that_is_held_is_not_waited_for_by_who_only_asks() -> None:
    mutex = Mutex()
    with mutex:
        assert not mutex.enter_if_free()
    assert mutex.enter_if_free()
    assert not mutex.enter_if_free()


def test_a_mutex_holds_between_the_real_threads_of_an_event_loop() -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", COUNT_IN_A_REAL_POOL]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout.strip() == "160", run.stderr


def test_a_lock_between_processes_falls_with_its_holder(tmp_path: Path) -> None:
    with locked(tmp_path, "LOCK"), locked_if_free(tmp_path, "LOCK") as free:
        assert not free
    with locked_if_free(tmp_path, "LOCK") as free:
        assert free
