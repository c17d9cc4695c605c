"""What comes under a post: the question back, the answer of someone who knows, the thanks, the nod."""

from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from intranet.demo.company import Colleague, Comment
from intranet.demo.handwritten import Tongue, shapes, social
from intranet.demo.knowledge import Circle
from intranet.demo.stories import Kind, Story, Storyteller
from intranet.demo.workdays import soon_after

_REPLIES: dict[str, list[str]] = shapes()["replies"]


@dataclass(slots=True)
class Thread:
    """The comments under one post, each after the one before and none in the future."""

    random: Random
    last: datetime
    now: datetime
    comments: list[Comment]

    def add(self, author: Colleague, text: str, thanks: tuple[str, ...] = (), *, on: int | None = None) -> bool:
        """False when the answer has not been written yet."""
        moment = soon_after(self.random, author, self.last)
        if moment >= self.now:
            return False
        self.last = moment
        self.comments.append(Comment(author.username, text, moment, thanks, on))
        return True

    def solve(self, place: int | None) -> None:
        """Whoever asked says thank you for it: it was the answer."""
        if place is not None:
            self.comments[place] = replace(self.comments[place], solves=True)


def answer_story(
    teller: Storyteller, story: Story, author: Colleague, at: datetime, now: datetime
) -> tuple[Comment, ...]:
    thread = Thread(teller.random, at, now, [])
    if story.kind in (Kind.REPORT, Kind.ASK):
        _answer(teller, story, author, thread)
    else:
        _nod(teller, story, author, thread)
    return tuple(thread.comments)


def _answer(teller: Storyteller, story: Story, author: Colleague, thread: Thread) -> None:
    random, circle, say = teller.random, teller.circle, story.wording.say
    if random.random() < 0.07:
        return  # some questions stay open
    if story.has_case and random.random() < 0.35:
        thread.add(circle.expert(random, author.username), say(random.choice(_REPLIES["probing"])))
        thread.add(author, say(random.choice(_REPLIES["settling"])))
    owners = [owner for owner in story.owners if owner != author]
    knows = random.choice(owners) if owners else circle.expert(random, author.username)
    story.wording.fix("expert", "@" + circle.expert(random, knows.username).username)
    if random.random() < 0.15:
        thread.add(circle.dabbler(random, author.username), say(random.choice(_REPLIES["pointing"])))
    pattern = random.choice(_REPLIES["solving" if story.has_case else "answering"])
    said = say(pattern.replace("{answer}", story.answer))
    thanks = (author.username, *_others(random, circle, knows))
    if not thread.add(knows, said, thanks):
        return
    about = len(thread.comments) - 1 if story.title else None
    story.wording.fix("answerer", "@" + knows.username)
    pleased = _REPLIES["thanking" if story.has_case else "grateful"]
    if random.random() < 0.6 and thread.add(author, say(random.choice(pleased)), on=about):
        thread.solve(about)
    if random.random() < 0.12:
        _add_tip(teller, story, circle.expert(random, knows.username), thread, on=about)


def _nod(teller: Storyteller, story: Story, author: Colleague, thread: Thread) -> None:
    random, circle = teller.random, teller.circle
    voices = [person for person in (*circle.dabblers, *circle.experts) if person != author]
    for who in random.sample(voices, random.choice((0, 0, 1, 1, 2, 3))):
        thread.add(who, story.wording.say(teller.nods.deal()))
    if story.kind in (Kind.SOLVED, Kind.TIP) and random.random() < 0.1:
        _add_tip(teller, story, circle.expert(random, author.username), thread)


def _add_tip(teller: Storyteller, story: Story, who: Colleague, thread: Thread, *, on: int | None = None) -> None:
    tip = teller.tips.deal()
    lower = tip if tip[1:2].isupper() or tip.startswith(("`", "*", "I ")) else tip[:1].lower() + tip[1:]
    pattern = teller.random.choice(_REPLIES["adding"]).replace("{tip_lower}", lower).replace("{tip}", tip)
    thread.add(who, story.wording.say(pattern), on=on)


def _others(random: Random, circle: Circle, besides: Colleague) -> tuple[str, ...]:
    count = random.choice((0, 0, 1, 2, 3))
    names = [person.username for person in circle.dabblers if person is not besides]
    return tuple(random.sample(names, min(count, len(names))))


def answer_in(
    tongue: Tongue, random: Random, speakers: list[Colleague], at: datetime, now: datetime
) -> tuple[Comment, ...]:
    """Short replies in the post's own language."""
    thread = Thread(random, at, now, [])
    count = min(random.choice((0, 1, 1, 2)), len(speakers), len(tongue.replies))
    for who, text in zip(random.sample(speakers, count), random.sample(tongue.replies, count), strict=True):
        thread.add(who, text)
    return tuple(thread.comments)


def chat_about(random: Random, people: list[Colleague], at: datetime, now: datetime) -> tuple[Comment, ...]:
    """Under what is not about work."""
    thread = Thread(random, at, now, [])
    count = random.choice((0, 1, 2, 3, 4))
    for who, text in zip(random.sample(people, count), random.sample(social()["replies"], count), strict=True):
        thread.add(who, text.replace("{site}", who.location))
    return tuple(thread.comments)
