"""Finding the rows of HR's list that say nothing new, many at a time and without a write."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from intranet.accounts.models import Person
from intranet.kernel.text import slugify
from intranet.people.hr_file import HrRow
from intranet.people.knowledge import known_topics
from intranet.people.models import Profile
from intranet.people.queries import languages_of

_ALL_SKILLS = 1000


def unchanged(session: Session, rows: Sequence[HrRow]) -> set[str]:
    """Usernames of the rows that are in line already. Five statements for as many rows as one IN may hold."""
    boss = aliased(Person)
    found = (
        select(Person, Profile, boss.username)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .outerjoin(boss, boss.id == Profile.manager_id)
        .where(Person.username.in_([row.username for row in rows]))
    )
    people = {entry[0].username: entry for entry in session.execute(found)}
    ids = [entry[0].id for entry in people.values()]
    languages = languages_of(session, ids)
    skills = known_topics(session, ids, most=_ALL_SKILLS, with_hidden=True)
    same = set()
    for row in rows:
        if row.username not in people:
            if row.has_left:
                same.add(row.username)  # gone before they ever came
            continue
        person, profile, manager = people[row.username]
        has_left = person.deactivated_at is not None
        if row.has_left or (row.status and has_left):
            # What a leaver's row says besides is of no use any more.
            if row.has_left and has_left:
                same.add(row.username)
            continue
        claimed = {slug for slug, _name in skills.get(person.id, [])}
        if (
            person.name == row.name
            and (not row.email or person.email == row.email.lower())
            and (row.manager is None or row.manager == (manager or ""))
            and _agrees(row, profile or Profile(), languages.get(person.id, []))
            and {slugify(name) for name in row.skills} - {""} <= claimed
        ):
            same.add(row.username)
    return same


def _agrees(row: HrRow, profile: Profile, languages: list[str]) -> bool:
    draft = row.draft
    cells = [
        (draft.title, profile.title),
        (draft.department, profile.department),
        (draft.location, profile.location),
        (draft.timezone, profile.timezone),
    ]
    told = draft.languages is None or list(draft.languages) == languages
    return told and all(wanted is None or wanted == (there or "") for wanted, there in cells)
