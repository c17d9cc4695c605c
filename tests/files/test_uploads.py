"""What people upload: what is taken, what is refused, and how it is served."""

import io
import os
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from intranet.files import actions, pictures, storing, sweeping
from intranet.files.models import StoredFile
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

SCRIPT = b"<script>alert(document.cookie)</script>"


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def bomb() -> bytes:
    """A small PNG that says it is 60,000 pixels square."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def multipart(**fields: tuple[str, bytes]) -> Any:
    """A form's body as bytes: the test client's own way leaves a temporary file open for large ones."""
    body = b""
    for field, (name, data) in fields.items():
        file = f'; filename="{name}"' if name else ""
        body += f'--edge\r\nContent-Disposition: form-data; name="{field}"{file}\r\n\r\n'.encode() + data + b"\r\n"
    return {"data": body + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


def upload(client: FlaskClient, name: str, data: bytes) -> dict[str, object]:
    answer = client.post("/files", data={"file": (io.BytesIO(data), name)}, headers={"X-Fragment": "1"})
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return dict(answer.json)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_kept_with_a_small_copy(cast: Cast, as_viewer: AsViewer, kind: str) -> None:
    alice = as_viewer(cast.alice)
    stored = upload(alice, "tank", picture(kind))
    assert (stored["kind"], stored["width"], stored["height"]) == ("picture", 64, 48)
    with alice.get(str(stored["small_url"])) as small:
        assert small.content_type == "image/webp"
        assert Image.open(io.BytesIO(small.data)).size == (64, 48)


def test_a_large_picture_is_made_small_and_loses_the_cameras_notes(cast: Cast, as_viewer: AsViewer) -> None:
    notes = Image.Exif()
    notes[0x010E] = "where I live"
    out = io.BytesIO()
    Image.new("RGB", (3000, 2000), "teal").save(out, "JPEG", exif=notes)
    alice = as_viewer(cast.alice)
    stored = upload(alice, "photo.jpg", out.getvalue())
    with alice.get(str(stored["small_url"])) as small:
        shown = Image.open(io.BytesIO(small.data))
        assert shown.size == (960, 640)
        assert not shown.getexif()


def test_a_drawing_is_shown_as_sharp_as_it_is_where_that_is_no_heavier(cast: Cast, as_viewer: AsViewer) -> None:
    chart = Image.new("RGB", (1200, 640), "white")
    ImageDraw.Draw(chart).line([(0, 600), (400, 200), (1200, 20)], fill="teal", width=3)
    out = io.BytesIO()
    chart.save(out, "PNG")
    alice = as_viewer(cast.alice)
    stored = upload(alice, "chart.png", out.getvalue())
    with alice.get(str(stored["small_url"])) as small:
        shown = Image.open(io.BytesIO(small.data)).convert("RGB")
    assert shown.tobytes() == chart.tobytes()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<!doctype html>" + SCRIPT),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"),
        ("picture.png", SCRIPT),
        ("picture.png", picture()[:40]),
        ("notes.pdf", b"%PDF-1.7"),
    ],
)
def test_what_is_no_picture_can_only_be_saved(cast: Cast, as_viewer: AsViewer, name: str, data: bytes) -> None:
    alice = as_viewer(cast.alice)
    stored = upload(alice, name, data)
    assert stored["kind"] == "file"
    with alice.get(str(stored["url"])) as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert alice.get(f"{stored['url']}/small").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.txt", b"", "is empty"),
        ("bomb.png", bomb(), "too many pixels"),
        ("film.mp4", b"x" * (actions.MOST_BYTES + 1), "the limit is 25 MB"),
    ],
)
def test_what_cannot_be_taken_is_refused_on_its_field(
    cast: Cast, as_viewer: AsViewer, name: str, data: bytes, words: str
) -> None:
    alice = as_viewer(cast.alice)
    answer = alice.post("/files", headers={"X-Fragment": "1"}, **multipart(file=(name, data)))
    assert answer.status_code == 422
    assert answer.json is not None
    assert words in answer.json["fields"]["files"]
    plain = alice.post("/posts", **multipart(text=("", b"My words"), upload=(name, data)))
    assert plain.status_code == 422
    assert words in plain.text
    assert "My words" in plain.text


def test_a_description_that_is_too_long_is_refused_and_not_cut(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    stored = upload(alice, "tank.png", picture("PNG"))
    address, most = f"/files/{stored['id']}/describe", actions.LONGEST_ALT
    assert alice.post(address, data={"alt": "ü" * most}, headers={"X-Fragment": "1"}).status_code == 204
    answer = alice.post(address, data={"alt": "ü" * (most + 1)}, headers={"X-Fragment": "1"})
    assert answer.status_code == 422
    assert answer.json is not None
    assert "At most 500" in answer.json["fields"]["alt"]
    made = alice.post("/api/v1/posts", json={"text": "Look", "files": [stored["id"]]})
    assert made.json is not None
    edited = {"text": "Look", f"alt-{stored['id']}": "ü" * (most + 1)}
    assert alice.post(f"/posts/{made.json['id']}/edit", data=edited).status_code == 422
    assert "ü" * most in alice.get(f"/posts/{made.json['id']}").text, "as it was said"


@pytest.mark.parametrize("name", ["../../etc/passwd", "pass\u202ewd", "  passwd "])
def test_a_wicked_name_stays_a_name(cast: Cast, as_viewer: AsViewer, name: str) -> None:
    assert upload(as_viewer(cast.alice), name, b"x")["name"] == "passwd"


def test_a_waiting_upload_is_nobody_elses(cast: Cast, as_viewer: AsViewer) -> None:
    stored = upload(as_viewer(cast.alice), "plan.txt", b"the plan")
    bob = as_viewer(cast.bob)
    assert bob.get(str(stored["url"])).status_code == 404
    assert bob.post("/api/v1/posts", json={"text": "Mine", "files": [stored["id"]]}).status_code == 422


def test_a_file_that_was_posted_is_open_to_the_audience_and_attached_once(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    stored = upload(alice, "plan.txt", b"the plan")
    made = alice.post("/api/v1/posts", json={"text": "Look", "files": [stored["id"]]})
    assert made.status_code == 201
    assert made.json is not None
    assert [file["name"] for file in made.json["files"]] == ["plan.txt"]
    with as_viewer(cast.carol).get(str(stored["url"])) as answer:
        assert answer.data == b"the plan"
    again = as_viewer(cast.alice).post("/api/v1/posts", json={"text": "Again", "files": [stored["id"]]})
    assert again.status_code == 422


def test_files_travel_with_a_plain_form(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    files = [(io.BytesIO(picture()), "one.png"), (io.BytesIO(b"two"), "two.txt")]
    assert alice.post("/posts", data={"text": "Both", "upload": files}).status_code == 303
    page = alice.get("/?view=everyone").text
    assert 'alt="one.png"' in page
    assert "two.txt" in page


def test_the_bytes_of_a_broken_upload_leave_no_half_file(tmp_path: Path) -> None:
    sha256 = storing.keep(tmp_path, b"whole")
    assert storing.keep(tmp_path, b"whole") == sha256
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [b"whole"]


def test_the_name_of_kept_bytes_is_on_disk_before_a_row_speaks_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[tuple[Path, int]] = []

    def fsync(descriptor: int, really: Callable[[int], None] = os.fsync) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        settled.append((path, len(list(path.glob("[!.]*"))) if path.is_dir() else 0))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    sha256 = storing.keep(tmp_path, b"bytes")
    assert settled[0] == (tmp_path, 1)
    assert settled[-1] == (storing.path_of(tmp_path, sha256).parent, 1)


def test_bytes_that_are_uploaded_again_are_young_again(tmp_path: Path) -> None:
    path = storing.path_of(tmp_path, storing.keep(tmp_path, b"whole"))
    os.utime(path, (0, 0))
    storing.keep(tmp_path, b"whole")
    assert path.stat().st_mtime > 0


def test_a_picture_of_too_many_pixels_is_never_unpacked() -> None:
    with pytest.raises(pictures.TooManyPixels):
        pictures.read_picture(bomb())


def test_forgotten_uploads_and_nameless_bytes_are_swept_up(app: Flask, database: Database, cast: Cast) -> None:
    folder = runtime(app).settings.files_folder
    with app.app_context():
        kept = actions.receive(folder, "kept.txt", b"kept")
        forgotten = actions.receive(folder, "forgotten.txt", b"forgotten")
    with database.unit_of_work(cast.alice) as session:
        ids = [actions.put_on_shelf(session, cast.alice, one).id for one in (kept, forgotten)]
        actions.hand_over(session, cast.alice, ids[:1], audience_id=cast.group)
    start = clock.now() + timedelta(days=15)
    for turn in range(257):
        moment = start + turn * timedelta(minutes=30)
        with app.app_context(), clock.fixed(moment), database.unit_of_work(SYSTEM) as session:
            sweeping.sweep(session, {})
    with database.reading(SYSTEM) as session:
        assert [row.name for row in session.query(StoredFile)] == ["kept.txt"]
    assert [path.read_bytes() for path in folder.rglob("*") if path.is_file()] == [b"kept"]
