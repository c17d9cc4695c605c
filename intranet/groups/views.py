"""The directory, a group's page, and how a group is founded and kept."""

from typing import Any
from urllib.parse import urlencode

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.groups import actions, queries
from intranet.groups.directory import Belonging, DirectoryFilter, GroupSize, directory_facets, directory_page
from intranet.groups.finding import find_group, group_by_slug, membership_of
from intranet.groups.forms import GroupForm
from intranet.groups.models import Group, GroupKind, GroupRole
from intranet.groups.policy import GroupPermission
from intranet.groups.routes import feature, found_limit
from intranet.groups.wording import consequences, kind_choices, kind_names, readers, size_names
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.page import render, section, wants_fragment
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER, allows
from intranet.kernel.text import clean_line, slugify
from intranet.kernel.viewer import Viewer

_IN_NAVIGATION = 12


@feature.get("/groups", allow=MEMBER)
def directory(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """All groups that the viewer may know of, and those they are in."""
    wished, kind, size = (request.args.get(name, "") for name in ("show", "kind", "size"))
    chosen = DirectoryFilter(
        words=clean_line(request.args.get("q", "")[:80]),
        kind=GroupKind(kind) if kind in set(GroupKind) else None,
        belonging=Belonging.MINE if wished == "mine" else Belonging.ALL,
        archived=wished == "archived",
        size=GroupSize(size) if size in set(GroupSize) else None,
        topic=slugify(request.args.get("topic", "")[:80]),
        lively=request.args.get("lively") == "1",
    )
    return render(
        "groups/directory.html",
        fragment="groups/_rows_more.html",
        page=directory_page(session, viewer, chosen, cursor=request.args.get("before")),
        facets=None if wants_fragment() else directory_facets(session, viewer, chosen),
        invitations=queries.invitations(session, viewer),
        chosen=chosen,
        shown=wished if wished in {"mine", "archived"} else "all",
        kind_names=kind_names(),
        size_names=size_names(),
        address=_address,
    )


def _address(**changes: str) -> str:
    """The directory as it is shown, with some choices changed; an empty one is taken out."""
    kept = {name: request.args.get(name, "") for name in ("show", "q", "kind", "size", "topic", "lively")}
    return f"/groups?{urlencode({name: value for name, value in {**kept, **changes}.items() if value})}"


@feature.get("/groups/new", allow=MEMBER)
def new(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """The form that starts a group."""
    return _new({"name": "", "about": "", "kind": GroupKind.OPEN.value})


def _new(typed: dict[str, str], errors: dict[str, str] | None = None) -> str:
    return render("groups/new.html", typed=typed, errors=errors or {}, kind_choices=kind_choices())


@feature.post("/groups", allow=MEMBER, prepare=found_limit)
def found(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Start a group."""
    try:
        group = actions.found_group(session, viewer, GroupForm.parse(request.form).draft)
    except Invalid as invalid:
        typed = {name: request.form.get(name, "") for name in ("name", "about", "kind")}
        return _new(typed, invalid.fields), 422
    return redirect(f"/groups/{group.slug}", 303)


@feature.get("/groups/<slug>", allow=MEMBER)
def show(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """One group: to its readers what is posted in it, to others how they come in."""
    return render("groups/show.html", **frame(session, viewer, group_by_slug(session, slug), current="posts"))


def frame(session: Session, viewer: Viewer, group: Group, *, current: str) -> dict[str, Any]:
    """What the top and the rail of every page of a group need."""
    membership = membership_of(session, group.id, viewer.id)
    keeps = allows(GroupPermission.KEEP, viewer, group, membership)
    card = queries.card_of(group)
    return {
        "group": card,
        "current": current,
        "is_member": membership is not None,
        "is_owner": membership is not None and membership.role is GroupRole.OWNER,
        "may_read": group.kind is GroupKind.OPEN or membership is not None,
        "may_keep": keeps,
        "may_join": allows(GroupPermission.JOIN, viewer, group, membership),
        "may_invite": allows(GroupPermission.INVITE, viewer, group, membership),
        "has_asked": queries.has_asked(session, viewer, group.id),
        "requests": queries.requests(session, group.id) if keeps else [],
        "keepers": queries.keepers(session, group.id),
        "readers": readers(session, card),
    }


@feature.route("/groups/<slug>/settings", methods=("GET", "POST"), allow=MEMBER)
def settings(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Owners change the name, the description and who may read."""
    group = group_by_slug(session, slug)
    typed = {"name": group.name, "about": group.about, "kind": group.kind.value}
    if request.method == "GET":
        return settings_page(session, viewer, group, typed=typed)
    typed = {name: request.form.get(name, "") for name in typed}
    try:
        actions.change_group(session, viewer, group.id, GroupForm.parse(request.form).draft)
    except Invalid as invalid:
        return settings_page(session, viewer, group, typed=typed, errors=invalid.fields), 422
    return redirect(f"/groups/{group.slug}", 303)


def settings_page(
    session: Session,
    viewer: Viewer,
    group: Group,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    """What owners decide, with what was typed.

    Raises:
        NotFound: the viewer is none of them.
    """
    shown = frame(session, viewer, group, current="settings")
    if not shown["may_keep"]:
        raise NotFound
    return render(
        "groups/settings.html",
        typed=typed or {"name": group.name, "about": group.about, "kind": group.kind.value},
        errors=errors or {},
        kind_choices=kind_choices(),
        consequences=consequences(session, group),
        **shown,
    )


@feature.post("/groups/<slug>/archive", allow=MEMBER)
def archive(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Close the group to new posts, or open it again with ``on=0``."""
    group = group_by_slug(session, slug)
    actions.archive_group(session, viewer, group.id, is_archived=request.form.get("on", "1") == "1")
    return redirect(f"/groups/{group.slug}", 303)


@feature.get("/g/<id:group_id>", allow=MEMBER)
def by_id(session: Session, _viewer: Viewer, group_id: int) -> ResponseReturnValue:
    """The address that stays when a group is renamed."""
    return redirect(f"/groups/{find_group(session, group_id).slug}", 302)


def nav_groups(**_context: object) -> str:
    """Groups that the viewer is in, for the navigation."""
    viewer: Viewer = g.viewer
    if viewer.id is None or "session" not in g:
        return ""
    mine = queries.groups_of(g.session, viewer.id, limit=_IN_NAVIGATION)
    waiting = queries.invitation_count(g.session, viewer)
    return part("groups/_nav.html", groups=tuple(mine), waiting=waiting, here=section(2))


def invitations_part(**_context: object) -> str:
    """Where the viewer is asked in, on their home page."""
    found = queries.invitations(g.session, g.viewer)
    return render_template("groups/_invitations.html", invitations=found) if found else ""
