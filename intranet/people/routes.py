"""The feature that all pages of people hang on, and the limits on what they may do."""

from collections.abc import Callable
from datetime import timedelta

from flask import request

from intranet.kernel import ratelimit
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature, own_path

feature = Feature("people")


def at_most(most: int, per: timedelta, what: str) -> Callable[[Viewer], None]:
    """A ``prepare`` that counts one use of ``what`` by the viewer.

    Raises, when a request comes in too soon:
        TooFast: it was used too often.
    """

    def count(viewer: Viewer) -> None:
        ratelimit.limit(runtime().database, f"{what}:{viewer.member_id}", most=most, per=per)

    return count


def back_to(otherwise: str) -> str:
    """The page that the form names as ``next``, if it is one of ours."""
    return own_path(request.form.get("next", ""), otherwise=otherwise)
