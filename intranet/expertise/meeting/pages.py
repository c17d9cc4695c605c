"""The page and the rail "People to meet", and "not now"."""

from datetime import timedelta

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.expertise import actions
from intranet.expertise.meeting.proposing import MOST, Found, Proposal, describe_proposals, look_around
from intranet.expertise.views import feature, number
from intranet.kernel.api import Api, AtLeastOne, Listed
from intranet.kernel.forms import Form
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.profiles import person_or_404
from intranet.people.routes import at_most
from intranet.people.schemas import CardJson, card_json

_RAIL = 3
_put_off_limit = at_most(120, timedelta(minutes=10), "not-now")


def _look(viewer: Viewer) -> Found:
    return look_around(viewer, most=_RAIL, at_a_glance=True) if wants_fragment() else look_around(viewer)


@feature.get("/people-to-meet", allow=MEMBER, prepare=_look)
def people_to_meet(session: Session, _viewer: Viewer, prepared: Found) -> ResponseReturnValue:
    """Who shares one's work, and is not known yet; the fragment is the first few, for the rail."""
    proposals = describe_proposals(session, prepared)
    return render("expertise/meet.html", fragment="expertise/_meet_few.html", proposals=proposals)


@feature.post("/people-to-meet/<username>/not-now", allow=MEMBER, prepare=_put_off_limit)
def not_now(session: Session, viewer: Viewer, username: str, **_prepared: object) -> ResponseReturnValue:
    """Not be introduced to somebody for half a year."""
    actions.put_off(session, viewer, person_or_404(session, username).id)
    if wants_fragment():
        return "", 204
    return redirect("/" if request.form.get("next") == "/" else "/people-to-meet", 303)


def _look_for_program(viewer: Viewer) -> Found:
    return look_around(viewer, most=number("limit", most=MOST, otherwise=10))


class SharedJson(TypedDict):
    """What two people have in common, and how much each wrote about it."""

    name: str
    is_topic: bool
    url: str
    mine: int
    theirs: int


class ProposalJson(TypedDict):
    """Somebody to meet."""

    person: CardJson
    because: str
    shared: list[SharedJson]


class MeetQuestion(Form):
    """How many."""

    limit: AtLeastOne = 10


_PROPOSED = Api(Listed[ProposalJson], asks=MeetQuestion)


@feature.get("/api/v1/people-to-meet", allow=MEMBER, prepare=_look_for_program, api=_PROPOSED)
def api_people_to_meet(session: Session, _viewer: Viewer, prepared: Found) -> ResponseReturnValue:
    """The same as JSON, best first."""
    return jsonify({"items": [_as_json(one) for one in describe_proposals(session, prepared)], "next": None})


def _as_json(proposal: Proposal) -> ProposalJson:
    return {
        "person": card_json(proposal.person),
        "because": proposal.because,
        "shared": [
            {
                "name": reason.name,
                "is_topic": reason.is_topic,
                "url": reason.url,
                "mine": reason.mine,
                "theirs": reason.theirs,
            }
            for reason in proposal.reasons
        ],
    }
