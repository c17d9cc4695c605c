"""The reasons on posts, turning them down, the three dials, and the settings page that lists all of it."""

from typing import Any

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.feed.ranked import tuning
from intranet.feed.ranked.reading import reasons_for
from intranet.feed.ranked.reasons import Reason, Why
from intranet.feed.ranked.tuning import Dials
from intranet.feed.views import feature
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import parse_id
from intranet.kernel.page import Slot, fill, render, wants_fragment
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts.cards import PostCard
from intranet.posts.queries import post_card
from intranet.posts.views import back_to, post_fragment


def fill_slots() -> None:
    """Show the reason on a post, the way to turn it down in its menu, and the settings."""
    fill(Slot.POST_WHY, _why)
    fill(Slot.POST_ACTIONS, _less)
    fill(Slot.SETTINGS_PARTS, _setting)


def _reason_of(post: PostCard) -> Reason | None:
    reasons: dict[int, Reason] = g.get("feed_reasons", {})
    return reasons.get(post.id)


def _why(*, post: PostCard, **_context: Any) -> str:
    reason = _reason_of(post)
    return part("feed/_why.html", reason=reason) if reason else ""


def _less(*, post: PostCard, **_context: Any) -> str:
    reason = _reason_of(post)
    return part("feed/_less.html", reason=reason) if reason and reason.less else ""


def _setting(**_context: Any) -> str:
    return render_template("feed/_setting.html")


@feature.get("/feed/items/<id:post_id>", allow=MEMBER)
def item(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """One post as the ranked feed shows it, with the reason why it would be there."""
    card = post_card(session, viewer, post_id)
    if not wants_fragment():
        return redirect(card.url)
    g.feed_reasons = reasons_for(session, viewer, [post_id])
    return post_fragment(card)


@feature.post("/feed/less", allow=MEMBER)
def less(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Turn a reason down, or with ``on=0`` let it count again."""
    asked, is_on = request.form.get("why", ""), request.form.get("on", "1") == "1"
    if asked not in set(Why):
        raise Invalid({"why": str(_("Choose one of the listed values."))})
    tuning.turn_down(session, viewer, Why(asked), parse_id(request.form.get("target") or "0"), is_on=is_on)
    if wants_fragment():
        return "", 204
    if is_on:
        flash(_("You will see less of this. The settings of your feed take it back."))
    else:
        flash(_("It counts like anything else again."))
    return back_to("/?view=for-you")


@feature.post("/feed/dials", allow=MEMBER)
def dials(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Set how much of people, topics and groups the ranked feed shows."""
    wanted = {name: request.form.get(name, "2") for name in ("people", "topics", "groups")}
    levels = {
        name: int(level) if level.isascii() and level.isdigit() and len(level) < 3 else -1
        for name, level in wanted.items()
    }
    tuning.set_dials(session, viewer, Dials(**levels))
    return ("", 204) if wants_fragment() else back_to("/?view=for-you")


@feature.get("/settings/feed", allow=MEMBER)
def settings(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The dials, and everything that was turned down."""
    return render("feed/settings.html", dials=tuning.dials_of(session, viewer), less=tuning.less_of(session, viewer))
