"""Pictures: what is one, how large it may be, and the small copy that pages show.

Everything here is slow and works on untrusted bytes: call it through ``kernel.threads.run_blocking``.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
# Some twenty times a phone camera's picture unpacks to this; what is larger is a bomb or a poster.
MOST_PIXELS = 50_000_000
_SMALL = (1200, 1200)


class NotAPicture(Exception):
    """The bytes are not a picture that browsers show."""


class TooManyPixels(Exception):
    """It would unpack to more than ``MOST_PIXELS``."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was read whole. ``small`` is the copy for pages, upright and without the camera's notes."""

    media_type: str
    width: int
    height: int
    small: bytes


def read_picture(data: bytes) -> Picture:
    """Check a picture and make its small copy.

    Raises:
        NotAPicture: the bytes are something else, or broken.
        TooManyPixels: it is too large to unpack.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(_FORMATS)) as image:
                return _read(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotAPicture from error


def _read(image: Image.Image) -> Picture:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise TooManyPixels
    media_type = _FORMATS[image.format or ""]
    image.draft("RGB", _SMALL)
    upright = ImageOps.exif_transpose(image)
    if upright.width * image.height != image.width * upright.height and (width > height) != (
        upright.width > upright.height
    ):
        width, height = height, width
    has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    small = upright.convert("RGBA" if has_alpha else "RGB")
    small.thumbnail(_SMALL)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82, method=2)
    return Picture(media_type=media_type, width=width, height=height, small=out.getvalue())
