"""The people whom every test knows.

alice is a member; bob is in alice's group; carol works here too but is not in the group; dana is an admin; erin has
left and is deactivated.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import audience, clock
from intranet.kernel.db import Database
from intranet.kernel.text import fold
from intranet.kernel.viewer import Role, Viewer, system

SYSTEM = system(reason="tests set the stage")


@dataclass(frozen=True, slots=True)
class Cast:
    """Viewers, ready to act; ``group`` is the audience of alice and bob."""

    alice: Viewer
    bob: Viewer
    carol: Viewer
    dana: Viewer
    erin: Viewer
    group: int


def add_person(session: Session, username: str, *, roles: tuple[Role, ...] = (), gone: bool = False) -> Person:
    """One person with made-up particulars."""
    name = f"{username.capitalize()} Example"
    person = Person(
        username=username,
        name=name,
        folded_name=fold(name),
        email=f"{username}@example.org",
        roles=list(roles),
        deactivated_at=clock.now() if gone else None,
    )
    session.add(person)
    session.flush()
    return person


def bring_on(database: Database) -> Cast:
    """Put the cast into an empty database."""
    with database.unit_of_work(SYSTEM) as session:
        audience.ensure_everyone(session)
        members = {name: add_person(session, name).id for name in ("alice", "bob", "carol")}
        dana = add_person(session, "dana", roles=(Role.ADMIN,)).id
        erin = add_person(session, "erin", gone=True).id
        group = audience.Audience(kind=audience.AudienceKind.GROUP)
        session.add(group)
        session.flush()
        audience.join(session, group.id, (members["alice"], members["bob"]))
        plain = frozenset({Role.MEMBER})
        return Cast(
            alice=Viewer(members["alice"], plain),
            bob=Viewer(members["bob"], plain),
            carol=Viewer(members["carol"], plain),
            dana=Viewer(dana, plain | {Role.ADMIN}),
            erin=Viewer(erin, plain),
            group=group.id,
        )
