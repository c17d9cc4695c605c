"""Posts from a file, known ones left as they are.

A group of the source becomes a hidden group, whose members are the people who wrote in it. That is the narrowest
reading of "posted in a group": nobody sees through an import what they could not see before, and whoever wrote
somewhere was there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.groups import actions as groups
from intranet.groups.finding import find_group
from intranet.groups.models import LONGEST_NAME, GroupKind, GroupRole
from intranet.imports.batches import VIEWER, Pace
from intranet.imports.lines import Bad, Line, read_lines
from intranet.imports.models import ImportedGroup
from intranet.imports.report import Tally
from intranet.imports.rows import POST_KEYS, PostRow, read_post
from intranet.kernel import audience
from intranet.kernel.text import slugify
from intranet.posts.actions import ImportedPost, prepare_posts, store_prepared
from intranet.posts.models import Comment, Post

_MOST_EARLY = 200_000
_NO_PLACE = "what it replies to is not there"


@dataclass(slots=True)
class _Work:
    """A batch on its way: rows with their line numbers.

    ``early`` holds replies that came before what they answer; ``counted`` what a dry run would have added.
    """

    source: str
    people: dict[str, int]
    tally: Tally
    waiting: dict[str, tuple[int, PostRow]] = field(default_factory=dict)
    early: dict[str, tuple[int, PostRow]] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    members: set[tuple[int, int]] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)


def import_posts(
    pace: Pace,
    path: Path,
    *,
    source: str,
    people: dict[str, int],
    tally: Tally,
    dry_run: bool,
    seen: Callable[[Line], None],
) -> None:
    """Take in a file of posts by ``people`` (our ids by the source's own)."""
    work = _Work(source, people, tally)
    store = _count if dry_run else _store
    for line in read_lines(path):
        tally.read += 1
        seen(line)
        row = _read(line, work)
        if row is None:
            continue
        if row.external_id in work.waiting or row.external_id in work.early:
            tally.known += 1
            continue
        work.waiting[row.external_id] = (line.number, row)
        if len(work.waiting) >= pace.size:
            store(pace, work)
    store(pace, work)
    _store_early(pace, work, store)


def _read(line: Line, work: _Work) -> PostRow | None:
    try:
        row = read_post(line.checked())
    except Bad as bad:
        work.tally.skip(line.number, str(bad))
        return None
    if row.author not in work.people:
        work.tally.skip(line.number, "its author is not among the people")
        return None
    if row.reply_to and len(work.early) >= _MOST_EARLY:
        work.tally.skip(line.number, "too many replies come before what they answer: sort the file by time")
        return None
    left_out = work.tally.left_out
    work.tally.unknown_keys.update(line.value.keys() - POST_KEYS)
    if row.tag and not slugify(row.tag):
        left_out["tag left out: no letters or digits"] += 1
    if unknown := sum(person not in work.people for person in row.mentions):
        left_out["mention left out: not among the people"] += unknown
    return row


def _store(pace: Pace, work: _Work) -> None:
    batch = dict(work.waiting)
    work.waiting.clear()
    if not batch:
        return
    _open_groups(pace, work, [row for _number, row in batch.values()])
    rows = [_imported(row, work) for _number, row in batch.values()]
    with pace.reading() as session:
        prepared = prepare_posts(session, rows)
    stored = pace.write(lambda session: store_prepared(session, prepared))
    work.tally.added += stored.added
    work.tally.known += stored.known
    work.early.update({orphan.external_id: batch[orphan.external_id] for orphan in stored.orphans})


def _imported(row: PostRow, work: _Work) -> ImportedPost:
    return ImportedPost(
        source=work.source,
        external_id=row.external_id,
        author_id=work.people[row.author],
        created_at=row.created_at,
        text=row.text,
        audience_id=work.groups[row.group] if row.group else audience.EVERYONE,
        topics=(row.tag,) if slugify(row.tag) else (),
        mentions=tuple(work.people[person] for person in row.mentions if person in work.people),
        reply_to=row.reply_to or None,
    )


def _count(pace: Pace, work: _Work) -> None:
    """A dry run's ``_store``: what would be new, and which replies would find their place."""
    names = [name for _number, row in work.waiting.values() for name in (row.external_id, row.reply_to) if name]
    with pace.reading() as session:
        known = _known(session, work.source, names)
    for external_id, (number, row) in work.waiting.items():
        if external_id in known:
            work.tally.known += 1
        elif row.reply_to and row.reply_to not in known and row.reply_to not in work.counted:
            work.early[external_id] = (number, row)
        elif external_id in work.counted:
            work.tally.known += 1
        else:
            work.tally.added += 1
            work.counted.add(external_id)
    work.waiting.clear()


def _store_early(pace: Pace, work: _Work, store: Callable[[Pace, _Work], None]) -> None:
    """Replies whose answer came later in the file; round by round, until nothing finds its place any more."""
    while work.early:
        before = len(work.early)
        rest, work.early = work.early, {}
        for external_id, entry in rest.items():
            work.waiting[external_id] = entry
            if len(work.waiting) >= pace.size:
                store(pace, work)
        store(pace, work)
        if len(work.early) == before:
            break
    for number, _row in work.early.values():
        work.tally.skip(number, _NO_PLACE)


def _known(session: Session, source: str, names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for table in (Post, Comment):
        known = select(table.external_id).where(table.source == source, table.external_id.in_(names))
        found.update(name for name in session.scalars(known) if name is not None)
    return found


def _open_groups(pace: Pace, work: _Work, rows: Sequence[PostRow]) -> None:
    """See that the batch's groups have audiences and that those who write there are in them."""
    grouped = [(row.group, work.people[row.author]) for row in rows if row.group]
    is_new = any(name not in work.groups or (work.groups[name], person) not in work.members for name, person in grouped)
    if is_new:
        work.groups.update(pace.write(lambda session: _join(session, work.source, grouped)))
        work.members.update((work.groups[name], person) for name, person in grouped)


def _join(session: Session, source: str, grouped: Sequence[tuple[str, int]]) -> dict[str, int]:
    names = {name for name, _person in grouped}
    known = select(ImportedGroup).where(ImportedGroup.source == source, ImportedGroup.name.in_(names))
    found = {group.name: group.audience_id for group in session.scalars(known)}
    for name in sorted(names - found.keys()):
        shown = name if slugify(name) else f"{source} {name}"
        room = groups.found_group(session, VIEWER, groups.GroupDraft(name=shown[:LONGEST_NAME], kind=GroupKind.HIDDEN))
        session.add(ImportedGroup(source=source, name=name, audience_id=room.id))
        found[name] = room.id
    for name, audience_id in found.items():
        _take_in(session, audience_id, list(dict.fromkeys(person for group, person in grouped if group == name)))
    return found


def _take_in(session: Session, group_id: int, people: Sequence[int]) -> None:
    """Whoever is known to have written there first keeps the group: somebody must be able to let others in."""
    group = find_group(session, group_id)
    for person_id in people:
        role = GroupRole.MEMBER if group.member_count else GroupRole.OWNER
        groups.take_in(session, group, person_id, role=role, actor_id=None)
