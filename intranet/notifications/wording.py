"""Each bundle as one sentence with links, for pages and for mail, in the reader's language."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.articles.queries import titles_of
from intranet.articles.voices.queries import notes_of
from intranet.chat.models import Conversation, Message
from intranet.groups.queries import GroupCard, group_cards
from intranet.kernel.audience import EVERYONE
from intranet.kernel.text import excerpt, plain
from intranet.notifications.models import MODERATED, REMOVED, Notice, Source
from intranet.notifications.queries import Bundle
from intranet.notifications.sentences import DEEDS, GLYPHS, HINTS, PATTERNS, SECURITY
from intranet.people.cards import PersonCard, person_cards
from intranet.posts.models import Comment, Post
from intranet.posts.scheduled.models import ScheduledPost
from intranet.questions.asked.reasons import reason_for_me
from intranet.questions.routing.models import AskedPerson
from intranet.topics.queries import TopicCard, topic_cards

_LONGEST_NAME = 70
_LONGEST_QUOTE = 240
CHAT = frozenset(
    {Source.CHAT_MENTION, Source.CHAT_DIRECT, Source.SHARING_ASKED, Source.SHARING_ANSWERED, Source.REMIND_ME}
)
ASKING = frozenset({Source.ASKED, Source.AROUND})
KEPT = frozenset({Source.ARTICLE_DUE, Source.ARTICLE_GIVEN, Source.ARTICLE_DIFFERENT, Source.ARTICLE_NEWS})
_OF_POSTS = {
    Source.NEW_POST,
    Source.MENTION,
    Source.REPLY,
    Source.THREAD,
    Source.QUESTION_NEWS,
    Source.KEYWORD,
    Source.SHARED,
    Source.PRAISED,
}
ANNOUNCED = frozenset({Source.ANNOUNCEMENT, Source.REMINDER})
_CALLED = {
    Source.INSPECTION_ASKED: lazy_gettext("a private conversation"),
    Source.CAME_BACK: lazy_gettext("A post that you wrote for later"),
}
_PLACES = {
    Source.INSPECTION_ASKED: "/admin/inspections",
    Source.SECURITY: "/settings/security",
    Source.CAME_BACK: "/scheduled",
    Source.HIDDEN: "/settings/decisions",
    Source.CLOSED: "/settings/decisions",
    Source.GIVEN_BACK: "/settings/decisions",
    Source.REPORT_ACTED: "/guidelines",
    Source.REPORT_KEPT: "/guidelines",
}
_TITLE = re.compile(r"<cite>(.*?)</cite>")
_QUOTED = _OF_POSTS | CHAT | ASKING


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A bundle as it is shown. ``sentence`` is safe HTML; ``url`` is where it leads, also from mail, which
    quotes nothing that ``is_private``: what only some may read stays inside."""

    id: int
    source: Source
    glyph: str
    face: PersonCard | None
    sentence: Markup
    quote: str
    url: str
    when: datetime
    is_unread: bool
    is_private: bool
    thread: str

    @property
    def said(self) -> str:
        """The sentence where nothing can be a link: titles are told from what is said of them by quotation marks."""
        quoted = _TITLE.sub(lambda found: str(_("“%(title)s”", title=found[1])), self.sentence)
        return Markup(quoted).striptags()  # noqa: S704 (the sentence is safe, and so are quotation marks)

    @property
    def deed(self) -> str:
        """What the button of a mail says."""
        return str(DEEDS.get(self.source, _("Open in Couth")))

    @property
    def hint(self) -> str:
        """What a mail says instead of a sentence that stays inside."""
        if self.source in HINTS:
            return str(HINTS[self.source])
        if self.source in CHAT:
            return str(_("Something in a conversation of yours"))
        if self.source in MODERATED:
            return str(_("Something that moderators decided"))
        return str(_("Something in a group of yours"))


