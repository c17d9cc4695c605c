"""Makes static/bundle: one style sheet, few scripts and small fonts, named by their content and compressed once.

Set-up runs it inside the virtual environment. esbuild joins and shortens; fontTools cuts each typeface down to the
characters that its rule in fonts.css promises and to the weights that the sheets use.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import brotli
from fontTools import subset, version
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from intranet.config import ROOT
from intranet.kernel.assets import BUNDLE, MANIFEST, STATIC, fingerprint_of_sources

# Of few pages alone: fetched when a page has them.
APART = (
    "accounts/codes",
    "accounts/copy",
    "accounts/looks",
    "accounts/passkey",
    "articles/article",
    "articles/list",
    "chat/composer",
    "chat/conversation",
    "chat/inside",
    "chat/list",
    "expertise/here",
    "expertise/narrow",
    "expertise/tray",
    "feed/dials",
    "governance/progress",
    "groups/group",
    "kernel/code",
    "kernel/drafting",
    "kernel/sending",
    "kernel/uploading",
    "notifications/desktop_switch",
    "notifications/devices",
    "notifications/page",
    "people/directory",
    "people/here",
    "people/org",
    "people/profile",
    "people/timezone",
    "posts/lightbox",
    "posts/schedule",
    "posts/scheduled",
    "posts/share",
    "posts/waiting",
    "questions/arrivals",
    "questions/question",
    "retold/once",
    "search/conversation",
    "search/news",
    "search/results",
    "topics/topic",
    "welcome/card",
)
ENTRIES = {"css/all.css": "all", "js/app.js": "couth", "js/theme.js": "theme"}
CUT_FONTS = ROOT / ".cache" / "fonts"
WEIGHTS = (400, 700)
FEATURES = ["kern", "ccmp", "locl", "mark", "mkmk", "tnum"]
EARLY = "inter-latin-wght"
KEPT_FOR = 7 * 24 * 3600  # seconds
WORTH_PACKING = 1_000  # bytes
_FACE = re.compile(r"@font-face\s*{.*?}", re.DOTALL)
_SOURCE = re.compile(r'url\("\.\./(vendor/[^"]+)"\)')
_CHARACTERS = re.compile(r"unicode-range:\s*([^;]+);")


def main() -> int:
    """Everything beside the old bundle, then swapped in: a page never sees half of it."""
    with tempfile.TemporaryDirectory(dir=STATIC, prefix="bundle.new.") as aside:
        out = Path(aside) / "out"
        bundle_into(out)
        _keep_last(out)
        shutil.rmtree(STATIC / BUNDLE, ignore_errors=True)
        out.replace(STATIC / BUNDLE)
    return 0


def bundle_into(out: Path) -> None:
    """Make the bundle of the checkout's sources in a folder of its own.

    Raises:
        SystemExit: it could not be made; what is wrong was printed.
    """
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        shutil.copytree(STATIC / "css", work / "css")
        cut_fonts(work / "css" / "fonts.css")
        modules = _run_esbuild(work, out)
    for file in [*out.glob("*.css"), *out.glob("*.js")]:
        if file.stat().st_size >= WORTH_PACKING:
            file.with_name(f"{file.name}.br").write_bytes(brotli.compress(file.read_bytes(), quality=11))
    manifest = {
        "sources": fingerprint_of_sources(),
        "names": {source: _only(out, f"{name}-*{Path(source).suffix}") for source, name in ENTRIES.items()},
        "fonts": [_only(out, f"{EARLY}-*.woff2")],
        "modules": modules,
    }
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def write_entry(work: Path) -> Path:
    """Returns the script that holds every behaviour by its name; those apart are fetched when a page has them.

    Each of those brings the core, which every page has anyhow: what they share with it then stays one part, instead of
    one for each circle of them that shares a module, whose heads would weigh more than what is in them.
    """
    scripts = STATIC / "js"
    names = sorted(
        file.relative_to(scripts).with_suffix("").as_posix()
        for file in scripts.glob("*/**/*.js")
        if "export function connect(" in file.read_text(encoding="utf-8")
    )
    held = [name for name in names if name not in APART]
    imports = [f'import {{ connect as b{place} }} from "couth/{name}.js";' for place, name in enumerate(held)]
    rows = ", ".join(f'"{name}": {{ connect: b{place} }}' for place, name in enumerate(held))
    _write(
        work / "core.js",
        *imports,
        'export { begin } from "couth/kernel/behaviours.js";',
        f"export const held = {{ {rows} }};",
    )
    for name in APART:
        _write(work / "apart" / f"{name}.js", 'import "couth-core";', f'export {{ connect }} from "couth/{name}.js";')
    rows = ", ".join(f'"{name}": () => import("./apart/{name}.js")' for name in APART)
    entry = work / "couth.js"
    _write(
        entry,
        'import { begin, held } from "couth-core";',
        f"const apart = {{ {rows} }};",
        "begin((name) => held[name] ?? apart[name]());",
    )
    return entry


def _write(script: Path, *lines: str) -> None:
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _run_esbuild(work: Path, out: Path) -> list[str]:
    """Returns the parts without which the pages' script cannot begin."""
    found = next(iter(sorted((ROOT / "node_modules" / "@esbuild").glob("*/bin/esbuild"))), None)
    if found is None:
        raise SystemExit("npm delivered no esbuild for this machine: delete node_modules, then start again.")
    entries = {"all": work / "css" / "all.css", "couth": write_entry(work), "theme": STATIC / "js" / "theme.js"}
    aliases = {
        "couth": STATIC / "js",
        "couth-core": work / "core.js",
        "socket.io-client": STATIC / "vendor" / "socket.io.esm.min.js",
        "idiomorph": STATIC / "vendor" / "idiomorph.esm.js",
    }
    options = (
        "--bundle --minify --splitting --format=esm --target=es2022 --loader:.woff2=file --legal-comments=none "
        "--log-level=warning --entry-names=[name]-[hash] --chunk-names=part-[hash] --asset-names=[name]-[hash]"
    )
    command = [
        str(found),
        *(f"{name}={place}" for name, place in entries.items()),
        *(f"--alias:{name}={place.resolve()}" for name, place in aliases.items()),
        *options.split(),
        f"--outdir={out}",
        f"--metafile={work / 'made.json'}",
    ]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise SystemExit("esbuild could not make the bundle.")
    made = json.loads((work / "made.json").read_text(encoding="utf-8"))["outputs"]
    begin = next(told for name, told in made.items() if Path(name).match("couth-*.js"))
    needed = [part["path"] for part in begin["imports"] if part["kind"] == "import-statement"]
    return [f"{BUNDLE}/{Path(path).name}" for path in needed]


