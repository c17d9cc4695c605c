"""What people ask for beyond Whoosh's own query objects, as query objects beside them.

Whoosh's parser and trees take them like any other; only our evaluator knows what they ask for.
"""

from collections.abc import Sequence

from whoosh import query


class Together(query.And):  # type: ignore[misc]  # Whoosh carries no types
    """Words that were written side by side without an operator."""


class Most(query.Or):  # type: ignore[misc]  # Whoosh carries no types
    """At least `minmatch` of the parts; where no readable document has so many, as many as any has."""

    def __init__(self, subqueries: Sequence[query.Query], minmatch: int, boost: float = 1.0) -> None:
        super().__init__(list(subqueries), boost=boost, minmatch=minmatch)


class Beginning(query.Prefix):  # type: ignore[misc]  # Whoosh carries no types
    """All words that begin so, as if they were one word: rare together, and the best of them counts."""


class Inside(query.Wildcard):  # type: ignore[misc]  # Whoosh carries no types
    """All words that a pattern fits, as if they were one word."""


class Near(query.FuzzyTerm):  # type: ignore[misc]  # Whoosh carries no types
    """All words one typing error away, two exchanged letters being one error, as if they were one word."""
