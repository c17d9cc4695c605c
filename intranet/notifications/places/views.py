"""The choice on the page of each place, and all of them among the settings."""

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.groups.queries import GroupCard
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.page import current_viewer
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature, own_path
from intranet.notifications.models import Level
from intranet.notifications.places.actions import choose
from intranet.notifications.places.models import PlaceKind
from intranet.notifications.places.queries import level_of
from intranet.people.cards import PersonCard
from intranet.topics.queries import TopicCard

_CHOSEN = {
    Level.NOW: lazy_gettext("You hear of new posts from there at once."),
    Level.TODAY: lazy_gettext("New posts from there come with the digest."),
    Level.NEVER: lazy_gettext("You are told of no new post from there, whatever else you chose."),
    None: lazy_gettext("New posts from there stand in the feed alone."),
}


def mount(feature: Feature) -> None:
    """Its address is the feature's."""
    feature.post("/notifications/places/<kind>/<id:target_id>", allow=MEMBER)(keep_choice)


def keep_choice(session: Session, viewer: Viewer, kind: str, target_id: int) -> ResponseReturnValue:
    """Keep a choice; an empty ``level`` takes it back."""
    try:
        place, given = PlaceKind(kind), request.form.get("level", "")
    except ValueError:
        raise NotFound from None
    try:
        level = Level(given) if given else None
    except ValueError:
        raise Invalid({"level": str(_("Choose one of the listed values."))}) from None
    choose(session, viewer, place, target_id, level)
    flash(_CHOSEN[level])
    return redirect(own_path(request.form.get("back", "")), 303)


def in_group_menu(*, group: GroupCard, **_context: object) -> str:
    """The three levels, in the menu of a group."""
    return _rendered("notifications/_place_menu.html", PlaceKind.GROUP, group.id)


def on_topic(*, topic: TopicCard, **_context: object) -> str:
    """The choice beside a topic's posts."""
    return _rendered("notifications/_place.html", PlaceKind.TOPIC, topic.id)


def on_profile(*, person: PersonCard, **_context: object) -> str:
    """The choice on a colleague's profile."""
    if person.id == current_viewer().id or person.has_left:
        return ""
    return _rendered("notifications/_place.html", PlaceKind.PERSON, person.id)


def _rendered(template: str, kind: PlaceKind, target_id: int) -> str:
    level = level_of(g.session, current_viewer(), kind, target_id)
    return render_template(template, kind=kind.value, target_id=target_id, level=level.value if level else "")
