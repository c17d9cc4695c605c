"""Components: each says what it is to people who cannot see it, and nothing typed by people becomes markup."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask, flash, g, render_template_string

from intranet.kernel import clock
from intranet.kernel.viewer import ANONYMOUS

Drawn = Callable[..., str]
ADA = SimpleNamespace(
    id=7,
    username="ada",
    name="Ada <b>Byron</b>",
    initials="AB",
    hue=172,
    photo_url=None,
    title="Engineer",
    presence="around",
)


@pytest.fixture
def drawn(app: Flask) -> Iterator[Drawn]:
    """Render a piece of template that has every component at hand."""
    imports = """
    {% from 'components/icon.html' import icon, mark %}
    {% from 'components/person.html' import avatar, name, row, faces %}
    {% from 'components/forms.html' import csrf, field, area, choose, check, switch with context %}
    {% from 'components/feedback.html' import banner, flashes, empty, badge, older with context %}
    {% from 'components/knowing.html' import knowing, tag with context %}
    {% from 'components/menu.html' import menu %}
    {% from 'components/time.html' import moment with context %}
    """
    with app.test_request_context():
        g.viewer, g.csp_nonce = ANONYMOUS, "nonce"
        yield lambda source, **context: render_template_string(imports + source, **context).strip()


def test_an_icon_is_silent_and_comes_from_the_sprite(drawn: Drawn) -> None:
    assert re.search(
        r'<svg class="icon" data-size="small" aria-hidden="true"><use href="/static/img/icons.svg\?v=\w+#i-home"/>',
        drawn("{{ icon('home', 'small') }}"),
    )


def test_drawn_initials_are_silent_because_the_name_stands_beside_them(drawn: Drawn) -> None:
    html = drawn("{{ row(ada) }}", ada=ADA)
    assert 'style="--hue:172" aria-hidden="true">AB' in html
    assert 'data-person="ada"' in html
    assert "<b>Byron" not in html


def test_a_photo_takes_the_place_of_the_initials(drawn: Drawn) -> None:
    html = drawn("{{ avatar(ada) }}", ada=SimpleNamespace(**{**vars(ADA), "photo_url": "/photos/x"}))
    assert '<img src="/photos/x" alt="" loading="lazy">' in html
    assert "AB" not in html


def test_a_field_names_its_hint(drawn: Drawn) -> None:
    html = drawn("{{ field('title', 'Job title', hint='As on your door') }}")
    assert '<label for="field-title">Job title</label>' in html
    assert 'aria-describedby="field-title-hint"' in html
    assert "aria-invalid" not in html


@pytest.mark.parametrize("macro", ["field", "area"])
def test_a_wrong_field_says_so_and_keeps_what_was_typed(drawn: Drawn, macro: str) -> None:
    html = drawn("{{ " + macro + "('when', 'When', '<yesterday>', errors={'when': 'Use a date after today'}) }}")
    assert 'aria-invalid="true" aria-describedby="field-when-error"' in html
    assert '<p class="field-error" id="field-when-error" role="alert">' in html
    assert "&lt;yesterday&gt;" in html


def test_a_choice_shows_what_is_chosen(drawn: Drawn) -> None:
    html = drawn("{{ choose('zone', 'Time zone', [('utc', 'UTC'), ('cet', 'Gdańsk')], 'cet') }}")
    assert '<option value="cet" selected>Gdańsk</option>' in html


def test_a_switch_is_a_checkbox_that_calls_itself_a_switch(drawn: Drawn) -> None:
    assert '<input type="checkbox" role="switch" name="keys" value="1" checked>' in drawn(
        "{{ switch('keys', 'Keys', true) }}"
    )


def test_every_form_can_carry_its_token(drawn: Drawn) -> None:
    assert re.search(r'<input type="hidden" name="csrf_token" value="[^"]{20,}">', drawn("{{ csrf() }}"))


def test_knowing_is_a_picture_with_a_sentence(drawn: Drawn) -> None:
    html = drawn("{{ knowing(dict(answered=0, wrote=40, endorsed=20, worked=5), 'Sure') }}")
    assert 'role="img" aria-label="Sure. Evidence: answered 0, wrote 40, endorsed 20, worked on 5, out of 100"' in html
    assert re.findall(r'data-why="(\w+)" style="--share:(\d+)"', html) == [
        ("wrote", "40"),
        ("endorsed", "20"),
        ("worked", "5"),
    ]


def test_a_badge_of_nothing_is_not_there(drawn: Drawn) -> None:
    assert drawn("{{ badge(0, 'unread') }}") == ""
    assert "sr-only" in drawn("{{ badge(4, 'unread', 'call') }}")


def test_an_empty_place_says_the_fact_and_the_next_step(drawn: Drawn) -> None:
    html = drawn("{% call empty('Nothing waits', 'Two are open.') %}<a href='/x'>Show</a>{% endcall %}")
    assert "<h2>Nothing waits</h2><p>Two are open.</p><a href='/x'>Show</a>" in html


def test_a_menu_opens_without_script(drawn: Drawn) -> None:
    html = drawn("{% call menu('More for this post') %}<li><a href='/x'>Open</a></li>{% endcall %}")
    assert re.search(r'<details class="menu".*<summary class="icon-button".*aria-label="More for this post"', html)


def test_older_is_a_link_and_nothing_at_the_end_of_a_list(drawn: Drawn) -> None:
    assert 'rel="next"' in drawn("{{ older('/?before=x') }}")
    assert drawn("{{ older('') }}") == ""


def test_what_failed_is_an_alert_and_what_went_well_only_a_status(drawn: Drawn) -> None:
    flash("Not saved: the file was larger than 25 MB.", "error")
    flash("Saved.")
    html = drawn("{{ flashes() }}")
    assert re.search(r'data-tone="risk" role="alert".*Not saved', html)
    assert re.search(r'data-tone="good" role="status".*Saved\.', html)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=10), "now"),
        (timedelta(minutes=9), "9 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=3), "8 May"),
    ],
)
def test_times_are_relative_up_to_a_day_and_dates_after(drawn: Drawn, age: timedelta, words: str) -> None:
    with clock.fixed(clock.now().replace(year=2026, month=5, day=11, hour=12)):
        html = drawn("{{ moment(then) }}", then=clock.now() - age)
    assert f">{words}</time>" in html
    assert 'datetime="2026-05-' in html
