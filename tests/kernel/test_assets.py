"""A bundle stands in for the sources only where it is whole and made of exactly them."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from intranet.kernel import assets
from intranet.kernel.assets import Bundle, bundle_of, fingerprint_of_sources
from tests.cast import Cast
from tests.fixtures import AsViewer

NAMES = {"css/all.css": "bundle/all-1.css", "js/app.js": "bundle/couth-1.js", "js/theme.js": "bundle/theme-1.js"}
PARTS = {"fonts": ["bundle/inter-1.woff2"], "modules": ["bundle/part-1.js"]}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    for name in ("css/all.css", "js/app.js", "js/posts/stream.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"/* {name} */")
    (tmp_path / "bundle").mkdir()
    for name in (*NAMES.values(), *PARTS["fonts"], *PARTS["modules"]):
        (tmp_path / name).write_text("short")
    (tmp_path / "bundle" / "all-1.css.br").write_bytes(b"shorter")
    told = {"sources": fingerprint_of_sources(tmp_path), "names": NAMES, **PARTS}
    (tmp_path / "bundle" / assets.MANIFEST).write_text(json.dumps(told))
    return tmp_path


def test_a_whole_bundle_of_these_sources_is_used(static: Path) -> None:
    assert bundle_of(static) == Bundle(NAMES, ("bundle/inter-1.woff2",), ("bundle/part-1.js",))


@pytest.mark.parametrize(
    "change",
    [
        lambda static: (static / "css" / "all.css").write_text("/* edited */"),
        lambda static: (static / "js" / "posts" / "live.js").write_text("/* new */"),
        lambda static: (static / "js" / "posts" / "stream.js").unlink(),
        lambda static: (static / "bundle" / "part-1.js").unlink(),
        lambda static: (static / "bundle" / assets.MANIFEST).write_text('{"names": {'),
        lambda static: (static / "bundle" / assets.MANIFEST).unlink(),
    ],
    ids=["edited", "added", "removed", "not whole", "torn", "none"],
)
def test_any_other_bundle_is_passed_over(static: Path, change: Callable[[Path], object]) -> None:
    change(static)
    assert bundle_of(static) == Bundle()


def test_a_bundled_page_asks_for_one_sheet_and_has_no_script_within(
    app: Flask, as_viewer: AsViewer, cast: Cast, static: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "couth-assets", bundle_of(static))
    html = as_viewer(cast.alice).get("/people").text
    assert re.findall(r'<link rel="stylesheet" href="([^"]+)"', html) == ["/static/bundle/all-1.css"]
    assert re.findall(r'<script[^>]* src="([^"]+)"', html) == ["/static/bundle/theme-1.js", "/static/bundle/couth-1.js"]
    assert not re.findall(r"<script(?![^>]*\ssrc=)", html)
    assert '<link rel="preload" as="font" type="font/woff2" href="/static/bundle/inter-1.woff2" crossorigin>' in html
    assert '<link rel="modulepreload" href="/static/bundle/part-1.js">' in html


def test_what_is_bundled_is_kept_for_ever_and_comes_as_it_was_packed(
    app: Flask, as_viewer: AsViewer, cast: Cast, static: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "static_folder", str(static))
    monkeypatch.setattr("intranet.kernel.compressing._STATIC", static)
    alice = as_viewer(cast.alice)
    with (
        alice.get("/static/bundle/all-1.css", headers={"Accept-Encoding": "gzip, br"}) as packed,
        alice.get("/static/bundle/all-1.css") as plain,
    ):
        assert (packed.headers["Content-Encoding"], packed.data) == ("br", b"shorter")
        assert plain.data == b"short"
        for answer in (packed, plain):
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["Vary"] == "Accept-Encoding"  # the same for everybody, whatever their cookie
            assert "Set-Cookie" not in answer.headers
    assert alice.get("/static/bundle/none.css", headers={"Accept-Encoding": "br"}).status_code == 404
