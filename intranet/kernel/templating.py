"""What templates stand on, made for pages of a thousand small calls: an environment whose imports cost little, words,
dates and icons that are found again rather than made again. All that is kept depends on its arguments alone.
"""

import re
from collections import ChainMap
from collections.abc import Iterator, MutableMapping
from datetime import date, datetime
from functools import lru_cache, partial
from types import FunctionType
from typing import Any

from babel import Locale, dates
from flask import Flask, g
from flask.templating import Environment as FlaskEnvironment
from flask_babel import get_locale, get_timezone, gettext
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_eval_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.lexer import TOKEN_DATA, Token, TokenStream
from jinja2.nodes import EvalContext, Expr
from jinja2.runtime import Context as JinjaContext
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from intranet.kernel import clock
from intranet.kernel.assets import static_url
from intranet.kernel.languages import SOURCE, catalogue
from intranet.kernel.parts import left_open


class Context(JinjaContext):
    """Calls as Jinja does, which looks at each of a page's thousand calls for what hardly any of them is."""

    def call(self, called: Any, /, *given: Any, **named: Any) -> Any:
        kind = type(called)
        if kind is Macro:
            wanted = _WITH_EVAL_CONTEXT
        elif kind is FunctionType:
            wanted = getattr(called, "jinja_pass_arg", None)
        else:
            return super().call(called, *given, **named)
        if wanted is _WITH_EVAL_CONTEXT:
            given = (self.eval_ctx, *given)
        elif wanted is not None:
            return super().call(called, *given, **named)
        # What stands around the call is for those that take the whole context.
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*given, **named)


class Generator(CodeGenerator):
    """Templates' code leaves as it is what is known to be HTML: macros, icons and words, most of a page."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class Environment(FlaskEnvironment):
    """Its templates share one plain table of globals: Jinja looks through it at each import and at each include."""

    context_class = Context
    code_generator_class = Generator

    @staticmethod
    def escaped(value: Any) -> Markup:
        return value if type(value) is Markup else escape(value)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return ChainMap(d, self.globals) if d else self.globals


_INDENTATION = re.compile(r"\n +")


class Layout(Extension):
    """Templates are indented for those who read them; a page says a blank for it, or it would be a tenth longer."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        is_page = stream.name is not None and stream.name.endswith(".html")
        for token in stream:
            is_indented = is_page and token.type == TOKEN_DATA
            yield Token(token.lineno, TOKEN_DATA, _INDENTATION.sub(" ", token.value)) if is_indented else token


def set_up(app: Flask) -> None:
    """Words, dates, icons and addresses of files for every template."""
    app.jinja_env.add_extension(Layout)
    app.jinja_env.globals.update(
        _=translated,
        gettext=translated,
        ngettext=translated_number,
        drawn_icon=icon,
        drawn_mark=mark,
        csrf_field=csrf_field,
        shown_moment=moment,
        format_date=format_date,
        format_datetime=format_datetime,
        format_coming=format_coming,
    )
    # Flask-Babel's own take a reader's time zone to be one of pytz.
    app.jinja_env.filters.update(dateformat=format_date, datetimeformat=format_datetime, titled=titled)


_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


def titled(text: str) -> Markup:
    """A title as HTML: plain text, but for the code that its writer put between backticks."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped a moment before)


@pass_eval_context
def _of_the_reader(_context: EvalContext) -> None:
    """One that takes how HTML is written, to tell others by."""


_WITH_EVAL_CONTEXT = vars(_of_the_reader)["jinja_pass_arg"]


@pass_eval_context
def translated(context: EvalContext, text: str, /, **values: Any) -> str:
    """``_('…')`` in a template: the words in the reader's language, with ``values`` escaped where HTML is written."""
    if not context.autoescape:
        return catalogue(_language()).ugettext(text) % values
    return _words(_language(), text) % values if values else _plain_words(_language(), text)


