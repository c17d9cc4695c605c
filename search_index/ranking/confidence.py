"""How sure the evidence makes us that somebody knows, whoever else is in the list.

The number is a probability: of a hundred people with confidence .4, about forty were the people of record in
the corpora that it was measured on (docs/expert-confidence.md; `script/bench confidence-calibration` fits it
again). Within one answer it follows the score, so that nobody stands above a person we are surer of.
"""

import math
from dataclasses import dataclass

from search_index.ranking.question import Question
from search_index.ranking.standing import DENSE, PROLIFIC_FLOOR, PROLIFIC_POWER

OCCASIONAL: float = PROLIFIC_FLOOR**PROLIFIC_POWER
"""What the score of somebody who hardly writes is divided by: undoes it, so that votes can be counted."""

VERY_LIKELY, LIKELY = 0.5, 0.25
"""From these probabilities on the evidence is told in these words; below them somebody knows it perhaps."""

MOST_ODDS = 9.0
"""Nobody is more than e**9 to one likely, or unlikely."""

LEAST = 1e-3
"""Documents that stand for none at all where a logarithm is taken."""

COMMONEST = 0.25
"""Where a word stands in half of all documents, as in a company's first week, its rarity tells nothing about it; below
this share of the rarest nothing was measured."""

Features = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic function of the features; fitted on half A of the queries of both corpora, whole and thinned."""

    start: float = -1.62
    evidence: float = 1.82
    terms: float = 1.39
    rarity: float = 3.09

    def probability(self, features: Features) -> float:
        evidence, terms, rarity = features
        odds = self.start + self.evidence * evidence + self.terms * terms + self.rarity * rarity
        return 1.0 / (1.0 + math.exp(-max(-MOST_ODDS, min(MOST_ODDS, odds))))


CALIBRATION = Calibration()


def evidence_of(question: Question, score: float, public_documents: int) -> Features:
    """What the confidence rests on, all of it logarithms: the evidence, counted in documents that answer the whole
    question; how many terms the question has; how rare they are, as a share of the rarest that a word can be here,
    so that a small company's words count like a large one's."""
    terms = max(1, len(question.weights))
    documents = score * OCCASIONAL / math.log1p(question.weight * DENSE)
    rarest = math.log(2.0 + public_documents)
    return math.log(max(documents, LEAST)), math.log(terms), math.log(max(question.weight / terms / rarest, COMMONEST))


def confidence_of(question: Question, score: float, public_documents: int) -> float:
    """Between 0 and 1, neither of them."""
    return round(CALIBRATION.probability(evidence_of(question, score, public_documents)), 4)
