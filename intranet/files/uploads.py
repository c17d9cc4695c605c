"""Files that come with a plain form."""

from flask import request
from flask_babel import gettext as _

from intranet.files.actions import MOST_FILES, Received, receive
from intranet.kernel.errors import Invalid
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer


class Uploads:
    """Files that came with a plain form, kept before the transaction; a file that cannot be taken is an error to show.

    Handlers get one as ``prepared``, so that what was typed beside a bad file is not lost.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.errors: dict[str, str] = {}


def take_uploads(_viewer: Viewer) -> Uploads:
    """Read the files of a multipart form: for ``prepare=``."""
    uploads = Uploads()
    found = [file for file in request.files.getlist("upload") if file.filename]
    if len(found) > MOST_FILES:
        uploads.errors["files"] = str(_("At most %(count)s files.", count=MOST_FILES))
        return uploads
    for file in found:
        try:
            data = file.stream.read()
            uploads.received.append(receive(runtime().settings.files_folder, file.filename or "", data))
        except Invalid as error:
            uploads.errors.update(error.fields)
    return uploads