@pass_eval_context
def translated_number(context: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    """``ngettext('…', '…', number)`` in a template."""
    words = catalogue(_language()).ungettext(one, many, number)
    values = {"num": number, **values}
    return Markup(words) % values if context.autoescape else words % values  # noqa: S704 (from our catalogues)


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else SOURCE


@lru_cache(maxsize=8192)
def _words(language: str, text: str) -> Markup:
    return Markup(catalogue(language).ugettext(text))  # noqa: S704 (from our catalogues)


@lru_cache(maxsize=8192)
def _plain_words(language: str, text: str) -> Markup:
    return _words(language, text) % {}


def format_datetime(moment: datetime, pattern: str = "medium", *, rebase: bool = True) -> str:
    """A moment in the reader's language and time zone; without ``rebase`` as it stands there."""
    if not rebase:  # one moment in two zones is equal, and kept once: what is shown then is the wall clock's alone
        return _moment(moment.replace(tzinfo=None), pattern, get_locale() or SOURCE, None)
    return _moment(moment, pattern, get_locale() or SOURCE, get_timezone())


def format_date(day: date | datetime, pattern: str = "medium") -> str:
    """A day in the reader's language; of a moment the day that it is in their time zone."""
    if isinstance(day, datetime):
        day = day.astimezone(get_timezone()).date()
    return _day(day, pattern, get_locale() or SOURCE)


def format_coming(time: datetime) -> str:
    """A moment to come, in the reader's language and time zone: its time of day alone where that is today."""
    zone = get_timezone()
    is_today = time.astimezone(zone).date() == clock.now().astimezone(zone).date()
    return format_datetime(time, "HH:mm" if is_today else "d MMM, HH:mm")


def moment(time: datetime) -> Markup:
    """How long ago something was, or on which day; the page's script keeps it true."""
    return left_open(partial(_ago, time))


def _ago(time: datetime) -> Markup:
    seconds = (clock.now() - time).total_seconds()
    minutes = max(int(seconds // 60), 0)
    # As coarse as what is said of it.
    age = minutes if minutes < 60 else minutes // 60 * 60 if minutes < 1440 else 1440 if seconds < 31536000 else 525600
    return _time(time, age, get_locale() or SOURCE, get_timezone())


@lru_cache(maxsize=4096)
def _time(time: datetime, minutes: int, locale: Locale | str, zone: Any) -> Markup:
    if minutes < 1:
        words: str = gettext("now")
    elif minutes < 60:
        words = gettext("%(n)s min ago", n=minutes)
    elif minutes < 1440:
        words = gettext("%(n)s h ago", n=minutes // 60)
    else:
        words = _moment(time, "d MMM" if minutes == 1440 else "d MMM y", locale, zone)
    shown = Markup('<time datetime="{}" data-controller="relative-time" title="{}">{}</time>')
    return shown.format(time.isoformat(), _moment(time, "long", locale, zone), words)


@lru_cache(maxsize=8192)
def _moment(moment: datetime, pattern: str, locale: Locale | str, zone: Any) -> str:
    return str(dates.format_datetime(moment, pattern, tzinfo=zone, locale=locale))


@lru_cache(maxsize=4096)
def _day(day: date, pattern: str, locale: Locale | str) -> str:
    return str(dates.format_date(day, pattern, locale=locale))


def icon(name: str, size: str = "", flip: bool = False) -> Markup:
    """An icon of the sprite; ``flip`` turns it in languages that are written from right to left."""
    return _icon(static_url("img/icons.svg"), name, size, flip)


@lru_cache(maxsize=1024)
def _icon(sprite: str, name: str, size: str, flip: bool) -> Markup:
    sized = Markup(' data-size="{}"').format(size) if size else ""
    flips = Markup(" data-flip") if flip else ""
    drawn = Markup('<svg class="icon"{}{} aria-hidden="true"><use href="{}#i-{}"/></svg>')
    return drawn.format(sized, flips, sprite, name)


def mark() -> Markup:
    """The mark of the product."""
    return Markup('<svg aria-hidden="true"><use href="{}#mark"/></svg>').format(static_url("img/icons.svg"))


def csrf_field() -> Markup:
    """The hidden field of a form that changes something; the same for all forms of a page."""
    return left_open(_csrf_field)


def _csrf_field() -> Markup:
    if "csrf_field" not in g:
        g.csrf_field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    field: Markup = g.csrf_field
    return field
