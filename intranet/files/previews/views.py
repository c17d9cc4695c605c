"""The card of one document, for a page that showed it before its preview was there."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.files.queries import card_of, find_file
from intranet.files.views import feature
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer


@feature.get("/files/<id:file_id>/card", allow=MEMBER)
def card(session: Session, _viewer: Viewer, file_id: int) -> ResponseReturnValue:
    """A fragment, as posts show it."""
    return render_template("files/_document.html", file=card_of(find_file(session, file_id)))
