"""Reads about uploads."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from intranet.files.models import FileKind, StoredFile
from intranet.files.schemas import FileJson
from intranet.files.sorts import FileSort, sort_of
from intranet.kernel.errors import NotFound

_KILO = 1024


@dataclass(frozen=True, slots=True)
class FileCard:
    """An upload as lists show it."""

    id: int
    kind: FileKind
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    alt: str
    is_drawn: bool = False  # there is a small copy: of a picture, or of a document's first page
    pages: int | None = None
    excerpt: str = ""

    @property
    def is_picture(self) -> bool:
        return self.kind is FileKind.PICTURE

    @property
    def sort(self) -> FileSort:
        return sort_of(self.kind, self.name)

    @property
    def rows(self) -> list[list[str]]:
        """How a table begins; nothing for what is none."""
        is_table = self.sort is FileSort.TABLE and "\t" in self.excerpt
        return [line.split("\t") for line in self.excerpt.splitlines()] if is_table else []

    @property
    def url(self) -> str:
        return f"/files/{self.id}"

    @property
    def small_url(self) -> str:
        return f"/files/{self.id}/small"

    @property
    def ending(self) -> str:
        """``PDF``: the few letters on the drawing of the file."""
        ending = self.name.rpartition(".")[2] if "." in self.name else ""
        return ending[:4].upper() if ending.isalnum() else ""

    @property
    def size_words(self) -> str:
        """``1.2 MB``."""
        if self.size < _KILO:
            return f"{self.size} B"
        if self.size < _KILO * _KILO:
            return f"{self.size / _KILO:.0f} kB"
        return f"{self.size / _KILO / _KILO:.1f} MB"

    def as_json(self) -> FileJson:
        """As the API gives it."""
        return {
            "id": str(self.id),
            "kind": self.kind,
            "name": self.name,
            "media_type": self.media_type,
            "size": self.size,
            "width": self.width,
            "height": self.height,
            "alt": self.alt,
            "url": self.url,
            "small_url": self.small_url if self.is_drawn else None,
            "pages": self.pages,
            "excerpt": self.excerpt,
        }


def card_of(stored: StoredFile) -> FileCard:
    """The card of one row."""
    return FileCard(
        id=stored.id,
        kind=stored.kind,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        width=stored.width,
        height=stored.height,
        alt=stored.alt,
        is_drawn=stored.small_sha256 is not None,
        pages=stored.pages,
        excerpt=stored.excerpt,
    )


def find_file(session: Session, file_id: int) -> StoredFile:
    """The upload.

    Raises:
        NotFound: there is none that this session's viewer may open.
    """
    stored = session.get(StoredFile, file_id)
    if stored is None:
        raise NotFound
    return stored
