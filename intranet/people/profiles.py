"""Reading one profile, with the people above and below it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel.errors import NotFound
from intranet.kernel.page import Page
from intranet.kernel.text import render_markdown
from intranet.kernel.viewer import Viewer
from intranet.people.apart.queries import Standing, standing_to
from intranet.people.cards import PersonCard, cards_select, page_by_name, person_cards, photo_url
from intranet.people.hours import difference, local_clock
from intranet.people.models import Follow, FollowKind, Profile
from intranet.people.queries import follower_count, follows, languages_of, person_by_username

_LINE_UP = 3
_REPORTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileView:
    """All that the head and the rail of a profile page show; other features' tabs extend the same page with it."""

    card: PersonCard
    portrait_url: str | None
    languages: list[str]
    about_html: Markup
    ask_me_about: list[str]
    links: list[dict[str, str]]
    clock: str
    difference: str
    line_up: list[PersonCard]
    reports: list[PersonCard]
    report_count: int
    follower_count: int
    following_count: int
    is_me: bool
    is_followed: bool
    standing: Standing
    joined_at: datetime
    status_ends_at: datetime | None
    working_place_ends_at: datetime | None


def person_or_404(session: Session, username: str) -> Person:
    """Somebody by username, leavers included.

    Raises:
        NotFound: nobody is called that.
    """
    person = person_by_username(session, username)
    if person is None:
        raise NotFound
    return person


def profile_view(session: Session, viewer: Viewer, username: str) -> ProfileView:
    """One profile as ``viewer`` sees it.

    Raises:
        NotFound: nobody is called that.
    """
    person = person_or_404(session, username)
    profile = session.get(Profile, person.id) or Profile(person_id=person.id)
    above = line_up(session, profile.manager_id)
    below = report_ids(session, person.id)
    cards = person_cards(session, {person.id, *above, *below})
    card = cards[person.id]
    own_zone = session.scalar(select(Profile.timezone).where(Profile.person_id == viewer.id)) if viewer.id else ""
    is_me = viewer.id == person.id
    return ProfileView(
        card=card,
        portrait_url=photo_url(profile.photo_key, large=True),
        languages=languages_of(session, [person.id]).get(person.id, []),
        about_html=Markup(render_markdown(profile.about or "").html),  # noqa: S704 (sanitised by render_markdown)
        ask_me_about=list(profile.ask_me_about or []),
        links=list(profile.links or []),
        clock=local_clock(card.timezone),
        difference="" if is_me else difference(card.timezone, own_zone or ""),
        line_up=[cards[above_id] for above_id in reversed(above) if above_id in cards],
        reports=[cards[below_id] for below_id in below],
        report_count=report_count(session, person.id),
        follower_count=follower_count(session, FollowKind.PERSON, person.id),
        following_count=_following_count(session, person.id),
        is_me=is_me,
        is_followed=viewer.id is not None and follows(session, viewer.id, FollowKind.PERSON, person.id),
        standing=standing_to(session, viewer, person.id),
        joined_at=person.created_at,
        status_ends_at=profile.status_ends_at,
        working_place_ends_at=profile.working_place_ends_at,
    )


def line_up(session: Session, manager_id: int | None, most: int = _LINE_UP) -> list[int]:
    """Ids from somebody's manager upwards, the nearest first; a circle in the data ends it."""
    line: list[int] = []
    while manager_id is not None and manager_id not in line and len(line) < most:
        line.append(manager_id)
        manager_id = session.scalar(select(Profile.manager_id).where(Profile.person_id == manager_id))
    return line


def report_ids(session: Session, person_id: int, most: int = _REPORTS) -> list[int]:
    """Ids of those who report to somebody, by name."""
    return list(session.scalars(_reports(Person.id, person_id).order_by(Person.folded_name, Person.id).limit(most)))


def _reports(column: Any, manager_id: int) -> Any:
    joined = select(column).select_from(Person).join(Profile, Profile.person_id == Person.id)
    return joined.where(Profile.manager_id == manager_id, Person.deactivated_at.is_(None))


def report_count(session: Session, person_id: int) -> int:
    """How many people report to somebody directly."""
    counted: int | None = session.scalar(_reports(func.count(), person_id))
    return counted or 0


def _following_count(session: Session, person_id: int) -> int:
    counted = select(func.count()).select_from(Follow).join(Person, Person.id == Follow.target_id)
    followed = counted.where(Follow.follower_id == person_id, Follow.kind == FollowKind.PERSON)
    return session.scalar(followed.where(Person.deactivated_at.is_(None))) or 0


def followers_page(session: Session, person_id: int, *, cursor: str | None) -> Page[PersonCard]:
    """Who follows somebody, by name."""
    followers = select(Follow.follower_id).where(Follow.kind == FollowKind.PERSON, Follow.target_id == person_id)
    return people_page(session, followers, cursor=cursor)


def following_page(session: Session, person_id: int, *, cursor: str | None) -> Page[PersonCard]:
    """Whom somebody follows, by name."""
    followed = select(Follow.target_id).where(Follow.kind == FollowKind.PERSON, Follow.follower_id == person_id)
    return people_page(session, followed, cursor=cursor)


def people_page(session: Session, ids: Any, *, cursor: str | None) -> Page[PersonCard]:
    """A page of the people whose ids a statement selects, by name; leavers are not shown."""
    statement = cards_select().where(Person.id.in_(ids), Person.deactivated_at.is_(None))
    return page_by_name(session, statement, cursor=cursor)
