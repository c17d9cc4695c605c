"""Asking is interest, answering is expertise: telling a text that only asks from one that says something."""

import re

ASKS = "asks"
"""The flag of a document that only asks; it makes nobody an expert."""

LONGEST_QUESTION_POST = 80
"""Words. Whoever writes more than this explains something, even where it ends in a question."""

LONGEST_SITUATION = 30
"""Words that may tell what happened before somebody asks colleagues for help."""

_LINK = re.compile(r"https?://\S+")
_SENTENCE = re.compile(r"[^.!?。！？؟\n]*(?:[.!?。！？؟]+|\n|$)")
_WORD = re.compile(r"[^\W_]+")
_ASKING = ("?", "？", "؟")
_FOR_HELP = re.compile(
    r"\b(?:any(?:one|body)|some(?:one|body)|who|whom|how (?:do|can|could|should|would)|can you|could you|help|"
    r"any (?:idea|ideas|hint|hints|tips)|know why|what am i|jemand|wer|wie (?:kann|macht|bekommt)|weiß|weiss|kennt|"
    r"kann mir|könnt ihr|hat wer|eine idee|hilfe)\b",
    re.IGNORECASE,
)


def only_asks(text: str) -> bool:
    """Whether a text is just a question, with at most a few words on what it is about.

    Only what surely asks counts: an explanation taken for a question would cost its author a proof.
    """
    if not any(mark in text for mark in _ASKING):
        return False
    asked = told = 0
    for_help = False
    for match in _SENTENCE.finditer(_LINK.sub(" ", text[: 10 * LONGEST_QUESTION_POST])):
        sentence = match.group()
        words = len(_WORD.findall(sentence))
        if sentence.rstrip().endswith(_ASKING):
            asked += words
            for_help = for_help or _FOR_HELP.search(sentence) is not None
        else:
            told += words
    if len(text) > 10 * LONGEST_QUESTION_POST or asked + told > LONGEST_QUESTION_POST:
        return False
    return asked > 0 and (told <= asked or (for_help and told <= LONGEST_SITUATION))
