"""Groups as JSON."""

from flask import jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.groups import actions, queries
from intranet.groups.directory import Belonging, DirectoryFilter, GroupSize, directory_page
from intranet.groups.finding import find_group, kept_group, membership_of
from intranet.groups.forms import GroupForm, MemberBody
from intranet.groups.models import GroupKind
from intranet.groups.policy import GroupPermission
from intranet.groups.routes import feature, found_limit, invite_limit
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.policy import MEMBER, allows
from intranet.kernel.text import slugify
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import json_object
from intranet.people.queries import person_by_username


@feature.get("/api/v1/groups", allow=MEMBER)
def api_groups(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Groups that the caller may know of, the largest first; ``mine=1`` for those they are in."""
    kind, size = request.args.get("kind", ""), request.args.get("size", "")
    if kind and kind not in set(GroupKind):
        raise Invalid({"kind": ", ".join(GroupKind)})
    if size and size not in set(GroupSize):
        raise Invalid({"size": ", ".join(GroupSize)})
    chosen = DirectoryFilter(
        words=request.args.get("q", "")[:80],
        kind=GroupKind(kind) if kind else None,
        belonging=Belonging.MINE if request.args.get("mine") == "1" else Belonging.ALL,
        size=GroupSize(size) if size else None,
        topic=slugify(request.args.get("topic", "")[:80]),
        lively=request.args.get("lively") == "1",
    )
    page = directory_page(session, viewer, chosen, cursor=request.args.get("before"))
    items = [{**line.card.as_json(), "role": line.role.value if line.role else None} for line in page.items]
    return jsonify({"items": items, "next": page.older})


@feature.post("/api/v1/groups", allow=MEMBER, prepare=found_limit)
def api_found(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Start a group."""
    group = actions.found_group(session, viewer, GroupForm.parse(json_object()).draft)
    session.flush()
    response = make_response(jsonify(queries.card_of(group).as_json()), 201)
    response.location = url_for("groups.api_group", group_id=group.id)
    return response


@feature.get("/api/v1/groups/<id:group_id>", allow=MEMBER)
def api_group(session: Session, viewer: Viewer, group_id: int) -> ResponseReturnValue:
    """One group, with the caller's own role."""
    group = find_group(session, group_id)
    membership = membership_of(session, group_id, viewer.id)
    return jsonify({**queries.card_of(group).as_json(), "role": membership.role.value if membership else None})


@feature.get("/api/v1/groups/<id:group_id>/members", allow=MEMBER)
def api_members(session: Session, viewer: Viewer, group_id: int) -> ResponseReturnValue:
    """Who is in it, for those who may know."""
    group = find_group(session, group_id)
    if not allows(GroupPermission.LIST, viewer, group, membership_of(session, group_id, viewer.id)):
        raise NotFound
    page = queries.members_page(session, group_id, cursor=request.args.get("before"))
    items = [
        {"username": line.person.username, "name": line.person.name, "role": line.role.value} for line in page.items
    ]
    return jsonify({"items": items, "next": page.older})


@feature.post("/api/v1/groups/<id:group_id>/members", allow=MEMBER, prepare=invite_limit)
def api_add_member(session: Session, viewer: Viewer, group_id: int, **_prepared: object) -> ResponseReturnValue:
    """An owner takes somebody in; anybody else may name themselves, to join an open group or to ask at a closed one."""
    person = _person(session, MemberBody.parse(json_object()).username)
    if person.id == viewer.id:
        actions.ask_to_join(session, viewer, group_id)
    else:
        group = kept_group(session, viewer, group_id)
        actions.take_in(session, group, person.id, actor_id=viewer.id)
    session.flush()
    is_in = membership_of(session, group_id, person.id) is not None
    return jsonify({"username": person.username, "is_member": is_in}), 201 if is_in else 202


@feature.route("/api/v1/groups/<id:group_id>/members/<username>", methods=("DELETE",), allow=MEMBER)
def api_remove_member(session: Session, viewer: Viewer, group_id: int, username: str) -> ResponseReturnValue:
    """An owner takes somebody out; everybody may leave."""
    person = _person(session, username)
    if person.id == viewer.id:
        actions.leave_group(session, viewer, group_id)
    else:
        actions.remove_member(session, viewer, group_id, person.id)
    return "", 204


def _person(session: Session, username: str) -> Person:
    person = person_by_username(session, username)
    if person is None or person.deactivated_at is not None:
        raise Invalid({"username": "nobody here is called that"})
    return person
