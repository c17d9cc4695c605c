"""What a question asks for: its words, what each weighs, and which joined words stand for two of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from search_index.analysis import Word, fold, stem, words
from search_index.frames import without_frame
from search_index.reading import Reading

PART_WEIGHT = 0.2
"""A part of a compound that the index knows whole ("subprocess.Popen" beside "popen")."""

LONG, LONG_POWER = 4, 1.3
"""From four words on a word weighs idf**1.3: sentences carry filler."""

JOINED_WITHIN = 3
"""Words at most so far apart may stand joined in the index ("date and time" and datetime)."""

MOST_WORDS = 64
"""Words of a question that are read; more of them make no question."""

LONGEST_QUESTION = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """`weights` by term; `joined` are terms that count as if the first stood there; `groups` are the terms
    of each written word that is known, in order."""

    weights: dict[str, float]
    joined: dict[str, tuple[str, ...]]
    wanted: tuple[tuple[tuple[str, ...], ...], ...]
    words: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def weight(self) -> float:
        return sum(self.weights.values()) or 1.0


def read_question(reading: Reading, text: str, *, prefix_last: bool = False) -> Question:
    written = list(words(without_frame(text[:LONGEST_QUESTION])))[:MOST_WORDS]
    joined: dict[str, list[str]] = defaultdict(list)
    stands_for: dict[str, tuple[str, ...]] = {}
    if prefix_last and written:
        stands_for = _continuations(reading, written[-1])
    known = [(word, _known_terms(reading, word, stands_for)) for word in written]
    answerable = [(word, terms) for word, terms in known if terms]
    shares: dict[str, float] = {}
    for word, terms in answerable:
        whole_known = word.terms[0] in terms
        for term in terms:
            share = 1.0 if word.pairs or term == word.terms[0] or not whole_known else PART_WEIGHT
            shares[term] = max(shares.get(term, 0.0), share)
    _find_joined(reading, answerable, shares, joined)
    for term, continuations in stands_for.items():
        joined[term].extend(continuations)
    return Question(
        weights=_weights(reading, shares, stands_for, long=len(answerable) >= LONG),
        joined={term: tuple(dict.fromkeys(others)) for term, others in joined.items()},
        wanted=tuple(ways for word, terms in answerable for ways in _ways(word, terms, joined)),
        words=tuple(dict.fromkeys(word.raw for word in written)),
        unknown=tuple(dict.fromkeys(word.raw for word, terms in known if not terms)),
    )


def _known_terms(reading: Reading, word: Word, stands_for: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(term for term in word.terms if term in stands_for or reading.knows(term))


def _ways(word: Word, known: tuple[str, ...], joined: Mapping[str, list[str]]) -> Iterator[tuple[tuple[str, ...], ...]]:
    """A compound is held whole, or by all its parts; in unspaced script every pair counts as a word of its
    own."""
    others = [(other,) for term in known for other in joined.get(term, ())]
    if word.pairs:
        yield from ((((term,)), *others) for term in known)
        return
    whole = [(term,) for term in known if term not in word.parts or term == word.terms[0]]
    parts = tuple(part for part in word.parts if part in known or word.terms[0] in known)
    yield (*whole, *([parts] if parts else []), *others)


def _continuations(reading: Reading, word: Word) -> dict[str, tuple[str, ...]]:
    """Terms that the half-typed last word may become, under the term it is now."""
    written = fold(word.raw).lower()
    found = [term for term in reading.beginning_with(written) if term != word.terms[0]]
    return {word.terms[0]: tuple(found)} if found else {}


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
                if together not in shares and len(reading.postings(together)[0]) > 1:
                    for term in dict.fromkeys((*terms, *other_terms)):
                        joined[term].append(together)


def _weights(
    reading: Reading, shares: dict[str, float], stands_for: dict[str, tuple[str, ...]], *, long: bool
) -> dict[str, float]:
    rarity = {term: reading.rarity(term, *stands_for.get(term, ())) for term in shares}
    plain = {term: share * rarity[term] for term, share in shares.items()}
    if not long:
        return plain
    sharp = {term: share * rarity[term] ** LONG_POWER for term, share in shares.items()}
    scale = sum(plain.values()) / (sum(sharp.values()) or 1.0)
    return {term: weight * scale for term, weight in sharp.items()}
