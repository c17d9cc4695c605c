"""Saved searches as JSON."""

from typing import Any

from flask import jsonify, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.search.pages.api import refusal
from intranet.search.routes import feature
from intranet.search.saved import actions
from intranet.search.saved.counting import News, news_of
from intranet.search.saved.forms import from_json, read_draft
from intranet.search.saved.queries import SavedCard, card_of


@feature.get("/api/v1/search/saved", allow=MEMBER, prepare=news_of)
def api_saved(_session: Session, _viewer: Viewer, prepared: News) -> ResponseReturnValue:
    """All of them, each with what is new in it."""
    items = [_as_json(card) | {"new": prepared.saved[card.id]} for card in prepared.cards]
    return jsonify({"items": items, "next": None})


@feature.get("/api/v1/search/saved/<id:saved_id>", allow=MEMBER, prepare=news_of)
def api_show_saved(_session: Session, _viewer: Viewer, prepared: News, saved_id: int) -> ResponseReturnValue:
    """One of them."""
    for card in prepared.cards:
        if card.id == saved_id:
            return jsonify(_as_json(card) | {"new": prepared.saved[card.id]})
    raise NotFound


@feature.post("/api/v1/search/saved", allow=MEMBER)
def api_save(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Keep a search."""
    draft, odd = read_draft(from_json(request.get_json(silent=True)))
    if odd:
        raise Invalid({name: refusal(name, value) for name, value in odd.items()})
    card = card_of(actions.save_search(session, viewer, draft))
    response = make_response(jsonify(_as_json(card)), 201)
    response.location = f"/api/v1/search/saved/{card.id}"
    return response


@feature.route("/api/v1/search/saved/<id:saved_id>", methods=("PATCH",), allow=MEMBER)
def api_rename_saved(session: Session, viewer: Viewer, saved_id: int) -> ResponseReturnValue:
    """Call it something else."""
    name = from_json(request.get_json(silent=True)).get("name", "")
    return jsonify(_as_json(card_of(actions.rename_search(session, viewer, saved_id, name))))


@feature.route("/api/v1/search/saved/<id:saved_id>", methods=("DELETE",), allow=MEMBER)
def api_drop_saved(session: Session, viewer: Viewer, saved_id: int) -> ResponseReturnValue:
    """Keep it no longer."""
    actions.drop_search(session, viewer, saved_id)
    return "", 204


@feature.post("/api/v1/search/saved/<id:saved_id>/seen", allow=MEMBER)
def api_saved_seen(session: Session, viewer: Viewer, saved_id: int) -> ResponseReturnValue:
    """Its new hits were looked at: from now on others are new."""
    actions.look_at(session, viewer, saved_id)
    return "", 204


def _as_json(card: SavedCard) -> dict[str, Any]:
    narrowing = card.narrowing
    return {
        "id": str(card.id),
        "name": card.name,
        "q": card.question.text,
        "kind": list(narrowing.kind),
        "by": list(narrowing.by),
        "topic": list(narrowing.topic),
        "in": list(narrowing.place),
        "has": list(narrowing.has),
        "when": narrowing.when or None,
        "order": narrowing.order.value,
        "url": card.url,
        "seen_at": card.seen_at.isoformat(),
        "created_at": card.created_at.isoformat(),
    }
