"""What colleagues write about a topic: reports, solutions, questions, tips and news, each in changing shapes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from random import Random

from intranet.demo.company import Colleague
from intranet.demo.handwritten import Ask, Case, shapes, slots, social
from intranet.demo.knowledge import Circle
from intranet.demo.wording import Deck, Wording, capital


class Kind(StrEnum):
    """Reports and asks want an answer; the others give one."""

    REPORT = "report"
    ASK = "ask"
    SOLVED = "solved"
    TIP = "tip"
    NEWS = "news"
    PRAISE = "praise"


_EXPERT = {Kind.SOLVED: 50, Kind.TIP: 24, Kind.NEWS: 15, Kind.REPORT: 4, Kind.ASK: 2, Kind.PRAISE: 5}
_DABBLER = {Kind.SOLVED: 8, Kind.TIP: 4, Kind.NEWS: 4, Kind.REPORT: 41, Kind.ASK: 32, Kind.PRAISE: 6}


_MARK = "\x1f"


@dataclass(frozen=True, slots=True)
class Story:
    """``wording`` keeps customer, case and numbers for the comments; ``answer`` is what an ask will be told.

    A question has a ``title``. ``owners`` are the experts who know just this.
    """

    kind: Kind
    text: str
    topics: tuple[str, ...]
    wording: Wording
    has_case: bool
    owners: tuple[Colleague, ...] = ()
    answer: str = ""
    title: str = ""


def _in_one_line(body: str) -> tuple[str, str]:
    """A question as the title that it is, and what was said after it."""
    title, _mark, after = body.rpartition(_MARK)
    return title, after.strip() if title else body


class Storyteller:
    """Writes the posts of one topic in the order of time, so that what was dealt last is far from coming again."""

    def __init__(self, random: Random, circle: Circle) -> None:
        self.random = random
        self.circle = circle
        subject = circle.subject
        self._cases: Deck[Case] = Deck(random, subject.cases)
        self._own_cases = {
            expert.username: Deck(random, [c for c in subject.cases if expert in self._owners(subject.cases, c)])
            for expert in circle.experts
        }
        self._case = subject.cases[0]
        self._told: Deck[str] = Deck(random, shapes()["solved"])
        self._reported: Deck[str] = Deck(random, shapes()["reports"])
        self._asks = Deck(random, subject.asks)
        self.tips = Deck(random, subject.tips)
        self.nods: Deck[str] = Deck(random, shapes()["replies"]["agreeing"])
        self._news = Deck(random, subject.news)
        self._ask = subject.asks[0]

    def _owners(self, things: Sequence[Case] | Sequence[Ask], thing: Case | Ask) -> tuple[Colleague, ...]:
        """Experts share out what there is to know: two for each thing."""
        place, experts = list(things).index(thing), self.circle.experts
        return (experts[place % len(experts)], experts[(place + 1) % len(experts)])

    def plan(self, authors: Sequence[Colleague]) -> list[Kind]:
        """What each of these posts will be. No question, tip or piece of news comes too often: a case stands in."""
        subject = self.circle.subject
        most = {Kind.ASK: 3 * len(subject.asks), Kind.TIP: len(subject.tips), Kind.NEWS: len(subject.news),
                Kind.PRAISE: 2 * len(subject.praise)}  # fmt: skip
        kinds = [self._kind(author) for author in authors]
        for kind, limit in most.items():
            places = [place for place, planned in enumerate(kinds) if planned is kind]
            for place in self.random.sample(places, max(0, len(places) - limit)):
                kinds[place] = Kind.REPORT if kind is Kind.ASK else Kind.SOLVED
        return kinds

    def _kind(self, author: Colleague) -> Kind:
        kinds = _EXPERT if author in self.circle.experts else _DABBLER
        return self.random.choices(list(kinds), list(kinds.values()))[0]

    def tell(self, author: Colleague, kind: Kind) -> Story:
        wording = Wording(self.random, slots(), {"slug": self.circle.subject.slug})
        wording.fix("colleague", "@" + self.circle.dabbler(self.random, author.username).username)
        wording.fix("expert", "@" + self.circle.expert(self.random, author.username).username)
        has_case = kind in (Kind.REPORT, Kind.SOLVED)
        if has_case:
            self._choose_case(wording, self._own_cases.get(author.username) if kind is Kind.SOLVED else None)
        title, body = _in_one_line(self._body(kind, wording, author))
        text = self._tagged(body, self._topics(), kind)
        subject = self.circle.subject
        if kind is Kind.ASK:
            owners = self._owners(subject.asks, self._ask)
            return Story(kind, text[0], text[1], wording, has_case, owners, self._ask.answer, title)
        return Story(kind, text[0], text[1], wording, has_case, self._owners(subject.cases, self._case))

    def _choose_case(self, wording: Wording, own: Deck[Case] | None) -> None:
        self._case = case = (own or self._cases).deal()
        for slot, pattern in (("symptom", case.symptom), ("cause", case.cause), ("fix", case.fix)):
            said = wording.say(pattern)
            wording.fix(slot, said)
            wording.fix(capital(slot), capital(said))

    def _body(self, kind: Kind, wording: Wording, author: Colleague) -> str:
        tellers: dict[Kind, Callable[[], str]] = {
            Kind.REPORT: self._report,
            Kind.ASK: self._asked,
            Kind.SOLVED: self._solved,
            Kind.TIP: self._tip,
            Kind.NEWS: self._fresh,
            Kind.PRAISE: partial(self._thanks, author),
        }
        return wording.say(tellers[kind]())

    def _report(self) -> str:
        pattern = self._reported.deal()
        if self.random.random() < 0.22:
            pattern += " {expert}, is that one for you?"
        return pattern + self._code(0.2)

    def _solved(self) -> str:
        return self._told.deal() + self._code(0.28)

    def _asked(self) -> str:
        self._ask = self._asks.deal()
        return f"{self._ask.question}{_MARK}{self._one('ask_after')}"

    def _tip(self) -> str:
        return self._one("tip_before") + self.tips.deal() + self._one("tip_after") + self._code(0.1)

    def _fresh(self) -> str:
        return self._news.deal() + self._one("news_after")

    def _thanks(self, author: Colleague) -> str:
        """Each expert is praised for what is theirs, and by somebody else."""
        deeds = zip(self.circle.experts, self.circle.subject.praise, strict=False)
        praised, deed = self.random.choice([(person, deed) for person, deed in deeds if person != author])
        pattern = self.random.choice(social()["thanks"])
        return pattern.replace("{praise}", deed).replace("{expert}", f"@{praised.username}")

    def _code(self, share: float) -> str:
        blocks = self.circle.subject.code
        if not blocks or self.random.random() > share:
            return ""
        return self._one("code_lead").replace("{code}", self.random.choice(blocks))

    def _one(self, shape: str) -> str:
        """One of the patterns of this name."""
        patterns: list[str] = shapes()[shape]
        return self.random.choice(patterns)

    def _topics(self) -> tuple[str, ...]:
        subject = self.circle.subject
        also = self.random.sample(subject.related, self.random.choice((0, 0, 0, 0, 1)))
        return (subject.slug, *also)

    def _tagged(self, body: str, topics: tuple[str, ...], kind: Kind) -> tuple[str, tuple[str, ...]]:
        """Most close with their hashtags; some forget all but the first."""
        if kind is Kind.PRAISE:
            return body, topics[:1]
        kept = topics if self.random.random() < 0.8 else topics[:1]
        tags = " ".join(f"#{slug}" for slug in kept)
        long = "\n" in body or len(body) > 180
        return f"{body}\n\n{tags}" if long else f"{body} {tags}".strip(), kept
