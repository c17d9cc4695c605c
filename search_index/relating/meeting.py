"""People to meet: those who share somebody's rare topics and words of work, not those whom everybody knows.

    weight of a subject  = (1 + log my documents about it) · idf²       twice for a topic of the vocabulary
    score of a colleague = Σ weight · (1 + log their documents about it)  /  (their volume + 150)^0.4

Whoever writes much touches everything; dividing by their volume keeps the loudest from being the answer to
everybody. The reason is told with the score: which subjects, and how often each of the two wrote about them.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from search_index.relating.matrix import Matrix
from search_index.relating.names import Subjects
from search_index.relating.similar import USUAL_LENGTH
from search_index.relating.topics import topics_of
from search_index.relations import Meeting, MeetQuery, Shared
from search_index.storing.corpus import Corpus
from search_index.storing.schema import TEXT
from search_index.storing.words import Words

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

MOST_DOCUMENTS = 500
"""The newest documents of a person tell what they work on now."""

TOPICS, WORDS = 40, 40
"""Subjects that are looked for in others."""

LOOKED_AT = 300
"""Words whose rarity is looked up, those in most of the person's documents first."""

TOPIC_WEIGHT = 1.5
LEAST_RARE = 1.0
"""A word or topic that stands in more than about a third of all documents brings nobody together."""

MOST_HOLDERS = 5_000
"""Documents about one subject that are read."""

PROLIFIC_POWER, PROLIFIC_FLOOR = 0.4, 150.0
"""Judged by who is listed for the same things in the two development corpora: .25 is slightly better in the one with
few, busy people (MAP@10 .57 against .54) and worse in the other (.21 against .22), and proposes the same handful to
everybody; from .55 on the first loses a fifth."""

MOST_PEOPLE = 100
SHORTEST_WORD = 3


@dataclass(frozen=True, slots=True)
class _Subject:
    """Something that the person works on: who else does, in how many documents, and which."""

    name: str
    is_topic: bool
    mine: int
    weight: float
    documents: Numbers
    people: Numbers
    theirs: Numbers


def people_to_meet(corpus: Corpus, query: MeetQuery) -> tuple[Meeting, ...]:
    matrix = Matrix(corpus, query.audiences)
    me = next(iter(corpus.people.find([query.person_id])), None)
    if me is None:
        return ()
    subjects = list(_subjects(matrix, query, me))
    if not subjects:
        return ()
    codes = np.concatenate([subject.people for subject in subjects])
    worth = np.concatenate([subject.weight * (1 + np.log(subject.theirs)) for subject in subjects])
    people, where = np.unique(codes, return_inverse=True)
    scores = np.bincount(where, worth, len(people)) / (_volume(corpus, people) + PROLIFIC_FLOOR) ** PROLIFIC_POWER
    strangers = ~np.isin(people, corpus.people.find({0, query.person_id, *query.without}))
    people, scores = people[strangers], scores[strangers]
    order = np.lexsort((corpus.people.ids()[people], -scores))
    found = (_meeting(matrix, subjects, int(people[at]), float(scores[at]), query.reasons) for at in order)
    return tuple(islice((one for one in found if one is not None), max(0, min(query.limit, MOST_PEOPLE))))


def _subjects(matrix: Matrix, query: MeetQuery, me: int) -> Iterator[_Subject]:
    mine = matrix.newest(matrix.of_person(me), MOST_DOCUMENTS)
    vocabulary, words = query.vocabulary, matrix.words_of(mine)
    about = {
        topic: int(np.count_nonzero(flags))
        for topic, flags in topics_of(matrix, mine, words, vocabulary).items()
        if topic in vocabulary
    }
    subjects = Subjects(matrix, vocabulary)
    topics = sorted(about, key=lambda topic: (-about[topic], topic))[: 4 * TOPICS]
    weighed = [(topic, about[topic], subjects.documents(topic)) for topic in topics]
    yield from _heaviest(matrix, weighed, is_topic=True, most=TOPICS)
    names = (name for topic in topics for name in vocabulary.names_of(topic))
    named = {term for name in names for terms in name.sequences for term in terms}
    yield from _heaviest(matrix, _words(matrix, words, named), is_topic=False, most=WORDS)


def _words(matrix: Matrix, words: Words, named: set[str]) -> list[tuple[str, int, Numbers]]:
    """Words of work that are in no topic's name; those that call a person are none."""
    counts = words.counts()
    repeated = np.flatnonzero(counts >= 2)
    often = sorted(repeated.tolist(), key=lambda code: (-int(counts[code]), words.terms[code]))[:LOOKED_AT]
    return [
        (term, int(counts[code]), matrix.corpus.postings(TEXT, term).documents)
        for code in often
        for term in [words.terms[code]]
        if len(term) >= SHORTEST_WORD and not any(letter.isdigit() for letter in term) and term not in named
    ]


def _heaviest(
    matrix: Matrix, found: Sequence[tuple[str, int, Numbers]], *, is_topic: bool, most: int
) -> Iterator[_Subject]:
    weighed = []
    for name, mine, documents in found:
        rarity = matrix.rarity(matrix.public_count(documents))
        if rarity >= LEAST_RARE:
            weighed.append(((1 + math.log(mine)) * rarity**2, name, mine, documents))
    weighed.sort(key=lambda row: (-row[0], row[1]))
    taken = 0
    for weight, name, mine, documents in weighed:
        if taken == most:
            return
        readable = matrix.speaking(documents)
        if len(readable) > MOST_HOLDERS or (not is_topic and matrix.is_a_name(name)):
            continue
        people, theirs = np.unique(matrix.people_of(readable), return_counts=True)
        if len(people) > 1:
            taken += 1
            yield _Subject(name, is_topic, mine, weight * (TOPIC_WEIGHT if is_topic else 1.0), readable, people, theirs)


def _volume(corpus: Corpus, people: Numbers) -> Values:
    """Usual documents' worth of words that each has written for everybody."""
    public = corpus.public_documents
    words = corpus.public_lengths[TEXT]
    usual = words / public if public and words else USUAL_LENGTH
    counted = corpus.person_words.view()
    known = people < len(counted)
    volume = np.zeros(len(people))
    volume[known] = counted[people[known]] / usual
    return volume


def _meeting(matrix: Matrix, subjects: Sequence[_Subject], person: int, score: float, reasons: int) -> Meeting | None:
    """Why the two should meet; None where a single common word is all there is."""
    shared: list[tuple[float, _Subject, int]] = []
    for subject in subjects:
        at = int(np.searchsorted(subject.people, person))
        if at < len(subject.people) and subject.people[at] == person:
            theirs = int(subject.theirs[at])
            shared.append((subject.weight * (1 + math.log(theirs)), subject, theirs))
    if len(shared) < 2 and not any(subject.is_topic for _, subject, _ in shared):
        return None
    shared.sort(key=lambda row: (not row[1].is_topic, -row[0], row[1].name))
    return Meeting(
        person_id=int(matrix.corpus.people.ids()[person]),
        score=score,
        shared=tuple(_shared(matrix, subject, person, theirs) for _, subject, theirs in shared[: max(1, reasons)]),
    )


def _shared(matrix: Matrix, subject: _Subject, person: int, theirs: int) -> Shared:
    documents = subject.documents[matrix.people_of(subject.documents) == person]
    newest = int(matrix.newest(documents, 1)[0])
    return Shared(subject.name, subject.is_topic, subject.mine, theirs, matrix.corpus.id_of(newest))
