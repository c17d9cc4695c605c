"""Who knows what: each topic's two to six experts and the colleagues who meet it now and then."""

from dataclasses import dataclass
from random import Random

from intranet.demo.company import Colleague
from intranet.demo.handwritten import Subject, anchors, subjects

_LEVELS = ("Head", "Principal", "Staff", "Senior", "Lead", "architect", "lead")


@dataclass(frozen=True, slots=True)
class Circle:
    """The people around one topic, the strongest expert first."""

    subject: Subject
    experts: tuple[Colleague, ...]
    dabblers: tuple[Colleague, ...]

    def expert(self, random: Random, besides: str = "") -> Colleague:
        """The first expert speaks most."""
        others = [person for person in self.experts if person.username != besides]
        weights = [0.8**place for place in range(len(others))]
        return random.choices(others, weights)[0]

    def dabbler(self, random: Random, besides: str = "") -> Colleague:
        return random.choice([person for person in self.dabblers if person.username != besides])


def draw_circles(random: Random, people: tuple[Colleague, ...]) -> dict[str, Circle]:
    """Nobody is made an expert in more than three topics by chance, so that knowledge is spread over the company."""
    load: dict[str, int] = {}
    known = {slug: [a.username for a in anchors() if slug in a.expert] for slug in subjects()}
    by_name = {person.username: person for person in people}
    circles: dict[str, Circle] = {}
    for slug, subject in subjects().items():
        experts = [by_name[username] for username in known[slug]]
        wanted = max(len(experts), random.choice((2, 3, 3, 4, 4, 5, 6)))
        pool = [
            p
            for p in people
            if p.department in subject.departments and p not in experts and load.get(p.username, 0) < 3
        ]
        while len(experts) < wanted and pool:
            person = random.choices(pool, [_weight(person, subject) for person in pool])[0]
            pool.remove(person)
            experts.append(person)
            load[person.username] = load.get(person.username, 0) + 1
        circles[slug] = Circle(subject, tuple(experts), _dabblers(random, people, subject, experts))
    return circles


def _weight(person: Colleague, subject: Subject) -> float:
    """The topic's first departments and the more senior people come first."""
    place = 1 / (1 + subject.departments.index(person.department))
    return place * (3 if any(level in person.title for level in _LEVELS) else 1)


def _dabblers(
    random: Random, people: tuple[Colleague, ...], subject: Subject, experts: list[Colleague]
) -> tuple[Colleague, ...]:
    near = [p for p in people if p.department in subject.departments and p not in experts]
    close = {name for slug in subject.related if slug in subjects() for name in subjects()[slug].departments}
    far = [p for p in people if p.department in close and p not in near and p not in experts]
    support = [p for p in people if p.username == "samuel" and p not in near and p not in far and p not in experts]
    chosen = random.sample(near, min(len(near), 14)) + random.sample(far, min(len(far), 10)) + support
    return tuple(sorted(chosen, key=lambda person: person.username))
