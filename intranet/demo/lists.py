"""A list for each who signs in: some of the people whom they follow, so that its page has something to show."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.demo.signing_in import SIGN_INS
from intranet.kernel.text import fold
from intranet.people.lists.models import ListedPerson, PeopleList
from intranet.people.models import Follow, FollowKind

_NAME, _LONG = "Worth a daily look", 6


def keep_lists(session: Session, people: Mapping[str, int]) -> None:
    """One list each; a second time changes nothing."""
    for sign_in in SIGN_INS:
        owner_id = people[sign_in.username]
        if session.scalar(select(PeopleList.id).where(PeopleList.owner_id == owner_id)) is not None:
            continue
        row = PeopleList(owner_id=owner_id, name=_NAME, folded_name=fold(_NAME))
        session.add(row)
        session.flush()
        followed = select(Follow.target_id).where(Follow.follower_id == owner_id, Follow.kind == FollowKind.PERSON)
        listed = session.scalars(followed.order_by(Follow.target_id).limit(_LONG)).all()
        session.add_all(ListedPerson(list_id=row.id, person_id=person_id) for person_id in listed)
