"""What the composer shows before anything is sent: its audience in words and number, and the draft kept for it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from intranet.groups.models import GroupKind
from intranet.groups.queries import GroupCard, groups_of, keeps_a_group
from intranet.kernel import audience
from intranet.kernel.ids import parse_id
from intranet.kernel.policy import allows
from intranet.kernel.text import MENTION, clean_text, slugify
from intranet.kernel.viewer import Viewer
from intranet.posts.actions.sharing import fits
from intranet.posts.cards import PostCard
from intranet.posts.models import LONGEST_TEXT, PostKind
from intranet.posts.policy import PostPermission
from intranet.posts.queries import audience_size, draft_at, post_card

_KINDS = (PostKind.UPDATE, PostKind.QUESTION, PostKind.PRAISE, PostKind.POLL, PostKind.ANNOUNCEMENT)
"""As they are offered: what is written most comes first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An audience that a post can be for. ``count`` people read it; ``group`` is None for everyone."""

    value: str
    count: int
    group: GroupCard | None = None

    @property
    def audience_id(self) -> int:
        return self.group.id if self.group else audience.EVERYONE

    @property
    def is_open(self) -> bool:
        """Whether more people than its members read it."""
        return self.group is not None and self.group.kind is GroupKind.OPEN


@dataclass(frozen=True, slots=True)
class Composer:
    """``key`` makes one sending out of many tries; ``drafted_at`` is set where ``text`` came back from a draft.
    ``choices`` are the audiences to pick from, ``chosen`` the one that is named before anything is sent."""

    place: str
    text: str
    kinds: tuple[PostKind, ...]
    kind: PostKind
    choices: tuple[Choice, ...]
    chosen: Choice
    key: str = field(compare=False)
    quoted: PostCard | None = None
    title: str = ""
    longest: int = LONGEST_TEXT
    drafted_at: datetime | None = None
    errors: Mapping[str, str] = field(default_factory=dict, hash=False)


def composer(
    session: Session,
    viewer: Viewer,
    *,
    place: str = "home",
    text: str = "",
    title: str = "",
    kind: PostKind = PostKind.UPDATE,
    key: str = "",
    to: str = "everyone",
    quote: str = "",
    errors: Mapping[str, str] | None = None,
) -> Composer:
    """A composer with the given text, or else with the draft that waits at ``place``; ``to`` is chosen if it can be."""
    draft = None if text or title or errors or quote else draft_at(session, viewer, place)
    quoted = post_card(session, viewer, parse_id(quote)) if quote else None
    choices = _choices(session, viewer, quoted)
    kinds = tuple(one for one in _KINDS if _may_post(session, viewer, one))
    return Composer(
        place=place,
        text=draft.text if draft else text,
        title=draft.title if draft else title,
        kinds=kinds,
        kind=PostKind.QUESTION if draft and draft.title else kind if kind in kinds else PostKind.UPDATE,
        choices=choices,
        chosen=next((choice for choice in choices if choice.value == to), choices[0]),
        quoted=quoted,
        key=key or secrets.token_urlsafe(16),
        drafted_at=draft.updated_at if draft else None,
        errors=errors or {},
    )


def composer_again(
    session: Session, viewer: Viewer, given: Mapping[str, str], *, errors: Mapping[str, str] | None = None
) -> Composer:
    """A composer with what a form or an address says, each thing under the name of its field."""
    kind = given.get("kind", "")
    return composer(
        session,
        viewer,
        place=given.get("place") or "home",
        text=given.get("text", ""),
        title=given.get("title", ""),
        kind=PostKind(kind) if kind in set(PostKind) else PostKind.UPDATE,
        key=given.get("idempotency_key", ""),
        to=given.get("audience", ""),
        quote=given.get("quote", ""),
        errors=errors,
    )


def _may_post(session: Session, viewer: Viewer, kind: PostKind) -> bool:
    """Whether there is somewhere to post this kind to."""
    is_for_owners = kind is PostKind.ANNOUNCEMENT
    return allows(PostPermission.PUBLISH, viewer, kind) or (is_for_owners and keeps_a_group(session, viewer))


def _choices(session: Session, viewer: Viewer, quoted: PostCard | None) -> tuple[Choice, ...]:
    """Where the viewer may post; what is passed on goes nowhere where more people could read it."""
    choices = places(session, viewer)
    if quoted is None or fits(session, quoted.audience_id, audience.EVERYONE):
        return choices
    return tuple(choice for choice in choices if choice.value == str(quoted.audience_id)) or choices[:1]


def places(session: Session, viewer: Viewer) -> tuple[Choice, ...]:
    """Where the viewer may post: everyone, then their groups."""
    everyone = Choice("everyone", audience_size(session, audience.EVERYONE))
    mine = groups_of(session, viewer.member_id)
    return (everyone, *(Choice(str(group.id), group.member_count, group) for group in mine))


def prefilled(arguments: Mapping[str, str]) -> str:
    """What an address asks the composer to begin with: ``to`` (a username), ``text`` and ``topic`` (a slug); and what
    another program shares with us, as ``title``, ``text`` and ``url``."""
    names = ("to", "title", "text", "url", "topic")
    to, title, text, url, topic = (clean_text(arguments.get(name, ""))[:2000] for name in names)
    if arguments.get("kind") == PostKind.QUESTION:
        title = ""  # has a field of its own there
    shared = [part for part in (title, text) if part]
    if url.startswith(("http://", "https://")) and url not in text:
        shared.append(url)
    parts = [f"@{to}" if MENTION.fullmatch(f"@{to}") else "", "\n\n".join(dict.fromkeys(shared))]
    parts.append(f"#{slugify(topic)}" if slugify(topic) else "")
    found = " ".join(part for part in parts if part)
    return f"{found} " if found else ""
