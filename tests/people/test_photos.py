"""Photos: what is taken, what is refused, and what is left of them."""

import zlib
from io import BytesIO
from struct import pack
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from intranet.people import photos
from tests.cast import Cast
from tests.fixtures import AsViewer


def _picture(kind: str = "JPEG", size: tuple[int, int] = (640, 400), **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def _with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "secret description"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    return _picture(exif=exif)


def _bomb() -> bytes:
    """A small PNG that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    header = pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _upload(client: FlaskClient, data: bytes, name: str = "me.jpg") -> TestResponse:
    return client.post("/settings/profile/photo", data={"photo": (BytesIO(data), name)})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_photo_is_cut_square_and_loses_what_the_camera_wrote(kind: str) -> None:
    data = _with_place() if kind == "JPEG" else _picture(kind)
    cleaned = photos.clean(data)
    assert isinstance(cleaned, photos.CleanPhoto)
    for name, side in (("large", 480), ("small", 128)):
        with Image.open(BytesIO(cleaned.pictures[name])) as opened:
            assert (opened.format, opened.size) == ("WEBP", (side, side))
            assert not opened.getexif()
        assert b"secret" not in cleaned.pictures[name]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "kind"),
        (b"<!doctype html><script>alert(1)</script>", "kind"),
        (b"GIF89a", "kind"),
        (b"\xff\xd8\xff" + b"\0" * 1000, "kind"),
        (_picture()[:500], "kind"),
        (_bomb(), "pixels"),
        (_picture("BMP"), "kind"),
        (b"x" * (photos.LARGEST_FILE + 1), "file"),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes, reason: str) -> None:
    assert photos.clean(data) == reason


def test_an_uploaded_photo_is_shown_and_can_be_taken_back(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    assert _upload(client, _with_place()).status_code == 303
    address = client.get("/api/v1/me").get_json()["photo_url"]
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert f'src="{address}"' in client.get("/people").text
    client.post("/settings/profile/photo/remove")
    assert client.get("/api/v1/me").get_json()["photo_url"] is None


@pytest.mark.parametrize("data", [b"", b"<svg/>", _bomb()])
def test_a_refused_file_gets_a_message_on_its_field(cast: Cast, as_viewer: AsViewer, data: bytes) -> None:
    answer = _upload(as_viewer(cast.alice), data, "me.svg")
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text


@pytest.mark.parametrize("key", ["0" * 64, "../../../../etc/passwd", "A" * 64, "0" * 63])
def test_no_address_of_a_photo_leads_out_of_the_folder(cast: Cast, as_viewer: AsViewer, key: str) -> None:
    assert as_viewer(cast.alice).get(f"/photos/{key}/large").status_code == 404
    assert as_viewer(cast.alice).get(f"/photos/{'0' * 64}/huge").status_code == 404


def test_uploading_again_and_again_is_slowed_down(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    answers = [_upload(client, b"no picture").status_code for _ in range(21)]
    assert answers[:20] == [422] * 20
    assert answers[20] == 429
