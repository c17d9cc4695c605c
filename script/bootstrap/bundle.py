"""The bundle of styles, scripts and fonts, made anew whenever something that it is made from has changed."""

from script.bootstrap.console import run_quietly, say
from script.bootstrap.places import BUNDLE, PYTHON, ROOT, VENDOR
from script.bootstrap.stamps import fingerprint, read_stamp, write_stamp

STAMP = "made_of.json"


def make_bundle() -> None:
    """Needs the packages and the browser libraries; a moment's work when nothing has changed."""
    sources = sorted([*(ROOT / "static" / "css").rglob("*.css"), *(ROOT / "static" / "js").rglob("*.js")])
    makers = [ROOT / "script" / "bundling.py", ROOT / "requirements.txt", ROOT / "package-lock.json"]
    names = " ".join(file.relative_to(ROOT).as_posix() for file in sources)
    wanted = fingerprint([*makers, *sources, *sorted(VENDOR.rglob("*.woff2"))], extra=names)
    if read_stamp(BUNDLE / STAMP).get("sources") == wanted:
        return
    say("Bundling styles, scripts and fonts …")
    run_quietly(
        [PYTHON, "-m", "script.bundling"],
        remedy="Styles and scripts could not be bundled: see above. COUTH_BUNDLE=off serves them one by one.",
        folder=ROOT,
    )
    write_stamp(BUNDLE / STAMP, {"sources": wanted})
