"""Making, renaming and dropping lists of people, and saying who is in which."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line, fold
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import require_together
from intranet.people.lists.events import PeopleListChanged
from intranet.people.lists.models import LONGEST_NAME, ListedPerson, PeopleList
from intranet.people.lists.queries import find_list, lists_of, lists_with
from intranet.people.policy import PeoplePermission

MOST_LISTS, MOST_PEOPLE = 30, 200


def make_list(session: Session, viewer: Viewer, name: str) -> PeopleList:
    """Begin an empty list.

    Raises:
        Invalid: the name is missing, too long or taken, or there are too many lists.
    """
    require(PeoplePermission.KEEP_LIST, viewer, viewer.member_id)
    name, folded = _checked(session, viewer, name)
    if len(lists_of(session, viewer)) >= MOST_LISTS:
        raise Invalid({"name": _("At most %(count)s lists. Delete one first.", count=MOST_LISTS)})
    row = PeopleList(owner_id=viewer.member_id, name=name, folded_name=folded)
    session.add(row)
    session.flush()
    record(session, PeopleListChanged(viewer.member_id, row.id))
    return row


def rename_list(session: Session, viewer: Viewer, list_id: int, name: str) -> PeopleList:
    """Call it something else.

    Raises:
        NotFound: it is not the viewer's.
        Invalid: the name is missing, too long or taken.
    """
    row = _own(session, viewer, list_id)
    row.name, row.folded_name = _checked(session, viewer, name, other_than=row.id)
    record(session, PeopleListChanged(viewer.member_id, row.id))
    return row


def drop_list(session: Session, viewer: Viewer, list_id: int) -> None:
    """Keep it no longer; the people in it never knew.

    Raises:
        NotFound: it is not the viewer's.
    """
    row = _own(session, viewer, list_id)
    session.execute(delete(ListedPerson).where(ListedPerson.list_id == row.id))
    session.delete(row)
    record(session, PeopleListChanged(viewer.member_id, list_id))


def put_on_list(session: Session, viewer: Viewer, list_id: int, person_id: int, *, is_on: bool) -> None:
    """Have somebody in a list, or not.

    Raises:
        NotFound: it is not the viewer's, or there is no such person.
        Refused: one of the two blocks the other.
        Invalid: the list is full.
    """
    row = _own(session, viewer, list_id)
    held = session.get(ListedPerson, (row.id, person_id))
    if (held is not None) == is_on:
        return
    if held is not None:
        session.delete(held)
    else:
        if session.get(Person, person_id) is None:
            raise NotFound
        require_together(session, viewer, person_id)
        inside = select(func.count()).select_from(ListedPerson).where(ListedPerson.list_id == row.id)
        if (session.scalar(inside) or 0) >= MOST_PEOPLE:
            raise Invalid(
                {"list": _("“%(name)s” is full: at most %(count)s people.", name=row.name, count=MOST_PEOPLE)}
            )
        session.add(ListedPerson(list_id=row.id, person_id=person_id))
        session.flush()
    record(session, PeopleListChanged(viewer.member_id, row.id))


def choose_lists(session: Session, viewer: Viewer, person_id: int, chosen: Collection[int]) -> None:
    """Have somebody in exactly these of the viewer's lists; what is no list of theirs is ignored.

    Raises:
        as ``put_on_list``.
    """
    held = lists_with(session, viewer, person_id)
    for card in lists_of(session, viewer):
        if (card.id in held) != (card.id in chosen):
            put_on_list(session, viewer, card.id, person_id, is_on=card.id in chosen)


def _own(session: Session, viewer: Viewer, list_id: int) -> PeopleList:
    row = find_list(session, viewer, list_id)
    require(PeoplePermission.KEEP_LIST, viewer, row.owner_id)
    return row


def _checked(session: Session, viewer: Viewer, name: str, *, other_than: int | None = None) -> tuple[str, str]:
    name = clean_line(name[: LONGEST_NAME * 10])
    if not name:
        raise Invalid({"name": _("Give it a name.")})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": _("At most %(count)s characters.", count=LONGEST_NAME)})
    folded = fold(name)[: LONGEST_NAME * 2]
    same = select(PeopleList.id).where(PeopleList.owner_id == viewer.member_id, PeopleList.folded_name == folded)
    taken = session.scalar(same)
    if taken is not None and taken != other_than:
        raise Invalid({"name": _("You have a list of that name already.")})
    return name, folded
