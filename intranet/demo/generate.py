"""The whole demo company from one seed: the same seed and the same ``now`` give the same company."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from intranet.demo.answers import answer_in, answer_story, chat_about
from intranet.demo.company import NAME, Colleague, Company, Post, Topic
from intranet.demo.gathering import gather, post_in_groups
from intranet.demo.handwritten import Tongue, anchors, slots, social, tongues
from intranet.demo.knowledge import Circle, draw_circles
from intranet.demo.polling import ask_around
from intranet.demo.reactions import endorse, follow, with_reactions
from intranet.demo.signs import be_around, show_signs
from intranet.demo.staff import hire_everybody
from intranet.demo.stories import Kind, Storyteller
from intranet.demo.wording import Deck, Wording
from intranet.demo.workdays import at_work, is_up
from intranet.kernel.text import HASHTAG, MENTION

DAYS = 730
POSTS = 4000
_SOCIAL = 110
_FRESH = 14  # posts of the last hours, so that a first look finds something new


@dataclass(frozen=True, slots=True)
class Writing:
    """What every kind of post needs while it is being written."""

    random: Random
    people: tuple[Colleague, ...]
    circles: dict[str, Circle]
    now: datetime


def generate(now: datetime, seed: str = "couth", posts: int = POSTS) -> Company:
    """``now`` is aware; nothing is dated after it."""
    people = hire_everybody(Random(f"{seed}:staff"), now.date())
    circles = draw_circles(Random(f"{seed}:knowledge"), people)
    writing = Writing(Random(f"{seed}:posts"), people, circles, now)
    scale = posts / POSTS
    written = [*_announcements(writing), *_foreign(writing), *_social(writing, round(_SOCIAL * scale))]
    written += _topical(writing, max(0, posts - len(written)))
    written += ask_around(Random(f"{seed}:polls"), people, now)
    clicks = Random(f"{seed}:clicks")
    everybody = [person.username for person in people]
    signs = show_signs(Random(f"{seed}:signs"), people, now)
    around = {slug: [p.username for p in (*c.experts, *c.dabblers)] for slug, c in circles.items()}
    everything = tuple(
        with_reactions(clicks, post, around.get(post.topics[0], everybody) if post.topics else everybody, everybody)
        for post in sorted(written, key=lambda post: post.written_at)
    )
    groups = gather(Random(f"{seed}:groups"), people, circles)
    return Company(
        name=NAME,
        people=_with_skills(Random(f"{seed}:skills"), people, circles),
        topics=tuple(Topic(s, c.subject.about, tuple(p.username for p in c.experts)) for s, c in circles.items()),
        groups=groups,
        posts=post_in_groups(Random(f"{seed}:places"), everything, groups),
        endorsements=endorse(Random(f"{seed}:endorsements"), circles, now),
        follows=follow(Random(f"{seed}:follows"), people, circles),
        signs=signs,
        present=be_around(Random(f"{seed}:present"), people, signs, now),
    )


def _moment(writing: Writing, author: Colleague, *, days: tuple[int, int] = (0, DAYS)) -> datetime:
    """In the author's working hours, and more lately than long ago; not before they joined."""
    random, now = writing.random, writing.now
    while True:
        ago = days[0] + (days[1] - days[0]) * random.random() ** 1.3
        moment = at_work(random, author, now - timedelta(days=ago))
        if moment < now and moment.date() > min(author.joined, (now - timedelta(days=60 + days[0])).date()):
            return moment


def _topical(writing: Writing, count: int) -> Iterator[Post]:
    random = writing.random
    circles = list(writing.circles.values())
    chosen = random.choices(circles, [circle.subject.weight for circle in circles], k=count)
    fresh = _recent_moments(writing, chosen[:_FRESH])
    plans: dict[str, list[tuple[datetime, Colleague]]] = {}
    for number, circle in enumerate(chosen):
        author = circle.expert(random) if random.random() < 0.5 else circle.dabbler(random)
        planned = fresh.get(number) or (_moment(writing, author), author)
        plans.setdefault(circle.subject.slug, []).append(planned)
    for slug, planned_posts in plans.items():
        teller = Storyteller(random, writing.circles[slug])
        in_order = sorted(planned_posts, key=lambda planned: planned[0])
        kinds = teller.plan([author for _, author in in_order])
        for (moment, author), kind in zip(in_order, kinds, strict=True):
            story = teller.tell(author, kind)
            comments = answer_story(teller, story, author, moment, writing.now)
            praised = MENTION.findall(story.text)[0] if kind is Kind.PRAISE else ""
            yield Post(author.username, story.text, moment, story.topics, comments, title=story.title, praised=praised)


