"""The other ways to look at people: the org chart and who is here today."""

from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.hours import zone_of
from intranet.people.models import Profile
from intranet.people.org import step_at
from intranet.people.profiles import person_or_404
from intranet.people.routes import feature
from intranet.people.today import places_today


@feature.get("/people/<username>/org", allow=MEMBER)
def org(session: Session, _viewer: Viewer, username: str) -> ResponseReturnValue:
    """The org chart around somebody."""
    return render("people/org.html", step=step_at(session, person_or_404(session, username).id))


@feature.get("/here-today", allow=MEMBER)
def today(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Places and their hours on the viewer's clock."""
    own_zone = session.scalar(select(Profile.timezone).where(Profile.person_id == viewer.member_id)) or "UTC"
    present = clock.now().astimezone(zone_of(own_zone))
    return render(
        "people/today.html",
        places=places_today(session, own_zone),
        own_clock=present.strftime("%H:%M"),
        own_hour=round(present.hour + present.minute / 60, 2),
    )
