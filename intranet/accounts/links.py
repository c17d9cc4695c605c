"""One-time links: the first admin, an invitation, a new password. Only the hash is kept, and each works once."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intranet.accounts import events
from intranet.accounts.models import LinkPurpose, OneTimeLink, Person
from intranet.accounts.policy import AccountPermission
from intranet.accounts.queries import active_admins
from intranet.accounts.sessions import new_token, token_hash
from intranet.kernel import clock
from intranet.kernel.errors import NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Role, Viewer

LASTS = {
    LinkPurpose.FIRST_ADMIN: timedelta(days=7),
    LinkPurpose.INVITATION: timedelta(days=14),
    LinkPurpose.RESET: timedelta(hours=24),
}
_MAILED_RESET_LASTS = timedelta(hours=1)
PATHS = {
    LinkPurpose.FIRST_ADMIN: "/welcome",
    LinkPurpose.INVITATION: "/invitation",
    LinkPurpose.RESET: "/reset",
}


def first_admin_link(session: Session, base_url: str) -> str | None:
    """The link that makes the first admin, anew at each start; None once there is an admin."""
    if session.scalar(active_admins().limit(1)) is not None:
        return None
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.purpose == LinkPurpose.FIRST_ADMIN, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
    return base_url.rstrip("/") + _make(session, LinkPurpose.FIRST_ADMIN, roles=(Role.ADMIN,))


def invite(session: Session, viewer: Viewer, *, email: str | None, roles: tuple[Role, ...]) -> str:
    """The path of a link that takes in one colleague.

    Raises:
        Refused: the viewer is no admin.
    """
    require(AccountPermission.ADMINISTER, viewer)
    return _make(session, LinkPurpose.INVITATION, viewer=viewer, email=email, roles=roles)


def reset_link(session: Session, viewer: Viewer, person: Person) -> str:
    """The path of a link with which a person sets a new password; earlier ones stop working.

    Raises:
        Refused: the viewer is no admin.
    """
    require(AccountPermission.ADMINISTER, viewer, person)
    _end_resets(session, person.id)
    return _make(session, LinkPurpose.RESET, viewer=viewer, person_id=person.id)


def mailed_reset(session: Session, person: Person) -> str:
    """The path of such a link that goes to their own address and works for an hour. Earlier ones stay good: anybody may
    ask for this one, and is not to take away what an admin gave."""
    return _make(session, LinkPurpose.RESET, person_id=person.id, lasts=_MAILED_RESET_LASTS)


def _end_resets(session: Session, person_id: int) -> None:
    open_ones = update(OneTimeLink).where(
        OneTimeLink.purpose == LinkPurpose.RESET, OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None)
    )
    session.execute(open_ones.values(used_at=clock.now()))


def withdraw(session: Session, viewer: Viewer, link_id: int) -> None:
    """Have an invitation work no more.

    Raises:
        NotFound: there is no such open invitation.
    """
    require(AccountPermission.ADMINISTER, viewer)
    row = session.get(OneTimeLink, link_id)
    if row is None or row.purpose is not LinkPurpose.INVITATION or row.used_at is not None:
        raise NotFound
    row.used_at = clock.now()
    record(session, events.LinkWithdrawn(row.id, viewer.id))


def withdraw_all_of(session: Session, viewer: Viewer, person_id: int) -> None:
    """Have every open link that somebody made work no more: they are no admin now."""
    made = select(OneTimeLink).where(OneTimeLink.made_by == person_id, OneTimeLink.used_at.is_(None))
    for row in session.scalars(made.where(OneTimeLink.expires_at > clock.now()).limit(1000)):
        row.used_at = clock.now()
        record(session, events.LinkWithdrawn(row.id, viewer.id))


def use(session: Session, link: OneTimeLink, person_id: int) -> None:
    """Spend a link; with one to a new password every other one of that person.

    Raises:
        NotFound: somebody else was faster with it.
    """
    spent = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(OneTimeLink.id)
    ).first()
    if spent is None:
        raise NotFound
    if link.purpose is LinkPurpose.RESET:
        _end_resets(session, person_id)
    record(session, events.LinkUsed(link.id, person_id, person_id, link.purpose.value))


def open_invitations(session: Session) -> list[OneTimeLink]:
    """Invitations that wait, the newest first; at most two hundred."""
    waiting = select(OneTimeLink).where(
        OneTimeLink.purpose == LinkPurpose.INVITATION,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > clock.now(),
    )
    return list(session.scalars(waiting.order_by(OneTimeLink.id.desc()).limit(200)))


def find(session: Session, purpose: LinkPurpose, token: str) -> OneTimeLink:
    """The link behind a token that still works.

    Raises:
        NotFound: it is wrong, used, or too old.
    """
    found = session.scalar(
        select(OneTimeLink).where(
            OneTimeLink.purpose == purpose,
            OneTimeLink.token_hash == token_hash(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
    )
    if found is None:
        raise NotFound
    return found


def _make(
    session: Session,
    purpose: LinkPurpose,
    *,
    viewer: Viewer | None = None,
    email: str | None = None,
    roles: tuple[Role, ...] = (),
    person_id: int | None = None,
    lasts: timedelta | None = None,
) -> str:
    token, hashed = new_token()
    row = OneTimeLink(
        purpose=purpose,
        token_hash=hashed,
        email=email.lower() if email else None,
        roles=[role.value for role in roles],
        person_id=person_id,
        made_by=viewer.id if viewer else None,
        expires_at=clock.now() + (lasts or LASTS[purpose]),
    )
    session.add(row)
    session.flush()
    record(session, events.LinkMade(row.id, viewer.id if viewer else None, purpose.value, person_id))
    return f"{PATHS[purpose]}/{token}"
