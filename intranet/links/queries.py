"""Reads of what is kept about pages elsewhere."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.links.models import LinkPage


def key_of(url: str) -> str:
    """Under what an address is kept."""
    return hashlib.sha256(url.encode()).hexdigest()


def fresh_page(session: Session, url: str) -> LinkPage | None:
    """What is known of an address, unless it is too old."""
    page = session.get(LinkPage, key_of(url))
    return page if page is not None and page.expires_at > clock.now() else None


def names_picture(session: Session, sha256: str) -> bool:
    """Whether these bytes are the picture of a page that is kept."""
    return session.scalar(select(LinkPage.url_sha256).where(LinkPage.picture_sha256 == sha256).limit(1)) is not None
