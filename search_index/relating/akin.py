"""Words of titles that are spelled like a draft's: what it is part of, what is part of it, and other forms of it.

Who asks about "parsing options" means `optparse`, and "Urlaub" is most of "Urlaubsplan". A word is akin by the share of
its letters that words of the draft have too, three in a row, its beginning counting as a letter:

    kin(u) = |grams(u) ∩ grams(draft)| / |grams(u)|            at least `LEAST`
    w(u)   = `WEIGHT` · kin(u) · idf(u)²

n-grams of letters find the parts of compounds without a dictionary (McNamee and Mayfield 2004).
"""

from collections.abc import Iterable, Mapping
from sys import maxsize

from search_index.relating.matrix import Matrix
from search_index.storing.corpus import Corpus
from search_index.storing.schema import TEXT, TITLE

LETTERS = 3
"""In a row. With four, compounds of short words are missed: 70 instead of 75 of a hundred on the cpython corpus."""

HELD = 4
"""Letters of a word's beginning that a compound holds anywhere."""

LEAST = 0.5
WEIGHT = 0.5
"""What a word that is wholly akin would count beside the same word itself; more finds more of cpython's names and puts
fewer of go's first."""

MOST_WORDS = 24
"""Words of a draft whose letters are looked for, the first; more is no question's title."""


def akin(matrix: Matrix, words: Iterable[str]) -> Mapping[str, float]:
    """Terms of titles that the viewer may read, which are not among the words, and how much of each they say."""
    own = [word for word in dict.fromkeys(words) if len(word) >= LETTERS][:MOST_WORDS]
    heard = set().union(*map(_grams, own))
    found: dict[str, float] = {}
    for term in _looked_at(matrix.corpus, own) - set(own):
        grams = _grams(term)
        said = len(grams & heard) / len(grams)
        if said >= LEAST and matrix.reads_any(matrix.corpus.postings(TITLE, term).documents):
            found[term] = said
    return found


def _looked_at(corpus: Corpus, own: Iterable[str]) -> set[str]:
    """Terms that begin as one of the words does, and those that hold the beginning of a longer one: nearly all that
    can be akin, without reading every word of every title."""
    found: set[str] = set()
    for start in {word[:LETTERS] for word in own}:
        found.update(corpus.terms(TITLE, start))
    for held in {word[:HELD] for word in own if len(word) >= HELD}:
        found.update(corpus.containing(TITLE, held, maxsize))
    return {term for term in found if len(term) >= LETTERS}


def weighed(matrix: Matrix, found: Mapping[str, float]) -> Mapping[str, float]:
    """What each of them weighs beside the words of the draft."""
    return {
        term: WEIGHT * said * matrix.rarity(matrix.public_count(matrix.corpus.postings(TEXT, term).documents)) ** 2
        for term, said in found.items()
    }


def _grams(word: str) -> set[str]:
    marked = f"^{word}"
    return {marked[at : at + LETTERS] for at in range(len(marked) - LETTERS + 1)}