@dataclass(frozen=True, slots=True)
class _Things:
    """What the bundles of one page speak of; what the viewer may not read is missing."""

    people: dict[int, PersonCard]
    posts: dict[int, Post]
    comments: dict[int, Comment]
    groups: dict[int, GroupCard]
    topics: dict[int, TopicCard]
    conversations: frozenset[int]
    messages: dict[int, Message]
    rooms: dict[int, str]
    reasons: dict[int, str]
    returned: dict[int, str]
    articles: dict[int, str]
    notes: dict[int, str]


def cards(session: Session, bundles: Sequence[Bundle]) -> list[NoticeCard]:
    """Sentences for bundles, in their order; a constant number of statements."""
    things = _look_up(session, bundles)
    return [_card(bundle, things) for bundle in bundles]


def _look_up(session: Session, bundles: Sequence[Bundle]) -> _Things:
    def ids(of: Callable[[Bundle], Iterable[int | None]]) -> set[int]:
        return {one for bundle in bundles for one in of(bundle) if one is not None}

    grouped = {Source.GROUP_ASKED, Source.GROUP_INVITED, Source.GROUP_ANSWERED}
    judged = ids(lambda bundle: (bundle.latest.subject_id,) if bundle.source in MODERATED else ())
    said = ids(lambda bundle: (bundle.latest.item_id,) if bundle.source in CHAT else ())
    items = ids(lambda bundle: (bundle.latest.item_id,)) - said
    posts = ids(lambda bundle: (bundle.latest.post_id,)) | judged
    return _Things(
        people=person_cards(session, ids(lambda bundle: bundle.people)),
        posts={row.id: row for row in session.scalars(select(Post).where(Post.id.in_(posts)))} if posts else {},
        comments=_comments(session, (items - posts) | judged),
        groups=group_cards(session, ids(lambda b: (b.latest.subject_id,) if b.source in grouped | MODERATED else ())),
        topics=topic_cards(session, ids(lambda b: (b.latest.subject_id,) if b.source is Source.ENDORSED else ())),
        conversations=_conversations(
            session, ids(lambda b: (b.latest.subject_id,) if b.source is Source.INSPECTED else ())
        ),
        messages=_messages(session, said),
        rooms=_rooms(session, ids(lambda b: (b.latest.subject_id,) if b.source in CHAT else ())),
        articles=titles_of(session, ids(lambda b: (b.latest.subject_id,) if b.source in KEPT else ())),
        notes=notes_of(session, ids(lambda b: (b.latest.item_id,) if b.source is Source.ARTICLE_DIFFERENT else ())),
        reasons=_reasons(session, [bundle.latest for bundle in bundles if bundle.source in ASKING]),
        returned=_returned(session, ids(lambda b: (b.latest.subject_id,) if b.source is Source.CAME_BACK else ())),
    )


def _returned(session: Session, ids: set[int]) -> dict[int, str]:
    """Why posts for later came back; those that wait again, or are gone, are missing."""
    rows = select(ScheduledPost).where(ScheduledPost.id.in_(ids), ScheduledPost.reason != "")
    return {row.id: row.reason for row in session.scalars(rows)} if ids else {}


def _messages(session: Session, ids: set[int]) -> dict[int, Message]:
    there = select(Message).where(Message.id.in_(ids), Message.deleted_at.is_(None))
    return {row.id: row for row in session.scalars(there)} if ids else {}


def _rooms(session: Session, ids: set[int]) -> dict[int, str]:
    """Conversations that have a name."""
    named = select(Conversation.id, Conversation.name).where(Conversation.id.in_(ids), Conversation.name != "")
    return {row.id: row.name for row in session.execute(named)} if ids else {}


