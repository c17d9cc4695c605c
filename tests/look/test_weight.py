"""What a first visit carries home, with nothing cached: at most 150 kB."""

import gzip
import json
from pathlib import Path

import pytest

from intranet.config import ROOT
from intranet.kernel.assets import BUNDLE, MANIFEST
from script.bundling import WORTH_PACKING, bundle_into

MOST = 150_000
PAGE_ITSELF = 22_000  # home with twenty posts of the demo company, compressed: script/bench lighthouse tells


@pytest.mark.browser  # drives none, but what bundles comes with the browser's libraries
def test_a_first_visit_carries_at_most_150_kilobytes(tmp_path: Path) -> None:
    folder = tmp_path / BUNDLE
    bundle_into(folder)
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    carried = {tmp_path / name for name in (*told["names"].values(), *told["fonts"], *told["modules"])}
    carried |= {folder / _of_the_live_line(folder), *folder.glob("inter-latin-ext-wght-5-*")}
    carried |= {ROOT / "static" / name for name in ("img/icons.svg", "img/mark.svg", "manifest.webmanifest")}
    weights = {file.name: _weight(file) for file in carried}
    assert len(weights) > 8
    assert sum(weights.values()) <= MOST - PAGE_ITSELF, weights


def _of_the_live_line(folder: Path) -> str:
    """The part that is fetched after the first paint: Socket.IO's client."""
    (found,) = (file.name for file in folder.glob("part-*.js") if "xhr poll error" in file.read_text(encoding="utf-8"))
    return found


def _weight(file: Path) -> int:
    """Bytes on the wire without Brotli, as over plain HTTP; fonts are packed already."""
    is_packed = file.suffix == ".woff2" or file.stat().st_size < WORTH_PACKING
    return len(file.read_bytes() if is_packed else gzip.compress(file.read_bytes(), 9))
