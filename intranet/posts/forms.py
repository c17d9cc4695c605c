"""Input for posts, from HTML forms and from JSON, each into the same draft."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from flask_babel import gettext as _
from pydantic import AwareDatetime

from intranet.files.actions import MOST_FILES
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form
from intranet.kernel.ids import parse_id
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.text import slugify
from intranet.people.naming import split_names
from intranet.posts.actions.publishing import PostDraft
from intranet.posts.announcements.actions import AnnouncementDraft
from intranet.posts.asking.actions import AskingDraft
from intranet.posts.asking.models import Urgency
from intranet.posts.models import PostKind
from intranet.posts.polls.actions import PollDraft
from intranet.posts.polls.models import MOST_OPTIONS
from intranet.posts.praise.actions import PraiseDraft

_MOST_TOPICS = 10


class PostForm(Form):
    """The composer. ``text`` is measured by the action, which says by how much it is too long."""

    text: str = ""
    title: str = ""
    topics: list[str] = []
    kind: PostKind = PostKind.UPDATE
    audience: str = "everyone"
    place: str = ""
    quote: str = ""
    files: list[str] = []
    idempotency_key: str = ""
    option1: str = ""
    option2: str = ""
    option3: str = ""
    option4: str = ""
    option5: str = ""
    option6: str = ""
    option7: str = ""
    option8: str = ""
    choices: Literal["one", "many"] = "one"
    names: Literal["shown", "secret"] = "shown"
    closes_in: Literal["", "1", "3", "7", "14"] = ""
    people: str = ""
    topic: str = ""
    lasts: Literal["1", "3", "7", "14", "30"] = "7"
    asks: Literal["", "1", "urgent"] = ""
    remind_in: Literal["", "1", "3", "7", "14"] = ""
    owner: str = ""
    urgency: Urgency = Urgency.SOON
    ask: list[str] = []
    also_ask: str = ""
    anonymous: Literal["", "1"] = ""

    @property
    def asking(self) -> AskingDraft | None:
        """What the question's part of the composer says, where it is in use: how soon, whom, and under whose name."""
        if self.kind is not PostKind.QUESTION:
            return None
        people = tuple(dict.fromkeys((*self.ask, *split_names(self.also_ask))))
        return AskingDraft(urgency=self.urgency, people=people, is_anonymous=self.anonymous == "1")

    @property
    def announcement(self) -> AnnouncementDraft | None:
        """What the announcement's part of the composer says, where it is in use."""
        if self.kind is not PostKind.ANNOUNCEMENT:
            return None
        now = clock.now()
        return AnnouncementDraft(
            ends_at=now + timedelta(days=int(self.lasts)),
            asks=self.asks != "",
            is_urgent=self.asks == "urgent",
            remind_at=now + timedelta(days=int(self.remind_in)) if self.asks and self.remind_in else None,
            owner=self.owner,
        )

    @property
    def praise(self) -> PraiseDraft | None:
        """What the praise part of the composer says, where it is in use."""
        is_praise = self.kind is PostKind.PRAISE
        return PraiseDraft(people=split_names(self.people), topic=self.topic) if is_praise else None

    @property
    def poll(self) -> PollDraft | None:
        """What the poll's part of the composer says; each answer has a field of its own, so that it works as typed."""
        if self.kind is not PostKind.POLL:
            return None
        options = tuple(getattr(self, f"option{number}") for number in range(1, MOST_OPTIONS + 1))
        days = timedelta(days=int(self.closes_in)) if self.closes_in else None
        return PollDraft(
            options=options,
            is_multiple=self.choices == "many",
            is_secret=self.names == "secret",
            closes_at=clock.now() + days if days else None,
        )

    def draft(self, files: tuple[int, ...]) -> PostDraft:
        """What is to be posted, with the ``files`` that came with it."""
        return PostDraft(
            text=self.whole_text,
            title=self.title,
            kind=self.kind,
            audience_id=self.audience_id,
            files=files,
            quoted_id=self.quoted_id,
            poll=self.poll,
            praise=self.praise,
            announcement=self.announcement,
            asking=self.asking,
        )

    @property
    def whole_text(self) -> str:
        """The text with the topics that were picked beside it, as the hashtags that they are."""
        named = set(self.text.casefold().split())
        picked = [f"#{slug}" for name in self.topics[:_MOST_TOPICS] if (slug := slugify(name))]
        fresh = [tag for tag in dict.fromkeys(picked) if tag not in named]
        return "\n\n".join(part for part in (self.text.rstrip(), " ".join(fresh)) if part) if fresh else self.text

    @property
    def audience_id(self) -> int:
        return EVERYONE if self.audience == "everyone" else parse_id(self.audience)

    @property
    def quoted_id(self) -> int | None:
        return parse_id(self.quote) if self.quote else None

    @property
    def file_ids(self) -> tuple[int, ...]:
        return tuple(parse_id(file) for file in self.files[: MOST_FILES + 1])


