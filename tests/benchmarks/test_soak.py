"""The soak on a small index, and what it calls growth."""

import pytest

from benchmarks.soak import Sample, growth, main


def samples(**columns: list[float]) -> list[Sample]:
    steady = dict.fromkeys(("memory, writer", "memory, reader", "open files", "segments"), [50.0] * 8)
    rows = {**steady, **{name.replace("__", ", ").replace("_", " "): values for name, values in columns.items()}}
    return [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]


def test_what_settles_after_its_first_quarter_has_not_grown() -> None:
    assert growth(samples(memory__reader=[10, 20, 100, 100, 100, 100, 100, 100])) == []


def test_what_goes_on_growing_is_named() -> None:
    found = growth(samples(memory__reader=[100, 150, 200, 250, 300, 350, 400, 450]))
    assert found == ["memory, reader grew from 200 to 400"]


@pytest.mark.faults
def test_a_small_soak_ends_with_everything_there_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--documents", "1000", "--through", "2000", "--every", "60"]) == 0
    assert "Everything is there once" in capsys.readouterr().out
