"""What the measurement with thousands of open pages makes of what arrived."""

import pytest

from benchmarks.crowd import _Posts, _told
from benchmarks.feed_speed.sockets import Arrival

_ON_TIME: list[Arrival] = [("one", 1, 10.1), ("one", 2, 10.2), ("all", 1, 11.1), ("all", 2, 11.1), ("all", 3, 11.2)]


def _verdict(arrivals: list[Arrival], *, memory: tuple[float, ...] = (500, 600, 600, 610), refused: int = 0) -> bool:
    everybody = range(1, 4)
    posts = _Posts({7: [1, 2]}, [8000], everybody, answers=[12.0, 14.0], late=[0.1])
    posts.sent |= {"one": (10.0, [1, 2]), "all": (11.0, everybody)}
    posts.refused += ["429 Too Many Requests"] * refused
    return _told(posts, arrivals, memory, 0.5)


def test_each_post_once_on_each_page_in_time_is_well() -> None:
    assert _verdict(_ON_TIME)


@pytest.mark.parametrize(
    ("arrivals", "words"),
    [
        (_ON_TIME[1:], "lost 1, doubled 0, to somebody else 0"),
        ([*_ON_TIME, ("all", 3, 11.3)], "lost 0, doubled 1, to somebody else 0"),
        ([*_ON_TIME, ("one", 3, 10.3)], "lost 0, doubled 0, to somebody else 1"),
        ([*_ON_TIME[1:], ("one", 2, 10.3)], "lost 1, doubled 1, to somebody else 0"),
        ([], "lost 5, doubled 0, to somebody else 0"),
    ],
)
def test_what_is_lost_doubled_or_strays_is_told_and_is_a_failure(
    arrivals: list[Arrival], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not _verdict(arrivals)
    assert words in capsys.readouterr().out


def test_late_arrivals_refusals_and_growing_memory_are_failures() -> None:
    assert not _verdict([(mark, number, moment + 0.6) for mark, number, moment in _ON_TIME])
    assert not _verdict(_ON_TIME, refused=1)
    assert not _verdict(_ON_TIME, memory=(500, 600, 650, 700))
