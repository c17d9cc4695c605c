"""The card of a link to the product's own pages: computed for whoever looks, so that it shows no more than the page
itself would. Where they may not read it there is none, and the plain link stays."""

import re

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.accounts.queries import site
from intranet.home.views import feature
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import excerpt, plain
from intranet.kernel.viewer import Viewer
from intranet.links.cards import LinkCard
from intranet.people.profiles import profile_view
from intranet.posts.queries import post_card

_POST = re.compile(r"/(?:posts|questions)/([0-9]{1,19})")
_PERSON = re.compile(r"/people/([\w.-]{1,80})")
_LONGEST_TITLE, _LONGEST_WORDS = 100, 200


@feature.get("/inside", allow=MEMBER)
def inside(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The card of the page ``of``, such as ``/posts/12`` or ``/people/ada``: a fragment for the page's script."""
    address = request.args.get("of", "")
    post, person = _POST.fullmatch(address), _PERSON.fullmatch(address)
    if post is not None and int(post[1]) <= MAX_ID:
        return str(_of_post(session, viewer, int(post[1])).html(""))
    if person is not None:
        return str(_of_person(session, viewer, person[1]).html(""))
    raise NotFound


def _of_post(session: Session, viewer: Viewer, post_id: int) -> LinkCard:
    card = post_card(session, viewer, post_id)
    words = plain(card.html)
    title = card.title or excerpt(words, most=_LONGEST_TITLE) or card.author.name
    about = excerpt(words, most=_LONGEST_WORDS) if card.title else ""
    return LinkCard(card.url, title, about, f"{card.author.name} · {site(session).name}")


def _of_person(session: Session, viewer: Viewer, username: str) -> LinkCard:
    card = profile_view(session, viewer, username).card
    return LinkCard(card.url, card.name, card.role, site(session).name)
