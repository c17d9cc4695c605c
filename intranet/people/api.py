"""People under /api/v1."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.policy import MEMBER
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.people.directory import DirectoryFilter, directory_page
from intranet.people.profiles import person_or_404
from intranet.people.queries import people_starting
from intranet.people.routes import feature
from intranet.people.schemas import card_json, person_json

_MOST = 100


@feature.get("/api/v1/me", allow=MEMBER)
def api_me(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Who asks, with the roles they hold."""
    person = session.get(Person, viewer.member_id)
    if person is None:
        raise NotFound
    return jsonify({**person_json(session, person), "roles": sorted(role.value for role in viewer.roles)})


@feature.get("/api/v1/people/<username>", allow=MEMBER)
def api_person(session: Session, _viewer: Viewer, username: str) -> ResponseReturnValue:
    """One person, leavers too."""
    return jsonify(person_json(session, person_or_404(session, username)))


@feature.get("/api/v1/people", allow=MEMBER)
def api_people(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """The directory: ``q``, ``department``, ``location``, ``language`` (each may repeat), ``around``, ``limit``."""
    page = directory_page(session, chosen_filter(), cursor=request.args.get("before"), limit=_limit())
    return jsonify({"items": [card_json(card) for card in page.items], "next": page.older})


@feature.get("/api/v1/suggestions/people", allow=MEMBER)
def api_people_starting(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Colleagues while a name or a mention is being typed in ``q``."""
    found = people_starting(session, clean_line(request.args.get("q", "")[:60]))
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


def _limit() -> int:
    raw = request.args.get("limit", "50")
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:4]) <= _MOST):
        raise Invalid({"limit": f"a number from 1 to {_MOST}"})
    return int(raw)
