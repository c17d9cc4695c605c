"""Whether asking in waves finds an expert without wearing people out, beside three simpler ways to ask.

`script/bench routing` simulates 1,000 questions over 2,000 people. The finder's answers and who truly knows come from
the corpora in the folder that COUTH_EXPERT_BENCH names; where it names none, both are invented, and the table says so.
How the simulated people behave is invented in either case: docs/question-routing.md.
"""

import argparse
import heapq
import os
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.engine_corpus import TEXT_ONLY, documents
from benchmarks.ranking_figures import read_lines
from benchmarks.routing_people import BEGIN, Worker, gini, population
from intranet.posts.asking.models import Urgency
from intranet.questions.routing.choosing import EXPERT_WAVES, choose, look_again
from search_index.documents import EVERYONE
from search_index.engine import open_engine
from search_index.expertise import ExpertQuery

PEOPLE, QUESTIONS, WEEKS = 2_000, 1_000, 26
_NAMED = 60
_PATIENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to ask about: whom the finder names, with its confidence, and who truly knows."""

    named: tuple[tuple[int, float], ...]
    experts: frozenset[int]


@dataclass(slots=True)
class Asked:
    """A question on its way; ``moments`` are those of answers by somebody who knows."""

    subject: Subject
    at: datetime
    disturbed: set[int] = field(default_factory=set)
    waves: int = 0
    moments: list[datetime] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the table."""

    answered: float
    first_hours: float
    disturbed: float
    gini_answers: float
    busiest: int


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="script/bench routing", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weeks", type=int, default=WEEKS, help="in how many weeks the questions come")
    options = parser.parse_args(arguments)
    bench = os.environ.get("COUTH_EXPERT_BENCH", "")
    folders = sorted(path for path in Path(bench).iterdir() if path.is_dir()) if bench else []
    corpora = {folder.name: read_corpus(folder) for folder in folders} or {"invented": invent(options.seed)}
    if not folders:
        print("COUTH_EXPERT_BENCH names no folder: the finder's answers and who knows are invented.")
    for share in (0.5, 0.0):
        table = Table("", "corpus", "answered by an expert", "hours to it", "disturbed", "Gini of answers", "busiest")
        table.title = f"each of n who are asked together answers n^-{share:g} as often"
        for name, subjects in corpora.items():
            for way in (WAVES, BEST, TEN, ALL):
                table.add_row(way, name, *_row(simulate(way, subjects, options.seed, share, weeks=options.weeks)))
        Console(width=120).print(table)
    for name, subjects in corpora.items():
        for first in (10, None):
            answered, spread = evenest(subjects, options.seed, first=first)
            whom = f"the {first} named first" if first else "all"
            print(f"{name}: given to the least busy of those who know among {whom}: {answered:.1%}, Gini {spread:.3f}")
    print("No limit, hour of work, absence or wish was broken by asking in waves, and nobody was asked twice.")
    return 0


def _row(found: Figures) -> tuple[str, ...]:
    return (
        f"{found.answered:.1%}",
        f"{found.first_hours:.1f}",
        f"{found.disturbed:.1f}",
        f"{found.gini_answers:.3f}",
        str(found.busiest),
    )


def read_corpus(folder: Path) -> list[Subject]:
    """What the product's finder says of each topic of a corpus, over texts alone."""
    people = [str(row["id"]) for row in read_lines(folder, "people")]
    numbers = {person: number for number, person in enumerate(people, 1)}
    queries = [row for row in read_lines(folder, "queries") if row["kind"] != "description"]
    with tempfile.TemporaryDirectory() as scratch:
        engine = open_engine(Path(scratch), writer=True)
        engine.rebuild(documents(folder, numbers), watermark=1)
        found = []
        for row in queries:
            query = ExpertQuery(row["text"], frozenset({EVERYONE}), weights=TEXT_ONLY, limit=_NAMED, evidence=0)
            named = tuple((one.person_id, float(one.confidence)) for one in engine.experts(query).items)
            found.append(Subject(named, frozenset(numbers[str(one)] for one in row["relevant"] if str(one) in numbers)))
        engine.close()
    return [one for one in found if one.experts and one.named]


def invent(seed: int) -> list[Subject]:
    """Topics with two to eight who know them, skewed towards few people, and a finder that is right about half."""
    chance, subjects = random.Random(seed), []
    for _topic in range(250):
        experts = frozenset(min(PEOPLE, int(chance.paretovariate(0.6))) for _expert in range(chance.randint(2, 8)))
        named = {one: chance.betavariate(5, 3) for one in experts if chance.random() < 0.85}
        others = {chance.randint(1, PEOPLE): chance.betavariate(3, 5) for _other in range(25)}
        ranked = sorted({**others, **named}.items(), key=lambda pair: -pair[1])
        subjects.append(Subject(tuple(ranked), experts))
    return subjects


WAVES, BEST, TEN, ALL = "in waves", "the best one", "the ten best", "everyone"


class RuleBroken(Exception):
    """Somebody was asked who was not to be: whatever the figures say, they are worth nothing."""


