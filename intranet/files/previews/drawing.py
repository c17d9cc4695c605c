"""Draws the first page of a document. A program of its own: it reads what strangers wrote, with a parser in C.

``python -I drawing.py < document`` writes one line of JSON, ``{"pages", "text"}``, and the picture behind it, if there
is one. It imports nothing of ours, so that it starts fast and has nothing to lose; it bounds its own memory and time
before it reads; and whoever calls it believes nothing of what it says (see ``actions``).
"""

import codecs
import html
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from PIL import Image

MOST_BYTES = 25 * 1024 * 1024
MOST_SECONDS = 10  # of computing
_MOST_MEMORY = 1024 * 1024 * 1024
_MOST_OUTPUT = 8 * 1024 * 1024
_MOST_SIDE = 1100  # pixels of the picture's longer side
_MOST_PART = 4 * 1024 * 1024  # of what is unpacked from an archive
_LINES, _LINE, _TEXT = 14, 200, 1600

_THUMBNAILS = ("Thumbnails/thumbnail.png", "docProps/thumbnail.jpeg", "docProps/thumbnail.png")
_BODIES = ("word/document.xml", "ppt/slides/slide1.xml", "content.xml")
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")
_PARAGRAPH = re.compile(r"</(?:w|a|text):(?:p|h)>")
_RUN = re.compile(r"<[wa]:t(?:\s[^<>]*)?>([^<]*)")
_TAG = re.compile(r"<[^<>]*>?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Drawn(NamedTuple):
    """The picture is encoded, or empty; ``pages`` is zero where a document has none."""

    pages: int = 0
    text: str = ""
    picture: bytes = b""


def drawn(data: bytes) -> Drawn:
    """What a document shows first, by what its bytes are and not by its name."""
    if b"%PDF-" in data[:1024]:
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return Drawn(text=_first_lines(_decoded(data[:65536]).splitlines()))


def _pdf(data: bytes) -> Drawn:
    import pypdfium2  # noqa: PLC0415 (only a PDF pays for it)

    document = pypdfium2.PdfDocument(data)
    page = document[0]
    width, height = page.get_size()
    # Never above twice its size, and never so narrow that a side vanishes.
    scale = min(_MOST_SIDE / max(width, height, 1.0), 2.0)
    return Drawn(pages=len(document), picture=_encoded(page.render(scale=scale, may_draw_forms=False).to_pil()))


def _encoded(image: Image.Image) -> bytes:
    small = image.convert("RGB")
    small.thumbnail((_MOST_SIDE, _MOST_SIDE))
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _office(data: bytes) -> Drawn:
    """Texts and slides carry a picture of themselves, or else paragraphs; no reader of XML is let near them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        slides = sum(1 for name in names if _SLIDE.fullmatch(name))
        for name in _THUMBNAILS:
            if name in names:
                with Image.open(io.BytesIO(_part(archive, name)), formats=("PNG", "JPEG")) as picture:
                    return Drawn(pages=slides, picture=_encoded(picture))
        for name in _BODIES:
            if name in names:
                paragraphs = _paragraphs(_part(archive, name).decode("utf-8", "replace"))
                return Drawn(pages=slides, text=_first_lines(paragraphs))
    return Drawn()


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_MOST_PART)


def _paragraphs(xml: str) -> Iterator[str]:
    for piece in _PARAGRAPH.split(xml)[:-1]:
        runs = _RUN.findall(piece)
        yield html.unescape("".join(runs) if runs else _TAG.sub("", piece))


def _decoded(data: bytes) -> str:
    """A text, or nothing where the bytes are none. The last sign may be cut in two."""
    is_wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if b"\0" in data and not is_wide:
        return ""
    decoder = codecs.getincrementaldecoder("utf-16" if is_wide else "utf-8-sig")()
    try:
        return decoder.decode(data)
    except UnicodeDecodeError:
        return ""


def _first_lines(lines: Iterable[str]) -> str:
    kept: list[str] = []
    for line in lines:
        clean = _CONTROL.sub("", line).rstrip()[:_LINE]
        if clean or kept:
            kept.append(clean)
        if len(kept) == _LINES:
            break
    return "\n".join(kept).rstrip()[:_TEXT]


def _bounded() -> None:
    bounds = {
        resource.RLIMIT_CPU: MOST_SECONDS,
        resource.RLIMIT_AS: _MOST_MEMORY,
        resource.RLIMIT_FSIZE: _MOST_OUTPUT,
        resource.RLIMIT_CORE: 0,
    }
    for bound, most in bounds.items():
        with suppress(ValueError, OSError):  # not every system knows every bound
            resource.setrlimit(bound, (most, most))


def main(source: BinaryIO, target: BinaryIO) -> None:
    """One document in, one drawing out; whatever is wrong with it ends the program."""
    found = drawn(source.read(MOST_BYTES + 1))
    target.write(json.dumps({"pages": found.pages, "text": found.text}).encode() + b"\n" + found.picture)


if __name__ == "__main__":
    _bounded()
    main(sys.stdin.buffer, sys.stdout.buffer)
