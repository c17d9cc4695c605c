"""What the composer shows before anything is sent: its audience in words and number, and the draft kept for it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from intranet.kernel import audience
from intranet.kernel.policy import allows
from intranet.kernel.text import MENTION, clean_text, slugify
from intranet.kernel.viewer import Viewer
from intranet.posts.models import LONGEST_TEXT, PostKind
from intranet.posts.policy import PostPermission
from intranet.posts.queries import audience_size, draft_at


@dataclass(frozen=True, slots=True)
class Composer:
    """``key`` makes one sending out of many tries; ``drafted_at`` is set where ``text`` came back from a draft."""

    place: str
    text: str
    kinds: tuple[PostKind, ...]
    kind: PostKind
    audience_count: int
    key: str
    longest: int = LONGEST_TEXT
    drafted_at: datetime | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def composer(
    session: Session,
    viewer: Viewer,
    *,
    place: str = "home",
    text: str = "",
    kind: PostKind = PostKind.UPDATE,
    key: str = "",
    errors: Mapping[str, str] | None = None,
) -> Composer:
    """A composer with the given text, or else with the draft that waits at ``place``."""
    draft = None if text or errors else draft_at(session, viewer, place)
    return Composer(
        place=place,
        text=draft.text if draft else text,
        kinds=tuple(kind for kind in PostKind if allows(PostPermission.PUBLISH, viewer, kind)),
        kind=kind,
        audience_count=audience_size(session, audience.EVERYONE),
        key=key or secrets.token_urlsafe(16),
        drafted_at=draft.updated_at if draft else None,
        errors=errors or {},
    )


def prefilled(arguments: Mapping[str, str]) -> str:
    """What an address asks the composer to begin with: ``to`` (a username), ``text`` and ``topic`` (a slug)."""
    to, text, topic = (clean_text(arguments.get(name, ""))[:2000] for name in ("to", "text", "topic"))
    parts = (f"@{to}" if MENTION.fullmatch(f"@{to}") else "", text, f"#{slugify(topic)}" if slugify(topic) else "")
    found = " ".join(part for part in parts if part)
    return f"{found} " if found else ""
