"""Changes to accounts. Passwords come in as hashes: hashing is slow and is done before any transaction."""

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from intranet.accounts import events, letters, links
from intranet.accounts.factors.keeping import forget_browsers, forget_factors
from intranet.accounts.models import ApiToken, Credential, Person, SignIn
from intranet.accounts.policy import AccountPermission
from intranet.accounts.queries import active_admins
from intranet.accounts.sessions import new_token
from intranet.kernel import audience, clock
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.languages import LANGUAGES
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.rooms import SocketsEnded
from intranet.kernel.text import fold
from intranet.kernel.viewer import Role, Viewer


def get_person(session: Session, person_id: int) -> Person:
    """The person, also one who has left.

    Raises:
        NotFound: there is no such person.
    """
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def open_account(
    session: Session,
    viewer: Viewer,
    *,
    username: str,
    name: str,
    email: str | None = None,
    roles: tuple[Role, ...] = (),
    password_hash: str | None = None,
) -> Person:
    """Make an account. Callers have checked that this viewer may: by policy or by a one-time link.

    Raises:
        Invalid: the username or e-mail address is taken.
    """
    check_free(session, username=username, email=email)
    person = Person(
        username=username.lower(),
        name=name,
        folded_name=fold(name)[:200],
        email=email.lower() if email else None,
        roles=sorted({role.value for role in roles if role is not Role.MEMBER}),
    )
    audience.ensure_everyone(session)
    session.add(person)
    session.flush()
    if password_hash:
        session.add(Credential(person_id=person.id, password_hash=password_hash))
    record(session, events.PersonJoined(person.id, viewer.id))
    return person


def check_free(session: Session, *, username: str, email: str | None, besides: int | None = None) -> None:
    """See that nobody else has them.

    Raises:
        Invalid: on the field that is taken.
    """
    others = select(Person.id).where(Person.id != (besides or 0))
    if session.scalar(others.where(Person.username == username.lower())):
        raise Invalid({"username": _("Somebody has this username already.")})
    if email and session.scalar(others.where(Person.email == email.lower())):
        raise Invalid({"email": _("Somebody has this address already.")})


def rename(session: Session, viewer: Viewer, person: Person, *, name: str, username: str, email: str | None) -> None:
    """Change what a person is called and reached by; by themselves or an admin.

    Raises:
        Refused: it is somebody else's.
        Invalid: the username or address is taken.
    """
    if viewer.id != person.id:
        require(AccountPermission.ADMINISTER, viewer, person)
    check_free(session, username=username, email=email, besides=person.id)
    person.name, person.folded_name = name, fold(name)[:200]
    person.username, former = username.lower(), person.email
    person.email = email.lower() if email else None
    record(session, events.PersonRenamed(person.id, viewer.id))
    if person.email != former:
        record(session, events.AddressChanged(person.id, viewer.id))
        if not viewer.is_system:  # HR's list gives a whole company new addresses at once: nobody took one over
            letters.tell_former_address(session, person.id, former)


def choose_language(session: Session, viewer: Viewer, language: str) -> None:
    """What the viewer reads Couth in; an empty language leaves it to their browser.

    Raises:
        Invalid: there is no catalogue for it.
    """
    if language and language not in LANGUAGES:
        raise Invalid({"language": str(_("Choose one of the listed values."))})
    get_person(session, viewer.member_id).language = language or None


def set_password(session: Session, viewer: Viewer, person_id: int, password_hash: str, *, spare: int | None) -> None:
    """Put a new password in place and end every session but ``spare``."""
    held = session.get(Credential, person_id)
    if held is None:
        session.add(Credential(person_id=person_id, password_hash=password_hash))
    else:
        held.password_hash, held.changed_at = password_hash, clock.now()
    end_sessions(session, viewer, person_id, spare=spare)
    record(session, events.PasswordChanged(person_id, viewer.id))


def end_sessions(session: Session, viewer: Viewer, person_id: int, *, spare: int | None = None) -> None:
    """Sign a person out everywhere, but for the session ``spare``; sockets close and come back where they may. Every
    browser of theirs is asked for the second step again."""
    forget_browsers(session, person_id)
    session.execute(delete(SignIn).where(SignIn.person_id == person_id, SignIn.id != (spare or 0)))
    record(session, SocketsEnded(recipient_id=person_id))
    record(session, events.SignedOut(person_id, viewer.id))