class Simulation:
    """Events in the order of time: somebody asks, the next look, somebody has read it."""

    def __init__(self, way: str, subjects: list[Subject], seed: int, share: float, weeks: int) -> None:
        self.way, self.share, self.weeks = way, share, weeks
        self.chance = random.Random(seed)
        size = max(PEOPLE, *(max(one.experts) for one in subjects), *(one.named[0][0] for one in subjects))
        self.people = {one.person_id: one for one in population(size, self.chance)}
        self.events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.questions = list(self._questions(subjects))
        self.experts = frozenset(person for one in subjects for person in one.experts)

    def _questions(self, subjects: list[Subject]) -> Iterator[Asked]:
        """Some subjects are asked about much more than others; questions come while somebody works."""
        weights = [1 / (place + 1) ** 0.7 for place in range(len(subjects))]
        for subject in self.chance.choices(subjects, weights, k=QUESTIONS):
            asker = self.people[self.chance.randint(1, PEOPLE)]
            moment = BEGIN + timedelta(weeks=self.weeks) * self.chance.random()
            yield Asked(subject, asker.week.opens_after(moment) or moment)

    def run(self) -> None:
        for asked in self.questions:
            self.later(asked.at, partial(self.look, asked))
        while self.events:
            moment, _order, event = heapq.heappop(self.events)
            event(moment)

    def later(self, moment: datetime, event: Callable[[datetime], None]) -> None:
        heapq.heappush(self.events, (moment, self.chance.getrandbits(60), event))

    def look(self, asked: Asked, now: datetime) -> None:
        if asked.moments or now > asked.at + _PATIENCE:
            return
        named = [person for person, _confidence in asked.subject.named]
        if self.way == BEST:
            self.disturb(asked, named[:1], now)
        elif self.way == TEN:
            self.disturb(asked, named[:10], now)
        elif self.way == ALL:
            self.disturb(asked, list(self.people), now)
        elif asked.waves < EXPERT_WAVES:
            self.wave(asked, now)

    def wave(self, asked: Asked, now: datetime) -> None:
        """One step as the worker takes it, and the rules looked after once more by hand."""
        known = [self.people[one].candidate(confidence, now) for one, confidence in asked.subject.named]
        wave = choose(known, now=now, already=asked.disturbed)
        for person_id in wave.asked:
            self.must_keep(self.people[person_id], asked, now)
        self.disturb(asked, list(wave.asked), now)
        asked.waves += bool(wave.asked)
        again = look_again(wave, Urgency.SOON, known, now=now)
        if again is not None:
            self.later(again, partial(self.look, asked))

    @staticmethod
    def must_keep(one: Worker, asked: Asked, now: datetime) -> None:
        local = now.astimezone(one.week.zone)
        hours = one.week.days[local.weekday()]
        of_week = [moment.astimezone(one.week.zone).isocalendar()[:2] for moment in one.asked_at]
        is_kept = {
            "working hours": hours is not None and hours[0] <= local.hour * 60 + local.minute < hours[1],
            "willingness": one.is_willing,
            "absence": one.away_until is None or one.away_until <= now,
            "weekly cap": of_week.count(local.isocalendar()[:2]) < one.cap,
            "once only": one.person_id not in asked.disturbed,
        }
        broken = [rule for rule, holds in is_kept.items() if not holds]
        if broken:
            raise RuleBroken(f"{', '.join(broken)} of person {one.person_id} at {now}")

    def disturb(self, asked: Asked, people: list[int], now: datetime) -> None:
        for person_id in people:
            one = self.people[person_id]
            knows = person_id in asked.subject.experts
            asked.disturbed.add(person_id)
            one.note(now)
            if one.would_answer(len(people), knows=knows, share=self.share, chance=self.chance):
                self.later(one.sees_at(now, self.chance), partial(self.answer, asked, one))

    @staticmethod
    def answer(asked: Asked, one: Worker, now: datetime) -> None:
        """Once somebody who knows has answered, it is solved, and nobody takes the trouble any more."""
        if asked.moments or now > asked.at + _PATIENCE:
            return
        one.answers += 1
        if one.person_id in asked.subject.experts:
            asked.moments.append(now)


def simulate(way: str, subjects: list[Subject], seed: int, share: float, *, weeks: int = WEEKS) -> Figures:
    """The same questions, people and chances for every way of asking."""
    town = Simulation(way, subjects, seed, share, weeks)
    town.run()
    took = [(one.moments[0] - one.at).total_seconds() / 3600 for one in town.questions if one.moments]
    loads = [one.answers for one in town.people.values() if one.answers or one.person_id in town.experts]
    return Figures(
        answered=len(took) / len(town.questions),
        first_hours=median(took) if took else 0.0,
        disturbed=sum(len(one.disturbed) for one in town.questions) / len(town.questions),
        gini_answers=gini(loads),
        busiest=max(loads),
    )


def evenest(subjects: list[Subject], seed: int, *, first: int | None) -> tuple[float, float]:
    """The share answered and the Gini coefficient if it were known who truly knows, nobody ever failed to answer, and
    each question went to the least busy of them; with ``first`` only among so many that the finder names first.

    No way of choosing among these answers as much and spreads it much more evenly: some things are asked about more,
    and few know them.
    """
    town = Simulation(WAVES, subjects, seed, share=0.0, weeks=WEEKS)
    loads = dict.fromkeys(sorted(town.experts), 0)
    for asked in sorted(town.questions, key=lambda one: one.at):
        reached = {person for person, _confidence in asked.subject.named[:first]} if first else asked.subject.experts
        known = sorted(asked.subject.experts & reached, key=lambda person: (loads[person], person))
        if known:
            loads[known[0]] += 1
    return sum(loads.values()) / len(town.questions), gini(list(loads.values()))


if __name__ == "__main__":
    raise SystemExit(main())
