"""People from a file: new ones are added, those known from the same source stay as they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from intranet.accounts.models import Person
from intranet.imports.batches import Pace
from intranet.imports.events import PeopleImported
from intranet.imports.lines import Bad, Line, read_lines
from intranet.imports.report import Tally
from intranet.imports.rows import PERSON_KEYS, PersonRow, as_username, read_person
from intranet.kernel import clock
from intranet.kernel.batches import in_batches
from intranet.kernel.ids import new_id
from intranet.kernel.outbox import record
from intranet.kernel.text import fold, slugify
from intranet.people.models import Profile, SpokenLanguage
from intranet.topics.models import Skill
from intranet.topics.vocabulary import ensure_topics

_CHUNK = 500


@dataclass(slots=True)
class People:
    """Ids by the source's own, and who reports to whom until all are in."""

    ids: dict[str, int] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)


def known_people(session: Session, source: str) -> dict[str, int]:
    """Everybody who came from this source before."""
    found = session.execute(select(Person.external_id, Person.id).where(Person.source == source))
    return {external_id: person_id for external_id, person_id in found if external_id is not None}


def import_people(
    pace: Pace, path: Path, *, source: str, people: People, tally: Tally, dry_run: bool, seen: Callable[[Line], None]
) -> None:
    """Take in a file of people; ``people`` knows all of them afterwards, in a dry run too."""
    waiting: dict[str, PersonRow] = {}
    for line in read_lines(path):
        tally.read += 1
        seen(line)
        row = _read(line, tally)
        if row is None:
            continue
        if row.manager:
            people.managers[row.external_id] = row.manager
        if row.external_id in people.ids or row.external_id in waiting:
            tally.known += 1
            continue
        waiting[row.external_id] = row
        if len(waiting) >= pace.size:
            _store(pace, waiting, source=source, people=people, tally=tally, dry_run=dry_run)
    _store(pace, waiting, source=source, people=people, tally=tally, dry_run=dry_run)
    if not dry_run:
        _set_managers(pace, people, tally)


def _read(line: Line, tally: Tally) -> PersonRow | None:
    try:
        row = read_person(line.checked())
    except Bad as bad:
        tally.skip(line.number, str(bad))
        return None
    tally.unknown_keys.update(line.value.keys() - PERSON_KEYS)
    tally.left_out.update(row.notes)
    return row


def _store(
    pace: Pace, waiting: dict[str, PersonRow], *, source: str, people: People, tally: Tally, dry_run: bool
) -> None:
    rows = list(waiting.values())
    waiting.clear()
    if dry_run:
        people.ids.update({row.external_id: 0 for row in rows})
    elif rows:
        added, notes = pace.write(lambda session: _insert(session, source, rows))
        people.ids.update(added)
        tally.left_out.update(notes)
    tally.added += len(rows)


def _insert(session: Session, source: str, rows: Sequence[PersonRow]) -> tuple[dict[str, int], list[str]]:
    ids = {row.external_id: new_id() for row in rows}
    usernames = _free_usernames(session, source, rows)
    emails, notes = _free_emails(session, rows)
    moment = clock.now()
    session.execute(
        insert(Person),
        [
            {
                "id": ids[row.external_id],
                "username": usernames[row.external_id],
                "name": row.name,
                "folded_name": fold(row.name)[:200],
                "email": emails.get(row.external_id),
                "roles": [],
                "source": source,
                "external_id": row.external_id,
                "created_at": moment,
            }
            for row in rows
        ],
    )
    _insert_profiles(session, ids, rows)
    _insert_skills(session, ids, rows)
    record(session, PeopleImported(sorted(ids.values())))
    return ids, notes


def _insert_profiles(session: Session, ids: dict[str, int], rows: Sequence[PersonRow]) -> None:
    profiles = [
        {
            "person_id": ids[row.external_id],
            "title": row.title,
            "folded_title": fold(row.title)[:200],
            "department": row.department,
            "location": row.location,
            "timezone": row.timezone,
        }
        for row in rows
    ]
    spoken = [
        {"person_id": ids[row.external_id], "language": language, "position": position}
        for row in rows
        for position, language in enumerate(row.languages)
    ]
    session.execute(insert(Profile), profiles)
    if spoken:
        session.execute(insert(SpokenLanguage), spoken)


def _insert_skills(session: Session, ids: dict[str, int], rows: Sequence[PersonRow]) -> None:
    named = [(ids[row.external_id], slugify(name)) for row in rows for name in row.skills]
    if not named:
        return
    topics = ensure_topics(session, [name for row in rows for name in row.skills])
    claims = dict.fromkeys((person_id, topics[slug]) for person_id, slug in named if slug in topics)
    moment = clock.now()
    session.execute(
        insert(Skill),
        [{"person_id": person, "topic_id": topic, "created_at": moment} for person, topic in claims],
    )


def _free_usernames(session: Session, source: str, rows: Sequence[PersonRow]) -> dict[str, str]:
    """A username for each; where somebody has it already, the source's name is added, then a number."""
    suffix = as_username(slugify(source))
    wanted = {name for row in rows for name in (row.username, _ended(row.username, f"-{suffix}"))}
    taken = set(_existing(session, Person.username, wanted))
    found: dict[str, str] = {}
    for row in rows:
        name, number = row.username, 1
        while name in taken:
            ending = f"-{suffix}" if number == 1 else f"-{suffix}-{number}"
            name, number = _ended(row.username, ending), number + 1
            if number > 2 and name not in taken:
                taken.update(_existing(session, Person.username, {name}))
        taken.add(name)
        found[row.external_id] = name
    return found


def _ended(username: str, ending: str) -> str:
    return username[: 64 - len(ending)] + ending


def _free_emails(session: Session, rows: Sequence[PersonRow]) -> tuple[dict[str, str], list[str]]:
    taken = set(_existing(session, Person.email, {row.email for row in rows if row.email}))
    found: dict[str, str] = {}
    notes = []
    for row in rows:
        if row.email in taken:
            notes.append("e-mail left out: somebody has it already")
        elif row.email:
            found[row.external_id] = row.email
            taken.add(row.email)
    return found, notes


def _existing(session: Session, column: InstrumentedAttribute[Any], values: Iterable[str]) -> list[str]:
    return list(session.scalars(select(column).where(column.in_(list(values)))))


def _set_managers(pace: Pace, people: People, tally: Tally) -> None:
    pairs = []
    for person, manager in people.managers.items():
        if manager not in people.ids or manager == person:
            tally.left_out["manager left out: not among the people"] += 1
        elif person in people.ids:
            pairs.append((people.ids[person], people.ids[manager]))
    for some in map(dict, in_batches(pairs, _CHUNK)):
        empty = select(Profile.person_id).where(Profile.person_id.in_(some), Profile.manager_id.is_(None))
        with pace.reading() as session:
            missing = list(session.scalars(empty))
        if missing:
            values = [{"person_id": person_id, "manager_id": some[person_id]} for person_id in missing]
            pace.write(partial(_update_profiles, values=values))


def _update_profiles(session: Session, values: Sequence[dict[str, Any]]) -> None:
    session.execute(update(Profile), values)