def end_session(session: Session, viewer: Viewer, sign_in_id: int) -> None:
    """End one of the viewer's own sessions.

    Raises:
        NotFound: it is not theirs, or over.
    """
    row = session.get(SignIn, sign_in_id)
    if row is None or row.person_id != viewer.id:
        raise NotFound
    sign_out(session, viewer, row)


def sign_out(session: Session, viewer: Viewer, row: SignIn) -> None:
    """End one session; the sockets of its person close, and those of their other sessions come back."""
    session.delete(row)
    record(session, SocketsEnded(recipient_id=row.person_id))
    record(session, events.SignedOut(row.person_id, viewer.id))


def make_token(session: Session, viewer: Viewer, person: Person, name: str) -> str:
    """A new key for programs; the only time that it can be read.

    Raises:
        Invalid: there are twenty already.
    """
    if not viewer.is_system:
        require(AccountPermission.EDIT_OWN, viewer, person)
    held = select(func.count()).select_from(ApiToken).where(ApiToken.person_id == person.id)
    if (session.scalar(held) or 0) >= 20:
        raise Invalid({"name": _("Twenty tokens are the most. Remove one first.")})
    token, hashed = new_token()
    row = ApiToken(person_id=person.id, token_hash=hashed, name=name)
    session.add(row)
    session.flush()
    record(session, events.TokenMade(person.id, viewer.id, row.id))
    return token


def drop_token(session: Session, viewer: Viewer, token_id: int) -> None:
    """Remove one of the viewer's own keys.

    Raises:
        NotFound: it is not theirs, or gone.
    """
    row = session.get(ApiToken, token_id)
    if row is None or row.person_id != viewer.id:
        raise NotFound
    session.delete(row)
    record(session, SocketsEnded(recipient_id=row.person_id))
    record(session, events.TokenDropped(row.person_id, viewer.id, row.id))


def change_roles(session: Session, viewer: Viewer, person: Person, roles: frozenset[Role]) -> None:
    """Set what a person may do beyond being a member.

    Raises:
        Refused: the viewer is no admin.
        Conflict: nobody would be left to run the place.
    """
    require(AccountPermission.ADMINISTER, viewer, person)
    if Role.ADMIN in person.roles and Role.ADMIN not in roles:
        keep_an_admin(session, person)
        links.withdraw_all_of(session, viewer, person.id)
    person.roles = sorted(role.value for role in roles if role is not Role.MEMBER)  # type: ignore[misc]  # JSON keeps their names
    record(session, events.RolesChanged(person.id, viewer.id, tuple(sorted(roles))))


def deactivate(session: Session, viewer: Viewer, person: Person) -> None:
    """Close a leaver's account: every session, socket and token ends at once; what they wrote stays.

    Raises:
        Refused: the viewer is no admin.
        Conflict: they are the last admin.
    """
    require(AccountPermission.ADMINISTER, viewer, person)
    if person.deactivated_at is not None:
        return
    if Role.ADMIN in person.roles:
        keep_an_admin(session, person)
    person.deactivated_at = clock.now()
    links.withdraw_all_of(session, viewer, person.id)
    session.execute(delete(ApiToken).where(ApiToken.person_id == person.id))
    forget_factors(session, person.id)
    end_sessions(session, viewer, person.id)
    record(session, events.PersonDeactivated(person.id, viewer.id))


def reactivate(session: Session, viewer: Viewer, person: Person) -> None:
    """Open a leaver's account again; they sign in with the password they had.

    Raises:
        Refused: the viewer is no admin.
    """
    require(AccountPermission.ADMINISTER, viewer, person)
    person.deactivated_at = None
    record(session, events.PersonReactivated(person.id, viewer.id))


def keep_an_admin(session: Session, person: Person) -> None:
    """See that somebody else still runs the place.

    Raises:
        Conflict: this is the last admin.
    """
    # Locked where the database can, so that two admins cannot send each other away at the same moment.
    if not any(admin_id != person.id for admin_id in session.scalars(active_admins().with_for_update())):
        raise Conflict("the last admin stays")
