"""Saved searches as JSON."""

from http import HTTPStatus
from typing import Annotated

from flask import jsonify, make_response
from flask.typing import ResponseReturnValue
from pydantic import Field, StrictInt
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.kernel.api import Api, Id, Listed, Moment
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.forms import Form
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.search.pages.api import refusal
from intranet.search.routes import feature
from intranet.search.saved import actions
from intranet.search.saved.counting import News, news_of
from intranet.search.saved.forms import from_json, read_draft
from intranet.search.saved.queries import SavedCard, card_of

Words = str | StrictInt | list[str | StrictInt]


class SearchBody(Form):
    """The fields of the search, as its address has them, and a name."""

    name: Words = ""
    q: Words = ""
    kind: Words = ""
    by: Words = ""
    topic: Words = ""
    place: Annotated[Words, Field(alias="in")] = ""
    has: Words = ""
    when: Words = ""
    order: Words = ""
    until: Words = ""


class NameBody(Form):
    """What it shall be called."""

    name: str = ""


_KeptPlace = TypedDict("_KeptPlace", {"in": list[str]})


class KeptJson(_KeptPlace):
    """A search that is kept."""

    id: Id
    name: str
    q: str
    kind: list[str]
    by: list[str]
    topic: list[str]
    has: list[str]
    when: str | None
    order: str
    url: str
    seen_at: Moment
    created_at: Moment


class CountedJson(KeptJson):
    """With how many hits are new in it."""

    new: int


_MADE = Api(KeptJson, takes=SearchBody, status=HTTPStatus.CREATED)


@feature.get("/api/v1/search/saved", allow=MEMBER, prepare=news_of, api=Api(Listed[CountedJson]))
def api_saved(_session: Session, _viewer: Viewer, prepared: News) -> ResponseReturnValue:
    """All of them, each with what is new in it."""
    items = [CountedJson(**_as_json(card), new=prepared.saved[card.id]) for card in prepared.cards]
    return jsonify({"items": items, "next": None})


@feature.get("/api/v1/search/saved/<id:saved_id>", allow=MEMBER, prepare=news_of, api=Api(CountedJson))
def api_show_saved(_session: Session, _viewer: Viewer, prepared: News, saved_id: int) -> ResponseReturnValue:
    """One of them."""
    for card in prepared.cards:
        if card.id == saved_id:
            return jsonify(CountedJson(**_as_json(card), new=prepared.saved[card.id]))
    raise NotFound


@feature.post("/api/v1/search/saved", allow=MEMBER, api=_MADE)
def api_save(session: Session, viewer: Viewer, body: SearchBody) -> ResponseReturnValue:
    """Keep a search."""
    draft, odd = read_draft(from_json(body.model_dump(by_alias=True, exclude_unset=True)))
    if odd:
        raise Invalid({name: refusal(name, value) for name, value in odd.items()})
    card = card_of(actions.save_search(session, viewer, draft))
    response = make_response(jsonify(_as_json(card)), 201)
    response.location = f"/api/v1/search/saved/{card.id}"
    return response


@feature.patch("/api/v1/search/saved/<id:saved_id>", allow=MEMBER, api=Api(KeptJson, takes=NameBody))
def api_rename_saved(session: Session, viewer: Viewer, saved_id: int, body: NameBody) -> ResponseReturnValue:
    """Call it something else."""
    return jsonify(_as_json(card_of(actions.rename_search(session, viewer, saved_id, body.name))))


@feature.delete("/api/v1/search/saved/<id:saved_id>", allow=MEMBER, api=Api())
def api_drop_saved(session: Session, viewer: Viewer, saved_id: int) -> ResponseReturnValue:
    """Keep it no longer."""
    actions.drop_search(session, viewer, saved_id)
    return "", 204


@feature.post("/api/v1/search/saved/<id:saved_id>/seen", allow=MEMBER, api=Api())
def api_saved_seen(session: Session, viewer: Viewer, saved_id: int) -> ResponseReturnValue:
    """Its new hits were looked at: from now on others are new."""
    actions.look_at(session, viewer, saved_id)
    return "", 204


def _as_json(card: SavedCard) -> KeptJson:
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
