"""Pages of people: the directory, profiles, hover cards, followers."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people import actions, photos, presence
from intranet.people.api import chosen_filter
from intranet.people.cards import presence_of
from intranet.people.directory import DirectoryFilter, directory_count, directory_facets, directory_page
from intranet.people.following import followable
from intranet.people.knowledge import known_topics
from intranet.people.models import FollowKind, PresenceMark
from intranet.people.profiles import followers_page, following_page, person_or_404, profile_view
from intranet.people.queries import followed_among, follower_count
from intranet.people.routes import at_most, back_to, feature

_FOCUS_MINUTES = frozenset({"0", "30", "60", "240", "480"})


@feature.get("/people", allow=MEMBER)
def directory(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Everybody, narrowed by words and facets; the fragment is the list alone."""
    chosen = chosen_filter()
    page = directory_page(session, chosen, cursor=request.args.get("before"))
    shown: dict[str, Any] = {
        "page": page,
        "knows": known_topics(session, [card.id for card in page.items], most=2),
        "chosen": chosen,
        "view": "cards" if request.args.get("view") == "cards" else "list",
        "address": _address,
    }
    if wants_fragment() and request.args.get("before"):
        return render_template("people/_more.html", **shown)
    return render(
        "people/directory.html",
        fragment="people/_results.html",
        facets=directory_facets(session, chosen),
        count=directory_count(session, chosen),
        everybody=directory_count(session, DirectoryFilter()),
        **shown,
    )


def _address(**changes: str | None) -> str:
    """This page's address with some parameters changed; a page starts again at its first entry."""
    kept = request.args.to_dict(flat=False)
    kept.pop("before", None)
    for name, value in changes.items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = [value]
    return f"{request.path}?{urlencode(kept, doseq=True)}" if kept else request.path


@feature.get("/people/<username>", allow=MEMBER)
def show(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """A profile, on the tab that tells what somebody knows."""
    return render("people/show.html", profile=profile_view(session, viewer, username), current="knows")


@feature.get("/people/<username>/card", allow=MEMBER)
def card(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """The hover card: a fragment, also for those who open it as a page."""
    profile = profile_view(session, viewer, username)
    knows = known_topics(session, [profile.card.id], most=4).get(profile.card.id, [])
    return render_template("people/_card.html", profile=profile, knows=knows)


@feature.get("/people/<username>/followers", allow=MEMBER)
def followers(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """Who follows them."""
    return _people_list(session, viewer, username, "followers")


@feature.get("/people/<username>/following", allow=MEMBER)
def following(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """Whom they follow."""
    return _people_list(session, viewer, username, "following")


def _people_list(session: Session, viewer: Viewer, username: str, which: str) -> ResponseReturnValue:
    profile = profile_view(session, viewer, username)
    read = followers_page if which == "followers" else following_page
    page = read(session, profile.card.id, cursor=request.args.get("before"))
    mine = followed_among(session, viewer.member_id, FollowKind.PERSON, [card.id for card in page.items])
    return render(
        "people/follows.html",
        fragment="people/_follow_more.html",
        profile=profile,
        page=page,
        which=which,
        current=which,
        followed=mine,
        address=_address,
    )


_follow_limit = at_most(60, timedelta(minutes=10), "follow")


def _follow(session: Session, viewer: Viewer, username: str, *, is_on: bool) -> str:
    person = person_or_404(session, username)
    act = actions.follow_person if is_on else actions.unfollow_person
    act(session, viewer, person.id)
    session.flush()
    return str(ngettext("%(num)s follower", "%(num)s followers", follower_count(session, FollowKind.PERSON, person.id)))


followable(feature, "/people/<key>", _follow, prepare=_follow_limit)


@feature.get("/photos/<key>/<size>", allow=MEMBER)
def photo(_session: Session, _viewer: Viewer, key: str, size: str) -> ResponseReturnValue:
    """A stored photo. Its address holds its hash, so browsers may keep it for ever."""
    path = photos.photo_path(runtime().settings.files_folder, key, size)
    if not path.is_file():
        raise NotFound
    response = Response(path.read_bytes(), mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@feature.post("/presence", allow=MEMBER)
def seen(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The mark of a page whose socket is down."""
    changed = presence.mark_seen(session, viewer.member_id, away=request.form.get("away") == "1")
    if changed is not None:
        presence.announce(viewer.member_id, changed)
    return Response(status=204)


@feature.post("/presence/focus", allow=MEMBER)
def focus(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Be left alone for some ``minutes``; 0 ends it. Others see so, and nothing makes a noise meanwhile."""
    given = request.form.get("minutes", "")
    if given not in _FOCUS_MINUTES:
        raise Invalid({"minutes": str(_("Choose one of the listed values."))})
    until = clock.now() + timedelta(minutes=int(given)) if int(given) else None
    actions.set_focus(session, viewer, until=until)
    mark = session.get(PresenceMark, viewer.member_id)
    presence.announce(viewer.member_id, presence_of(mark.seen_at if mark else None, until))
    return redirect(back_to("/"), 303)


def home_rail(**_context: object) -> str:
    """Who is around, for the rail of the home page."""
    viewer: Viewer = g.viewer
    if viewer.id is None:
        return ""
    around = presence.around_now(g.session, viewer.id)
    return part("people/_around.html", people=tuple(around.people), count=around.count)


def presence_beat(**_context: object) -> str:
    """Nothing to see: the behaviour that tells that this page is in use."""
    return part("people/_presence.html")
