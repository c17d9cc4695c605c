"""What a file is to the people who look for it, told by how its name ends: the bytes of a document are not opened."""

from enum import StrEnum

from sqlalchemy import ColumnElement, case, or_

from intranet.files.models import FileKind, StoredFile


class FileSort(StrEnum):
    """The values are those of the design's ``data-type``, as far as it draws one."""

    PICTURE = "drawing"
    TEXT = "text"
    TABLE = "sheet"
    SLIDES = "slides"
    RECORDING = "video"
    OTHER = "other"


_ENDINGS = {
    FileSort.TEXT: ("pdf", "doc", "docx", "odt", "rtf", "txt", "md", "pages", "epub", "tex"),
    FileSort.TABLE: ("csv", "tsv", "xls", "xlsx", "ods", "numbers"),
    FileSort.SLIDES: ("ppt", "pptx", "odp", "key"),
    FileSort.RECORDING: ("mp3", "m4a", "ogg", "opus", "wav", "flac", "mp4", "mov", "webm", "mkv", "avi"),
}
_SORTS = {ending: sort for sort, endings in _ENDINGS.items() for ending in endings}


def sort_of(kind: FileKind, name: str) -> FileSort:
    """The sort of one file."""
    if kind is FileKind.PICTURE:
        return FileSort.PICTURE
    return _SORTS.get(name.rpartition(".")[2].lower(), FileSort.OTHER) if "." in name else FileSort.OTHER


def sort_column() -> "ColumnElement[str]":
    """The same, worked out by the database."""
    named = StoredFile.folded_name
    ending = [
        (or_(*(named.endswith(f".{ending}", autoescape=True) for ending in endings)), sort.value)
        for sort, endings in _ENDINGS.items()
    ]
    return case((StoredFile.kind == FileKind.PICTURE, FileSort.PICTURE.value), *ending, else_=FileSort.OTHER.value)