def _reasons(session: Session, notices: Sequence[Notice]) -> dict[int, str]:
    """Why the reader is asked, by the question."""
    if not notices:
        return {}
    mine = AskedPerson.person_id == notices[0].person_id
    rows = session.scalars(select(AskedPerson).where(mine, AskedPerson.post_id.in_([one.post_id for one in notices])))
    asked = {row.post_id: row for row in rows}
    named = person_cards(session, {row.by_id for row in asked.values() if row.by_id is not None})
    names = {person_id: card.name for person_id, card in named.items()}
    return {post_id: reason_for_me(row, names.get(row.by_id or 0, "")) for post_id, row in asked.items()}


def _comments(session: Session, ids: set[int]) -> dict[int, Comment]:
    return {row.id: row for row in session.scalars(select(Comment).where(Comment.id.in_(ids)))} if ids else {}


def _conversations(session: Session, ids: set[int]) -> frozenset[int]:
    """Those that the viewer may still know of."""
    return frozenset(session.scalars(select(Conversation.id).where(Conversation.id.in_(ids)))) if ids else frozenset()


def _card(bundle: Bundle, things: _Things) -> NoticeCard:
    latest = bundle.latest
    url = _address(bundle, things)
    return NoticeCard(
        id=latest.id,
        source=latest.source,
        glyph=GLYPHS[latest.source],
        face=things.people.get(bundle.people[0]) if bundle.people else None,
        sentence=_sentence(bundle, things, url),
        quote=_quote(bundle, things),
        url=url,
        when=bundle.when,
        is_unread=bundle.is_unread,
        is_private=latest.audience_id != EVERYONE or latest.source in MODERATED,
        thread=latest.thread,
    )


def _address(bundle: Bundle, things: _Things) -> str:
    latest = bundle.latest
    if latest.source is Source.HIDDEN and latest.thread.startswith(REMOVED):
        return "/guidelines"
    if latest.source in _PLACES:
        return _PLACES[latest.source]
    if latest.source is Source.INSPECTED:
        return f"/chat/{latest.subject_id}" if latest.subject_id in things.conversations else "/chat"
    if latest.source in CHAT | KEPT:
        return f"/articles/{latest.subject_id}" if latest.source in KEPT else f"/chat/messages/{latest.item_id}"
    if latest.post_id is not None and bundle.source in ASKING:
        return f"/questions/{latest.post_id}#asked-me"
    if latest.post_id is not None:
        item = latest.item_id if latest.item_id != latest.post_id else None
        return f"/posts/{latest.post_id}" + (f"#item-{item}" if item else "")
    group = things.groups.get(latest.subject_id or 0)
    if group is not None:
        return f"{group.url}/members" if bundle.source is Source.GROUP_ASKED else group.url
    topic = things.topics.get(latest.subject_id or 0)
    if topic is not None:
        return topic.url
    if bundle.people and bundle.people[0] in things.people:
        return things.people[bundle.people[0]].url
    return "/groups" if bundle.source is Source.GROUP_INVITED else "/notifications"


def _quote(bundle: Bundle, things: _Things) -> str:
    """The words that reached the reader; none where only a mark was set below their own."""
    if bundle.source is Source.CAME_BACK:
        return things.returned.get(bundle.latest.subject_id or 0, "")
    if bundle.source is Source.ARTICLE_DIFFERENT:
        return things.notes.get(bundle.latest.item_id or 0, "")
    item = _item(bundle, things)
    if bundle.source in ANNOUNCED and isinstance(item, Post):
        words = plain(item.html)
        return excerpt(words, most=_LONGEST_QUOTE) if len(words) > _LONGEST_NAME else ""  # the sentence says it all
    if bundle.source not in _QUOTED:
        return ""
    if bundle.source in ASKING and isinstance(item, Post):
        return item.title
    return excerpt(plain(item.html), most=_LONGEST_QUOTE) if item is not None else ""


def _item(bundle: Bundle, things: _Things) -> Post | Comment | Message | None:
    item_id = bundle.latest.item_id or 0
    if bundle.source in CHAT:
        return things.messages.get(item_id)
    return things.comments.get(item_id) or things.posts.get(item_id)


