"""Lists in the browser: all of them, who is in one, and the lists that hold somebody. Timelines are the feed's."""

from datetime import timedelta

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.kernel.errors import Invalid
from intranet.kernel.ids import parse_id
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.cards import person_cards
from intranet.people.lists import actions, queries
from intranet.people.profiles import person_or_404
from intranet.people.routes import at_most, back_to, feature

_limit = at_most(120, timedelta(minutes=10), "lists")


@feature.get("/lists", allow=MEMBER)
def lists(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """All of the viewer's lists, and the form for another."""
    return _page(session, viewer)


def _page(session: Session, viewer: Viewer, *, typed: str = "", errors: dict[str, str] | None = None) -> str:
    held = queries.lists_of(session, viewer)
    return render("people/lists.html", lists=held, typed=typed, errors=errors or {}, most=actions.MOST_LISTS)


@feature.post("/lists", allow=MEMBER, prepare=_limit)
def make_list(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Begin a list; with ``username`` that person is its first."""
    name, username = request.form.get("name", ""), request.form.get("username", "")
    try:
        made = actions.make_list(session, viewer, name)
    except Invalid as invalid:
        if username:
            return _choice(session, viewer, username, typed=name, errors=invalid.fields), 422
        return _page(session, viewer, typed=name, errors=invalid.fields), 422
    if username:
        actions.put_on_list(session, viewer, made.id, person_or_404(session, username).id, is_on=True)
        return redirect(f"/people/{username}/lists", 303)
    return redirect(f"/lists/{made.id}/people", 303)


@feature.get("/lists/<id:list_id>/people", allow=MEMBER)
def listed(session: Session, viewer: Viewer, list_id: int) -> ResponseReturnValue:
    """Who is in a list, with the ways to change it."""
    return _listed(session, viewer, list_id)


def _listed(session: Session, viewer: Viewer, list_id: int, *, errors: dict[str, str] | None = None) -> str:
    row = queries.find_list(session, viewer, list_id)
    page = queries.listed_people(session, viewer, list_id, cursor=request.args.get("before"))
    typed = {"name": request.form.get("name", row.name), "username": request.form.get("username", "")}
    return render("people/listed.html", listed=row, page=page, typed=typed, errors=errors or {})


@feature.post("/lists/<id:list_id>/rename", allow=MEMBER, prepare=_limit)
def rename_list(session: Session, viewer: Viewer, list_id: int, **_prepared: object) -> ResponseReturnValue:
    """Call it something else."""
    try:
        actions.rename_list(session, viewer, list_id, request.form.get("name", ""))
    except Invalid as invalid:
        return _listed(session, viewer, list_id, errors=invalid.fields), 422
    return redirect(f"/lists/{list_id}/people", 303)


@feature.post("/lists/<id:list_id>/delete", allow=MEMBER, prepare=_limit)
def drop_list(session: Session, viewer: Viewer, list_id: int, **_prepared: object) -> ResponseReturnValue:
    """Keep it no longer."""
    actions.drop_list(session, viewer, list_id)
    flash(_("Deleted."))
    return redirect("/lists", 303)


@feature.post("/lists/<id:list_id>/people", allow=MEMBER, prepare=_limit)
def put_on_list(session: Session, viewer: Viewer, list_id: int, **_prepared: object) -> ResponseReturnValue:
    """Take ``username`` in, or with ``on=0`` out."""
    username = request.form.get("username", "").strip().lstrip("@")
    try:
        person = queries.person_called(session, username)
        actions.put_on_list(session, viewer, list_id, person.id, is_on=request.form.get("on", "1") == "1")
    except Invalid as invalid:
        return _listed(session, viewer, list_id, errors=invalid.fields), 422
    return redirect(f"/lists/{list_id}/people", 303)


@feature.get("/people/<username>/lists", allow=MEMBER)
def lists_with(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """In which of the viewer's lists somebody is."""
    return _choice(session, viewer, username)


def _choice(
    session: Session, viewer: Viewer, username: str, *, typed: str = "", errors: dict[str, str] | None = None
) -> str:
    person = person_or_404(session, username)
    return render(
        "people/lists_with.html",
        card=person_cards(session, [person.id])[person.id],
        lists=queries.lists_of(session, viewer),
        held=queries.lists_with(session, viewer, person.id),
        typed=typed,
        errors=errors or {},
    )


@feature.post("/people/<username>/lists", allow=MEMBER, prepare=_limit)
def choose_lists(session: Session, viewer: Viewer, username: str, **_prepared: object) -> ResponseReturnValue:
    """Have somebody in exactly the lists that are ticked."""
    person = person_or_404(session, username)
    try:
        chosen = {parse_id(value) for value in request.form.getlist("list")}
        actions.choose_lists(session, viewer, person.id, chosen)
    except Invalid as invalid:
        return _choice(session, viewer, username, errors=invalid.fields), 422
    flash(_("Saved. Nobody is told."))
    return redirect(back_to(f"/people/{username}"), 303)
