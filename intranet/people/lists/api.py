"""The viewer's lists under /api/v1."""

from http import HTTPStatus

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.kernel.api import Api, Before, Id, Listed, SomebodyBody
from intranet.kernel.forms import Form
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.lists import actions, queries
from intranet.people.profiles import person_or_404
from intranet.people.routes import feature
from intranet.people.schemas import CardJson, card_json


class ListJson(TypedDict):
    """A list of people."""

    id: Id
    name: str
    size: int
    url: str


class ListBody(Form):
    """What a list shall be called."""

    name: str = ""


def _as_json(list_id: int, name: str, size: int) -> ListJson:
    return {"id": str(list_id), "name": name, "size": size, "url": f"/lists/{list_id}"}


@feature.get("/api/v1/lists", allow=MEMBER, api=Api(Listed[ListJson]))
def api_lists(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """All of them, by name."""
    held = queries.lists_of(session, viewer)
    return jsonify({"items": [_as_json(card.id, card.name, card.size) for card in held], "next": None})


@feature.post("/api/v1/lists", allow=MEMBER, api=Api(ListJson, takes=ListBody, status=HTTPStatus.CREATED))
def api_make_list(session: Session, viewer: Viewer, body: ListBody) -> ResponseReturnValue:
    """Make one."""
    made = actions.make_list(session, viewer, body.name)
    return jsonify(_as_json(made.id, made.name, 0)), 201


@feature.delete("/api/v1/lists/<id:list_id>", allow=MEMBER, api=Api())
def api_drop_list(session: Session, viewer: Viewer, list_id: int) -> ResponseReturnValue:
    """Keep it no longer."""
    actions.drop_list(session, viewer, list_id)
    return "", 204


@feature.get("/api/v1/lists/<id:list_id>/people", allow=MEMBER, api=Api(Listed[CardJson], asks=Before))
def api_listed(session: Session, viewer: Viewer, list_id: int, asked: Before) -> ResponseReturnValue:
    """Who is in it, by name."""
    page = queries.listed_people(session, viewer, list_id, cursor=asked.before)
    return jsonify({"items": [card_json(card) for card in page.items], "next": page.older})


@feature.post("/api/v1/lists/<id:list_id>/people", allow=MEMBER, api=Api(takes=SomebodyBody))
def api_put_on_list(session: Session, viewer: Viewer, list_id: int, body: SomebodyBody) -> ResponseReturnValue:
    """Put somebody on it; nobody is told."""
    person = person_or_404(session, body.username)
    actions.put_on_list(session, viewer, list_id, person.id, is_on=True)
    return "", 204


@feature.delete("/api/v1/lists/<id:list_id>/people/<username>", allow=MEMBER, api=Api())
def api_take_off_list(session: Session, viewer: Viewer, list_id: int, username: str) -> ResponseReturnValue:
    """Nobody is told."""
    actions.put_on_list(session, viewer, list_id, person_or_404(session, username).id, is_on=False)
    return "", 204
