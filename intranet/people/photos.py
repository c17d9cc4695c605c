"""Photos of people: taken in any common format, cut square, and stored without anything that the camera wrote."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from intranet.kernel.errors import Invalid, NotFound

LARGEST_FILE = 12 * 1024 * 1024
_MOST_PIXELS = 36_000_000  # a 36-megapixel camera; decoded it takes 150 MB for a moment
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_SIZES = {"large": 480, "small": 128}


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """``key`` is the SHA-256 of the large picture; ``pictures`` maps a size's name to WebP data."""

    key: str
    pictures: dict[str, bytes]


class _Unreadable(Exception):
    """Raised in the thread pool, where no request, and so no language, is at hand."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def invalid(reason: str) -> Invalid:
    """The sentence for a reason of ``clean``."""
    sentences = {
        "empty": _("Choose a picture first."),
        "file": _("The file is larger than %(count)s MB.", count=LARGEST_FILE // 1024 // 1024),
        "pixels": _("The picture has more than %(count)s megapixels.", count=_MOST_PIXELS // 1_000_000),
        "kind": _("This is not a JPEG, PNG, WebP or GIF picture, or it is damaged."),
    }
    return Invalid({"photo": sentences[reason]})


def clean(data: bytes) -> CleanPhoto | str:
    """The pictures to store, or the reason (see ``invalid``) why there are none. Slow: run it in the thread pool."""
    try:
        return _clean(data)
    except _Unreadable as error:
        return error.reason
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "pixels"
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return "kind"  # every way in which Pillow's readers stumble over damaged files


def _clean(data: bytes) -> CleanPhoto:
    if not data:
        raise _Unreadable("empty")
    if len(data) > LARGEST_FILE:
        raise _Unreadable("file")
    with Image.open(BytesIO(data), formats=_FORMATS) as opened:
        if opened.width * opened.height > _MOST_PIXELS:
            raise _Unreadable("pixels")
        opened.draft("RGB", (_SIZES["large"] * 2, _SIZES["large"] * 2))
        upright = ImageOps.exif_transpose(opened)
        flat = Image.new("RGB", upright.size, "white")
        flat.paste(upright, mask=upright.convert("RGBA").getchannel("A"))
    pictures = {name: _square(flat, side) for name, side in _SIZES.items()}
    return CleanPhoto(hashlib.sha256(pictures["large"]).hexdigest(), pictures)


def _square(picture: Image.Image, side: int) -> bytes:
    out = BytesIO()
    # Faces are mostly in the upper half: cut more from below.
    ImageOps.fit(picture, (side, side), centering=(0.5, 0.35)).save(out, "WEBP", quality=82)
    return out.getvalue()


def store(folder: Path, photo: CleanPhoto) -> None:
    """Write the pictures; the same photo twice is the same file."""
    for size, data in photo.pictures.items():
        path = photo_path(folder, photo.key, size)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file():
            fresh = path.with_suffix(f".{id(data)}.part")
            fresh.write_bytes(data)
            fresh.replace(path)


def photo_path(folder: Path, key: str, size: str) -> Path:
    """Where a picture lies below the folder of all files.

    Raises:
        NotFound: not a key or a size of ours.
    """
    if size not in _SIZES or len(key) != 64 or not set(key) <= set("0123456789abcdef"):
        raise NotFound
    return folder / "photos" / key[:2] / f"{key}-{size}.webp"
