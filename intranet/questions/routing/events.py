"""What happens while a question looks for its experts."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("question.person-asked")
@dataclass(frozen=True, slots=True)
class PersonAsked:
    """Somebody is asked; with ``is_again`` at the time that they chose."""

    post_id: int
    recipient_id: int
    is_again: bool = False


@event("question.asking-changed")
@dataclass(frozen=True, slots=True)
class AskingChanged:
    """Who was asked, or what one of them is doing, changed."""

    post_id: int
    audience_id: int
