"""Pictures: what is one, how large it may be, and the small copy that pages show.

Everything here is slow and works on untrusted bytes: call it through ``kernel.threads.run_blocking``.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from intranet.files.cleaning import without_notes

_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_SHOWN_AS = {**_FORMATS, "MPO": "image/jpeg"}  # a JPEG with further pictures behind the first
# Some twenty times a phone camera's picture unpacks to this; what is larger is a bomb or a poster.
MOST_PIXELS = 50_000_000
_SMALL = (960, 960)  # what a column of posts shows, on a fine screen too; a click opens the original
# A chart or a drawing has few colours: whole and without loss it is sharper, and mostly lighter, than made small.
_COLOURS_OF_A_DRAWING = 256
_LARGEST_DRAWING = 2 * 960


class NotAPicture(Exception):
    """The bytes are not a picture that browsers show."""


class TooManyPixels(Exception):
    """It would unpack to more than ``MOST_PIXELS``."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was read whole.

    ``original`` is what was uploaded without the camera's notes, ``small`` the copy for pages; both stand upright.
    """

    media_type: str
    width: int
    height: int
    original: bytes
    small: bytes


def read_picture(data: bytes) -> Picture:
    """Check a picture and make its small copy.

    Raises:
        NotAPicture: the bytes are something else, or broken.
        TooManyPixels: it is too large to unpack.
    """
    with _opened(data) as image:
        if image.width * image.height > MOST_PIXELS:
            raise TooManyPixels
        drawing = _as_drawing(image)
        small = _small(image)
        if drawing and len(drawing) < len(small):
            small = drawing
    # Opened once more: the small copy is read at a fraction of the size.
    with _opened(data) as image:
        return _read(image, data, small)


def thumbnail(data: bytes, most: tuple[int, int]) -> tuple[bytes, int, int]:
    """A copy of somebody else's picture within ``most``, decoded and written anew, with its width and height.

    Raises:
        NotAPicture: the bytes are something else, or broken.
        TooManyPixels: it is too large to unpack.
    """
    with _opened(data) as image:
        if image.width * image.height > MOST_PIXELS:
            raise TooManyPixels
        small = _small(image, most)
    with Image.open(io.BytesIO(small)) as written:
        return small, written.width, written.height


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The picture, with whatever goes wrong on the way told as one of two errors."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(_FORMATS)) as image:
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotAPicture from error


def _small(image: Image.Image, most: tuple[int, int] = _SMALL) -> bytes:
    image.draft("RGB", most)
    small = _upright(image)
    small.thumbnail(most)
    return _written(small, quality=75)


def _as_drawing(image: Image.Image) -> bytes | None:
    """The whole picture without loss, where it looks drawn and is not too large to be shown so."""
    if image.format == "JPEG" or max(image.size) > _LARGEST_DRAWING:
        return None
    whole = _upright(image)
    return None if whole.getcolors(_COLOURS_OF_A_DRAWING) is None else _written(whole, lossless=True)


def _upright(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    return upright.convert("RGBA" if has_alpha else "RGB")


def _written(image: Image.Image, **how: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", method=4, **how)
    return out.getvalue()


def _read(image: Image.Image, data: bytes, small: bytes) -> Picture:
    original = without_notes(image, data)
    with Image.open(io.BytesIO(original), formats=tuple(_FORMATS)) as cleaned:
        width, height = cleaned.size
    return Picture(_SHOWN_AS[image.format or ""], width, height, original, small)
