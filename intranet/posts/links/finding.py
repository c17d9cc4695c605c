"""The link in a post's text that gets a card: the first one, to a page elsewhere or to a post of ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from intranet.kernel.errors import NotFound
from intranet.kernel.ids import parse_id
from intranet.links.addresses import LONGEST_URL

_HREF = re.compile(r'<a [^>]*?href="([^"]*)"')
_POST = re.compile(r"/posts/(\d{1,19})(?:#item-\d+)?")


@dataclass(frozen=True, slots=True)
class FirstLink:
    """Either ``url``, the page elsewhere, or ``post_id``, or neither where a text links to nothing of that kind."""

    url: str = ""
    post_id: int | None = None


def addresses_in(html: str) -> list[str]:
    """Where the rendered text of a post links to, but for people and topics that it names."""
    return list(_candidates(html))


def first_link(html: str, *, ours: str) -> FirstLink:
    """What the rendered text of a post links to first. ``ours`` is where we are; other pages of ours do not count."""
    for address in _candidates(html):
        path = address.removeprefix(ours) if address.startswith(f"{ours}/") else address
        if found := _POST.fullmatch(path):
            try:
                return FirstLink(post_id=parse_id(found.group(1)))
            except NotFound:
                continue
        if not address.startswith("/") and not _is_ours(address, ours):
            return FirstLink(url=address)
    return FirstLink()


def _candidates(html: str) -> Iterator[str]:
    for match in _HREF.finditer(html):
        address = unescape(match.group(1))
        if address.startswith("/posts/") or (
            address.startswith(("http://", "https://")) and len(address) <= LONGEST_URL
        ):
            yield address


def _is_ours(address: str, ours: str) -> bool:
    try:
        return urlsplit(address).netloc.lower() == urlsplit(ours).netloc.lower()
    except ValueError:
        return True  # no address at all: nothing to look at
