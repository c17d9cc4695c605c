"""The button that follows something, whatever it is: two addresses below its own, and one answer."""

from collections.abc import Callable
from typing import Any, Protocol

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.page import wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature, Handler
from intranet.people.routes import back_to


class Act(Protocol):
    """Follows what ``key`` names, or no longer; returns what its page says of its followers from now on."""

    def __call__(self, session: Session, viewer: Viewer, key: Any, /, *, is_on: bool) -> str: ...


def followable(feature: Feature, address: str, act: Act, *, prepare: Callable[[Viewer], object] | None = None) -> None:
    """Mount the button of what stands at ``address``, whose one value is called ``key``."""
    for verb, is_on in (("follow", True), ("unfollow", False)):
        feature.post(f"{address}/{verb}", allow=MEMBER, prepare=prepare, endpoint=verb)(_pressed(act, is_on=is_on))


def _pressed(act: Act, *, is_on: bool) -> Handler:
    def press(session: Session, viewer: Viewer, key: Any, **_prepared: object) -> ResponseReturnValue:
        words = act(session, viewer, key, is_on=is_on)
        if wants_fragment():
            return jsonify(is_followed=is_on, words=words)
        return redirect(back_to(request.path.rpartition("/")[0]), 303)

    return press
