"""What changed between two versions of a text, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# A word, a run of blanks, or a single sign; of scripts without blanks between words every character is one.
_TOKEN = re.compile(r"\s+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|[^\w\s]")
# Comparing takes time that grows with the square of this; longer texts are compared line by line.
_MOST_TOKENS = 1500


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: in both versions, only in the one before, or only in the one after."""

    kind: Literal["same", "gone", "new"]
    text: str


def changes(before: str, after: str) -> list[Piece]:
    """The text of both versions in pieces, in reading order."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > _MOST_TOKENS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Piece] = []
    for verb, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new).get_opcodes():
        if verb == "equal":
            found.append(Piece("same", "".join(old[from_old:to_old])))
            continue
        if to_old > from_old:
            found.append(Piece("gone", "".join(old[from_old:to_old])))
        if to_new > from_new:
            found.append(Piece("new", "".join(new[from_new:to_new])))
    return found