class EditForm(Form):
    """``version`` is when the text that the editor began with was written."""

    text: str = ""
    title: str | None = None
    version: str = ""


def described(given: Mapping[str, str]) -> dict[int, str]:
    """What the edit form says of pictures, by the id of the file: its fields are called ``alt-<id>``."""
    found = {name.removeprefix("alt-"): words for name, words in given.items() if name.startswith("alt-")}
    return {parse_id(file_id): words for file_id, words in list(found.items())[:MOST_FILES]}


class ReactionForm(Form):
    """``kind`` and ``on``, or both in ``set`` as one button sends them: ``agree 1``. It says what shall be."""

    kind: ReactionKind | None = None
    on: Literal["1", "0"] = "1"
    set: str = ""

    def wanted(self) -> tuple[ReactionKind, bool]:
        """The reaction and whether it shall be there.

        Raises:
            Invalid: no reaction is called that.
        """
        if self.kind is not None:
            return self.kind, self.on == "1"
        word, _blank, on = self.set.partition(" ")
        if word not in {kind.value for kind in ReactionKind} or on not in {"0", "1"}:
            raise Invalid({"kind": str(_("Choose one of the listed values."))})
        return ReactionKind(word), on == "1"


class SwitchForm(Form):
    """Something that is on or off."""

    on: Literal["1", "0"] = "1"


class GroupRef(Form):
    """``{"group": id}`` as the API names an audience."""

    group: str


class PostBody(Form):
    """``POST /api/v1/posts``."""

    text: str = ""
    title: str = ""
    kind: PostKind = PostKind.UPDATE
    audience: Literal["everyone"] | GroupRef = "everyone"
    reply_to: str | None = None
    quote: str | None = None
    options: list[str] = []
    multiple: bool = False
    secret: bool = False
    closes_at: AwareDatetime | None = None
    people: list[str] = []
    topic: str = ""
    ends_at: AwareDatetime | None = None
    asks: bool = False
    urgent: bool = False
    remind_at: AwareDatetime | None = None
    owner: str = ""
    urgency: Urgency = Urgency.SOON
    ask: list[str] = []
    anonymous: bool = False
    files: list[str] = []

    @property
    def asking(self) -> AskingDraft | None:
        """What the body wishes for a question."""
        if self.kind is not PostKind.QUESTION:
            return None
        return AskingDraft(urgency=self.urgency, people=tuple(self.ask), is_anonymous=self.anonymous)

    @property
    def announcement(self) -> AnnouncementDraft | None:
        """The terms that the body gives to an announcement."""
        if self.kind is not PostKind.ANNOUNCEMENT:
            return None
        return AnnouncementDraft(
            ends_at=self.ends_at,
            asks=self.asks,
            is_urgent=self.urgent,
            remind_at=self.remind_at,
            owner=self.owner,
        )

    @property
    def praise(self) -> PraiseDraft | None:
        """The praise that the body describes, for a post of that kind."""
        is_praise = self.kind is PostKind.PRAISE
        return PraiseDraft(people=split_names(", ".join(self.people)), topic=self.topic) if is_praise else None

    @property
    def poll(self) -> PollDraft | None:
        """The poll that the body describes, for a post of that kind."""
        if self.kind is not PostKind.POLL:
            return None
        rules = {"is_multiple": self.multiple, "is_secret": self.secret}
        return PollDraft(options=tuple(self.options), closes_at=self.closes_at, **rules)
