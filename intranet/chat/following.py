"""What was passed on follows its source: asked for here, by those who change messages, and done in ``forwarding``."""

from sqlalchemy.orm import Session

from intranet.kernel import jobs

FOLLOW = "chat.follow-source"


def follow_later(session: Session, message_id: int) -> None:
    """Have the worker see to what passes this message on."""
    jobs.later(session, FOLLOW, {"message_id": str(message_id)})
