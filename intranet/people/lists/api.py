"""The viewer's lists under /api/v1."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import json_object
from intranet.people.lists import actions, queries
from intranet.people.profiles import person_or_404
from intranet.people.routes import feature
from intranet.people.schemas import card_json


def _as_json(list_id: int, name: str, size: int) -> dict[str, Any]:
    return {"id": str(list_id), "name": name, "size": size, "url": f"/lists/{list_id}"}


@feature.get("/api/v1/lists", allow=MEMBER)
def api_lists(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """All of them, by name."""
    held = queries.lists_of(session, viewer)
    return jsonify({"items": [_as_json(card.id, card.name, card.size) for card in held], "next": None})


@feature.post("/api/v1/lists", allow=MEMBER)
def api_make_list(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """``{"name"}``."""
    made = actions.make_list(session, viewer, str(json_object().get("name", "")))
    return jsonify(_as_json(made.id, made.name, 0)), 201


@feature.route("/api/v1/lists/<id:list_id>", methods=("DELETE",), allow=MEMBER)
def api_drop_list(session: Session, viewer: Viewer, list_id: int) -> ResponseReturnValue:
    """Keep it no longer."""
    actions.drop_list(session, viewer, list_id)
    return "", 204


@feature.get("/api/v1/lists/<id:list_id>/people", allow=MEMBER)
def api_listed(session: Session, viewer: Viewer, list_id: int) -> ResponseReturnValue:
    """Who is in it, by name."""
    page = queries.listed_people(session, viewer, list_id, cursor=request.args.get("before"))
    return jsonify({"items": [card_json(card) for card in page.items], "next": page.older})


@feature.post("/api/v1/lists/<id:list_id>/people", allow=MEMBER)
def api_put_on_list(session: Session, viewer: Viewer, list_id: int) -> ResponseReturnValue:
    """``{"username"}``."""
    person = person_or_404(session, str(json_object().get("username", "")))
    actions.put_on_list(session, viewer, list_id, person.id, is_on=True)
    return "", 204


@feature.route("/api/v1/lists/<id:list_id>/people/<username>", methods=("DELETE",), allow=MEMBER)
def api_take_off_list(session: Session, viewer: Viewer, list_id: int, username: str) -> ResponseReturnValue:
    """Nobody is told."""
    actions.put_on_list(session, viewer, list_id, person_or_404(session, username).id, is_on=False)
    return "", 204
