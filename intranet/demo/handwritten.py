"""The hand-written parts of the demo company, read from ``data/``: sites, departments, topics, phrases."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_DATA = files("intranet.demo") / "data"


@dataclass(frozen=True, slots=True)
class Site:
    """Names are ``native=latin`` where the script is not Latin; ``week`` holds the working days, Monday = 0."""

    name: str
    country: str
    timezone: str
    languages: tuple[str, ...]
    also: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    week: tuple[int, ...] = (0, 1, 2, 3, 4)
    family_first: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A poll by somebody at ``site``: days since it began and that it is open, who votes, how liked each answer is."""

    text: str
    site: str
    began: int
    open_for: int
    share: float
    answers: dict[str, int]


@dataclass(frozen=True, slots=True)
class Office:
    key: str
    title: str
    name: str
    site: str


@dataclass(frozen=True, slots=True)
class Department:
    """``under`` is the key of the office that the head reports to; ``sites`` how many people sit where."""

    name: str
    under: str
    head: str
    titles: tuple[str, ...]
    sites: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A colleague with a fixed name and place; without a title, one of the department's is taken."""

    username: str
    name: str
    department: str
    site: str
    about: str
    expert: tuple[str, ...]
    title: str | None = None
    languages: tuple[str, ...] = ()
    head: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that goes wrong. Patterns: two clauses, and what to do as a command."""

    symptom: str
    cause: str
    fix: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with the answer of somebody who knows."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic with everything that people say about it."""

    slug: str
    about: str
    departments: tuple[str, ...]
    related: tuple[str, ...]
    weight: int
    cases: tuple[Case, ...]
    asks: tuple[Ask, ...]
    tips: tuple[str, ...]
    news: tuple[str, ...]
    code: tuple[str, ...]
    praise: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tongue:
    """What people write in one language: (topic, pattern) pairs and short answers."""

    language: str
    posts: tuple[tuple[str, str], ...]
    replies: tuple[str, ...]


_LANGUAGES = {"de": "German", "pl": "Polish", "es": "Spanish", "ja": "Japanese", "ko": "Korean", "ar": "Arabic",
              "bg": "Bulgarian", "zh": "Chinese"}  # fmt: skip


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def _frozen(values: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


@cache
def sites() -> dict[str, Site]:
    return {name: Site(name=name, **_frozen(values)) for name, values in _read("sites.toml").items()}


@cache
def offices() -> tuple[Office, ...]:
    return tuple(Office(**values) for values in _read("departments.toml")["office"])


@cache
def departments() -> tuple[Department, ...]:
    rows = _read("departments.toml")["department"]
    return tuple(Department(**_frozen({**row, "sites": list(row["sites"].items())})) for row in rows)


@cache
def anchors() -> tuple[Anchor, ...]:
    return tuple(Anchor(username=name, **_frozen(values)) for name, values in _read("anchors.toml").items())


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """Who gathers: departments, sites and people by name, and whoever knows the topics. ``share`` of what members write
    about them is posted in the group."""

    name: str
    kind: str
    about: str
    topics: tuple[str, ...]
    share: float
    departments: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@cache
def group_plans() -> tuple[GroupPlan, ...]:
    return tuple(GroupPlan(**_frozen(row)) for row in _read("groups.toml")["group"])


@cache
def subjects() -> dict[str, Subject]:
    """``data/topics`` and ``data/answers`` hold two halves of each."""
    more = _merged("answers")
    return {slug: _subject(slug, values, more[slug]) for slug, values in _merged("topics").items()}


def _merged(folder: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted((_DATA / folder).iterdir(), key=lambda file: file.name):
        found.update(tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def _subject(slug: str, values: dict[str, Any], more: dict[str, Any]) -> Subject:
    asks = [Ask(*pair) for pair in zip(values["asks"], more["answers"], strict=True)]
    cases = [Case(*case) for case in (*values["cases"], *more["cases"])]
    tips = [*values["tips"], *more["tips"]]
    return Subject(slug=slug, **_frozen({**values, "asks": asks, "cases": cases, "tips": tips}))


@cache
def tongues() -> tuple[Tongue, ...]:
    return tuple(
        Tongue(_LANGUAGES[code], tuple((slug, text) for slug, text in values["posts"]), tuple(values["replies"]))
        for code, values in _read("languages.toml").items()
    )


@cache
def slots() -> dict[str, list[str]]:
    return _read("slots.toml")


@cache
def shapes() -> dict[str, Any]:
    """How posts are built; the table ``replies`` in it, how comments are."""
    return _read("shapes.toml")


@cache
def polls() -> tuple[Asked, ...]:
    return tuple(Asked(**asked) for asked in _read("polls.toml")["polls"])


@cache
def social() -> dict[str, list[str]]:
    return _read("social.toml")
