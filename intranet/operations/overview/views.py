"""The overview's page."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.governance.queries import audit_page
from intranet.governance.reports.queries import cases
from intranet.governance.reports.reporting import REASONS
from intranet.kernel.page import render
from intranet.kernel.policy import ADMIN
from intranet.kernel.viewer import Viewer
from intranet.operations import health
from intranet.operations.overview.queries import overview
from intranet.operations.views import feature

_MOST_CASES, _MOST_LINES = 3, 6
_FOLLOWERS = {
    "articles": lazy_gettext("Articles and what links to them"),
    "audit": lazy_gettext("Audit log"),
    "notifications": lazy_gettext("Notifications"),
    "questions": lazy_gettext("Questions and who is asked"),
    "search": lazy_gettext("Search and who knows what"),
    "welcome": lazy_gettext("First steps of newcomers"),
}


@feature.get("/admin/overview", allow=ADMIN)
def show_overview(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What waits, what lags, and what was done last."""
    whole = overview(session, viewer, index=health.index_state())
    return render(
        "operations/overview.html",
        whole=whole,
        names=_FOLLOWERS,
        cases=cases(session, is_open=True)[:_MOST_CASES] if whole.reports else (),
        reasons=REASONS,
        lines=audit_page(session, words="", action="", cursor=None).items[:_MOST_LINES],
    )
