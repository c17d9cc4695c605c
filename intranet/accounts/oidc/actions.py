"""Letting in whom the company's sign-in names, and tying that name to an account."""

from enum import StrEnum

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from intranet.accounts import actions, events
from intranet.accounts.factors.models import Authenticator, RecoveryCode, TrustedBrowser
from intranet.accounts.models import ApiToken, Credential, Person, SignIn, Way
from intranet.accounts.oidc.claims import Ended, Rules, Told, session_of
from intranet.accounts.oidc.models import Ending, Identity
from intranet.accounts.passkeys.models import Passkey
from intranet.accounts.policy import AccountPermission
from intranet.kernel import clock
from intranet.kernel.errors import Conflict, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Role, Viewer


class Reason(StrEnum):
    """Why somebody whom the provider vouches for stays outside."""

    CLOSED = "closed"
    DOMAIN = "domain"
    UNKNOWN = "unknown"
    TAKEN = "taken"


class TurnedAway(Exception):
    """They are who they say they are, and still do not come in."""

    def __init__(self, reason: Reason, person_id: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason, self.person_id = reason, person_id


def admit(session: Session, viewer: Viewer, told: Told, rules: Rules) -> tuple[Person, bool]:
    """(the person, whether they are new here). Roles follow the provider at every sign-in.

    Raises:
        TurnedAway: they are not let in.
    """
    if rules.domains and not (told.is_confirmed and (told.email or "").rpartition("@")[2] in rules.domains):
        raise TurnedAway(Reason.DOMAIN)
    identity = _identity(session, told)
    if identity is not None:
        person, is_new = actions.get_person(session, identity.person_id), False
    else:
        person, is_new = _whose_address(session, viewer, told, rules) or _newcomer(session, viewer, told, rules)
        identity = _tie(session, viewer, person, told)
    if person.deactivated_at is not None:
        raise TurnedAway(Reason.CLOSED, person.id)
    identity.used_at = clock.now()
    _follow_roles(session, viewer, person, told, rules)
    return person, is_new


def connect(session: Session, viewer: Viewer, told: Told) -> None:
    """Let the viewer in by this name from now on.

    Raises:
        Conflict: it is somebody else's, or they have one there already.
    """
    person = actions.get_person(session, viewer.member_id)
    require(AccountPermission.EDIT_OWN, viewer, person)
    identity = _identity(session, told)
    if identity is not None and identity.person_id == person.id:
        return
    if identity is not None or _has_one(session, person.id, told.issuer):
        raise Conflict
    _tie(session, viewer, person, told)


def disconnect(session: Session, viewer: Viewer, identity_id: int) -> None:
    """Have the viewer come in that way no more.

    Raises:
        NotFound: it is not theirs, or gone.
        Conflict: they have no password, and would be locked out.
    """
    identity = session.get(Identity, identity_id)
    if identity is None or identity.person_id != viewer.id:
        raise NotFound
    if session.get(Credential, identity.person_id) is None:
        raise Conflict
    session.delete(identity)
    record(session, events.IdentityDropped(identity.person_id, viewer.id, identity.id))


def end(session: Session, viewer: Viewer, ended: Ended) -> None:
    """Sign somebody out here who signed out there: of one session, or where none is named of every one. Whoever is
    still at the second step of signing in begins again."""
    identity = _identity(session, ended) if ended.subject else None
    if identity is None and (ended.subject or ended.session is None):
        return
    session.add(Ending(person_id=identity.person_id if identity else None, company_session=ended.session))
    if identity is not None and ended.session is None:
        actions.end_sessions(session, viewer, identity.person_id)
        return
    its_own = SignIn.company_session == ended.session
    if identity is not None:
        # Of a session that was not named when somebody came in, it can be this one.
        nameless = session_of(ended.issuer, None)
        session.add(Ending(person_id=identity.person_id, company_session=nameless))
        unnamed = SignIn.company_session == nameless
        older = and_(SignIn.company_session.is_(None), SignIn.way == Way.COMPANY)
        its_own = and_(SignIn.person_id == identity.person_id, or_(its_own, unnamed, older))
    for row in session.scalars(select(SignIn).where(its_own)):
        actions.sign_out(session, viewer, row)


def _identity(session: Session, told: Told | Ended) -> Identity | None:
    return session.scalar(select(Identity).where(Identity.issuer == told.issuer, Identity.subject == told.subject))


def _has_one(session: Session, person_id: int, issuer: str) -> bool:
    held = select(Identity.id).where(Identity.person_id == person_id, Identity.issuer == issuer)
    return session.scalar(held) is not None


def _tie(session: Session, viewer: Viewer, person: Person, told: Told) -> Identity:
    identity = Identity(person_id=person.id, issuer=told.issuer, subject=told.subject)
    session.add(identity)
    session.flush()
    record(session, events.IdentityConnected(person.id, viewer.id, identity.id))
    return identity


def _whose_address(session: Session, viewer: Viewer, told: Told, rules: Rules) -> tuple[Person, bool] | None:
    """The account that has this address, if it may be entered by it.

    Anybody can write any address into their own settings. Whoever prepared an account for somebody else to walk into
    loses it here: every way in that was there before the owner of the address came.
    """
    person = session.scalar(select(Person).where(Person.email == told.email)) if told.email else None
    if person is None:
        return None
    if person.deactivated_at is not None:
        raise TurnedAway(Reason.CLOSED, person.id)
    if not (rules.links and told.is_confirmed) or _has_one(session, person.id, told.issuer):
        raise TurnedAway(Reason.TAKEN, person.id)
    for way_in in (Credential, Passkey, Authenticator, RecoveryCode, TrustedBrowser, ApiToken):
        session.execute(delete(way_in).where(way_in.person_id == person.id))
    actions.end_sessions(session, viewer, person.id)
    return person, False


def _newcomer(session: Session, viewer: Viewer, told: Told, rules: Rules) -> tuple[Person, bool]:
    if not rules.makes_accounts:
        raise TurnedAway(Reason.UNKNOWN)
    email = told.email if told.is_confirmed else None
    person = actions.open_account(
        session, viewer, username=_free_username(session, told.usernames), name=told.name, email=email
    )
    return person, True


def _free_username(session: Session, wishes: tuple[str, ...]) -> str:
    """The first wish that is free; else the first with a number."""
    for wish in wishes:
        if session.scalar(select(Person.id).where(Person.username == wish)) is None:
            return wish
    stem = wishes[0] if wishes else "colleague"
    alike = select(Person.username).where(Person.username.startswith(stem, autoescape=True))
    taken, number = set(session.scalars(alike)), 1 if stem not in wishes else 2
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _follow_roles(session: Session, viewer: Viewer, person: Person, told: Told, rules: Rules) -> None:
    """Only roles that the mapping can give are given and taken; the last admin stays."""
    before = frozenset(Role(role) for role in person.roles)
    after = (before - frozenset(rules.roles.values())) | told.roles
    if after == before:
        return
    try:
        actions.change_roles(session, viewer, person, after)
    except Conflict:
        after |= {Role.ADMIN}
        if after != before:
            actions.change_roles(session, viewer, person, after)