def _only(out: Path, pattern: str) -> str:
    (file,) = out.glob(pattern)
    return f"{BUNDLE}/{file.name}"


def _keep_last(out: Path) -> None:
    """A page that was opened before an update may still ask for a part of the bundle that it came with."""
    for file in (STATIC / BUNDLE).glob("*-*.*"):
        if time.time() - file.stat().st_mtime < KEPT_FOR and not (out / file.name).exists():
            shutil.copy2(file, out / file.name)


def cut_fonts(sheet: Path) -> None:
    """Bring a copy of fonts.css to files beside it that hold nothing but what each of its rules promises."""
    rules = sheet.read_text(encoding="utf-8")
    for place, face in enumerate(_FACE.findall(rules)):
        source, characters = _SOURCE.search(face), _CHARACTERS.search(face)
        if source is None or characters is None:
            continue  # a typeface of the reader's own machine
        original = STATIC / source.group(1)
        name = f"{original.name.removesuffix('-normal.woff2')}-{place}.woff2"
        _cut(original, sheet.with_name(name), characters.group(1))
        rules = rules.replace(face, _SOURCE.sub(f'url("./{name}")', face))
    sheet.write_text(rules, encoding="utf-8")


def _cut(original: Path, smaller: Path, characters: str) -> None:
    """What was cut once is kept: it takes seconds, and fonts seldom change."""
    recipe = f"{characters} {WEIGHTS} {FEATURES} {version}".encode()
    kept = CUT_FONTS / f"{hashlib.sha256(recipe + original.read_bytes()).hexdigest()}.woff2"
    if not kept.exists():
        CUT_FONTS.mkdir(parents=True, exist_ok=True)
        aside = kept.with_suffix(f".{os.getpid()}")
        _cut_anew(original, aside, characters)
        aside.replace(kept)
    shutil.copyfile(kept, smaller)


def _cut_anew(original: Path, smaller: Path, characters: str) -> None:
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=[1, 2])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(characters))
    font = TTFont(original, recalcTimestamp=False)  # the same sources make the same names
    cutter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    font.flavor = "woff2"
    font.save(smaller)


if __name__ == "__main__":
    sys.exit(main())
