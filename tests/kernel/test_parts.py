"""Parts of pages are found again under all that they were made from, and under nothing less."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from jinja2 import DictLoader
from markupsafe import Markup

from intranet.kernel import clock, parts
from intranet.kernel.parts import part
from intranet.kernel.templating import csrf_field

_TIME = clock.now()
_TEMPLATES = {
    "words.html": "{{ made() }}{{ words }}",
    "field.html": "{% set token = field() %}{{ made() }}{{ moment(time) }}{{ token }}|{{ token }}",
    "around.html": "{{ made() }}<b>{{ part('field.html', time=time) }}</b>",
    "reader.html": "{{ me }}{{ viewer }}{{ site }}",
}


@dataclass(slots=True)
class Making:
    """Counts how often a part is made anew."""

    times: int = 0

    def __call__(self) -> str:
        self.times += 1
        return ""


@dataclass(frozen=True, slots=True)
class Card:
    """One that is told from others by what its hash leaves out, too."""

    text: str
    more: dict[str, str] = field(default_factory=dict, hash=False)


@pytest.fixture
def making(app: Flask) -> Making:
    env, made = app.jinja_env, Making()
    env.loader = DictLoader(_TEMPLATES)
    env.globals.update(made=made, field=csrf_field, moment=env.globals["shown_moment"])
    return made


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("page")
def test_equal_values_are_rendered_once(making: Making) -> None:
    assert part("words.html", words="<i>") == part("words.html", words="<i>") == "&lt;i&gt;"
    assert making.times == 1


@pytest.mark.usefixtures("page")
def test_values_that_only_look_equal_are_told_apart(making: Making) -> None:
    assert part("words.html", words=1) == "1"
    assert part("words.html", words=True) == "True"
    assert part("words.html", words="<b>") == "&lt;b&gt;"
    assert part("words.html", words=Markup("<b>")) == "<b>"
    shown = [part("words.html", words=Card("a", {"for": who})) for who in ("bob", "carol", "bob")]
    assert ["bob" in one for one in shown] == [True, False, True]
    assert making.times == 6


def test_what_belongs_to_one_page_is_filled_in_on_each(app: Flask, making: Making) -> None:
    pages = []
    for minutes in (5, 9):
        with app.test_request_context(), clock.fixed(_TIME + timedelta(minutes=minutes)):
            pages.append((part("around.html", time=_TIME), str(csrf_field())))
    assert making.times == 2
    for (page, token), words in zip(pages, ("5 min ago", "9 min ago"), strict=True):
        assert words in page
        assert page.endswith(f"{token}|{token}</b>")
        assert "<!--" not in page
    assert pages[0][1] != pages[1][1]


def test_each_language_and_time_zone_has_its_own(app: Flask, making: Making) -> None:
    for language in ("en", "de", "en"):
        with app.test_request_context(headers={"Accept-Language": language}):
            part("words.html", words="a")
    assert making.times == 2


@pytest.mark.usefixtures("making", "page")
def test_a_part_knows_nothing_of_who_reads_it() -> None:
    assert part("reader.html") == ""


def test_what_is_kept_stays_bounded_and_what_is_asked_for_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_ROOM", 1000)
    kept = parts._Kept()
    for number in range(500):
        kept.keep(number, ["x" * 10])
        kept.find(0)
    assert kept.find(0)
    assert kept.find(1) is None
    assert len(kept.young) + len(kept.old) < 250


def test_what_a_part_was_made_from_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_ROOM", 1000)
    kept = parts._Kept()
    for number in range(100):
        kept.keep(("words.html", Card("x" * 100), number), [])
    assert len(kept.young) + len(kept.old) < 25
