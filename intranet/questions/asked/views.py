"""Who is asked, as a part of a question's page, and what the asked person can say there."""

from datetime import datetime, timedelta

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.models import Profile
from intranet.questions.asked import actions
from intranet.questions.asked.queries import who_is_asked
from intranet.questions.routing.candidates import week_of
from intranet.questions.routing.models import AskingHours
from intranet.questions.views import Passing, feature, whole_page


@feature.get("/questions/<id:post_id>/asked", allow=MEMBER)
def asked(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Who is asked; for the page's script."""
    return _part("questions/_asked.html", session, viewer, post_id)


@feature.get("/questions/<id:post_id>/asked/me", allow=MEMBER)
def asked_me(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """What the viewer is asked; for the page's script."""
    return _part("questions/_asked_me.html", session, viewer, post_id)


def _part(template: str, session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    who = who_is_asked(session, viewer, post_id)
    if who is None:
        raise NotFound
    return render(template, asked=who, passing=None) if wants_fragment() else redirect(f"/questions/{post_id}")


@feature.post("/questions/<id:post_id>/asked/seen", allow=MEMBER)
def seen(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """The asked person has it before their eyes."""
    actions.mark_seen(session, viewer, post_id)
    return "", 204


@feature.post("/questions/<id:post_id>/asked/later", allow=MEMBER)
def later(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Be asked again ``when``: in so many ``minutes``, or when the next working day begins (``day``)."""
    actions.answer_later(session, viewer, post_id, _moment(session, viewer, request.form.get("when", "")))
    if wants_fragment():
        return "", 204
    flash(_("You will be asked again then."))
    return redirect(f"/questions/{post_id}", 303)


def _moment(session: Session, viewer: Viewer, when: str) -> datetime:
    now = clock.now()
    if when.isascii() and when.isdigit() and len(when) <= 5:
        return now + timedelta(minutes=int(when))
    if when != "day":
        raise Invalid({"when": str(_("Choose one of the listed values."))})
    zone = session.scalar(select(Profile.timezone).where(Profile.person_id == viewer.member_id))
    week = week_of(session.get(AskingHours, viewer.member_id), zone)
    end_of_day = now.astimezone(week.zone).replace(hour=23, minute=59, second=59)
    return week.opens_after(end_of_day.astimezone(now.tzinfo)) or now + timedelta(days=1)


@feature.post("/questions/<id:post_id>/asked/pass", allow=MEMBER)
def pass_on(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Somebody else knows it: ``to``, with a ``note``."""
    to, note = request.form.get("to", ""), request.form.get("note", "")
    try:
        actions.pass_on(session, viewer, post_id, to=to, note=note)
    except Invalid as error:
        if wants_fragment():
            raise
        return whole_page(session, viewer, post_id, passing=Passing(to, note, error.fields)), 422
    if wants_fragment():
        return "", 204
    flash(_("Passed on. They are asked as soon as they can be."))
    return redirect(f"/questions/{post_id}#asked-me", 303)


@feature.post("/questions/<id:post_id>/asked/decline", allow=MEMBER)
def decline(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Not my field."""
    topics = actions.decline(session, viewer, post_id)
    if wants_fragment():
        return "", 204
    names = ", ".join(topic.name for topic in topics)
    said = _(
        "The finder trusts less that you know %(names)s. Settings, What Couth knows about me, takes that back.",
        names=names,
    )
    flash(said if topics else _("Thank you. Somebody else is asked."))
    return redirect(f"/questions/{post_id}", 303)


@feature.post("/questions/<id:post_id>/asked/more", allow=MEMBER)
def more(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Ask more people without waiting."""
    actions.ask_more(session, viewer, post_id)
    return redirect(f"/questions/{post_id}", 303)
