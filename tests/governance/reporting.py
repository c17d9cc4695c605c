"""What is reported in tests: a post, by whom, and whether it is still there once everything has been carried out."""

from intranet.governance.reports import actions, reportable
from intranet.governance.reports.models import ReportReason
from intranet.kernel import jobs
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import PostDraft, publish_post
from intranet.posts.finding import find_post


def posted(database: Database, viewer: Viewer, text: str, to: int = EVERYONE) -> int:
    with database.unit_of_work(viewer) as session:
        return publish_post(session, viewer, PostDraft(text=text, audience_id=to)).id


def reported(database: Database, viewer: Viewer, item_id: int, words: str = "") -> None:
    with database.unit_of_work(viewer) as session:
        fresh = reportable.item(session, viewer, item_id)
        actions.file_report(session, viewer, fresh, ReportReason.UNKIND, words=words)


def finish(database: Database) -> None:
    while jobs.run_due(database):
        pass


def is_there(database: Database, viewer: Viewer, post_id: int) -> bool:
    with database.reading(viewer) as session:
        try:
            find_post(session, post_id)
        except NotFound:
            return False
        return True
