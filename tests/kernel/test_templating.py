"""What templates are given: dates and times as they stand where they are shown."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from intranet.kernel import clock
from intranet.kernel.templating import format_coming, format_datetime


def test_one_moment_shows_each_wall_clock_that_it_is_given_on(app: Flask) -> None:
    moment = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    there = [moment.astimezone(ZoneInfo(zone)) for zone in ("Asia/Kolkata", "Asia/Seoul", "Europe/Berlin")]
    with app.test_request_context():
        assert [format_datetime(one, "HH:mm", rebase=False) for one in there] == ["20:30", "00:00", "16:00"]
        assert {format_datetime(one, "HH:mm") for one in there} == {"15:00"}


def test_what_is_to_come_tells_its_day_unless_it_is_today(app: Flask) -> None:
    with app.test_request_context(), clock.fixed(datetime(2026, 11, 22, 15, 0, tzinfo=UTC)):
        assert format_coming(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == "23:30"
        assert format_coming(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) == "23 Nov, 09:00"


def test_the_day_of_a_moment_shows_also_to_who_has_no_time_zone(app: Flask) -> None:
    moment = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    with app.test_request_context():
        shown = app.jinja_env.from_string("{{ moment|dateformat('d MMM y') }}")
        assert shown.render(moment=moment) == "22 Nov 2026"


def test_code_in_a_title_is_shown_as_code_and_nothing_else_of_it_is_html(app: Flask) -> None:
    shown = app.jinja_env.from_string("{{ title|titled }}")
    assert shown.render(title="") == ""
    assert shown.render(title="Why `a < b` and <i>`c`</i>?") == (
        "Why <code>a &lt; b</code> and &lt;i&gt;<code>c</code>&lt;/i&gt;?"
    )
    assert shown.render(title="One ` alone, `` two") == "One ` alone, `` two"
    assert shown.render(title=Markup("a <mark>`b`</mark>")) == "a <mark><code>b</code></mark>"


@pass_context
def spoken_by(context: Context, word: str) -> str:
    return f"{context['speaker']}: {word}"


class Shelf:
    """May be called, and is neither a function nor a macro."""

    def __call__(self, what: str) -> str:
        return f"<{what}>"


def test_what_is_called_in_a_template_gets_what_it_asks_for_and_is_escaped_unless_it_is_html(app: Flask) -> None:
    page = app.jinja_env.from_string(
        "{% macro boxed(word) %}<b>{{ word }}</b>{{ caller() }}{% endmacro %}"
        "{% for name in ['<a>'] %}{% set speaker = name %}{{ spoken_by('hi') }} "
        "{{ plain('&') }} {{ shelf('x') }} {{ shout(word='o') }}"
        "{% call boxed(speaker) %}<i>{{ speaker }}</i>{% endcall %}{% endfor %}{{ html }}{{ 3 }}{{ none }}"
    )
    given = {"spoken_by": spoken_by, "plain": str, "shelf": Shelf(), "shout": lambda *, word: word.upper()}
    assert page.render(given, html=Markup("<hr>")) == (
        "&lt;a&gt;: hi &amp; &lt;x&gt; O<b>&lt;a&gt;</b><i>&lt;a&gt;</i><hr>3None"
    )


def test_a_template_that_writes_no_html_escapes_nothing(app: Flask) -> None:
    page = app.jinja_env.from_string("{% autoescape false %}{{ words }}{{ _('Reply') }}{% endautoescape %}")
    with app.test_request_context():
        assert page.render(words="<a>") == "<a>Reply"
