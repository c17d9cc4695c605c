"""Reading the list of people that HR exports: every row checked before anything is written."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path

from intranet.kernel.text import clean_line
from intranet.people.actions import ProfileDraft
from intranet.people.forms import check_languages, check_timezone

COLUMNS = (
    "name", "username", "email", "title", "department", "location", "timezone", "languages", "manager", "skills",
    "status", "successor",
)  # fmt: skip
_NEEDED = ("name", "username")
_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LARGEST = 64 * 1024 * 1024


class HrStatus(StrEnum):
    """What HR says of somebody's employment; a row without it leaves the account open or closed as it is."""

    ACTIVE = "active"
    LEFT = "left"


class BadFile(Exception):
    """The file as a whole cannot be used; the message is one line for the person at the console."""


@dataclass(frozen=True, slots=True)
class HrRow:
    """One usable row; a cell is None where the file has no such column."""

    line: int
    name: str
    username: str
    email: str | None
    draft: ProfileDraft
    manager: str | None
    skills: tuple[str, ...]
    status: HrStatus | None = None
    successor: str = ""

    @property
    def has_left(self) -> bool:
        return self.status is HrStatus.LEFT


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that is left out, and why."""

    line: int
    reason: str


def read_rows(path: Path) -> tuple[list[HrRow], list[BadRow]]:
    """Every row, sorted into usable and not.

    Raises:
        BadFile: it cannot be read, is not UTF-8, or its header is not ours.
    """
    return rows_in(_text(path))


def rows_in(text: str) -> tuple[list[HrRow], list[BadRow]]:
    """The same from the text of a file.

    Raises:
        BadFile: its header is not ours.
    """
    reader = csv.DictReader(StringIO(text), strict=True)
    _check_header(reader.fieldnames)
    good: list[HrRow] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    for line, cells in _cells(reader, bad):
        try:
            row = _row(line, cells)
        except ValueError as error:
            bad.append(BadRow(line, str(error)))
            continue
        first = seen.setdefault(row.username, line)
        if first != line:
            bad.append(BadRow(line, f"username {row.username} is in line {first} already"))
        else:
            good.append(row)
    return good, bad


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadFile(f"{path}: larger than {_LARGEST // 1024 // 1024} MB; split it")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadFile(f"{path}: line {line} is not UTF-8; save the file as UTF-8 and try again") from error


def _check_header(names: Iterable[str] | None) -> None:
    given = [name.strip() for name in names or ()]
    unknown = [name for name in given if name not in COLUMNS]
    missing = [name for name in _NEEDED if name not in given]
    twice = sorted({name for name in given if given.count(name) > 1})
    problems = (
        f"unknown {', '.join(map(repr, unknown))}" if unknown else "",
        f"missing {', '.join(missing)}" if missing else "",
        f"twice {', '.join(twice)}" if twice else "",
    )
    if found := "; ".join(problem for problem in problems if problem):
        raise BadFile(f"wrong header ({found[:300]}); the columns are {','.join(COLUMNS)}")


def _cells(reader: "csv.DictReader[str]", bad: list[BadRow]) -> Iterator[tuple[int, dict[str, str]]]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            bad.append(BadRow(reader.line_num, f"not CSV: {error}"))
            continue
        line = reader.line_num
        if None in cells or None in cells.values():
            bad.append(BadRow(line, "another number of cells than the header"))
            continue
        cleaned = {name.strip(): clean_line(value) for name, value in cells.items()}
        if any(cleaned.values()):
            yield line, cleaned


def _row(line: int, cells: dict[str, str]) -> HrRow:
    limits = {"name": 200, "email": 254, "title": 200, "department": 120, "location": 120}
    for column, most in limits.items():
        if len(cells.get(column, "")) > most:
            raise ValueError(f"{column} is longer than {most} characters")
    username, email = cells["username"].lower(), cells.get("email")
    if not cells["name"]:
        raise ValueError("name is empty")
    if not _USERNAME.fullmatch(username):
        raise ValueError(f"username {cells['username'][:60]!r} may hold only letters a-z, digits, dots and dashes")
    if email and not _ADDRESS.fullmatch(email):
        raise ValueError(f"email {email[:60]!r} is not an address")
    manager = cells["manager"].lower() if "manager" in cells else None
    if manager == username:
        raise ValueError("manager is the person themselves")
    skills, (status, successor) = _skills(cells.get("skills", "")), _parting(username, cells)
    return HrRow(line, cells["name"], username, email, _draft(cells), manager, skills, status, successor)


def _parting(username: str, cells: dict[str, str]) -> tuple[HrStatus | None, str]:
    said, successor = cells.get("status", "").lower(), cells.get("successor", "").lower()
    if said and said not in set(HrStatus):
        raise ValueError(f"status {said[:60]!r} is neither active nor left")
    status = HrStatus(said) if said else None
    if successor and status is not HrStatus.LEFT:
        raise ValueError("successor is for those who left")
    if successor == username:
        raise ValueError("successor is the person themselves")
    return status, successor


def _draft(cells: dict[str, str]) -> ProfileDraft:
    languages = cells.get("languages")
    zone = cells.get("timezone")
    return ProfileDraft(
        title=cells.get("title"),
        department=cells.get("department"),
        location=cells.get("location"),
        timezone=None if zone is None else check_timezone(zone),
        languages=None if languages is None else check_languages(languages.replace(";", ",")),
    )


def _skills(cell: str) -> tuple[str, ...]:
    names = tuple(part for raw in cell.replace(";", ",").split(",") if (part := clean_line(raw)))
    if any(len(name) > 80 for name in names) or len(names) > 100:
        raise ValueError("skills: at most 100, each of 80 characters, with commas or semicolons between them")
    return names
