"""Passing on what a leaver looked after, and following who carries on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts import actions as accounts
from intranet.accounts.models import Person
from intranet.accounts.policy import AccountPermission
from intranet.accounts.queries import people_by_usernames
from intranet.articles.actions import pass_articles_on
from intranet.governance.leaving.events import PersonSucceeded
from intranet.governance.leaving.models import Succession
from intranet.governance.leaving.queries import lonely_roles, reports_of
from intranet.groups.actions.succession import owned_alone, pass_group_on
from intranet.kernel import clock
from intranet.kernel.db import viewer_of
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Role, Viewer
from intranet.people.actions import ProfileDraft, follow_person, own_row, save_profile, unfollow_person
from intranet.people.models import Profile


@dataclass(frozen=True, slots=True)
class Wishes:
    """Usernames: one successor for all, others for single things by ``group-<id>``, ``article-<id>``, ``report-<id>``,
    ``role-<name>``.

    ``roles`` are the lonely roles that shall pass on at all.
    """

    successor: str
    others: Mapping[str, str] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()


def pass_on(session: Session, viewer: Viewer, person: Person, wishes: Wishes) -> None:
    """Close somebody's account if it is open, and give what they alone looked after to whom the wishes name.

    Everything or nothing; a second time finds nothing left to pass on. The session must see every group.

    Raises:
        Refused: the viewer is no admin.
        Conflict: it is the last admin.
        Invalid: a field names nobody who works here and stays.
    """
    require(AccountPermission.ADMINISTER, viewer, person)
    named = _people(session, person, wishes)
    accounts.deactivate(session, viewer, person)
    session.flush()
    successor = named.get("successor")
    groups = owned_alone(session, person.id)
    for group in groups:
        wanted = named.get(f"group-{group.id}", successor)
        pass_group_on(session, group, person.id, wanted.id if wanted else None, actor_id=viewer.id)
    articles = _pass_articles(session, viewer, person, named)
    # The successor first: they step out from under the leaver before others come under them.
    under = sorted(reports_of(session, person.id), key=lambda one: successor is None or one != successor.id)
    reports = [one for one in under if _move_report(session, person, named, one)]
    roles = _pass_roles(session, viewer, person, named, wishes.roles)
    if successor is not None:
        session.merge(Succession(person_id=person.id, successor_id=successor.id, named_at=clock.now()))
    passed = PersonSucceeded(
        person.id, successor.id if successor else None, len(groups), len(reports), tuple(roles), viewer.id, articles
    )
    record(session, passed)


def part(session: Session, viewer: Viewer, person: Person, successor: str) -> None:
    """As HR's list says it: with a successor everything passes on, without one the account closes and the rest waits
    for the admin's step.

    Raises:
        Conflict: it is the last admin.
        Invalid: the successor is nobody who works here and stays.
    """
    if successor:
        pass_on(session, viewer, person, Wishes(successor))
    else:
        accounts.deactivate(session, viewer, person)


def _people(session: Session, leaver: Person, wishes: Wishes) -> dict[str, Person]:
    """Field -> person.

    Raises:
        Invalid: on each field that names nobody who could.
    """
    asked = {"successor": wishes.successor, **wishes.others}
    wanted = {name: username.strip().lstrip("@").lower() for name, username in asked.items() if username.strip()}
    found = people_by_usernames(session, wanted.values())
    problems: dict[str, str] = {}
    for name, username in wanted.items():
        if username not in found:
            problems[name] = str(_("Nobody who works here is called “%(username)s”.", username=username))
        elif username == leaver.username:
            problems[name] = str(_("This is the person who leaves."))
    if problems:
        raise Invalid(problems)
    return {name: found[username] for name, username in wanted.items()}


def _move_report(session: Session, leaver: Person, named: Mapping[str, Person], report_id: int) -> bool:
    """Give somebody a new manager: the one named, and to that one themselves whom the leaver reported to."""
    manager = named.get(f"report-{report_id}", named.get("successor"))
    if manager is not None and manager.id == report_id:
        above = session.get(Profile, leaver.id)
        manager = session.get(Person, above.manager_id) if above and above.manager_id else None
        if manager is None:
            own_row(session, report_id).manager_id = None
            return True
    if manager is None:
        return False
    try:
        save_profile(session, viewer_of(session), report_id, ProfileDraft(manager=manager.username))
    except Invalid as invalid:
        raise Invalid({f"report-{report_id}": " ".join(invalid.fields.values())}) from invalid
    return True


def _pass_articles(session: Session, viewer: Viewer, person: Person, named: Mapping[str, Person]) -> int:
    """How many somebody else keeps from now on: who is named, else the successor, else who wrote the answer."""
    single = {name.partition("-")[2]: heir.id for name, heir in named.items() if name.startswith("article-")}
    by_id = {int(number): heir_id for number, heir_id in single.items() if number.isdecimal()}
    successor = named.get("successor")
    return pass_articles_on(session, person.id, successor.id if successor else None, actor_id=viewer.id, named=by_id)


def _pass_roles(
    session: Session, viewer: Viewer, person: Person, named: Mapping[str, Person], wished: frozenset[str]
) -> list[str]:
    passed: list[str] = []
    for role in lonely_roles(session, person):
        heir = named.get(f"role-{role.value}", named.get("successor"))
        if heir is not None and role.value in wished:
            accounts.change_roles(session, viewer, heir, frozenset({*map(Role, heir.roles), role}))
            passed.append(role.value)
    return passed


def follow_successor(session: Session, viewer: Viewer, leaver_id: int, *, accept: bool) -> None:
    """Follow who carries on, or not; the leaver is followed no longer either way.

    Raises:
        NotFound: nobody was named.
    """
    named = session.get(Succession, leaver_id)
    if named is None:
        raise NotFound
    unfollow_person(session, viewer, leaver_id)
    if accept and named.successor_id != viewer.id:
        follow_person(session, viewer, named.successor_id)
