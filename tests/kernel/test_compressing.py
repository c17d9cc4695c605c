"""What travels compressed is the same to the last byte, and its length tells nothing."""

import gzip
from collections.abc import Callable

from flask.testing import FlaskClient

from intranet.kernel.viewer import Viewer
from tests.cast import Cast

Browser = Callable[[Viewer], FlaskClient]
GZIP = {"Accept-Encoding": "gzip, br"}


def test_pages_are_compressed_for_whoever_takes_it(as_viewer: Browser, cast: Cast) -> None:
    alice = as_viewer(cast.alice)
    plain, packed = alice.get("/topics"), alice.get("/topics", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 3
    assert gzip.decompress(packed.data).decode().startswith("<!doctype html>")
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert packed.headers["Content-Length"] == str(len(packed.data))


def test_the_same_page_has_another_length_each_time(as_viewer: Browser, cast: Cast) -> None:
    alice = as_viewer(cast.alice)
    assert len({len(alice.get("/api/v1/groups?q=" + "x" * 60, headers=GZIP).data) for _try in range(3)}) == 1  # small
    assert len({len(alice.get("/topics", headers=GZIP).data) for _try in range(12)}) > 3


def test_static_files_are_compressed_and_still_asked_for_only_once(as_viewer: Browser, cast: Cast) -> None:
    alice = as_viewer(cast.alice)
    with (
        alice.get("/static/css/components.css") as plain,
        alice.get("/static/css/components.css", headers=GZIP) as packed,
    ):
        assert gzip.decompress(packed.data) == plain.data
        etag = packed.headers["ETag"]
    with alice.get("/static/css/components.css", headers={**GZIP, "If-None-Match": etag}) as again:
        assert (again.status_code, again.data) == (304, b"")
    with alice.get("/static/css/components.css", headers={**GZIP, "Range": "bytes=0-9"}) as part:
        assert "Content-Encoding" not in part.headers
    assert alice.get("/static/css/nothing.css", headers=GZIP).status_code == 404
    assert alice.get("/static/../wsgi.py", headers=GZIP).status_code == 404
