"""Short ways to ask and answer."""

from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import PostDraft, add_comment, publish_post
from intranet.posts.cards import PostCard
from intranet.posts.models import PostKind
from intranet.posts.queries import post_card
from intranet.questions.actions import accept_answer


def ask(database: Database, viewer: Viewer, title: str, text: str = "", *, to: int = EVERYONE) -> int:
    draft = PostDraft(text=text, title=title, kind=PostKind.QUESTION, audience_id=to)
    with database.unit_of_work(viewer) as session:
        return publish_post(session, viewer, draft).id


def answer(database: Database, viewer: Viewer, question: int, text: str) -> int:
    with database.unit_of_work(viewer) as session:
        return add_comment(session, viewer, reply_to=question, text=text).id


def accept(database: Database, viewer: Viewer, answer_id: int) -> None:
    with database.unit_of_work(viewer) as session:
        accept_answer(session, viewer, answer_id)


def card(database: Database, viewer: Viewer, question: int) -> PostCard:
    with database.reading(viewer) as session:
        return post_card(session, viewer, question)
