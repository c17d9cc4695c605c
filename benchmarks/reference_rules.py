"""How published rules of ranking people by their posts do over the same index as the formula.

`script/bench reference-rules DIR…` asks every query of each data set with each rule and with the formula,
text only, and prints MAP by kind of query with the chance that the difference to the formula is none
(paired test).
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.engine_corpus import DEPTH, TEXT_ONLY, Ask, ask_engine
from benchmarks.ranking_figures import paired_p, read_lines, read_queries, table_of
from search_index.engine import EVERYONE
from search_index.keeping.index import Index
from search_index.ranking.question import read_question
from search_index.ranking.reading import Reading

Scores = NDArray[np.float64]
Codes = NDArray[np.int64]
Rule = Callable[[Codes, Scores, int], Scores]
"""Authors of the matching posts, best post first, their BM25 scores, number of people -> a score per
person."""


def votes_by_sum(authors: Codes, scores: Scores, people: int) -> Scores:
    return np.bincount(authors, scores, people).astype(np.float64)


def votes_exp_mnz(authors: Codes, scores: Scores, people: int) -> Scores:
    """expCombMNZ over the 300 best posts: the sum of e**score, times the number of posts."""
    authors, scores = authors[:300], scores[:300]
    loud = np.bincount(authors, np.exp(scores - scores.max(initial=0)), people).astype(np.float64)
    return loud * np.bincount(authors, minlength=people)


def ten_best_logs(authors: Codes, scores: Scores, people: int) -> Scores:
    """The sum of log(1 + score) over a person's ten best posts."""
    order = np.argsort(authors, kind="stable")  # within a person the posts stay best first
    sorted_authors = authors[order]
    place = np.arange(len(order)) - np.searchsorted(sorted_authors, sorted_authors)
    return np.bincount(sorted_authors, np.log1p(scores[order]) * (place < 10), people).astype(np.float64)


RULES: Mapping[str, Rule] = {
    "CombSUM": votes_by_sum,
    "expCombMNZ, 300 best posts": votes_exp_mnz,
    "ten best, logarithms": ten_best_logs,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="script/bench reference-rules", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", nargs="+", type=Path, help="a data set: people, posts and queries as JSON lines")
    options = parser.parse_args(arguments)
    for folder in options.folder:
        with tempfile.TemporaryDirectory() as scratch:
            index = Path(scratch)
            asked = {"the formula": ask_engine(folder, index)}
            asked.update((name, _ask_rule(folder, index, rule)) for name, rule in RULES.items())
            _compare(folder, asked)
    return 0


def _ask_rule(folder: Path, index: Path, rule: Rule) -> Ask:
    people = [str(row["id"]) for row in read_lines(folder, "people")]
    corpus = Index(index, everyone=EVERYONE).current()

    def ask(text: str) -> list[str]:
        reading = Reading(corpus, frozenset({EVERYONE}), TEXT_ONLY)
        score = np.zeros(reading.size)
        for term, weight in read_question(reading, text).weights.items():
            ids, share = reading.saturation(term)
            score[ids] += weight * share
        found = np.flatnonzero(score)
        found = found[reading.usable(found)]
        found = found[np.argsort(-score[found], kind="stable")]
        authors = corpus.author.view(reading.size)[found].astype(np.int64)
        total = rule(authors, score[found], len(corpus.people))
        best = np.argsort(-total, kind="stable")[:DEPTH]
        return [people[int(corpus.people.ids()[code]) - 1] for code in best if total[code] > 0]

    return ask


def _compare(folder: Path, asked: Mapping[str, Ask]) -> None:
    queries = read_queries(folder)
    for kind in dict.fromkeys(query.kind for query in queries):
        some = [query for query in queries if query.kind == kind]
        tables = {name: table_of({query.id: ask(query.text) for query in some}, some) for name, ask in asked.items()}
        formula = tables["the formula"]
        print(f"\n{folder.name}, {kind} ({len(some)})")
        for name, table in tables.items():
            chance = "" if name == "the formula" else f"  p {paired_p(formula, table):.4f}"
            print(f"    {name:<28}MAP {table[:, 0].mean():.3f}{chance}")
