"""Settings of one's own second factor: on, replaced, new recovery codes, off. Each asks for the password first."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts import actions as accounts
from intranet.accounts import proving, sessions
from intranet.accounts.factors import actions, offering, queries
from intranet.accounts.factors.gate import proved_offer
from intranet.accounts.models import Person
from intranet.accounts.views import feature
from intranet.kernel.errors import Conflict
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer

_PAGE = "/settings/factor"


@feature.get(_PAGE, allow=MEMBER)
def factor(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Turn it on, or put another authenticator in its place."""
    if not proving.is_proved(session, viewer):
        return proving.ask(_PAGE)
    return _offer(session, accounts.get_person(session, viewer.member_id))


def _offer(session: Session, person: Person, secret: str = "", problems: dict[str, str] | None = None) -> str:
    shown = offering.offer(session, person, secret)
    held = queries.factors_of(session, person.id)
    return render("accounts/factors/turn_on.html", offer=shown, factors=held, errors=problems or {})


@feature.post(_PAGE, allow=MEMBER)
def turn_on(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The first code proves that the authenticator has it; the recovery codes are shown this once."""
    if not proving.is_proved(session, viewer):
        return proving.ask(_PAGE)
    person = accounts.get_person(session, viewer.member_id)
    secret, step, problems = proved_offer(person.id)
    if secret is None or step is None:
        return _offer(session, person, secret or "", problems), 422
    made = actions.turn_on(session, viewer, person, secret, step, spare=sessions.current_sign_in())
    return _codes(person, made, is_first=True)


def _codes(person: Person, made: list[str], *, is_first: bool) -> str:
    return render("accounts/factors/codes.html", codes=made, username=person.username, is_first=is_first)


@feature.get("/settings/factor/codes", allow=MEMBER)
def new_codes(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Ask whether the older ones shall work no more."""
    if not proving.is_proved(session, viewer):
        return proving.ask("/settings/factor/codes")
    held = queries.factors_of(session, viewer.member_id)
    return render("accounts/factors/new_codes.html", factors=held) if held.is_on else redirect("/settings/security")


@feature.post("/settings/factor/codes", allow=MEMBER)
def make_codes(session: Session, viewer: Viewer) -> ResponseReturnValue:
    if not proving.is_proved(session, viewer):
        return proving.ask("/settings/factor/codes")
    person = accounts.get_person(session, viewer.member_id)
    return _codes(person, actions.make_codes(session, viewer, person), is_first=False)


@feature.get("/settings/factor/off", allow=MEMBER)
def ask_off(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Ask once more, and say what follows."""
    if not proving.is_proved(session, viewer):
        return proving.ask("/settings/factor/off")
    person = accounts.get_person(session, viewer.member_id)
    if not queries.factors_of(session, person.id).is_on:
        return redirect("/settings/security")
    return render("accounts/factors/turn_off.html", must_have=not queries.may_turn_off(session, person))


@feature.post("/settings/factor/off", allow=MEMBER)
def turn_off(session: Session, viewer: Viewer) -> ResponseReturnValue:
    if not proving.is_proved(session, viewer):
        return proving.ask("/settings/factor/off")
    person = accounts.get_person(session, viewer.member_id)
    try:
        actions.turn_off(session, viewer, person, spare=sessions.current_sign_in())
    except Conflict:
        return render("accounts/factors/turn_off.html", must_have=True), 409
    flash(_("Your password alone lets you in again. Every other session is signed out."))
    return redirect("/settings/security", 303)
