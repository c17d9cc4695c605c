"""People under /api/v1."""

from typing import Annotated

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel.api import Api, Beginning, Cursor, Listed
from intranet.kernel.errors import NotFound
from intranet.kernel.forms import Form
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.people.directory import DirectoryFilter, directory_page
from intranet.people.profiles import person_or_404
from intranet.people.queries import people_starting
from intranet.people.routes import feature
from intranet.people.schemas import CardJson, MeJson, ProfileJson, card_json, person_json

_MOST = 100


class DirectoryQuestion(Form):
    """The directory's filters; ``around`` is 1 for those who are here now."""

    q: str = ""
    department: list[str] = []
    location: list[str] = []
    language: list[str] = []
    around: str = ""
    before: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=_MOST)] = 50


@feature.get("/api/v1/me", allow=MEMBER, api=Api(MeJson))
def api_me(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Who asks, with the roles they hold."""
    person = session.get(Person, viewer.member_id)
    if person is None:
        raise NotFound
    roles = sorted(role.value for role in viewer.roles)
    return jsonify(MeJson(**person_json(session, person), roles=roles))


@feature.get("/api/v1/people/<username>", allow=MEMBER, api=Api(ProfileJson))
def api_person(session: Session, _viewer: Viewer, username: str) -> ResponseReturnValue:
    """One person, leavers too."""
    return jsonify(person_json(session, person_or_404(session, username)))


@feature.get("/api/v1/people", allow=MEMBER, api=Api(Listed[CardJson], asks=DirectoryQuestion))
def api_people(session: Session, _viewer: Viewer, asked: DirectoryQuestion) -> ResponseReturnValue:
    """The directory: ``q``, ``department``, ``location``, ``language`` (each may repeat), ``around``, ``limit``."""
    page = directory_page(session, chosen_filter(), cursor=asked.before, limit=asked.limit)
    return jsonify({"items": [card_json(card) for card in page.items], "next": page.older})


@feature.get("/api/v1/suggestions/people", allow=MEMBER, api=Api(Listed[CardJson], asks=Beginning))
def api_people_starting(session: Session, _viewer: Viewer, asked: Beginning) -> ResponseReturnValue:
    """Colleagues while a name or a mention is being typed in ``q``."""
    found = people_starting(session, clean_line(asked.q[:60]))
    return jsonify({"items": [card_json(card) for card in found], "next": None})


def chosen_filter() -> DirectoryFilter:
    """The filter that the address asks for."""
    return DirectoryFilter(
        words=clean_line(request.args.get("q", ""))[:120],
        departments=_chosen("department"),
        locations=_chosen("location"),
        languages=_chosen("language"),
        around=request.args.get("around", "") not in {"", "0", "false"},
    )


def _chosen(name: str) -> tuple[str, ...]:
    return tuple(cleaned for value in request.args.getlist(name)[:40] if (cleaned := clean_line(value[:200])))
