"""What costs a click: reactions, bookmarks, follows, and endorsements with their reason."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from intranet.demo.company import Colleague, Endorsement, Follow, Post, Reaction
from intranet.demo.handwritten import slots, social
from intranet.demo.knowledge import Circle
from intranet.demo.wording import Wording, capital

KINDS = ("agree", "thanks", "bulb", "eye")


def react(random: Random, near: list[str], everybody: list[str], author: str) -> tuple[Reaction, ...]:
    """Most posts get a few, some many; mostly from people around the topic."""
    count = min(int(random.expovariate(1 / 3.2)), 24)
    crowd = [*near, *random.sample(everybody, 12)]
    chosen = dict.fromkeys(random.choices(crowd, k=count))
    favourite = random.choice(KINDS)
    kinds = (favourite if random.random() < 0.6 else random.choice(KINDS) for _ in chosen)
    return tuple(Reaction(person, kind) for person, kind in zip(chosen, kinds, strict=True) if person != author)


def bookmark(random: Random, near: list[str], author: str) -> tuple[str, ...]:
    count = random.choice((0, 0, 0, 0, 0, 1, 1, 2))
    return tuple(name for name in dict.fromkeys(random.choices(near, k=count)) if name != author)


def endorse(random: Random, circles: dict[str, Circle], now: datetime) -> tuple[Endorsement, ...]:
    """Colleagues who met an expert vouch for them, each with a reason of their own."""
    given: list[Endorsement] = []
    for circle in circles.values():
        for place, expert in enumerate(circle.experts):
            voices = [p for p in (*circle.dabblers, *circle.experts) if p.username != expert.username]
            count = min(len(voices), max(1, 9 - 2 * place + random.randint(-1, 2)))
            chosen = random.sample(voices, count)
            given.extend(_endorsement(random, circle, place=place, by=voice, now=now) for voice in chosen)
    return tuple(sorted(given, key=lambda endorsement: endorsement.given_at))


def _endorsement(random: Random, circle: Circle, *, place: int, by: Colleague, now: datetime) -> Endorsement:
    slug = circle.subject.slug
    words = Wording(random, slots(), {"slug": slug.replace("-", " ")})
    expert, deeds = circle.experts[place], circle.subject.praise[place : place + 1]
    patterns = [pattern for pattern in social()["endorsements"] if deeds or "{praise}" not in pattern]
    pattern = random.choice(patterns).replace("{praise}", "".join(deeds))
    moment = now - timedelta(minutes=random.randint(600, 60 * 24 * 600))
    return Endorsement(expert.username, slug, by.username, capital(words.say(pattern)), moment)


def follow(random: Random, people: tuple[Colleague, ...], circles: dict[str, Circle]) -> tuple[Follow, ...]:
    """People follow their team, the experts of what they meet, and those topics."""
    teams: dict[str, list[str]] = {}
    for person in people:
        teams.setdefault(person.department, []).append(person.username)
    chosen: dict[Follow, None] = {}
    for person in people:
        name = person.username
        near = [circle for circle in circles.values() if person in circle.dabblers or person in circle.experts]
        others = [*teams[person.department], *(p.username for p in random.sample(people, 4))]
        others += [circle.expert(random).username for circle in near for _ in range(2)]
        for other in random.sample(others, min(len(others), random.randint(4, 22))):
            if other != name:
                chosen[Follow(name, person=other)] = None
        for circle in random.sample(near, min(len(near), random.randint(2, 8))):
            chosen[Follow(name, topic=circle.subject.slug)] = None
    return tuple(chosen)


def with_reactions(random: Random, post: Post, near: list[str], everybody: list[str]) -> Post:
    reactions = react(random, near, everybody, post.author)
    return replace(post, reactions=reactions, bookmarked_by=bookmark(random, near, post.author))
