"""Files as JSON."""

from typing_extensions import TypedDict

from intranet.files.models import FileKind
from intranet.kernel.api import Id


class FileJson(TypedDict):
    """A file; sizes of pictures are in pixels, ``excerpt`` is the beginning of a text."""

    id: Id
    kind: FileKind
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    alt: str
    url: str
    small_url: str | None
    pages: int | None
    excerpt: str
