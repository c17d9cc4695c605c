"""Bringing people in line with HR's list: only the difference is written, so that a second time changes nothing.

Who left, by the column ``status``, has their account closed; what they looked after passes to the ``successor`` that
the row names, or waits for an admin to name one.

A row says everything about a person that HR keeps: an empty cell empties the field (an e-mail address stays). A column
that the file does not have is left alone, and so is everybody whom the file does not name. Skills are only added.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts import actions as accounts
from intranet.accounts.models import Person
from intranet.kernel.batches import in_batches
from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.viewer import Role, Viewer
from intranet.people.actions import ProfileDraft, save_profile
from intranet.people.comparing import unchanged
from intranet.people.hr_file import BadRow, HrRow
from intranet.people.knowledge import claim_topics
from intranet.people.models import Profile
from intranet.people.queries import languages_of

Parting = Callable[[Session, Viewer, Person, str], None]


def _close(session: Session, viewer: Viewer, person: Person, _successor: str) -> None:
    accounts.deactivate(session, viewer, person)


_parting: Parting = _close


def lend_parting(parting: Parting) -> None:
    """Have ``parting(session, viewer, person, successor)`` do what is done when somebody leaves; ``successor`` may be
    empty. ``governance`` lends it, which knows what leavers looked after."""
    global _parting
    _parting = parting


_BATCH = 5  # rows in a transaction: some 20 ms, so that nobody waits for the import
_COMPARED = 500  # rows compared in one go
_KEPT = ("title", "department", "location", "timezone")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: ``differences`` are ``field: old -> new``; ``problem`` says why it was left out."""

    row: HrRow
    is_new: bool = False
    differences: tuple[str, ...] = ()
    problem: str = ""


@dataclass(slots=True)
class Report:
    """What an import did or, dry, would do."""

    added: list[Outcome] = field(default_factory=list)
    changed: list[Outcome] = field(default_factory=list)
    same: int = 0
    bad: list[BadRow] = field(default_factory=list)


def bring_in_line(database: Database, viewer: Viewer, rows: list[HrRow], *, dry_run: bool = False) -> Report:
    """Write the difference, or with ``dry_run`` only find it. Managers come last: a file may name them below."""
    report = Report()
    everything, rows = rows, _differing(database, viewer, rows)
    report.same = len(everything) - len(rows)
    found: dict[str, Outcome] = {}
    for outcome in _in_batches(database, viewer, rows, _write_person, dry_run=dry_run):
        found[outcome.row.username] = outcome
    stays = [row for row in rows if not found[row.username].problem and not row.has_left]
    settled = [row for row in stays if row.manager is not None]
    named = {row.username for row in settled} | {row.username for row in rows if not found[row.username].problem}
    write = partial(_write_manager, named=named if dry_run else set())
    tangled: list[HrRow] = []
    for outcome in _in_batches(database, viewer, settled, write, dry_run=dry_run):
        if outcome.problem:
            tangled.append(outcome.row)
        _add(found, outcome)
    # Two who swap places make a circle until both rows are in: what failed is tried once more.
    for outcome in _in_batches(database, viewer, tangled, write, dry_run=dry_run):
        _add(found, outcome)
        if outcome.problem:
            report.bad.append(BadRow(outcome.row.line, outcome.problem))
    _sort(report, found)
    return report


def _differing(database: Database, viewer: Viewer, rows: list[HrRow]) -> list[HrRow]:
    differing: list[HrRow] = []
    for some in in_batches(rows, _COMPARED):
        with database.reading(viewer) as session:
            same = unchanged(session, some)
        differing.extend(row for row in some if row.username not in same)
    return differing


def _add(found: dict[str, Outcome], outcome: Outcome) -> None:
    before = found[outcome.row.username]
    together = before.differences + outcome.differences
    found[outcome.row.username] = Outcome(outcome.row, before.is_new, together, before.problem)


def _sort(report: Report, found: dict[str, Outcome]) -> None:
    for outcome in found.values():
        if outcome.problem:
            report.bad.append(BadRow(outcome.row.line, outcome.problem))
        elif outcome.is_new:
            report.added.append(outcome)
        elif outcome.differences:
            report.changed.append(outcome)
        else:
            report.same += 1
    report.bad.sort(key=lambda bad: bad.line)


