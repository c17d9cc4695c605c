"""The searcher's operators, through Whoosh's own parser: a tree of raw words that nothing has analysed yet.

"a phrase"  "words near"~3  AND  OR  NOT  -word  ( )  begin*  *part*  wild?card  word~  word^2
"""

import re
from functools import lru_cache

from whoosh import query
from whoosh.qparser import QueryParser, plugins, syntax
from whoosh.qparser.common import QueryParserError

from search_index.analysis import LONGEST_WORD
from search_index.querying.language.asking import Together

LONGEST_EXPRESSION = 500
DEEPEST = 12
MOST_WORDS = 64
"""What is longer, deeper or has more words is no expression: its words are read as a sentence."""

MOST_PATTERNS = 8
"""Beginnings, parts, wildcards and words with errors in one expression: each may cost as much as a whole search."""

_OPERATORS = re.compile(r'"|(?:^|[\s(])-(?=[\w"(*])|\w\*|\*\w|\w\?\w|\w~|[\w")]\^\d|\b(?:AND|OR|NOT)\b|[()]')

_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What Whoosh's parser raises over input that it does not understand (a RecursionError is a RuntimeError)."""


class _Loose(syntax.AndGroup):  # type: ignore[misc]  # Whoosh carries no types
    """Words side by side without an operator."""

    qclass = Together


class _Wildcards(plugins.WildcardPlugin):  # type: ignore[misc]  # Whoosh carries no types
    """A star only where it touches a word, a question mark only inside of one: questions end with it."""

    expr = r"(?P<text>\*(?=[\w*?])|(?<=[\w*?])\*|(?<=[\w*])\?(?=[\w*]))"


class _Fuzzy(plugins.FuzzyTermPlugin):  # type: ignore[misc]  # Whoosh carries no types
    """Only at the end of a word."""

    expr = r"(?<=\w)~(?P<maxdist>[0-9])?(?P<prefix>(?!))?(?=$|[\s)^])"


def has_operators(text: str) -> bool:
    return _OPERATORS.search(text) is not None


@lru_cache(maxsize=512)
def parse(text: str) -> query.Query | None:
    """None for what is too long, too deep, or nothing that the parser understands. Trees are shared: nobody
    changes them."""
    line = " ".join(text.split())
    if len(line) > LONGEST_EXPRESSION or line.count("(") > DEEPEST or len(line.split()) > MOST_WORDS:
        return None
    if any(len(word) > 4 * LONGEST_WORD for word in line.split()):
        return None
    try:
        found = _PARSER.parse(line, normalize=False)
    except (*_FAULTS, QueryParserError, query.QueryError):
        return None
    return None if found is query.NullQuery or _patterns(found) > MOST_PATTERNS else found


def _patterns(node: query.Query) -> int:
    if isinstance(node, query.MultiTerm):
        return 1
    return sum(map(_patterns, node.children()))


_PARSER = QueryParser(
    "text",
    schema=None,
    plugins=[
        plugins.PhrasePlugin(),
        plugins.GroupPlugin(),
        plugins.OperatorsPlugin(
            AndNot=None, AndMaybe=None, Require=None, Not=r'(^|(?<=[\s()]))(NOT(?=\s)|-(?=[\w"(*]))'
        ),
        _Wildcards(),
        _Fuzzy(),
        plugins.BoostPlugin(),
    ],
    group=_Loose,
)
