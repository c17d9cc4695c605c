"""What nobody would type, and what notices which names a page reads, so that a new form is tried by itself."""

import base64
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from intranet.kernel.forms import Form
from intranet.kernel.viewer import Role, Viewer
from tests.architecture.outsiders.worlds import ListeningArguments, World


def budget(examples: int) -> settings:
    """So many examples, the same in every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def cursor(keys: object) -> str:
    """As lists make theirs, with whatever inside."""
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


NASTY = (
    "",
    " ",
    "\0",
    "a\0b",
    "-1",
    "0",
    "9" * 19,
    "9" * 5000,
    "1e400",
    "NaN",
    "\u0661\u0662",  # digits, but not ours
    "\u00b2",
    "true",
    "null",
    "[]",
    "{}",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "' OR 1=1 --",
    "%00",
    "../../etc/passwd",
    "//evil.example/",
    "\r\nSet-Cookie: a=b",
    "\u202etxt.exe",
    "\ufeff",
    "e\u0301" * 400,
    "\U0001f469\u200d\U0001f680",
    "\ufdfa" * 300,
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30",
    "1" + "0" * 17,
    "@alice #kafka " * 300,
    "*" * 3000,
    "[" * 3000,
    cursor([{"a": 1}, None]),
    cursor([[], []]),
    cursor(["\0", "x", 1e300]),
    cursor([True]),
    cursor([10**30]),
    cursor(["a", "b", "c", "d"]),
    cursor(["9999-12-31T23:59:59-14:00", "1"]),
    cursor(["\ud800", "1"]),
    cursor(["owner", "9999-12-31T23:59:59-14:00", "1"]),
    "WyI" * 2000,
    "W1tb" * 2000,
)
"""Each of these has broken a program of somebody's."""


def _nasty(number: int) -> str:
    return NASTY[number]


# By number: hypothesis would print all of them wherever it names a strategy.
_nasties = st.integers(0, len(NASTY) - 1).map(_nasty)
words = st.one_of(_nasties, _nasties, st.text(max_size=30), st.integers().map(str))
files = st.tuples(st.binary(max_size=60), st.sampled_from(("a.png", "../../x", "\u202egnp.exe", "", "a\0.txt")))
numbers = st.one_of(st.integers(), st.floats(), st.booleans(), st.none())
surrogates = st.sampled_from(("\ud800", "a\udfff", "\ud83d\ud83d"))
anything = st.recursive(
    st.one_of(words, numbers, surrogates),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


def typed(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """A form: any of its fields, with words or a file in it."""
    value = st.one_of(words, words, words, st.lists(words, max_size=3), files)
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, value))


def addressed(names: list[str]) -> st.SearchStrategy[dict[str, str]]:
    """What stands after the question mark."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, words))


def program(names: list[str]) -> st.SearchStrategy[object]:
    """A JSON body: mostly an object with such names."""
    known = st.fixed_dictionaries({}, optional=dict.fromkeys(names, anything))
    return st.one_of(known, known, known, anything)


def as_form(given: Mapping[str, Any]) -> dict[str, Any]:
    """For the test client, which takes files as streams."""
    return {
        name: (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value for name, value in given.items()
    }


@dataclass(slots=True)
class Ear:
    """The names that were read since ``clear``, and what was kept although the answer says no."""

    names: set[str] = field(default_factory=set)
    kept: int = 0

    def clear(self) -> None:
        self.names.clear()
        ListeningArguments.asked.clear()
        self.kept = 0

    @property
    def heard(self) -> list[str]:
        return sorted(self.names | ListeningArguments.asked)


@contextmanager
def listening(world: World) -> Iterator[Ear]:
    """Hear what forms read, and roll every change back: the next example finds what the first one found."""
    ear, transact = Ear(), world.database.transact

    def parse(cls: type[Form], given: Mapping[str, Any]) -> Form:
        ear.names.update(field.alias or name for name, field in cls.model_fields.items())
        found: Form = original.__get__(None, cls)(given)
        return found

    def forget(viewer: Viewer, action: Any, **more: Any) -> Any:
        keep = more.get("keep", lambda _result: True)

        def note(result: object) -> bool:
            ear.kept += keep(result) and not viewer.is_system
            return False

        return transact(viewer, action, **{**more, "keep": note})

    original: Any = Form.__dict__["parse"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Form, "parse", classmethod(parse))
        patch.setattr(world.database, "transact", forget)
        yield ear


class ListeningObject(dict[str, Any]):
    """The data of a socket call that remembers what it was asked for."""

    asked: set[str] = set()  # shared on purpose: one call at a time

    def get(self, key: str, default: Any = None, /) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def copy(self) -> Self:
        return type(self)(self)


def almighty(viewer: Viewer) -> Viewer:
    """With every role: no door is closed to them for that."""
    return Viewer(viewer.id, frozenset(Role))
