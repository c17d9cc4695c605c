"""Reading and writing feeds in a company of 10,000 people and 1,000,000 posts, beside the goals.

`script/bench feed [--folder DIR] [--posts N] [--people N] [--sockets N]`: makes the company in DIR once (some minutes)
and keeps it for the next run. Times of reading are those of the server, from the request to the bytes of its answer,
with signing in; statements are all that reach the database meanwhile but BEGIN.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.feed_speed.company import Size, company
from benchmarks.feed_speed.publishing import publishing_figures
from benchmarks.feed_speed.reading import reading_figures


def main(arguments: list[str]) -> int:
    """Print a line for each figure; the exit code tells nothing of goals."""
    usual = Size()
    parser = argparse.ArgumentParser(prog="script/bench feed", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "couth-bench-feed")
    parser.add_argument("--posts", type=int, default=usual.posts)
    parser.add_argument("--people", type=int, default=usual.people)
    parser.add_argument("--sockets", type=int, default=1_000)
    asked = parser.parse_args(arguments)
    size = Size(people=asked.people, posts=asked.posts)
    app = company(asked.folder, size)
    for figure in reading_figures(app, asked.folder, size):
        print(figure, flush=True)
    for figure in publishing_figures(asked.folder, sockets=asked.sockets):
        print(figure, flush=True)
    return 0