def _in_batches(
    database: Database,
    viewer: Viewer,
    rows: list[HrRow],
    write: Callable[[Session, Viewer, HrRow], Outcome],
    *,
    dry_run: bool,
) -> Iterator[Outcome]:
    def run(session: Session, some: Sequence[HrRow]) -> list[Outcome]:
        return [_tried(session, viewer, row, write) for row in some]

    for some in in_batches(rows, _BATCH):
        batch = partial(run, some=some)
        yield from database.transact(viewer, batch, keep=lambda _outcomes: not dry_run, seconds=60)


def _tried(session: Session, viewer: Viewer, row: HrRow, write: Callable[[Session, Viewer, HrRow], Outcome]) -> Outcome:
    try:
        with session.begin_nested():
            return write(session, viewer, row)
    except Invalid as invalid:
        reasons = "; ".join(f"{name}: {sentence}" for name, sentence in invalid.fields.items())
        return Outcome(row, problem=reasons)
    except Conflict:
        return Outcome(row, problem="status: the last admin; name another one first")


def _write_person(session: Session, viewer: Viewer, row: HrRow) -> Outcome:
    person = session.scalar(select(Person).where(Person.username == row.username))
    if row.has_left:
        return _part(session, viewer, person, row)
    if person is None:
        person = accounts.open_account(
            session, viewer, username=row.username, name=row.name, email=row.email or None, roles=(Role.MEMBER,)
        )
        save_profile(session, viewer, person.id, row.draft)
        claim_topics(session, person.id, row.skills)
        return Outcome(row, is_new=True)
    differences = _rename(session, viewer, person, row)
    if row.status and person.deactivated_at is not None:
        accounts.reactivate(session, viewer, person)
        differences.append("status: left -> active")
    before = _kept(session, person.id)
    save_profile(session, viewer, person.id, row.draft)
    after = _kept(session, person.id)
    differences.extend(f"{name}: {before[name] or '–'} -> {after[name] or '–'}" for name in before
                       if before[name] != after[name])  # fmt: skip
    if number := claim_topics(session, person.id, row.skills):
        differences.append(f"skills: {number} more")
    return Outcome(row, differences=tuple(differences))


def _part(session: Session, viewer: Viewer, person: Person | None, row: HrRow) -> Outcome:
    if person is None or person.deactivated_at is not None:
        return Outcome(row)
    _parting(session, viewer, person, row.successor)
    passed = (f"successor: {row.successor}",) if row.successor else ()
    return Outcome(row, differences=("status: active -> left", *passed))


def _rename(session: Session, viewer: Viewer, person: Person, row: HrRow) -> list[str]:
    name, email = row.name, (row.email or person.email or "").lower() or None
    differences = [f"name: {person.name} -> {name}"] if person.name != name else []
    differences += [f"email: {person.email or '–'} -> {email}"] if person.email != email else []
    if differences:
        accounts.rename(session, viewer, person, name=name, username=person.username, email=email)
    return differences


def _kept(session: Session, person_id: int) -> dict[str, str]:
    session.flush()
    profile = session.get(Profile, person_id) or Profile(person_id=person_id)
    kept = {name: getattr(profile, name) or "" for name in _KEPT}
    return {**kept, "languages": ", ".join(languages_of(session, [person_id]).get(person_id, []))}


def _write_manager(session: Session, viewer: Viewer, row: HrRow, *, named: set[str]) -> Outcome:
    """``named`` are people whom a dry run would have added: they may be managers although they are not there."""
    person_id = session.scalar(select(Person.id).where(Person.username == row.username))
    before = _manager_of(session, person_id)
    wanted = row.manager or ""
    if before == wanted:
        return Outcome(row)
    if person_id is not None and (wanted not in named or _is_here(session, wanted)):
        save_profile(session, viewer, person_id, ProfileDraft(manager=wanted))
    elif wanted and wanted not in named and not _is_here(session, wanted):
        return Outcome(row, problem=f"manager: nobody is called {wanted}")
    return Outcome(row, differences=(f"manager: {before or '–'} -> {wanted or '–'}",))


def _manager_of(session: Session, person_id: int | None) -> str:
    if person_id is None:
        return ""
    managers = select(Person.username).join(Profile, Profile.manager_id == Person.id)
    return session.scalar(managers.where(Profile.person_id == person_id)) or ""


def _is_here(session: Session, username: str) -> bool:
    return session.scalar(select(Person.id).where(Person.username == username)) is not None
