"""What became of every line: the reconciliation at the end of an import."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST_TOLD = 200


@dataclass(slots=True)
class Tally:
    """One file's lines: ``read`` = ``added`` + ``known`` + everything in ``skipped``.

    ``left_out`` counts details that were dropped from rows that went in; ``unknown_keys`` keys that mean nothing here.
    """

    file: str
    tell: Callable[[str], None]
    read: int = 0
    added: int = 0
    known: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    unknown_keys: Counter[str] = field(default_factory=Counter)
    told: int = 0

    def skip(self, number: int, reason: str) -> None:
        """Count a line that does not go in, and tell it with its number and reason."""
        self.skipped[reason] += 1
        self.told += 1
        if self.told <= _MOST_TOLD:
            self.tell(f"{self.file}, line {number}: {reason}")
        elif self.told == _MOST_TOLD + 1:
            self.tell(f"{self.file}: more lines were skipped; they are counted below")

    @property
    def is_whole(self) -> bool:
        """Whether every line is accounted for."""
        return self.read == self.added + self.known + sum(self.skipped.values())

    def lines(self) -> list[str]:
        """The reconciliation in words."""
        skipped = sum(self.skipped.values())
        out = [f"{self.file}: {self.read} lines in, {self.added} added, {self.known} known already, {skipped} skipped"]
        out += [f"    skipped {count}: {reason}" for reason, count in self.skipped.most_common()]
        out += [f"    left out {count}: {reason}" for reason, count in self.left_out.most_common()]
        out += [f"    ignored {count}: unknown key {key!r}" for key, count in self.unknown_keys.most_common(20)]
        if not self.is_whole:
            out.append("    these do not add up: please report it")
        return out
