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
from datetime import date, timedelta
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
_SHEET = "xl/worksheets/sheet1.xml"
_COLUMNS, _LONGEST_CELL = 8, 60
_BODIES = ("word/document.xml", "ppt/slides/slide1.xml", "content.xml")
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")
_PARAGRAPH = re.compile(r"</(?:w|a|text):(?:p|h)>")
_RUN = re.compile(r"<[wa]:t(?:\s[^<>]*)?>([^<]*)")
_TAG = re.compile(r"<[^<>]*>?")
# Where parts of sheets begin, as workbooks and open documents write them; some writers put a prefix before every name.
# What a part holds goes on to where the next one begins: no pattern looks for an end that may never come.
_ROW = re.compile(r"<(?:\w+:)?row\b([^<>]*)>")
_CELL = re.compile(r"<(?:\w+:)?c\b([^<>]*)>")
_VALUE = re.compile(r"<(?:\w+:)?(?:v|t)(?:\s[^<>]*)?>([^<]*)")
_SHARED = re.compile(r"<(?:\w+:)?si()>")
_FORMAT = re.compile(r"<(?:\w+:)?xf\b([^<>]*)>")
_OWN_FORMAT = re.compile(r"<(?:\w+:)?numFmt\b([^<>]*)>")
_OPEN_ROW = re.compile(r"<table:table-row\b([^<>]*)>")
_OPEN_CELL = re.compile(r"<table:(?:covered-)?table-cell\b([^<>]*)>")
_ATTRIBUTE = re.compile(r'\b([\w:-]+)="([^"]*)"')
_LONGEST_TAG = 600
_NO_PLACEHOLDER = re.compile(r"\[[^\]]*\]|&quot;.*?&quot;")  # colours and words in the format of a number
_DAYS = {"14", "15", "16", "17", "22"}  # of the formats that every workbook has
_DAY_ONE = date(1899, 12, 30)  # so that every day since March 1900 has the number that workbooks give it
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
        if _SHEET in names:
            return Drawn(text=_table(_workbook(archive, names)))
        if b"opendocument.spreadsheet" in _kind(archive, names):
            return Drawn(text=_table(_open_sheet(_text_of(archive, "content.xml"))))
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


def _text_of(archive: zipfile.ZipFile, name: str) -> str:
    return _part(archive, name).decode("utf-8", "replace")


def _kind(archive: zipfile.ZipFile, names: set[str]) -> bytes:
    return _part(archive, "mimetype")[:200] if "mimetype" in names else b""


def _parts(begins: re.Pattern[str], xml: str) -> Iterator[tuple[dict[str, str], str]]:
    """What each part says of itself, and what it holds."""
    found = begins.finditer(xml)
    one = next(found, None)
    while one is not None:
        after = next(found, None)
        is_empty = one[1].endswith("/")
        inside = "" if is_empty else xml[one.end() : after.start() if after else len(xml)]
        yield dict(_ATTRIBUTE.findall(one[1][:_LONGEST_TAG])), inside
        one = after


def _workbook(archive: zipfile.ZipFile, names: set[str]) -> Iterator[list[str]]:
    """The rows of the first sheet. What stands in many cells is kept once, elsewhere, and a day is a number."""
    strings = "xl/sharedStrings.xml"
    shared = [inside for _, inside in _parts(_SHARED, _text_of(archive, strings))] if strings in names else []
    days = _day_styles(_text_of(archive, "xl/styles.xml")) if "xl/styles.xml" in names else set()
    for _, row in _parts(_ROW, _text_of(archive, _SHEET)):
        cells: list[str] = []
        for said, inside in _parts(_CELL, row):
            place = _place(said.get("r", ""), len(cells))
            if place >= _COLUMNS:
                break
            cells += [""] * (place - len(cells))
            cells.append(_workbook_cell(said, inside, shared, days))
        yield cells


def _place(reference: str, otherwise: int) -> int:
    """The column of ``C7`` is 2; never one that comes before what was read."""
    place = 0
    for letter in reference.rstrip("0123456789")[:3].upper():
        place = place * 26 + ord(letter) - 64
    return max(place - 1, otherwise)


def _workbook_cell(said: dict[str, str], inside: str, shared: list[str], days: set[str]) -> str:
    value = "".join(_VALUE.findall(inside))
    if said.get("t") == "s":
        number = int(value) if value.isascii() and value.isdigit() else len(shared)
        return html.unescape("".join(_VALUE.findall(shared[number]))) if number < len(shared) else ""
    if said.get("t") == "b":
        return "✓" if value == "1" else "–"
    if said.get("s") in days and "t" not in said:
        with suppress(ValueError, OverflowError):
            return (_DAY_ONE + timedelta(days=float(value))).isoformat()
    if "t" not in said or said["t"] == "n":
        with suppress(ValueError):
            return f"{float(value):.10g}"
    return html.unescape(value)


def _day_styles(xml: str) -> set[str]:
    """The numbers of the styles that show a number as a day."""
    own = {
        said.get("numFmtId", "")
        for said, _ in _parts(_OWN_FORMAT, xml)
        if {"d", "y"} & {*_NO_PLACEHOLDER.sub("", said.get("formatCode", "").lower())}
    }
    used = _parts(_FORMAT, xml.partition("cellXfs")[2].partition("cellXfs")[0])
    return {str(place) for place, (said, _) in enumerate(used) if said.get("numFmtId") in _DAYS | own}


def _open_sheet(xml: str) -> Iterator[list[str]]:
    for _, row in _parts(_OPEN_ROW, xml):
        cells: list[str] = []
        for said, inside in _parts(_OPEN_CELL, row):
            times = said.get("table:number-columns-repeated", "1")[:4]
            many = int(times) if times.isascii() and times.isdigit() else 1
            cells += [" ".join(_paragraphs(inside))] * min(many, _COLUMNS - len(cells))
            if len(cells) == _COLUMNS:
                break
        yield cells


def _table(rows: Iterable[list[str]]) -> str:
    """Lines with a tabulator between the cells, as many as the card has room for."""
    kept: list[str] = []
    for cells in rows:
        line = "\t".join(" ".join(_CONTROL.sub("", cell).split())[:_LONGEST_CELL] for cell in cells).rstrip()
        if line:
            kept.append(line if kept or not line.startswith("\t") else f"–{line}")
        if len(kept) == _LINES:
            break
    while len("\n".join(kept)) > _TEXT:
        kept.pop()
    return "\n".join(kept)


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
