"""What a question asks for: its words, what each weighs, and which joined words stand for two of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from search_index.analysis import Word, fold, stem, words
from search_index.ranking.frames import without_frame
from search_index.ranking.reading import Reading

PART_WEIGHT = 0.2
"""A part of a compound that the index knows whole ("subprocess.Popen" beside "popen")."""

LONG, LONG_POWER = 4, 1.3
"""From four words on a word weighs idf**1.3: sentences carry filler."""

JOINED_WITHIN = 3
"""Words at most so far apart may stand joined in the index ("date and time" and datetime)."""

MOST_WORDS = 64
"""Words of a question that are read; more of them make no question."""

MOST_TERMS = 50
"""Terms that are looked for, the rarest of them: the others of so long a text tell nothing apart."""

LONGEST_QUESTION = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """`weights` by term; `joined` are terms that count as if the first stood there; `words` as they were
    written, `unknown` those of them that no usable document holds. An `is_long` one is a text and not a list of
    topics."""

    weights: dict[str, float]
    joined: dict[str, tuple[str, ...]]
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    is_long: bool

    @property
    def weight(self) -> float:
        return sum(self.weights.values()) or 1.0


def read_question(reading: Reading, text: str) -> Question:
    written = list(words(without_frame(text[:LONGEST_QUESTION])))[:MOST_WORDS]
    joined: dict[str, list[str]] = defaultdict(list)
    known = [(word, tuple(term for term in word.terms if reading.knows(term))) for word in written]
    answerable = [(word, terms) for word, terms in known if terms]
    shares: dict[str, float] = {}
    for word, terms in answerable:
        whole_known = word.terms[0] in terms
        for term in terms:
            share = 1.0 if word.pairs or term == word.terms[0] or not whole_known else PART_WEIGHT
            shares[term] = max(shares.get(term, 0.0), share)
    _find_joined(reading, answerable, shares, joined)
    is_long = len(answerable) >= LONG
    return Question(
        weights=_weights(reading, shares, is_long=is_long),
        joined={term: tuple(dict.fromkeys(others)) for term, others in joined.items()},
        words=tuple(dict.fromkeys(word.raw for word in written)),
        unknown=tuple(dict.fromkeys(word.raw for word, terms in known if not terms)),
        is_long=is_long,
    )


def _find_joined(
    reading: Reading,
    answerable: Sequence[tuple[Word, tuple[str, ...]]],
    shares: dict[str, float],
    joined: dict[str, list[str]],
) -> None:
    for place, (word, terms) in enumerate(answerable):
        first = fold(word.raw).lower()
        for other, other_terms in answerable[place + 1 : place + 1 + JOINED_WITHIN]:
            second = fold(other.raw).lower()
            for head in dict.fromkeys((first, stem(first))):
                together = stem(head + second)
                if together not in shares and reading.knows(together, at_least=2):
                    for term in dict.fromkeys((*terms, *other_terms)):
                        joined[term].append(together)


def _weights(reading: Reading, shares: dict[str, float], *, is_long: bool) -> dict[str, float]:
    rarity = {term: reading.rarity(term) for term in shares}
    plain = {term: share * rarity[term] for term, share in shares.items()}
    if len(plain) > MOST_TERMS:
        heaviest = set(sorted(plain, key=lambda term: (-plain[term], term))[:MOST_TERMS])
        plain = {term: weight for term, weight in plain.items() if term in heaviest}
    if not is_long:
        return plain
    sharp = {term: shares[term] * rarity[term] ** LONG_POWER for term in plain}
    scale = sum(plain.values()) / (sum(sharp.values()) or 1.0)
    return {term: weight * scale for term, weight in sharp.items()}
