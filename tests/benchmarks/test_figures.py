"""The arithmetic of the tables, and what is said of a goal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.search_speed.comparing import Taken
from benchmarks.search_speed.figures import class_row, median, percentile, table, times_as_long
from benchmarks.search_speed.goals import GOALS, goal_rows, side_by_side


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_its_share_of_all_does_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


def test_the_median_of_an_even_number_is_the_lower_middle() -> None:
    assert median([4, 1, 3, 2]) == 2


def test_engines_are_compared_over_the_questions_that_both_answered() -> None:
    ours = Taken(wall=[1.0, 1.0, 9.0], asked=[0, 1, 2])
    slow = Taken(wall=[50.0, 50.0], asked=[0, 1])
    assert times_as_long(slow, ours) == pytest.approx(50)


def test_a_smaller_sample_is_said_in_the_table() -> None:
    taken = {"whoosh": Taken([50.0], [50.0], 1, [0]), "couth": Taken([1.0, 2.0], [1.0, 2.0], 2, [0, 1])}
    assert class_row("common", taken, "couth") == ["common", "50.0 / 50.0, 1 asked", "1.00 / 2.00", "× 50"]


def test_a_table_has_a_line_below_its_head() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_a_goal_holds_or_not_and_what_was_not_measured_has_no_row() -> None:
    spread = {"p50": 1.0, "p95": 6.0, "processor": [0.5, 2.0], "against_ours": 1.0}
    figures = {
        "classes": {
            "expert": {"couth": spread},
            "common": {"couth": {**spread}, "whoosh": {**spread, "against_ours": 600.0}},
            "rare": {"tantivy": {**spread, "against_ours": 0.25}},
            "three": {"tantivy": {**spread, "against_ours": 2.0}},
        },
        "serving": {"couth": [90.0, 80.0, 70.0]},
    }
    rows = {row[0]: row[1:] for row in goal_rows(figures, GOALS["small"])}
    assert rows == {
        "expert, p50 / p95 with evidence": ["1.5 / 5 ms", "1.00 / 6.00 ms (processor 0.50 / 2.00)", "no"],
        "common term against stock Whoosh": ["≥ × 500", "× 600", "yes"],
        "any query against tantivy, p50": ["≤ × 2.0", "rare × 4.0", "no"],
        "resident memory serving": ["100 MB", "90 MB (70 private)", "yes"],
    }


def test_two_sizes_stand_side_by_side_and_what_one_lacks_is_a_dash() -> None:
    rows = side_by_side([["rebuild", "15 s", "14 s", "yes"]], [["open", "0.5 s", "0.4 s", "yes"]])
    assert rows == [
        ["rebuild", "15 s", "14 s", "yes", "–", "–", "–"],
        ["open", "–", "–", "–", "0.5 s", "0.4 s", "yes"],
    ]
