"""The few things that one can say without words, to a post, a comment or a chat message."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext


class ReactionKind(StrEnum):
    """Each has a drawing of the same name."""

    AGREE = "agree"
    THANKS = "thanks"
    BULB = "bulb"
    EYE = "eye"
    SMILE = "smile"


REACTION_NAMES = {
    ReactionKind.AGREE: lazy_gettext("Agree"),
    ReactionKind.THANKS: lazy_gettext("Thanks"),
    ReactionKind.BULB: lazy_gettext("Good idea"),
    ReactionKind.EYE: lazy_gettext("Same here"),
    ReactionKind.SMILE: lazy_gettext("Made me smile"),
}


@dataclass(frozen=True, slots=True)
class ReactionCount:
    """How many reacted in one way, and whether the viewer did."""

    kind: ReactionKind
    count: int
    is_mine: bool

    @property
    def name(self) -> str:
        return str(REACTION_NAMES[self.kind])