def _who(bundle: Bundle, things: _Things) -> Markup:
    names = [Markup("<b><bdi>{}</bdi></b>").format(things.people[one].name) for one in bundle.people]
    if not names:
        return escape(_("Somebody"))
    if len(names) > 1:
        return _filled(
            _("%(first)s and %(second)s", first="%(first)s", second="%(second)s"), first=names[0], second=names[1]
        )
    if bundle.others:
        words = ngettext("%(name)s and %(num)s other", "%(name)s and %(num)s others", bundle.others, name="%(name)s")
        return _filled(words, name=names[0])
    return names[0]


def _what(bundle: Bundle, things: _Things, url: str) -> Markup:
    """The thing with its link: the post by its first words, the group, or the topic."""
    link, titled = Markup('<a href="{}"><bdi>{}</bdi></a>'), Markup('<a href="{}"><cite><bdi>{}</bdi></cite></a>')
    if bundle.source is Source.INSPECTED:
        inside = bundle.latest.subject_id in things.conversations
        return link.format(url, _("a conversation that you are in") if inside else _("a conversation that you were in"))
    called = _CALLED.get(bundle.source) or SECURITY.get(bundle.latest.thread)
    if called is not None:
        return link.format(url, called)
    if bundle.source in MODERATED:
        return link.format(url, _judged(bundle, things))
    if bundle.source in CHAT:
        return link.format(url, things.rooms.get(bundle.latest.subject_id or 0) or _("a conversation"))
    if bundle.source in KEPT:
        title = things.articles.get(bundle.latest.subject_id or 0)
        return titled.format(url, title) if title else link.format(url, _("an article"))
    post = things.posts.get(bundle.latest.post_id or 0)
    if bundle.source in ASKING:
        words = _("You are being asked") if bundle.source is Source.ASKED else _("Nobody has answered this yet")
        return link.format(url, words)
    if post is not None and bundle.latest.item_id == post.id and bundle.source in _QUOTED and not post.title:
        return link.format(url, _("a post"))  # whose words stand below the sentence
    if post is not None:
        words = excerpt(post.title or plain(post.html), most=_LONGEST_NAME)
        return titled.format(url, words) if words else link.format(url, _("a post without words"))
    group, topic = things.groups.get(bundle.latest.subject_id or 0), things.topics.get(bundle.latest.subject_id or 0)
    if group is not None or topic is not None:
        return link.format(url, group.name if group is not None else topic.name if topic is not None else "")
    return link.format(url, _("a group") if bundle.source is Source.GROUP_INVITED else _("your profile"))


def _judged(bundle: Bundle, things: _Things) -> str:
    """What moderators decided about; of what was reported not more than that it was."""
    subject = bundle.latest.subject_id or 0
    if bundle.source in {Source.REPORT_ACTED, Source.REPORT_KEPT}:
        return str(_("what you reported"))
    if subject == bundle.latest.person_id:
        return str(_("what your profile says"))
    if subject in things.groups:
        return str(_("your group %(name)s", name=things.groups[subject].name))
    item = things.comments.get(subject) or things.posts.get(subject)
    said = (item.title if isinstance(item, Post) else "") or plain(item.html) if item is not None else ""
    words = excerpt(said, most=_LONGEST_NAME)
    return str(_("what you wrote: %(words)s", words=words) if words else _("what you wrote"))


def _sentence(bundle: Bundle, things: _Things, url: str) -> Markup:
    many = len(bundle.people) + bundle.others
    at = {"who": "%(who)s", "what": "%(what)s", "why": "%(why)s", "kind": bundle.latest.thread.rpartition(":")[2]}
    words = PATTERNS[bundle.source](max(1, many), at)
    why = escape(things.reasons.get(bundle.latest.post_id or 0, ""))
    return _filled(words, who=_who(bundle, things), what=_what(bundle, things, url), why=why)


def _filled(words: str, **parts: Markup) -> Markup:
    """A translated sentence, escaped, with safe HTML at its places."""
    return escape(words) % parts
