"""JSON lines, plain or gzipped, one at a time: whatever is wrong with a line is told, and the next one is read."""

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_LONGEST_LINE = 4_000_000


class Bad(Exception):
    """Why a line cannot be taken in."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, its object, or what is wrong with it; ``position`` is how many stored bytes were read."""

    number: int
    value: dict[str, Any]
    problem: str
    position: int

    def checked(self) -> dict[str, Any]:
        """The object.

        Raises:
            Bad: the line holds none.
        """
        if self.problem:
            raise Bad(self.problem)
        return self.value


class Unreadable(Exception):
    """The file itself ends badly; the message says where."""


def find_file(folder: Path, stem: str) -> Path | None:
    """``stem.jsonl`` or ``stem.jsonl.gz`` in the folder, the plain one first."""
    candidates = (folder / f"{stem}.jsonl", folder / f"{stem}.jsonl.gz")
    return next((path for path in candidates if path.is_file()), None)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    with path.open("rb") as stored:
        if path.suffix != ".gz":
            yield stored, stored
            return
        with gzip.open(stored) as unpacked:
            yield stored, unpacked  # type: ignore[misc]  # GzipFile reads as a binary file


def read_lines(path: Path) -> Iterator[Line]:
    """Every line that is not blank.

    Raises:
        Unreadable: the file cannot be unpacked to its end.
    """
    number = 0
    with _opened(path) as (stored, lines):
        try:
            while raw := lines.readline(_LONGEST_LINE):
                number += 1
                if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
                    _skip_rest(lines)
                    yield Line(number, {}, f"longer than {_LONGEST_LINE} bytes", stored.tell())
                elif raw.strip():
                    value, problem = _parse(raw)
                    yield Line(number, value, problem, stored.tell())
        except (EOFError, OSError, zlib.error) as error:
            raise Unreadable(f"{path.name} cannot be read after line {number}: {error}") from error


def _skip_rest(lines: IO[bytes]) -> None:
    while (rest := lines.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _parse(raw: bytes) -> tuple[dict[str, Any], str]:
    try:
        value = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return {}, "not UTF-8"
    except (ValueError, RecursionError):
        return {}, "not JSON"
    return (value, "") if isinstance(value, dict) else ({}, "not a JSON object")
