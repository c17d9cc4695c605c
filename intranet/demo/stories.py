"""What colleagues write about a topic: reports, solutions, questions, tips and news, each in changing shapes."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from intranet.demo.company import Colleague
from intranet.demo.handwritten import Case, shapes, slots, social
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


_EXPERT = {Kind.SOLVED: 44, Kind.TIP: 22, Kind.NEWS: 14, Kind.REPORT: 10, Kind.ASK: 5, Kind.PRAISE: 5}
_DABBLER = {Kind.SOLVED: 13, Kind.TIP: 4, Kind.NEWS: 4, Kind.REPORT: 41, Kind.ASK: 32, Kind.PRAISE: 6}


@dataclass(frozen=True, slots=True)
class Story:
    """``wording`` keeps the post's customer, case and numbers for its comments; ``case`` says whether there is one."""

    kind: Kind
    text: str
    topics: tuple[str, ...]
    wording: Wording
    has_case: bool


class Storyteller:
    """Writes the posts of one topic in the order of time, so that what was dealt last is far from coming again."""

    def __init__(self, random: Random, circle: Circle) -> None:
        self.random = random
        self.circle = circle
        subject = circle.subject
        self._cases: Deck[Case] = Deck(random, subject.cases)
        self._told: Deck[str] = Deck(random, shapes()["solved"])
        self._reported: Deck[str] = Deck(random, shapes()["reports"])
        self._asks = Deck(random, subject.asks)
        self.tips = Deck(random, subject.tips)
        self.nods: Deck[str] = Deck(random, shapes()["replies"]["agreeing"])
        self._news = Deck(random, subject.news)
        self._praise = Deck(random, subject.praise)

    def tell(self, author: Colleague) -> Story:
        kinds = _EXPERT if author in self.circle.experts else _DABBLER
        kind = self.random.choices(list(kinds), list(kinds.values()))[0]
        wording = Wording(self.random, slots(), {"slug": self.circle.subject.slug})
        wording.fix("colleague", "@" + self.circle.dabbler(self.random, author.username).username)
        wording.fix("expert", "@" + self.circle.expert(self.random, author.username).username)
        has_case = kind in (Kind.REPORT, Kind.SOLVED)
        if has_case:
            self._choose_case(wording)
        text = self._tagged(self._body(kind, wording), self._topics(), kind)
        return Story(kind, text[0], text[1], wording, has_case)

    def _choose_case(self, wording: Wording) -> None:
        case = self._cases.deal()
        for slot, pattern in (("symptom", case.symptom), ("cause", case.cause), ("fix", case.fix)):
            said = wording.say(pattern)
            wording.fix(slot, said)
            wording.fix(capital(slot), capital(said))

    def _body(self, kind: Kind, wording: Wording) -> str:
        return wording.say({
            Kind.REPORT: self._report,
            Kind.ASK: self._ask,
            Kind.SOLVED: self._solved,
            Kind.TIP: self._tip,
            Kind.NEWS: self._fresh,
            Kind.PRAISE: self._thanks,
        }[kind]())  # fmt: skip

    def _report(self) -> str:
        pattern = self._reported.deal()
        if self.random.random() < 0.22:
            pattern += " {expert}, is that one for you?"
        return pattern + self._code(0.2)

    def _solved(self) -> str:
        return self._told.deal() + self._code(0.28)

    def _ask(self) -> str:
        return self._one("ask_before") + self._asks.deal() + self._one("ask_after")

    def _tip(self) -> str:
        return self._one("tip_before") + self.tips.deal() + self._one("tip_after") + self._code(0.1)

    def _fresh(self) -> str:
        return self._news.deal() + self._one("news_after")

    def _thanks(self) -> str:
        return self.random.choice(social()["thanks"]).replace("{praise}", self._praise.deal())

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
        return f"{body}\n\n{tags}" if long else f"{body} {tags}", kept
