"""What a first visit carries home, with nothing cached: at most 150 kB, also where somebody's name is Cyrillic."""

import gzip
import json
from pathlib import Path

import pytest

from intranet.config import ROOT
from intranet.kernel.assets import BUNDLE, MANIFEST
from script.bundling import bundle_into

MOST = 150_000
# What home carries beside the product's own files, in the demo company: the page with twenty posts (15.7 kB), its two
# pictures (24.8), whom to meet (2.1) and what was missed (1.2). script/bench lighthouse tells.
PAGE_ITSELF = 44_500
HEADERS = 430  # bytes of each answer


@pytest.mark.browser  # drives none, but what bundles comes with the browser's libraries
def test_a_first_visit_carries_at_most_150_kilobytes(tmp_path: Path) -> None:
    folder = tmp_path / BUNDLE
    bundle_into(folder)
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    carried = {tmp_path / name for name in (*told["names"].values(), *told["fonts"], *told["modules"])}
    carried |= {folder / _of_the_live_line(folder), *_faces(folder)}
    carried |= {ROOT / "static" / name for name in ("img/icons.svg", "img/mark.svg", "manifest.webmanifest")}
    weights = {file.name: _weight(file) for file in carried}
    assert len(weights) > 9
    assert sum(weights.values()) <= MOST - PAGE_ITSELF, weights


def _faces(folder: Path) -> list[Path]:
    """Those that home's names ask for beside the Latin one: Polish, and what most of Cyrillic is written with."""
    polish, *_others = sorted(folder.glob("inter-latin-ext-wght-*"))
    cyrillic, *_fewer = sorted(folder.glob("inter-cyrillic-wght-*"))
    return [polish, cyrillic]


def _of_the_live_line(folder: Path) -> str:
    """The part that is fetched after the first paint: Socket.IO's client."""
    (found,) = (file.name for file in folder.glob("part-*.js") if "xhr poll error" in file.read_text(encoding="utf-8"))
    return found


def _weight(file: Path) -> int:
    """Bytes on the wire, where a browser takes Brotli; drawings go out by gzip."""
    packed = file.with_name(f"{file.name}.br")
    data = (packed if packed.exists() else file).read_bytes()
    return HEADERS + (len(gzip.compress(data, 9)) if file.suffix in {".svg", ".webmanifest"} else len(data))
