"""Pictures without what the camera and the editor noted in them: the place, the time, the device, the owner.

PNG, WebP and GIF are taken apart and put together again from the pieces that are needed to show them, so that nothing
is encoded anew and animations stay whole. JPEG and pictures that lie on their side are encoded anew, upright. A
picture without notes keeps its bytes.
"""

import io
import re
from collections.abc import Callable

from PIL import Image, ImageOps

_ORIENTATION = 0x0112
_QUALITY = 92
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD hIST pHYs acTL fcTL fdAT".split())
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_NOTES = 0x0C  # the flags that announce EXIF and XMP
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # how often an animation runs
_ADOBE_LENGTH, _JFIF_LENGTH = 14, 16  # of segments that say how colours are stored, and nothing else


def without_notes(image: Image.Image, data: bytes) -> bytes:
    """The bytes of a picture, cleaned; ``image`` is the same picture, opened and not drafted to a smaller size."""
    is_jpeg = image.format in {"JPEG", "MPO"}
    if is_jpeg and _is_bare_jpeg(data):
        return data
    is_turned = image.getexif().get(_ORIENTATION, 1) not in {0, 1} and not getattr(image, "is_animated", False)
    if is_jpeg or is_turned:
        return _encoded(image, "JPEG" if is_jpeg else image.format or "")
    return _TAKE_APART[image.format or ""](data)


def _encoded(image: Image.Image, kind: str) -> bytes:
    upright = ImageOps.exif_transpose(image)
    # Encoders write what they find in here, comments among it.
    profile, transparency = upright.info.get("icc_profile"), upright.info.get("transparency")
    upright.info = {} if transparency is None else {"transparency": transparency}
    out = io.BytesIO()
    options = {"icc_profile": profile} if profile else {}
    upright.save(out, kind, **options, **({} if kind == "PNG" else {"quality": _QUALITY}))
    return out.getvalue()


def _is_bare_jpeg(data: bytes) -> bool:
    """Whether it holds the picture, its colour profile, and nothing before, between or after."""
    at = 2
    while at + 4 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if not _is_needed(marker, length, data[at + 4 : at + 16]):
            return False
        at += 2 + length
        if marker == 0xDA:
            # In what follows 0xFF is part of a marker: the end, and no more notes before it.
            return data.find(b"\xff\xd9", at) == len(data) - 2 and not re.search(rb"\xff[\xe0-\xef\xfe]", data[at:])
    return False


def _is_needed(marker: int, length: int, begin: bytes) -> bool:
    if marker == 0xE0:
        return length == _JFIF_LENGTH and begin.startswith(b"JFIF\0")
    if marker == 0xE2:
        return begin.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return length == _ADOBE_LENGTH and begin.startswith(b"Adobe")
    return 0xC0 <= marker <= 0xDF


def _clean_png(data: bytes) -> bytes:
    kept, at, name = [_PNG_HEAD], len(_PNG_HEAD), b""
    while at + 8 <= len(data) and name != b"IEND":
        name, after = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
        if name in _PNG_KEPT:
            kept.append(data[at:after])
        at = after
    return b"".join(kept)


def _clean_webp(data: bytes) -> bytes:
    kept, at, end = [], 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        after = at + 8 + length + length % 2
        if name == b"VP8X":
            kept.append(data[at : at + 8] + bytes([data[at + 8] & ~_WEBP_NOTES]) + data[at + 9 : after])
        elif name in _WEBP_KEPT:
            kept.append(data[at:after])
        at = after
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _clean_gif(data: bytes) -> bytes:
    at = 13 + _colours(data[10])
    kept = [data[:at]]
    while at + 10 < len(data) and data[at] != 0x3B:
        if data[at] == 0x2C:
            after = _after_blocks(data, at + 11 + _colours(data[at + 9]))
            is_kept = True
        else:
            after = _after_blocks(data, at + 2)
            is_kept = data[at + 1] == 0xF9 or (data[at + 1] == 0xFF and data[at + 3 : at + 14] in _GIF_KEPT)
        if is_kept:
            kept.append(data[at:after])
        at = after
    return b"".join((*kept, b"\x3b"))


def _colours(flags: int) -> int:
    """The size of the table of colours that a byte of flags announces."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


_TAKE_APART: dict[str, Callable[[bytes], bytes]] = {"PNG": _clean_png, "WEBP": _clean_webp, "GIF": _clean_gif}
