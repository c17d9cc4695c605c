"""What an HTML page says of itself: Open Graph first, then its own title and description. Nothing of it is trusted; it
leaves here as plain words and one address."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from intranet.kernel.text import clean_line, excerpt
from intranet.links.addresses import Forbidden, split

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_SITE = 200, 300, 80
# What is decoded with a look at its own beginning for the charset that the page names.
_HEAD = 4096
# Codecs of Python that are no charsets of the web; some of them are slow by design.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7", "utf-7", "undefined"})
_TITLES = ("og:title", "twitter:title", "title")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_END = re.compile(r"</head\b|<body\b", re.IGNORECASE)
_TAG = re.compile(r"<(meta|title)(?=[\s>/])", re.IGNORECASE)
_CLOSE = re.compile(r"</title", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s=>"'/<]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
_LONGEST_VALUE = 2000
_PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image")


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of itself; ``picture`` is the address of a picture, or empty."""

    title: str
    description: str
    site: str
    picture: str


def read_page(body: bytes, charset: str | None, url: str) -> Said | None:
    """What the page at ``url`` says; None if it does not even have a title."""
    head = _Head(_decoded(body, charset))
    title = excerpt(head.first(_TITLES), most=LONGEST_TITLE)
    if not title:
        return None
    description = excerpt(head.first(_DESCRIPTIONS), most=LONGEST_DESCRIPTION)
    site = excerpt(head.first(("og:site_name",)), most=LONGEST_SITE) or shown_host(url)
    return Said(title, "" if description == title else description, site, _picture(head.first(_PICTURES), url))


def shown_host(url: str) -> str:
    """The name of a page's server, as one says it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")[:LONGEST_SITE]


def _picture(named: str, url: str) -> str:
    try:
        found = urljoin(url, named) if named else ""
        return split(found).geturl() if found else ""
    except (ValueError, Forbidden):
        return ""


def _decoded(body: bytes, charset: str | None) -> str:
    if body.startswith(b"\xef\xbb\xbf"):
        return body[3:].decode("utf-8", "replace")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    for name in (charset, _named(body[:_HEAD]), "utf-8"):
        if name and name.lower() not in _NO_CHARSETS:
            try:
                return body.decode(name, "replace")
            except (LookupError, ValueError):
                continue
    return body.decode("utf-8", "replace")


def _named(beginning: bytes) -> str | None:
    """The charset in ``<meta charset=…>`` or ``<meta http-equiv … content="text/html; charset=…">``."""
    lower = beginning.lower()
    at = lower.find(b"charset=")
    if at < 0:
        return None
    name = lower[at + 8 : at + 50].lstrip(b" \"'")
    end = next((i for i, byte in enumerate(name) if not (chr(byte).isalnum() or byte in b"-_.:")), len(name))
    return name[:end].decode("ascii", "ignore") or None


class _Head:
    """The title and the first value of each ``meta`` name, up to the body.

    It reads every character once: Python's own parser takes minutes over pages that are made to keep it busy.
    """

    def __init__(self, html: str) -> None:
        end = _END.search(html)
        html = html[: end.start()] if end else html
        self.values: dict[str, str] = {}
        at = 0
        while found := _TAG.search(html, at):
            at = found.end()
            if found.group(1).lower() == "meta":
                attributes, at = _attributes(html, at)
                self._keep(attributes.get("property") or attributes.get("name") or "", attributes.get("content", ""))
            elif "title" not in self.values:
                inside = html.find(">", at) + 1
                close = _CLOSE.search(html, inside) if inside else None
                # One that is never closed counts as empty: looking for its end again for each of many would take long.
                self._keep("title", html[inside : close.start()] if close else "")

    def _keep(self, name: str, value: str) -> None:
        name = name.strip().lower()
        if name and name not in self.values:
            self.values[name] = unescape(value[:_LONGEST_VALUE])

    def first(self, names: tuple[str, ...]) -> str:
        """The first of these that says something, as one clean line."""
        return next((line for name in names if (line := clean_line(self.values.get(name, "")))), "")


def _attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes of the tag that goes on at ``at``, and where they end."""
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(html, at):
        at = match.end()
        value = next((value for value in match.groups()[1:] if value is not None), "")
        found.setdefault(match.group(1).lower(), value)
    return found, at
