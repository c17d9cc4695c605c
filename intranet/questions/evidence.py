"""What makes an answer speak for who wrote it: that it solved the question. ``search`` reads it so; this says when."""

from intranet.questions.events import AcceptanceWithdrawn, AnswerAccepted
from intranet.search.documents.changes import comment_touched
from intranet.search.sources import add_change


def register() -> None:
    """Have the index read an answer again once it is accepted, and once it no longer is."""
    add_change(AnswerAccepted, comment_touched)
    add_change(AcceptanceWithdrawn, comment_touched)
