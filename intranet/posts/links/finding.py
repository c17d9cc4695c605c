"""The link in a post's text that gets a card: the first one, to a page elsewhere or to a post of ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intranet.kernel.errors import NotFound
from intranet.kernel.ids import parse_id
from intranet.links.finding import addresses_in as all_addresses_in
from intranet.links.finding import is_elsewhere

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
        if is_elsewhere(address, ours=ours):
            return FirstLink(url=address)
    return FirstLink()


def _candidates(html: str) -> Iterator[str]:
    return (one for one in all_addresses_in(html) if not one.startswith("/") or one.startswith("/posts/"))
