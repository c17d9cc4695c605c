"""Measurements of the product; script/bench lists and runs them, RESULTS.md keeps what they last said."""
