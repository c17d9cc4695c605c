"""How sure the evidence makes us that somebody knows, whoever else is in the list."""

import math

from search_index.ranking.question import Question
from search_index.ranking.standing import DENSE, PROLIFIC_FLOOR, PROLIFIC_POWER

OCCASIONAL: float = PROLIFIC_FLOOR**PROLIFIC_POWER
"""What the score of somebody who hardly writes is divided by: undoes it, so that votes can be counted."""

HALF_SURE = 1.2
"""Documents that answer the whole question, with which we are half sure."""


def confidence_of(question: Question, score: float) -> float:
    """Grows with the evidence, counted in documents that answer the whole question, and never reaches 1. It
    follows the score, so that nobody stands above a person we are surer of."""
    documents = score * OCCASIONAL / math.log1p(question.weight * DENSE)
    return round(documents / (documents + HALF_SURE), 4)
