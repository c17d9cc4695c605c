"""Reads of lists: always and only the viewer's own."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.page import Page
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard
from intranet.people.lists.models import ListedPerson, PeopleList
from intranet.people.profiles import people_page
from intranet.people.queries import person_by_username


@dataclass(frozen=True, slots=True)
class ListCard:
    """A list as other lists show it; leavers are not counted."""

    id: int
    name: str
    size: int

    @property
    def url(self) -> str:
        return f"/lists/{self.id}"


def lists_of(session: Session, viewer: Viewer) -> list[ListCard]:
    """The viewer's, by name. One statement."""
    size = func.count(Person.id)
    mine = (
        select(PeopleList.id, PeopleList.name, size)
        .outerjoin(ListedPerson, ListedPerson.list_id == PeopleList.id)
        .outerjoin(Person, (Person.id == ListedPerson.person_id) & Person.deactivated_at.is_(None))
        .where(PeopleList.owner_id == viewer.id)
        .group_by(PeopleList.id, PeopleList.name, PeopleList.folded_name)
        .order_by(PeopleList.folded_name, PeopleList.id)
    )
    return [ListCard(*row) for row in session.execute(mine)]


def find_list(session: Session, viewer: Viewer, list_id: int) -> PeopleList:
    """One of the viewer's.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    row = session.get(PeopleList, list_id)
    if row is None or row.owner_id != viewer.id:
        raise NotFound
    return row


def lists_with(session: Session, viewer: Viewer, person_id: int) -> frozenset[int]:
    """Ids of those of the viewer's lists that hold somebody."""
    held = select(ListedPerson.list_id).join(PeopleList, PeopleList.id == ListedPerson.list_id)
    return frozenset(session.scalars(held.where(PeopleList.owner_id == viewer.id, ListedPerson.person_id == person_id)))


def listed_people(session: Session, viewer: Viewer, list_id: int, *, cursor: str | None = None) -> Page[PersonCard]:
    """Who is in one of the viewer's lists, by name.

    Raises:
        NotFound: it is not the viewer's.
    """
    find_list(session, viewer, list_id)
    return people_page(session, select(ListedPerson.person_id).where(ListedPerson.list_id == list_id), cursor=cursor)


def person_called(session: Session, username: str) -> Person:
    """Somebody as a form names them.

    Raises:
        Invalid: nobody here is called that.
    """
    person = person_by_username(session, username)
    if person is None:
        raise Invalid({"username": _("Nobody here is called “%(username)s”.", username=username)})
    return person


def listed_ids(session: Session, list_id: int) -> frozenset[int]:
    """Ids of everybody in a list that the caller has found to be the viewer's."""
    return frozenset(session.scalars(select(ListedPerson.person_id).where(ListedPerson.list_id == list_id)))
