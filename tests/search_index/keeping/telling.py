"""Everything that a corpus says, in a form that does not depend on where documents are kept."""

from typing import Any

import numpy as np

from search_index.storing.corpus import Corpus
from search_index.storing.schema import TERM_FIELDS

COLUMNS = ("created", "length", "title_length", "topic_length", "tie", "public")


def told(corpus: Corpus, audiences: frozenset[int]) -> dict[str, Any]:
    """By document id; of documents that may be read by somebody in these audiences."""
    allowed = corpus.allowed(audiences)
    numbers = allowed.everything()
    ids = [corpus.id_of(number) for number in numbers.tolist()]
    kinds, flags = corpus.kind.view()[numbers].tolist(), corpus.flags.view()[numbers].tolist()
    return {
        "columns": {name: _by_id(ids, getattr(corpus, name).view()[numbers]) for name in COLUMNS},
        "author": _by_id(ids, corpus.people.ids()[corpus.author.view()[numbers]]),
        "audience": _by_id(ids, corpus.audiences.ids()[corpus.audience.view()[numbers]]),
        "kind": {of: corpus.kind_names.names[code] for of, code in zip(ids, kinds, strict=True)},
        "flags": {of: _flags(corpus, bits) for of, bits in zip(ids, flags, strict=True)},
        "labels": _pairs(ids, *corpus.labels_of(numbers), np.array(corpus.label_names.names)),
        "mentions": _pairs(ids, *corpus.mentions_of(numbers), corpus.people.ids()),
        "words": {of: set(words) for of, words in zip(ids, corpus.words_of(numbers.tolist()), strict=True)},
        "terms": {field: _terms(corpus, audiences, field) for field in TERM_FIELDS},
        "people": _people(corpus, audiences),
        "statistics": (corpus.public_documents, dict(corpus.public_lengths)),
        "volumes": _volumes(corpus),
    }


def _by_id(ids: list[str], values: Any) -> dict[str, Any]:
    return dict(zip(ids, values.tolist(), strict=True))


def _flags(corpus: Corpus, bits: int) -> set[str]:
    return {name for code, name in enumerate(corpus.flag_names.names) if bits >> code & 1}


def _pairs(ids: list[str], rows: Any, codes: Any, names: Any) -> set[tuple[str, Any]]:
    return {(ids[row], names[code].item()) for row, code in zip(rows.tolist(), codes.tolist(), strict=True)}


def _terms(corpus: Corpus, audiences: frozenset[int], field: str) -> dict[str, dict[str, Any]]:
    """Documents, impact keys, exact frequencies and positions of every term that somebody may see."""
    allowed = corpus.allowed(audiences)
    terms: dict[str, dict[str, Any]] = {}
    for term in corpus.terms(field):
        postings = allowed.keep_postings(corpus.postings(field, term))
        flat, ends = (
            corpus.positions(field, term, postings.documents) if field in ("text", "title", "topic") else ((), ())
        )
        places = np.split(np.asarray(flat), ends[:-1]) if len(postings) and len(ends) else [np.empty(0)] * len(postings)
        found = zip(postings.documents.tolist(), postings.keys.tolist(), postings.frequencies(), places, strict=True)
        held = {corpus.id_of(number): (key, many, at.tolist()) for number, key, many, at in found}
        if held:
            terms[term] = held
    return terms


def _people(corpus: Corpus, audiences: frozenset[int]) -> dict[int, tuple[set[str], set[str]]]:
    """Of everybody: whose documents they are, and who is mentioned in which."""
    allowed = corpus.allowed(audiences)
    people: dict[int, tuple[set[str], set[str]]] = {}
    for code, person in enumerate(corpus.people.ids().tolist()):
        own, naming = (allowed.keep(found) for found in (corpus.documents_of(code), corpus.mentioning(code)))
        if len(own) or len(naming):
            people[person] = {corpus.id_of(n) for n in own.tolist()}, {corpus.id_of(n) for n in naming.tolist()}
    return people


def _volumes(corpus: Corpus) -> dict[int, tuple[int, int]]:
    words, documents = corpus.person_words.view(), corpus.person_documents.view()
    found = zip(corpus.people.ids().tolist(), words.tolist(), documents.tolist(), strict=False)
    return {person: (many, own) for person, many, own in found if own}