def _recent_moments(writing: Writing, circles: list[Circle]) -> dict[int, tuple[datetime, Colleague]]:
    """A few posts of the last hours, by people for whom it is day."""
    found: dict[int, tuple[datetime, Colleague]] = {}
    for number, circle in enumerate(circles):
        moment = writing.now - timedelta(seconds=120 + (number + writing.random.random()) * 1500)
        awake = [person for person in (*circle.experts, *circle.dabblers) if is_up(person, moment)]
        if awake:
            found[number] = (moment.replace(microsecond=0), writing.random.choice(awake))
    return found


def _foreign(writing: Writing) -> Iterator[Post]:
    """Each text comes once a year."""
    for tongue in tongues():
        speakers = [person for person in writing.people if person.languages[0] == tongue.language]
        for days in ((0, DAYS // 2), (DAYS // 2, DAYS)):
            for slug, pattern in tongue.posts:
                yield _in_tongue(writing, tongue, speakers, days=days, slug=slug, pattern=pattern)


def _in_tongue(
    writing: Writing, tongue: Tongue, speakers: list[Colleague], *, days: tuple[int, int], slug: str, pattern: str
) -> Post:
    random, circle = writing.random, writing.circles[slug]
    fitting = [p for p in speakers if p in circle.experts]
    fitting += [p for p in speakers if p.department in circle.subject.departments]
    author = random.choice([p for p in fitting or speakers if days[0] == 0 or _was_here(writing, p)] or speakers)
    moment = _moment(writing, author, days=days)
    text = Wording(random, slots(), {}).say(pattern)
    others = [person for person in speakers if person != author]
    comments = answer_in(tongue, random, others, moment, writing.now)
    return Post(author.username, f"{text} #{slug}", moment, (slug,), comments)


def _was_here(writing: Writing, person: Colleague) -> bool:
    return (writing.now.date() - person.joined).days > DAYS


def _social(writing: Writing, count: int) -> Iterator[Post]:
    random = writing.random
    deck = Deck(random, social()["posts"])
    planned = []
    for _ in range(count):
        author = random.choice(writing.people)
        planned.append((_moment(writing, author), author))
    for moment, author in sorted(planned, key=lambda plan: plan[0]):
        text = Wording(random, slots(), {"site": author.location}).say(deck.deal())
        others = [person for person in random.sample(writing.people, 9) if person != author]
        yield Post(author.username, text, moment, (), chat_about(random, others, moment, writing.now))


def _announcements(writing: Writing) -> Iterator[Post]:
    """By heads of department, one every few weeks, the first of them lately."""
    random = writing.random
    heads = [person for person in writing.people if person.title.startswith(("Head", "Plant manager", "Chief"))]
    for number, pattern in enumerate(social()["announcements"]):
        text = Wording(random, slots(), {}).say(pattern)
        topics = tuple(slug for slug in HASHTAG.findall(text) if slug in writing.circles)
        leaders = [p for p in heads if topics and p.department in writing.circles[topics[0]].subject.departments]
        author = random.choice(leaders or heads[:1])
        moment = at_work(random, author, writing.now - timedelta(days=2 + number * 37))
        readers = [person for person in random.sample(writing.people, 6) if person != author]
        comments = chat_about(random, readers, moment, writing.now) if number else ()
        yield Post(author.username, text, moment, topics, comments, is_announcement=True)


def _with_skills(random: Random, people: tuple[Colleague, ...], circles: dict[str, Circle]) -> tuple[Colleague, ...]:
    """Experts mostly claim what they know, dabblers now and then; some people are modest."""
    claimed: dict[str, list[str]] = {}
    known = {anchor.username for anchor in anchors()}
    for slug, circle in circles.items():
        for person in circle.experts:
            if random.random() < 0.85 or person.username in known:
                claimed.setdefault(person.username, []).append(slug)
        for person in circle.dabblers:
            if random.random() < 0.22:
                claimed.setdefault(person.username, []).append(slug)
    return tuple(replace(person, skills=tuple(claimed.get(person.username, ()))) for person in people)
