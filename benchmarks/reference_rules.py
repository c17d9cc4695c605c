"""How published rules of ranking people by their posts do over the same index as the formula.

`script/bench reference-rules DIR…` asks every query of each data set with each rule, with the formula of the
first release and with the present one, and prints MAP by kind of query, by half and over all data sets, with
the chance that the difference to the present formula is none (paired test). Text only; with `--signals` the two
formulas alone, tags and mentions included. `--half A` leaves the questions of the other half unasked: what is
chosen on one must not have been seen on the other.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.engine_corpus import DEPTH, TEXT_ONLY, Ask, ask_engine
from benchmarks.first_release import ranked
from benchmarks.ranking_figures import Table, paired_p, read_lines, read_queries, table_of
from search_index.documents import EVERYONE
from search_index.expertise import Weights
from search_index.keeping.index import Index
from search_index.ranking.question import read_question
from search_index.ranking.reading import Reading
from search_index.storing.corpus import Corpus

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


PRESENT = "the present formula"

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
    parser.add_argument("--half", choices="AB", help="ask the questions of one half alone")
    parser.add_argument("--signals", action="store_true", help="with tags and mentions; the two formulas alone")
    options = parser.parse_args(arguments)
    weights = Weights() if options.signals else TEXT_ONLY
    everything: dict[tuple[str, str], dict[str, Table]] = {}
    for folder in options.folder:
        queries = [query for query in read_queries(folder) if options.half in (None, query.half)]
        with tempfile.TemporaryDirectory() as scratch:
            asked = _asked(folder, Path(scratch), weights, RULES if not options.signals else {})
            tables = {name: table_of({query.id: ask(query.text) for query in queries}, queries) for name, ask in asked}
        for kind in dict.fromkeys(query.kind for query in queries):
            some = np.array([query.kind == kind for query in queries])
            _print(f"{folder.name}, {kind}", {name: table[some] for name, table in tables.items()})
        halves = np.array([query.half for query in queries])
        for half in np.unique(halves).tolist():
            everything[folder.name, half] = {name: table[halves == half] for name, table in tables.items()}
            _print(f"{folder.name}, half {half}", everything[folder.name, half])
    for half in dict.fromkeys(half for _, half in everything):
        parts = [tables for (_, which), tables in everything.items() if which == half]
        _print(f"everything, half {half}", {name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    return 0


def _asked(folder: Path, index: Path, weights: Weights, rules: Mapping[str, Rule]) -> list[tuple[str, Ask]]:
    people = [str(row["id"]) for row in read_lines(folder, "people")]
    asked = [(PRESENT, ask_engine(folder, index, weights))]
    corpus = Index(index, everyone=EVERYONE).current()

    def first(text: str) -> list[str]:
        return [people[person - 1] for person in ranked(corpus, text, weights)]

    asked.append(("the first release's formula", first))
    asked += [(name, _ask_rule(corpus, people, rule)) for name, rule in rules.items()]
    return asked


def _ask_rule(corpus: Corpus, people: Sequence[str], rule: Rule) -> Ask:
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


def _print(title: str, tables: Mapping[str, Table]) -> None:
    present = tables[PRESENT]
    print(f"\n{title} ({len(present)})")
    for name, table in tables.items():
        chance = "" if name == PRESENT else f"  p {paired_p(present, table):.4f}"
        print(f"    {name:<28}MAP {table[:, 0].mean():.4f}{chance}")
