"""The four steps of somebody new: who they are, give and take, first people, and one question."""

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import locked_fields
from intranet.expertise.describing import describe
from intranet.expertise.finding import Answer, Asked, find_experts
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import parse_id
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.text import clean_line
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer
from intranet.people import actions as people
from intranet.people import photos
from intranet.people.cards import person_cards
from intranet.people.forms import ProfileForm
from intranet.people.models import FollowKind, Profile
from intranet.people.queries import following_ids, languages_of
from intranet.questions.asked.limits import MOST_A_WEEK, limit_week, read_per_week
from intranet.questions.asked.queries import limits_of
from intranet.topics.queries import topic_cards
from intranet.welcome import actions, suggesting
from intranet.welcome.actions import Topics
from intranet.welcome.views import feature, page

_FEW, _MOST_TICKED, _LONGEST_QUESTION = 3, 40, 400
_TYPED = ("title", "department", "location", "languages", "about", "ask_me_about")


@feature.get("/start/you", allow=MEMBER)
def you(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What HR has said, and what the person adds."""
    return _you(session, viewer)


def _you(session: Session, viewer: Viewer, *, errors: dict[str, str] | None = None) -> str:
    person = session.get(Person, viewer.member_id)
    if person is None:
        raise NotFound
    profile = session.get(Profile, person.id) or Profile(person_id=person.id)
    stored = {
        "title": profile.title or "",
        "department": profile.department or "",
        "location": profile.location or "",
        "languages": ", ".join(languages_of(session, [person.id]).get(person.id, [])),
        "about": profile.about or "",
        "ask_me_about": "\n".join(profile.ask_me_about or []),
    }
    typed = {name: request.form.get(name, stored[name]) for name in _TYPED}
    card = person_cards(session, [person.id])[person.id]
    locked = locked_fields(session)
    return page("you", card=card, typed=typed, locked=locked, errors=errors or {})


def _read_photo(_viewer: Viewer) -> photos.CleanPhoto | str | None:
    """The picture, cut and stored outside any transaction; None where none was chosen."""
    given = request.files.get("photo")
    if given is None or not given.filename:
        return None
    cleaned = run_blocking(photos.clean, given.stream.read(photos.LARGEST_FILE + 1))
    if isinstance(cleaned, photos.CleanPhoto):
        run_blocking(photos.store, runtime().settings.files_folder, cleaned)
    return cleaned


@feature.post("/start/you", allow=MEMBER, prepare=_read_photo)
def save_you(session: Session, viewer: Viewer, *, prepared: photos.CleanPhoto | str | None) -> ResponseReturnValue:
    """Write it, and go on."""
    try:
        draft = ProfileForm.parse({name: value for name, value in request.form.items() if name in _TYPED}).draft()
        people.save_profile(session, viewer, viewer.member_id, draft, locked=locked_fields(session))
        if isinstance(prepared, str):
            raise photos.invalid(prepared)
    except Invalid as invalid:
        return _you(session, viewer, errors=invalid.fields), 422
    if prepared is not None:
        people.set_photo(session, viewer, key=prepared.key)
    actions.go_to(session, viewer, "topics")
    return redirect("/start/topics", 303)


@feature.get("/start/topics", allow=MEMBER)
def topics(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What one can help with, and what one wants to hear about."""
    return _topics(session, viewer)


def _topics(session: Session, viewer: Viewer, *, errors: dict[str, str] | None = None) -> str:
    return page(
        "topics",
        helping=suggesting.topics_to_help_with(session, viewer),
        following=suggesting.topics_to_follow(session, viewer),
        ticked=set(request.form.getlist("help")) | {f"+{name}" for name in request.form.getlist("follow")},
        typed={name: request.form.get(name, "") for name in ("help_more", "follow_more")},
        per_week=request.form.get("per_week", limits_of(session, viewer.member_id).per_week),
        most=MOST_A_WEEK,
        errors=errors or {},
    )


@feature.post("/start/topics", allow=MEMBER)
def save_topics(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Claim, follow, keep how often one may be asked, and go on."""
    try:
        per_week = read_per_week(request.form["per_week"]) if "per_week" in request.form else None
        actions.choose_topics(session, viewer, Topics(_named("help"), _named("follow")))
        if per_week is not None and per_week != limits_of(session, viewer.member_id).per_week:
            limit_week(session, viewer, per_week)
    except Invalid as invalid:
        return _topics(session, viewer, errors=invalid.fields), 422
    actions.go_to(session, viewer, "people")
    return redirect("/start/people", 303)


def _named(field: str) -> tuple[str, ...]:
    """Names that were ticked, and those that were typed with commas."""
    typed = request.form.get(f"{field}_more", "")[:4000].replace(";", ",").split(",")
    named = (clean_line(name.lstrip(" #")) for name in (*request.form.getlist(field)[:_MOST_TICKED], *typed))
    return tuple(dict.fromkeys(name for name in named if name))


@feature.get("/start/people", allow=MEMBER)
def first_people(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """A few colleagues and a group, each with the reason."""
    found = suggesting.people_to_follow(session, viewer)
    return page("people", introductions=found, place_to_join=suggesting.group_to_join(session, viewer))


@feature.post("/start/people", allow=MEMBER)
def save_people(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Follow and join, and go on."""
    wanted = {name: request.form.getlist(name)[:_MOST_TICKED] for name in ("person", "group")}
    actions.meet(session, viewer, map(parse_id, wanted["person"]), map(parse_id, wanted["group"]))
    actions.go_to(session, viewer, "ask")
    return redirect("/start/ask", 303)


def _ask(viewer: Viewer) -> Answer:
    """The question in the address, or one about a topic that the viewer has just begun to follow."""
    question = clean_line(request.args.get("q", ""))[:_LONGEST_QUESTION]
    if not question:
        with runtime().database.reading(viewer) as session:
            followed = sorted(following_ids(session, viewer.member_id, FollowKind.TOPIC), reverse=True)[:1]
            question = next((card.name for card in topic_cards(session, followed).values()), "")
    return find_experts(viewer, Asked(question, limit=_FEW))


@feature.get("/start/ask", allow=MEMBER, prepare=_ask)
def ask(session: Session, viewer: Viewer, prepared: Answer) -> ResponseReturnValue:
    """One try of "who knows…"."""
    experts = describe(session, viewer, prepared)
    follow = following_ids(session, viewer.member_id, FollowKind.PERSON)
    has_followed = session.scalar(select(Person.id).where(Person.id.in_(follow)).limit(1)) is not None
    return page("ask", answer=prepared, experts=experts, has_followed=has_followed)
