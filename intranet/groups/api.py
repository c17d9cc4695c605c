"""Groups as JSON."""

from http import HTTPStatus
from typing import Literal

from flask import jsonify, make_response, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.accounts.models import Person
from intranet.groups import actions, queries
from intranet.groups.directory import Belonging, DirectoryFilter, GroupSize, directory_page
from intranet.groups.finding import find_group, kept_group, membership_of
from intranet.groups.forms import GroupForm
from intranet.groups.models import GroupKind, GroupRole
from intranet.groups.policy import GroupPermission
from intranet.groups.queries import GroupJson
from intranet.groups.routes import feature, found_limit, invite_limit
from intranet.kernel.api import Api, Before, Cursor, Listed, SomebodyBody
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.forms import Form
from intranet.kernel.policy import MEMBER, allows
from intranet.kernel.text import slugify
from intranet.kernel.viewer import Viewer
from intranet.people.queries import person_by_username


class OwnGroupJson(GroupJson):
    """A group with what the caller is in it, null for who is not."""

    role: GroupRole | None


class MemberJson(TypedDict):
    """Who is in a group."""

    username: str
    name: str
    role: GroupRole


class TakenInJson(TypedDict):
    """Whether somebody is in now, or waits to be let in."""

    username: str
    is_member: bool


class GroupsQuestion(Form):
    """The directory's filters; ``topic`` is the address of one."""

    q: str = ""
    kind: GroupKind | None = None
    size: GroupSize | None = None
    topic: str = ""
    mine: Literal["0", "1"] = "0"
    lively: Literal["0", "1"] = "0"
    before: Cursor | None = None


@feature.get("/api/v1/groups", allow=MEMBER, api=Api(Listed[OwnGroupJson], asks=GroupsQuestion))
def api_groups(session: Session, viewer: Viewer, asked: GroupsQuestion) -> ResponseReturnValue:
    """Groups that the caller may know of, the largest first; ``mine=1`` for those they are in."""
    chosen = DirectoryFilter(
        words=asked.q[:80],
        kind=asked.kind,
        belonging=Belonging.MINE if asked.mine == "1" else Belonging.ALL,
        size=asked.size,
        topic=slugify(asked.topic[:80]),
        lively=asked.lively == "1",
    )
    page = directory_page(session, viewer, chosen, cursor=asked.before)
    items = [OwnGroupJson(**line.card.as_json(), role=line.role) for line in page.items]
    return jsonify({"items": items, "next": page.older})


_MADE = Api(GroupJson, takes=GroupForm, status=HTTPStatus.CREATED)


@feature.post("/api/v1/groups", allow=MEMBER, prepare=found_limit, api=_MADE)
def api_found(session: Session, viewer: Viewer, body: GroupForm, **_prepared: object) -> ResponseReturnValue:
    """Start a group."""
    group = actions.found_group(session, viewer, body.draft)
    session.flush()
    response = make_response(jsonify(queries.card_of(group).as_json()), 201)
    response.location = url_for("groups.api_group", group_id=group.id)
    return response


@feature.get("/api/v1/groups/<id:group_id>", allow=MEMBER, api=Api(OwnGroupJson))
def api_group(session: Session, viewer: Viewer, group_id: int) -> ResponseReturnValue:
    """One group, with the caller's own role."""
    group = find_group(session, group_id)
    membership = membership_of(session, group_id, viewer.id)
    role = membership.role if membership else None
    return jsonify(OwnGroupJson(**queries.card_of(group).as_json(), role=role))


@feature.get("/api/v1/groups/<id:group_id>/members", allow=MEMBER, api=Api(Listed[MemberJson], asks=Before))
def api_members(session: Session, viewer: Viewer, group_id: int, asked: Before) -> ResponseReturnValue:
    """Who is in it, for those who may know."""
    group = find_group(session, group_id)
    if not allows(GroupPermission.LIST, viewer, group, membership_of(session, group_id, viewer.id)):
        raise NotFound
    page = queries.members_page(session, group_id, cursor=asked.before)
    items = [MemberJson(username=line.person.username, name=line.person.name, role=line.role) for line in page.items]
    return jsonify({"items": items, "next": page.older})


_TAKEN_IN = Api(TakenInJson, takes=SomebodyBody, status=HTTPStatus.CREATED, or_else=HTTPStatus.ACCEPTED)


@feature.post("/api/v1/groups/<id:group_id>/members", allow=MEMBER, prepare=invite_limit, api=_TAKEN_IN)
def api_add_member(
    session: Session, viewer: Viewer, group_id: int, body: SomebodyBody, **_prepared: object
) -> ResponseReturnValue:
    """An owner takes somebody in; anybody else may name themselves, to join an open group or to ask at a closed one."""
    person = _person(session, body.username)
    if person.id == viewer.id:
        actions.ask_to_join(session, viewer, group_id)
    else:
        group = kept_group(session, viewer, group_id)
        actions.take_in(session, group, person.id, actor_id=viewer.id)
    session.flush()
    is_in = membership_of(session, group_id, person.id) is not None
    return jsonify(TakenInJson(username=person.username, is_member=is_in)), 201 if is_in else 202


@feature.delete("/api/v1/groups/<id:group_id>/members/<username>", allow=MEMBER, api=Api())
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
