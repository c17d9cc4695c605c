"""Uploading and serving. Whoever may not read a file gets the same answer as where there is none.

What others uploaded is shown in place only if it is a picture that was decoded here; anything else, HTML and SVG
above all, can only be saved, and even opened by force it runs nothing.
"""

from flask import Response, jsonify, make_response, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.files.actions import Received, describe, put_on_shelf, receive
from intranet.files.models import FileKind
from intranet.files.queries import card_of, find_file
from intranet.files.storing import path_of
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature

feature = Feature("files")

_SANDBOX = "default-src 'none'; sandbox"


def _take(_viewer: Viewer) -> Received:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid({"files": str(_("Choose a file first."))})
    return receive(runtime().settings.files_folder, file.filename, file.stream.read())


@feature.post("/files", allow=MEMBER, prepare=_take)
def upload(session: Session, viewer: Viewer, prepared: Received) -> ResponseReturnValue:
    """Put one file on the viewer's shelf, to be attached to a post."""
    stored = put_on_shelf(session, viewer, prepared, alt=request.form.get("alt", ""))
    return make_response(jsonify(card_of(stored).as_json()), 201)


@feature.post("/files/<id:file_id>/describe", allow=MEMBER)
def say_what_it_shows(session: Session, viewer: Viewer, file_id: int) -> ResponseReturnValue:
    """Keep the description of a waiting picture."""
    describe(session, viewer, file_id, request.form.get("alt", ""))
    return "", 204


@feature.get("/files/<id:file_id>", allow=MEMBER)
def show(session: Session, _viewer: Viewer, file_id: int) -> ResponseReturnValue:
    """The bytes as they were uploaded, pictures without the camera's notes; what is no picture is offered to save."""
    stored = find_file(session, file_id)
    is_picture = stored.kind is FileKind.PICTURE
    return stored_bytes(stored.sha256, stored.media_type, name=stored.name, as_attachment=not is_picture)


@feature.get("/files/<id:file_id>/small", allow=MEMBER)
def small(session: Session, _viewer: Viewer, file_id: int) -> ResponseReturnValue:
    """The small copy of a picture, or the picture of a document's first page."""
    stored = find_file(session, file_id)
    if stored.small_sha256 is None:
        raise NotFound
    return stored_bytes(stored.small_sha256, "image/webp", name=stored.name, as_attachment=False)


def stored_bytes(sha256: str, media_type: str, *, name: str, as_attachment: bool) -> Response:
    """Bytes of ours, so that nothing in them runs; whoever calls has seen that the viewer may read them.

    Raises:
        NotFound: they are not there.
    """
    path = path_of(runtime().settings.files_folder, sha256)
    if not path.is_file():
        raise NotFound
    response = send_file(
        path,
        mimetype=media_type,
        as_attachment=as_attachment,
        download_name=name,
        etag=sha256,
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
