"""People as JSON. Ids are strings, times ISO 8601 UTC."""

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.accounts.models import Person
from intranet.kernel.api import Moment
from intranet.people.cards import PersonCard, PersonJson, Presence, person_cards
from intranet.people.knowledge import known_topics
from intranet.people.models import Profile
from intranet.people.queries import languages_of


class StatusJson(TypedDict):
    """A few words and an emoji."""

    emoji: str
    text: str


class CardJson(PersonJson):
    """A person in lists and pushes."""

    url: str
    title: str
    department: str
    location: str
    timezone: str
    presence: Presence
    status: StatusJson | None
    working_place: str | None
    has_left: bool


class SkillJson(TypedDict):
    """A topic that somebody says to know."""

    slug: str
    name: str


class ProfileJson(CardJson):
    """One person. ``manager`` is a username."""

    email: str | None
    external_id: str | None
    languages: list[str]
    manager: str | None
    about: str
    ask_me_about: list[str]
    links: list[dict[str, str]]
    skills: list[SkillJson]
    created_at: Moment


class MeJson(ProfileJson):
    """Who asks."""

    roles: list[str]


def card_json(card: PersonCard) -> CardJson:
    """The short form, in lists and pushes."""
    return {
        **card.as_json(),
        "url": card.url,
        "title": card.title,
        "department": card.department,
        "location": card.location,
        "timezone": card.timezone,
        "presence": card.presence,
        "status": {"emoji": card.status_emoji, "text": card.status} if card.status or card.status_emoji else None,
        "working_place": card.working_place or None,
        "has_left": card.has_left,
    }


def person_json(session: Session, person: Person) -> ProfileJson:
    """The long form. The e-mail address is a colleague's to know: everybody who can ask is a member."""
    profile = session.get(Profile, person.id) or Profile(person_id=person.id)
    cards = person_cards(session, [person.id, *([profile.manager_id] if profile.manager_id else [])])
    manager = cards.get(profile.manager_id) if profile.manager_id else None
    skills = known_topics(session, [person.id], most=100).get(person.id, [])
    return {
        **card_json(cards[person.id]),
        "email": person.email,
        "external_id": person.external_id,
        "languages": languages_of(session, [person.id]).get(person.id, []),
        "manager": manager.username if manager else None,
        "about": profile.about or "",
        "ask_me_about": list(profile.ask_me_about or []),
        "links": list(profile.links or []),
        "skills": [{"slug": slug, "name": name} for slug, name in skills],
        "created_at": person.created_at.isoformat(),
    }
