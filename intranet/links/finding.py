"""Addresses in rendered text, and which of them lead to pages elsewhere."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

from intranet.links.addresses import LONGEST_URL

_HREF = re.compile(r'<a [^>]*?href="([^"]*)"')


def addresses_in(html: str) -> Iterator[str]:
    """Where a rendered text links to, in order; whole addresses of the web and paths of our own."""
    for match in _HREF.finditer(html):
        address = unescape(match.group(1))
        if address.startswith("/") or (address.startswith(("http://", "https://")) and len(address) <= LONGEST_URL):
            yield address


def is_elsewhere(address: str, *, ours: str) -> bool:
    """Whether it leads to a page that is not ours."""
    try:
        return not address.startswith("/") and urlsplit(address).netloc.lower() != urlsplit(ours).netloc.lower()
    except ValueError:
        return False  # no address at all: nothing to look at


def first_page(html: str, *, ours: str) -> str:
    """The first page elsewhere that a rendered text links to, or nothing."""
    return next((address for address in addresses_in(html) if is_elsewhere(address, ours=ours)), "")
