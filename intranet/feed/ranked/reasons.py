"""Why something is in the ranked feed, as a thing that can be said in one sentence and turned down."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from typing_extensions import TypedDict

from intranet.kernel.api import Id


class Why(StrEnum):
    """The reasons there are. None of them is how loud, popular or long-read something is."""

    NAMED = "named"
    ANNOUNCED = "announced"
    PERSON = "person"
    TALKS = "talks"
    TOPIC = "topic"
    KNOWN = "known"
    GROUP = "group"
    OWN = "own"
    OPENED = "opened"


class ReasonJson(TypedDict):
    """Why a post is there, as a word and a sentence; ``id`` is the person, topic or group that it is about."""

    why: Why
    id: Id | None
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """``target_id`` is the person, topic or group that it is about, 0 for none; ``name`` is how that is called."""

    why: Why
    target_id: int = 0
    name: str = ""

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        name = self.name
        match self.why:
            case Why.NAMED:
                return str(_("Here because it mentions you"))
            case Why.ANNOUNCED:
                return str(_("Here because it is an announcement"))
            case Why.PERSON:
                return str(_("Here because you follow %(name)s", name=name))
            case Why.TALKS:
                return str(_("Here because you and %(name)s answer each other", name=name))
            case Why.TOPIC:
                return str(_("Here because you follow #%(topic)s", topic=name))
            case Why.KNOWN:
                return str(_("Here because you know about #%(topic)s", topic=name))
            case Why.GROUP:
                return str(_("Here because you are in %(group)s", group=name))
            case Why.OWN:
                return str(_("Here because you posted it"))
        return str(_("Here because it was in your feed when you opened it"))

    @property
    def less(self) -> str:
        """What turning it down is called; empty where that is not offered."""
        name = self.name
        match self.why:
            case Why.ANNOUNCED:
                return str(_("Less of announcements"))
            case Why.PERSON | Why.TALKS:
                return str(_("Less of what %(name)s posts", name=name))
            case Why.TOPIC | Why.KNOWN:
                return str(_("Less about #%(topic)s", topic=name))
            case Why.GROUP:
                return str(_("Less from %(group)s", group=name))
        return ""

    def as_json(self) -> ReasonJson:
        """As the API gives it."""
        return {"why": self.why, "id": str(self.target_id) if self.target_id else None, "text": self.sentence}


OPENED = Reason(Why.OPENED)
