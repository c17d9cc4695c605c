"""From what somebody typed to the query that is asked: words become their forms in every field that counts.

Every word is looked for in the text, the title and the topics. A compound is found whole, joined, or by all its
parts; in a phrase its parts stand in its place. Plain words must all be there when they are few; of many, most.
A plain word that no readable document holds is looked for inside of words, and with one typing error.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from whoosh import query

from search_index.analysis import Word, fold, stem, words
from search_index.querying.language.asking import Beginning, Inside, Most, Near, Together
from search_index.querying.language.parsing import MOST_WORDS, has_operators, parse
from search_index.ranking.frames import without_frame
from search_index.storing.schema import TEXT, TITLE, TOPIC

FEW_WORDS = 3
ENOUGH = 0.6
"""Up to three words must all be in a document; of more, this share."""

BOOSTS = {TEXT: 1.0, TITLE: 1.0, TOPIC: 1.0}
"""What a word counts in each field: a word in a title counts once more there, by its rarity among titles."""

BOOST_RANGE = (0.01, 100.0)
"""A boost beyond these is read as the nearest of them."""

FEWEST_LETTERS = 2
"""A part of a word that is looked for inside of others; a single one only in scripts of which it is a word."""

LOOSE_WORDS = 8
"""In a longer line the other words tell enough."""

LOOSE_LETTERS = range(4, 33)
"""A word so long, of letters alone, may have been meant as a part of one or with an error."""

NAMES_ALONE = 2
"""So few half-typed letters say little: they are the beginning of titles and topics alone. In the texts of a million
posts they would be that of every tenth word."""

LONGEST_QUESTION = 2_000

_ENDINGS = ("", "s", "g", "ng", "ing", "d", "ed", "e", "n", "on", "ion", "tion", "y", "ty", "ity", "t", "nt", "ly")
"""What a half-typed word may go on with, so that "runnin" is on the way to what "running" is found by."""


@lru_cache(maxsize=1_024)
def wanted(text: str, *, prefix_last: bool = False) -> query.Query | None:
    """None when nothing that counts is asked for. What is returned is shared: nobody changes it."""
    if has_operators(text) and not prefix_last:
        tree = parse(text)
        made = _read(tree) if tree is not None else None
        if made is not None:
            return made
    return _sentence(text, prefix_last=prefix_last)


# -- plain words


def _sentence(text: str, *, prefix_last: bool) -> query.Query | None:
    written = list(words(without_frame(text[:LONGEST_QUESTION])))[:MOST_WORDS]
    if not written:
        return None
    units = [_units(word, loose=len(written) <= LOOSE_WORDS) for word in written]
    if prefix_last:
        units[-1] = [query.Or([*_alternatives(written[-1]), *_begun(written[-1].raw, names_alone=NAMES_ALONE)])]
    elif len(written) <= LOOSE_WORDS:
        _join_neighbours(written, units)
    return _most([unit for several in units for unit in several])


def _most(parts: list[query.Query]) -> query.Query:
    if len(parts) == 1:
        return parts[0]
    return Most(parts, len(parts) if len(parts) <= FEW_WORDS else round(len(parts) * ENOUGH))


def _units(word: Word, *, loose: bool) -> list[query.Query]:
    """A run of unspaced script is as many words as it has pairs; anything else is one."""
    if word.pairs and len(word.terms) > 1:
        return [query.Or(fielded(term)) for term in word.terms]
    found = query.Or(_alternatives(word))
    return [query.Otherwise(found, query.Or(_loose(word))) if loose and _may_be_loose(word) else found]


def _join_neighbours(written: Sequence[Word], units: list[list[query.Query]]) -> None:
    """Two words side by side may stand joined in the index ("date time" and datetime): that counts for both."""
    for at, (word, following) in enumerate(pairwise(written)):
        if not word.pairs and not following.pairs:
            together = query.Term(TEXT, stem(_plain(word) + _plain(following)))
            for place in (at, at + 1):
                units[place] = [query.Or([unit, together]) for unit in units[place]]


def _may_be_loose(word: Word) -> bool:
    return not word.pairs and not word.parts and len(word.raw) in LOOSE_LETTERS and word.raw.isalpha()


def _loose(word: Word) -> list[query.Query]:
    found: list[query.Query] = []
    for text in dict.fromkeys((_plain(word), word.terms[0])):
        found += [Inside(field, f"*{text}*") for field in (TEXT, TITLE)]
        found += [Near(field, text, prefixlength=0) for field in (TEXT, TITLE)]
    return found


def _plain(word: Word) -> str:
    return fold(word.raw).lower()


# -- one word, in every way it may stand in the index


def fielded(term: str, boost: float = 1.0) -> list[query.Query]:
    return [query.Term(field, term, boost=boost * weight) for field, weight in BOOSTS.items()]


def _alternatives(word: Word, boost: float = 1.0) -> list[query.Query]:
    if word.pairs:
        return _run(word, boost)
    wholes = [term for term in word.terms if term not in word.parts or term == word.terms[0]]
    found = [choice for term in wholes for choice in fielded(term, boost)]
    if word.parts and word.parts != word.terms[:1]:
        found.append(query.And([query.Or(fielded(part, boost)) for part in word.parts]))
    return found


def _run(word: Word, boost: float) -> list[query.Query]:
    if len(word.sequence) == 1 and len(word.sequence[0]) == 1:
        return [Inside(field, f"*{word.sequence[0]}*", boost=boost) for field in BOOSTS]
    return _phrases(word.sequence, 1, boost)


def _phrases(sequence: Sequence[str], slop: int, boost: float) -> list[query.Query]:
    if len(sequence) == 1:
        return fielded(sequence[0], boost)
    listed = list(sequence)
    return [query.Phrase(field, listed, slop=slop, boost=boost * weight) for field, weight in BOOSTS.items()]


def _begun(raw: str, boost: float = 1.0, *, names_alone: int) -> list[query.Query]:
    """So few letters are the beginning of names alone."""
    found = beginnings(raw, boost)
    return [part for part in found if part.fieldname != TEXT] if len(raw) <= names_alone and raw.isascii() else found


def beginnings(raw: str, boost: float = 1.0) -> list[query.Query]:
    """Every word that begins so, and the stems of those that lose a part of what is typed already."""
    text = fold(raw).lower()
    if not text:
        return []
    stems = dict.fromkeys(stem(text + ending) for ending in _ENDINGS) if len(text) > FEW_WORDS else {}
    found: list[query.Query] = [Beginning(field, text, boost=boost * weight) for field, weight in BOOSTS.items()]
    for short in stems:
        if text.startswith(short) and short != text:
            found += fielded(short, boost)
    return found


# -- expressions


def _read(node: query.Query) -> query.Query | None:
    """None for a part that asks for nothing, such as a stop word."""
    low, high = BOOST_RANGE
    boost = min(max(float(getattr(node, "boost", 1.0) or low), low), high)
    if isinstance(node, query.Phrase):
        sequence = [term for word in words(" ".join(node.words)) for term in word.sequence]
        return query.Or(_phrases(sequence, min(node.slop, MOST_WORDS), boost)) if sequence else None
    if isinstance(node, query.Not):
        inner = _read(node.query)
        return None if inner is None else query.Not(inner)
    if isinstance(node, query.FuzzyTerm):
        return _near(node.text, boost)
    if isinstance(node, query.PatternQuery):
        return _pattern(node, boost)
    if isinstance(node, query.Term):
        return _all(query.Or(_alternatives(word, boost)) for word in words(node.text))
    if isinstance(node, query.compound.CompoundQuery):
        return _compound(node, boost)
    return None


def _compound(node: query.Query, boost: float) -> query.Query | None:
    parts = [made for part in node.subqueries if (made := _read(part)) is not None]
    if isinstance(node, query.Or):
        if len(parts) == 1:
            return _boosted(parts[0], boost)
        return query.Or(parts, boost=boost) if parts else None
    plain = [part for part in parts if not isinstance(part, query.Not)]
    if isinstance(node, Together) and len(plain) > FEW_WORDS:
        parts = [_most(plain), *(part for part in parts if isinstance(part, query.Not))]
    return _all(parts, boost)


def _all(parts: Iterable[query.Query], boost: float = 1.0) -> query.Query | None:
    listed = list(parts)
    if len(listed) > 1:
        return query.And(listed, boost=boost)
    return _boosted(listed[0], boost) if listed else None


def _boosted(part: query.Query, boost: float) -> query.Query:
    # Alone in a compound it would lose the compound's boost, in Whoosh as here.
    return part if boost == 1.0 else query.Or([part, query.NullQuery], boost=boost)


def _near(text: str, boost: float) -> query.Query | None:
    found: list[query.Query] = []
    for word in words(text):
        forms = dict.fromkeys((_plain(word), word.terms[0]))
        near = [Near(field, form, boost=boost, prefixlength=0) for form in forms for field in (TEXT, TITLE, TOPIC)]
        found.append(query.Or(_alternatives(word, boost) if word.pairs else near))
    return _all(found)


def _pattern(node: query.PatternQuery, boost: float) -> query.Query | None:
    text = fold(node.text).lower().strip()
    if isinstance(node, query.Prefix):
        return _beginning(text, boost)
    literal = "".join(character for character in text if character.isalnum())
    pairs = any(word.pairs for word in words(literal))
    if len(literal) < (1 if pairs else FEWEST_LETTERS):
        return None
    pattern = "".join(character for character in text if character in "*?_" or character.isalnum())
    return query.Or([Inside(field, pattern, boost=boost * weight) for field, weight in BOOSTS.items()])


def _beginning(text: str, boost: float) -> query.Query | None:
    """The last word of what stands before the star is the beginning; any others are whole."""
    written = list(words(text))
    start = text.rfind(written[-1].raw) if written else -1
    if written and start + len(written[-1].raw) == len(text):
        others = [query.Or(_alternatives(word, boost)) for word in written[:-1]]
        return _all([*others, query.Or(_begun(written[-1].raw, boost, names_alone=1))])
    letters = "".join(character for character in text if character.isalnum() or character in "_-.+#'")
    return query.Or(_begun(letters, boost, names_alone=1)) if letters else None
