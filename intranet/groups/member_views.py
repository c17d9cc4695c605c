"""Coming and going: joining, asking, inviting, and what owners decide about members."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.groups import actions, queries
from intranet.groups.finding import group_by_slug, membership_of
from intranet.groups.forms import RoleForm, WordsForm
from intranet.groups.models import Group
from intranet.groups.policy import GroupPermission
from intranet.groups.routes import feature, invite_limit, join_limit
from intranet.groups.views import frame, settings_page
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER, allows
from intranet.kernel.viewer import Viewer
from intranet.people.naming import colleagues, split_names
from intranet.people.profiles import person_or_404


@feature.get("/groups/<slug>/members", allow=MEMBER)
def members(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Who is in a group, for those who may know."""
    return _members_page(session, viewer, group_by_slug(session, slug))


def _members_page(
    session: Session, viewer: Viewer, group: Group, *, typed: str = "", errors: dict[str, str] | None = None
) -> str:
    if not allows(GroupPermission.LIST, viewer, group, membership_of(session, group.id, viewer.id)):
        raise NotFound
    page = queries.members_page(session, group.id, cursor=request.args.get("before"))
    shown = frame(session, viewer, group, current="members")
    more = {"page": page, "typed": typed, "errors": errors or {}}
    return render("groups/members.html", fragment="groups/_members_more.html", **more, **shown)


@feature.post("/groups/<slug>/join", allow=MEMBER, prepare=join_limit)
def join(session: Session, viewer: Viewer, slug: str, **_prepared: object) -> ResponseReturnValue:
    """Come into an open group."""
    actions.join_group(session, viewer, group_by_slug(session, slug).id)
    return _back(slug)


@feature.post("/groups/<slug>/leave", allow=MEMBER)
def leave(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Leave a group; a hidden one is out of sight from then on."""
    group = group_by_slug(session, slug)
    actions.leave_group(session, viewer, group.id)
    if wants_fragment():
        return "", 204
    flash(_("You left %(group)s.", group=group.name))
    return redirect("/groups", 303)


@feature.post("/groups/<slug>/ask", allow=MEMBER, prepare=join_limit)
def ask(session: Session, viewer: Viewer, slug: str, **_prepared: object) -> ResponseReturnValue:
    """Knock at a closed group, with a word why."""
    group = group_by_slug(session, slug)
    try:
        actions.ask_to_join(session, viewer, group.id, words=WordsForm.parse(request.form).words)
    except Invalid as invalid:
        typed = request.form.get("words", "")
        page = render(
            "groups/show.html", typed=typed, errors=invalid.fields, **frame(session, viewer, group, current="posts")
        )
        return page, 422
    return _back(slug)


@feature.post("/groups/<slug>/withdraw", allow=MEMBER)
def withdraw(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """No longer ask to be let in."""
    actions.withdraw_request(session, viewer, group_by_slug(session, slug).id)
    return _back(slug)


@feature.post("/groups/<slug>/requests/<username>", allow=MEMBER)
def answer(session: Session, viewer: Viewer, slug: str, username: str) -> ResponseReturnValue:
    """Let somebody in (``let_in=1``), or do not."""
    group, person = group_by_slug(session, slug), person_or_404(session, username)
    actions.answer_request(session, viewer, group.id, person.id, let_in=request.form.get("let_in") == "1")
    return ("", 204) if wants_fragment() else _back(slug)


@feature.post("/groups/<slug>/invite", allow=MEMBER, prepare=invite_limit)
def invite(session: Session, viewer: Viewer, slug: str, **_prepared: object) -> ResponseReturnValue:
    """Ask people in by their usernames or full names."""
    group, typed = group_by_slug(session, slug), request.form.get("people", "")
    try:
        asked = actions.invite(session, viewer, group.id, _people(session, typed))
    except Invalid as invalid:
        return _members_page(session, viewer, group, typed=typed, errors=invalid.fields), 422
    said = ngettext("%(num)s person is asked in.", "%(num)s people are asked in.", asked)
    flash(said if asked else _("They are members already, or were asked before."))
    return redirect(f"/groups/{slug}/members", 303)


_MOST_INVITED = 50


def _people(session: Session, typed: str) -> list[Person]:
    names = split_names(typed)
    if not names:
        raise Invalid({"people": str(_("Name at least one colleague."))})
    if len(names) > _MOST_INVITED:
        raise Invalid({"people": str(_("At most %(count)s at once.", count=_MOST_INVITED))})
    return colleagues(session, names, field="people", blocked_too=True)


@feature.post("/groups/<slug>/members/<username>/role", allow=MEMBER)
def role(session: Session, viewer: Viewer, slug: str, username: str) -> ResponseReturnValue:
    """Make a member an owner, or an owner a member."""
    group, person = group_by_slug(session, slug), person_or_404(session, username)
    actions.set_role(session, viewer, group.id, person.id, RoleForm.parse(request.form).role)
    return redirect(f"/groups/{slug}/members", 303)


@feature.post("/groups/<slug>/hand-over", allow=MEMBER)
def hand_over(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Name who keeps the group from now on; ``leave=1`` to go at the same time."""
    group, typed = group_by_slug(session, slug), request.form.get("successor", "")
    try:
        person = _successor(session, group, typed)
    except Invalid as invalid:
        kept = {"name": group.name, "about": group.about, "kind": group.kind.value, "successor": typed[:200]}
        return settings_page(session, viewer, group, typed=kept, errors=invalid.fields), 422
    stays = request.form.get("leave") != "1"
    actions.hand_over(session, viewer, group.id, person.id, stays=stays)
    flash(_("%(name)s keeps %(group)s from now on.", name=person.name, group=group.name))
    return redirect(f"/groups/{slug}" if stays else "/groups", 303)


def _successor(session: Session, group: Group, typed: str) -> Person:
    names = split_names(typed)
    named = colleagues(session, names, field="successor", blocked_too=True) if len(names) == 1 else []
    if not named or membership_of(session, group.id, named[0].id) is None:
        raise Invalid({"successor": str(_("Name one member of the group."))})
    return named[0]


@feature.post("/groups/<slug>/members/<username>/remove", allow=MEMBER)
def remove(session: Session, viewer: Viewer, slug: str, username: str) -> ResponseReturnValue:
    """Take somebody out of the group."""
    group, person = group_by_slug(session, slug), person_or_404(session, username)
    actions.remove_member(session, viewer, group.id, person.id)
    return redirect(f"/groups/{slug}/members", 303)


@feature.post("/group-invitations/<id:group_id>", allow=MEMBER)
def answer_invitation(session: Session, viewer: Viewer, group_id: int) -> ResponseReturnValue:
    """Come in where one was asked to (``accept=1``), or do not."""
    accept = request.form.get("accept") == "1"
    actions.answer_invitation(session, viewer, group_id, accept=accept)
    if wants_fragment():
        return "", 204
    return redirect(f"/g/{group_id}" if accept else "/groups", 303)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(f"/groups/{slug}", 303)
