"""Words that a pattern stands for, and what they match together.

All words with one beginning lie side by side in a segment and so do their postings, so a beginning costs one
slice and no loop over words. No limit is set on how many words a pattern stands for: words of documents that a
viewer may not read would use it up, and the viewer could tell.
"""

import fnmatch
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

import numpy as np
from whoosh import query
from whoosh.automata.lev import levenshtein_automaton

from search_index.querying.lists.edits import near_terms
from search_index.storing.corpus import Corpus
from search_index.storing.slices import Slice

_SPECIAL = re.compile(r"[*?\[]")
_SET = re.compile(r"\[[^\]]*\]|\[")


def slices_of(corpus: Corpus, node: query.MultiTerm, *, exchanges: bool = False) -> list[Slice]:
    """The postings of all terms that a query of many terms stands for, in one or more slices."""
    field = node.field()
    if isinstance(node, query.Prefix):
        return corpus.slices(field, node.text)
    if isinstance(node, query.Wildcard):
        return _fitting(corpus, field, node.text)
    if isinstance(node, query.TermRange):
        return _between(corpus, node)
    if isinstance(node, query.FuzzyTerm) and node.maxdist <= 1:
        if node.maxdist < 1:
            return _gathered(corpus, field, [node.text])
        return _gathered(
            corpus, field, near_terms(corpus, field, node.text, kept=node.prefixlength, exchanges=exchanges)
        )
    if isinstance(node, query.FuzzyTerm):
        return _far(corpus, node)
    raise query.QueryError(f"{type(node).__name__} is not answered here")


def _fitting(corpus: Corpus, field: str, pattern: str) -> list[Slice]:
    fits = re.compile(fnmatch.translate(pattern)).match
    beginning = _SPECIAL.split(pattern, maxsplit=1)[0]
    if beginning:
        return _filtered(corpus.slices(field, beginning), lambda text: fits(text) is not None)
    inside = max(_SPECIAL.split(_SET.sub("*", pattern)), key=len)
    if not inside:
        return _filtered(corpus.slices(field, ""), lambda text: fits(text) is not None)
    return _filtered(corpus.containing_slices(field, inside), lambda text: fits(text) is not None)


def _between(corpus: Corpus, node: query.TermRange) -> list[Slice]:
    """By the order of UTF-8 bytes, which is that of the code points."""
    pairs = zip(node.start or "", node.end or "", strict=False)
    shared = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def inside(text: str) -> bool:
        low = node.start is None or (text > node.start if node.startexcl else text >= node.start)
        return low and (node.end is None or (text < node.end if node.endexcl else text <= node.end))

    return _filtered(corpus.slices(node.field(), shared), inside)


def _far(corpus: Corpus, node: query.FuzzyTerm) -> list[Slice]:
    """More than one error: every term with the believed beginning is tried. The query language does not ask
    for this."""
    kept = min(node.prefixlength, len(node.text))
    accepts = levenshtein_automaton(node.text, int(node.maxdist), kept).to_dfa().accept
    return _filtered(corpus.slices(node.field(), node.text[:kept]), lambda text: bool(accepts(text)))


def _filtered(slices: Iterable[Slice], wanted: Callable[[str], bool]) -> list[Slice]:
    return [kept for kept in (_kept(run, wanted) for run in slices) if len(kept)]


def _kept(run: Slice, wanted: Callable[[str], bool]) -> Slice:
    texts = run.texts()
    chosen = np.fromiter((wanted(text) for text in texts), np.bool_, len(texts))
    if chosen.all():
        return run
    sizes = np.diff(run.starts)
    postings = np.repeat(chosen, sizes)
    starts = np.concatenate([[0], np.cumsum(sizes[chosen])])
    left = [text for text, keep in zip(texts, chosen.tolist(), strict=True) if keep]
    return Slice(run.documents[postings], run.keys[postings], starts, lambda: left)


def _gathered(corpus: Corpus, field: str, texts: Sequence[str]) -> list[Slice]:
    """Terms that are not neighbours: one look-up for each."""
    found = [(text, postings) for text in texts if len(postings := corpus.postings(field, text))]
    if not found:
        return []
    starts = np.cumsum([0, *(len(postings) for _, postings in found)])
    documents = np.concatenate([postings.documents for _, postings in found])
    keys = np.concatenate([postings.keys for _, postings in found])
    return [Slice(documents, keys, starts, lambda: [text for text, _ in found])]
