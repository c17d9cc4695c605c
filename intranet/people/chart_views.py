"""The other ways to look at people: the org chart and who is here today."""

from datetime import timedelta

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.people import actions
from intranet.people.forms import PlaceForm
from intranet.people.hours import end_after, zone_of
from intranet.people.models import Profile
from intranet.people.org import step_at
from intranet.people.places import said_places
from intranet.people.profiles import person_or_404
from intranet.people.queries import people_starting
from intranet.people.routes import at_most, feature
from intranet.people.today import places_today

_MOST_FOUND = 20
_place_limit = at_most(60, timedelta(minutes=10), "place")


@feature.get("/org", allow=MEMBER)
def find_in_org(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The chart around whoever is called ``q``; around oneself without a name."""
    words = clean_line(request.args.get("q", "")[:120])
    found = people_starting(session, words, _MOST_FOUND) if words else []
    own = session.get_one(Person, viewer.member_id).username
    if not words or len(found) == 1:
        return redirect(f"/people/{found[0].username if found else own}/org", 303)
    return render("people/org_found.html", words=words, found=found, own=own)


@feature.get("/people/<username>/org", allow=MEMBER)
def org(session: Session, _viewer: Viewer, username: str) -> ResponseReturnValue:
    """The org chart around somebody."""
    return render("people/org.html", step=step_at(session, person_or_404(session, username).id))


@feature.get("/here-today", allow=MEMBER)
def today(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Places and their hours on the viewer's clock, and where people said they are, which alone is the fragment."""
    return _today(session, viewer)


@feature.post("/here-today", allow=MEMBER, prepare=_place_limit)
def say_place(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Say where one works now, and until when; empty takes it back."""
    try:
        form = PlaceForm.parse(request.form)
        own_zone = session.scalar(select(Profile.timezone).where(Profile.person_id == viewer.member_id)) or ""
        ends_at = end_after(form.place_lasts or "today", own_zone, field="place_lasts")
    except Invalid as invalid:
        return _today(session, viewer, errors=invalid.fields), 422
    actions.set_working_place(session, viewer, place=form.place, ends_at=ends_at)
    return redirect("/here-today", 303)


def _today(session: Session, viewer: Viewer, *, errors: dict[str, str] | None = None) -> str:
    said = said_places(session, viewer)
    if wants_fragment():
        return render("people/_said_places.html", said=said)
    own_zone = session.scalar(select(Profile.timezone).where(Profile.person_id == viewer.member_id)) or "UTC"
    present = clock.now().astimezone(zone_of(own_zone))
    return render(
        "people/today.html",
        places=places_today(session, own_zone),
        said=said,
        typed=request.form.get("place", ""),
        errors=errors or {},
        lasting=[("60", _("for an hour")), ("240", _("for four hours")), ("today", _("until the end of today"))],
        own_clock=present.strftime("%H:%M"),
        own_hour=round(present.hour + present.minute / 60, 2),
    )
