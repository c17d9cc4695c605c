"""Couth as an installed application: its service worker, and the page for when there is no line."""

import json
from functools import lru_cache

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.home.views import feature
from intranet.kernel.assets import STATIC, bundle_in_use, fingerprint_of_sources, static_url
from intranet.kernel.policy import ANYONE
from intranet.kernel.viewer import Viewer

_WORKER = "js/home/worker.js"
# What the page without a line needs; the rest is kept when it is first used.
_NAMED = (
    "js/theme.js", "js/app.js", "css/all.css", "img/icons.svg", "img/mark.svg", "img/icon-192.png", "img/badge-96.png",
)  # fmt: skip


@feature.get("/sw.js", allow=ANYONE)
def service_worker(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """The worker from the root, so that it stands before every page. Its bytes change with any file that it could
    keep, and so browsers take the new one."""
    kept = {"version": _version(), "files": _files()}
    words = f"const KEPT = {json.dumps(kept)};\n{(STATIC / _WORKER).read_text()}"
    return Response(words, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@feature.get("/offline", allow=ANYONE)
def offline(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """What stands in for every page but the last feed; it is kept, so nothing in it is anybody's."""
    return render_template("home/offline.html")


@lru_cache(maxsize=1)
def _version() -> str:
    """Changes with the content of any style sheet or script."""
    return fingerprint_of_sources()[:16]


def _files() -> list[str]:
    """The bundle where there is one, else every sheet, and the modules of that page: they name each other plainly."""
    named = [static_url(name) for name in _NAMED]
    parts = [static_url(name) for name in (*bundle_in_use().modules, *bundle_in_use().fonts)]
    if parts:
        return [*named, *parts]
    plain = sorted([*STATIC.glob("css/*.css"), *STATIC.glob("js/kernel/*.js"), STATIC / "js" / "home" / "offline.js"])
    return [*named, *(f"/static/{path.relative_to(STATIC).as_posix()}" for path in plain if path.name != "all.css")]
