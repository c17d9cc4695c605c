"""What people write: cleaned, folded for comparison, and rendered from Markdown to safe HTML."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029]")
# Bidirectional overrides and isolates can make text read otherwise than it is stored; plain marks may stay.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs by their kind that nobody sees
_NOT_SHOWN = {ord(character): None for character in _OVERRIDES}
MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9]|[A-Za-z0-9])")
HASHTAG = re.compile(r"(?<![\w#&/])#(?=[\w-]*[^\W\d_])([\w][\w-]{0,62})")

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "input", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "span",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "pre": {"lang"},
    "td": {"align"},
    "th": {"align"},
}
_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_HARDBREAKS
_UNTOUCHED = frozenset({"a", "code", "pre"})
_LONGEST_LANGUAGE = 40


def clean_text(text: str) -> str:
    """Running text without control characters and direction overrides; NFC, line ends as ``\\n``, outer blanks off.
    What shows nothing at all is no text."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    kept = (c for c in text if c in "\n\t" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _OVERRIDES))
    cleaned = "".join(kept).strip()
    return cleaned if any(_is_seen(c) for c in cleaned) else ""


def _is_seen(character: str) -> bool:
    return character not in _FILLERS and unicodedata.category(character)[0] not in "CZM"


def clean_line(text: str) -> str:
    """One line: as ``clean_text``, with every run of blanks as one space."""
    return " ".join(clean_text(text).split())


def fold(text: str) -> str:
    """For comparison: no case, no accents (``Wiśniewski`` and ``wisniewski`` are the same)."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o").replace("đ", "d"))
    return "".join(c for c in spread if not unicodedata.combining(c))


def slugify(text: str) -> str:
    """A topic's address: lower case, words joined by ``-``, letters of every script kept.

    The slug of a slug is the slug itself: whoever has one may ask for it like for any other name.
    """
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return re.sub(r"[\W_]+", "-", lower).strip("-")[:63].rstrip("-")


@dataclass(frozen=True, slots=True)
class RenderedText:
    """Safe HTML, and whom and what the text names: usernames and topic slugs in order, each once."""

    html: str
    mentions: tuple[str, ...]
    hashtags: tuple[str, ...]


def mentioned_usernames(text: str) -> set[str]:
    """What might be a mention, in lower case, to be looked up before rendering."""
    return {match.group(1).lower() for match in MENTION.finditer(text)}


def render_markdown(text: str, people: Mapping[str, str] | None = None) -> RenderedText:
    """Markdown (GitHub's flavour) to sanitised HTML with links for mentions and hashtags.

    ``people`` maps the lower-case usernames that exist to display names; an ``@word`` of nobody stays as typed.
    """
    # Imported text is stored to the letter, overrides included; what is shown must read as it is stored.
    text = text.translate(_NOT_SHOWN)
    raw = cmarkgfm.github_flavored_markdown_to_html(text, options=_OPTIONS)
    safe = nh3.clean(raw, tags=_TAGS, attributes=_ATTRIBUTES, link_rel="nofollow noopener noreferrer",
                     url_schemes={"http", "https", "mailto"})  # fmt: skip
    linker = _Linker(people or {})
    linker.feed(safe)
    linker.close()
    return RenderedText("".join(linker.out), tuple(linker.mentions), tuple(linker.hashtags))


class _Linker(HTMLParser):
    """Walks sanitised HTML; in text outside links and code it turns ``@name`` and ``#topic`` into links."""

    def __init__(self, people: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.people = people
        self.out: list[str] = []
        self.mentions: dict[str, None] = {}
        self.hashtags: dict[str, None] = {}
        self.open: list[str] = []
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"br", "hr", "input"}:
            self.open.append(tag)
        if tag == "pre":
            self.language = dict(attrs).get("lang")
            self.out.append(_pre(self.language))
        else:
            self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            self.open.remove(tag)
        self.language = None if tag == "pre" else self.language
        self.out.append("</pre></figure>" if tag == "pre" else f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.language:
            self.out.append(_coloured(data, self.language))
        elif _UNTOUCHED.intersection(self.open):
            self.out.append(escape(data, quote=False))
        else:
            self.out.append(HASHTAG.sub(self._topic, MENTION.sub(self._person, escape(data, quote=False))))

    def _person(self, match: re.Match[str]) -> str:
        username = match.group(1).lower()
        name = self.people.get(username)
        if name is None:
            return match.group()
        self.mentions[username] = None
        shown = escape(name)
        return f'<a class="mention" href="/people/{username}" data-person="{username}">@{shown}</a>'

    def _topic(self, match: re.Match[str]) -> str:
        slug = slugify(match.group(1))
        if not slug:
            return match.group()
        self.hashtags[slug] = None
        return f'<a class="hashtag" href="/topics/{escape(slug)}">#{match.group(1)}</a>'


def _pre(language: str | None) -> str:
    """Code under the name of what it is written in; the page's script puts a button to copy it beside the name.

    Code scrolls sideways, so the keyboard must reach it.
    """
    lexer = _lexer(language) if language else None
    name = str(lexer.name) if lexer else (language or "")[:_LONGEST_LANGUAGE]
    caption = f"<figcaption>{escape(name)}</figcaption>" if name else "<figcaption data-bare></figcaption>"
    return f'<figure class="code" data-controller="code">{caption}<pre tabindex="0">'


def _lexer(language: str) -> Lexer | None:
    try:
        found: Lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return found


def _coloured(code: str, language: str) -> str:
    lexer = _lexer(language)
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True))) if lexer else escape(code, quote=False)


_BLOCK_ENDS = re.compile(r"</(?:p|li|h\d|pre|tr|blockquote)>|<br ?/?>")
_ANY_TAG = re.compile(r"<figcaption[^>]*>[^<]*|<[^>]*>")  # a caption names what code is written in: nobody said it


def plain(html: str) -> str:
    """Rendered HTML as plain words on one line, for excerpts and notices."""
    return " ".join(unescape(_ANY_TAG.sub("", _BLOCK_ENDS.sub(" ", html))).split())


def first_line(html: str) -> tuple[str, str]:
    """The plain words of the first block of rendered HTML, a heading say, and of all that follows."""
    first, *rest = _BLOCK_ENDS.split(html, maxsplit=1)
    return plain(first), plain(rest[0]) if rest else ""


def excerpt(text: str, *, most: int = 200) -> str:
    """The beginning of a text, cut between words and marked with an ellipsis; inside of a word that would take half of
    it along, as where no blanks stand between words."""
    if len(text) <= most:
        return text
    blank = text.rfind(" ", most // 2, most)
    cut = text[: most if blank < 0 else blank].rstrip(" .,;:–-")
    return f"{cut or text[:most]}…"


_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """A cell that a spreadsheet shows and does not run: what would begin a formula gets an apostrophe before it."""
    text = str(value)
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
