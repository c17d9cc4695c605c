"""What travels compressed is the same to the last byte, and its length tells nothing."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from flask.testing import FlaskClient

from intranet.kernel.viewer import Viewer
from tests.cast import Cast

Browser = Callable[[Viewer], FlaskClient]
GZIP = {"Accept-Encoding": "gzip"}
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


@pytest.mark.parametrize(("taken", "used"), [("gzip, deflate", "gzip"), ("gzip, br", "br"), ("gzip, br;q=0", "gzip")])
def test_pages_are_compressed_for_whoever_takes_it(as_viewer: Browser, cast: Cast, taken: str, used: str) -> None:
    alice = as_viewer(cast.alice)
    plain, packed = alice.get("/topics"), alice.get("/topics", headers={"Accept-Encoding": taken})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == used
    assert len(packed.data) < len(plain.data) / 3
    assert UNPACK[used](packed.data).decode().startswith("<!doctype html>")
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert packed.headers["Content-Length"] == str(len(packed.data))


@pytest.mark.parametrize("taken", ["gzip", "br"])
def test_the_same_page_has_another_length_each_time(as_viewer: Browser, cast: Cast, taken: str) -> None:
    alice, headers = as_viewer(cast.alice), {"Accept-Encoding": taken}
    assert len({len(alice.get("/api/v1/groups?q=" + "x" * 60, headers=headers).data) for _try in range(3)}) == 1
    packed = [alice.get("/topics", headers=headers).data for _try in range(12)]
    assert len({len(data) for data in packed}) > 3
    assert all(UNPACK[taken](data).endswith(b"</html>") for data in packed)


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
